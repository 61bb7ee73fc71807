package shape

import "fmt"

// Missing tells what of the wanted members an answer does not have.
func Missing(wanted, answer any, path string) []string {
	switch wanted := wanted.(type) {
	case Map:
		return missingMembers(wanted, answer, path)
	case List:
		return missingElements(wanted, answer, path)
	}
	if fmt.Sprint(wanted) != fmt.Sprint(answer) {
		return []string{fmt.Sprintf("%s: want %v, the answer has %v", path, wanted, answer)}
	}
	return nil
}

func missingMembers(wanted Map, answer any, path string) (missing []string) {
	members, ok := answer.(Map)
	if !ok {
		return []string{fmt.Sprintf("%s: want an object, the answer has %v", path, answer)}
	}
	for name, value := range wanted {
		missing = append(missing, Missing(value, members[name], path+"."+name)...)
	}
	return missing
}

func missingElements(wanted List, answer any, path string) (missing []string) {
	elements, _ := answer.(List)
	if len(elements) != len(wanted) {
		return []string{fmt.Sprintf("%s: want %d elements, the answer has %v", path, len(wanted), answer)}
	}
	for i, element := range wanted {
		missing = append(missing, Missing(element, elements[i], fmt.Sprintf("%s[%d]", path, i))...)
	}
	return missing
}
