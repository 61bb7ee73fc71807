package shape

import (
	"encoding/xml"
	"strings"
)

// element is one of XML's, with what is in it.
type element struct {
	XMLName  xml.Name
	Text     string    `xml:",chardata"`
	Children []element `xml:",any"`
}

// FromXML reads the answer of a Query call: the members of its result.
func FromXML(body []byte) (any, error) {
	var response element
	if err := xml.Unmarshal(body, &response); err != nil {
		return nil, err
	}
	for _, child := range response.Children {
		if strings.HasSuffix(child.XMLName.Local, "Result") {
			return child.value(), nil
		}
	}
	return Map{}, nil
}

func (e element) value() any {
	if len(e.Children) == 0 {
		return e.leaf()
	}
	if e.Children[0].XMLName.Local == "member" {
		list := List{}
		for _, child := range e.Children {
			list = append(list, child.value())
		}
		return list
	}
	members := Map{}
	for _, child := range e.Children {
		members[child.XMLName.Local] = child.value()
	}
	return members
}

// leaf is nil for an empty element, which may be an empty text, list or object.
func (e element) leaf() any {
	if e.Text == "" {
		return nil
	}
	return e.Text
}
