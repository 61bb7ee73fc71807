package shape

import (
	"encoding/base64"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// Later are members that AWS added after the SDK's last release, each with its structure's name.
type Later map[string]bool

// Lost tells what of an answer the SDK did not take over, or took for something else.
func (l Later) Lost(sent any, parsed reflect.Value, path string) []string {
	for parsed.Kind() == reflect.Pointer || parsed.Kind() == reflect.Interface {
		if parsed.IsNil() {
			return lostUnless(isNothing(sent), path, sent, "nothing")
		}
		parsed = parsed.Elem()
	}
	if moment, ok := parsed.Interface().(time.Time); ok {
		return lostUnless(isMoment(sent, moment), path, sent, moment)
	}
	switch parsed.Kind() {
	case reflect.Struct:
		return l.lostMembers(sent, parsed, path)
	case reflect.Map:
		return l.lostEntries(sent, parsed, path)
	case reflect.Slice:
		return l.lostElements(sent, parsed, path)
	}
	told := fmt.Sprint(parsed.Interface())
	return lostUnless(told == fmt.Sprint(sent) || told == "" && isNothing(sent), path, sent, told)
}

func lostUnless(good bool, path string, sent, parsed any) []string {
	if good {
		return nil
	}
	return []string{fmt.Sprintf("%s: sent was %v, the SDK has %v", path, sent, parsed)}
}

func (l Later) lostMembers(sent any, parsed reflect.Value, path string) (lost []string) {
	members, ok := sent.(Map)
	if !ok {
		return lostUnless(isNothing(sent), path, sent, parsed.Type())
	}
	for name, value := range members {
		member := memberOrUnion(parsed, name)
		if l[parsed.Type().Name()+"."+name] {
			continue
		}
		if !member.IsValid() {
			lost = append(lost, fmt.Sprintf("%s.%s: %v has no such member", path, name, parsed.Type()))
			continue
		}
		lost = append(lost, l.Lost(value, member, path+"."+name)...)
	}
	return lost
}

// memberOrUnion finds a member by name. A union is a type for each of its members, with the value.
func memberOrUnion(parsed reflect.Value, name string) reflect.Value {
	if strings.HasSuffix(parsed.Type().Name(), "Member"+strings.ToUpper(name[:1])+name[1:]) {
		return parsed.FieldByName("Value")
	}
	return Member(parsed, name)
}

func (l Later) lostEntries(sent any, parsed reflect.Value, path string) (lost []string) {
	entries, _ := sent.(Map)
	for key, value := range entries {
		entry := parsed.MapIndex(reflect.ValueOf(key))
		if !entry.IsValid() {
			lost = append(lost, fmt.Sprintf("%s.%s is not in the SDK's map", path, key))
			continue
		}
		lost = append(lost, l.Lost(value, entry, path+"."+key)...)
	}
	return append(lost, lostUnless(len(entries) == parsed.Len(), path, sent, parsed.Len())...)
}

func (l Later) lostElements(sent any, parsed reflect.Value, path string) (lost []string) {
	if bytes, ok := parsed.Interface().([]byte); ok {
		encoded := base64.StdEncoding.EncodeToString(bytes)
		return lostUnless(encoded == fmt.Sprint(sent), path, sent, encoded)
	}
	elements, _ := sent.(List)
	if len(elements) != parsed.Len() {
		return lostUnless(false, path, sent, fmt.Sprintf("%d elements", parsed.Len()))
	}
	for i, element := range elements {
		lost = append(lost, l.Lost(element, parsed.Index(i), fmt.Sprintf("%s[%d]", path, i))...)
	}
	return lost
}

func isNothing(sent any) bool {
	return sent == nil || sent == ""
}

// isMoment compares with a text of ISO 8601, or with seconds since 1970.
func isMoment(sent any, parsed time.Time) bool {
	if moment, err := time.Parse(time.RFC3339Nano, fmt.Sprint(sent)); err == nil {
		return moment.Sub(parsed).Abs() < time.Millisecond
	}
	seconds, err := strconv.ParseFloat(fmt.Sprint(sent), 64)
	return err == nil && time.UnixMicro(int64(seconds*1e6)).Sub(parsed).Abs() < 2*time.Millisecond
}
