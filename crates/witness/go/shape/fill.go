// Package shape moves values between JSON and the types of an SDK, whichever SDK it is.
package shape

import (
	"fmt"
	"reflect"
	"strings"
)

// Map is an object of JSON.
type Map = map[string]any

// List is an array of JSON.
type List = []any

// Union makes a value for an interface type, such as an attribute value that is one of many kinds.
type Union func(given any) (any, error)

// Fill writes a value of JSON into a value of the SDK. A member that the SDK does not have is an
// error: the call would not be the one that was meant.
func Fill(into reflect.Value, given any, union Union) error {
	switch into.Kind() {
	case reflect.Pointer:
		into.Set(reflect.New(into.Type().Elem()))
		return Fill(into.Elem(), given, union)
	case reflect.Struct:
		return fillStruct(into, given, union)
	case reflect.Map:
		return fillMap(into, given, union)
	case reflect.Slice:
		return fillSlice(into, given, union)
	case reflect.Interface:
		made, err := union(given)
		if err == nil {
			into.Set(reflect.ValueOf(made))
		}
		return err
	}
	value := reflect.ValueOf(given)
	if !value.CanConvert(into.Type()) || (into.Kind() == reflect.String) != (value.Kind() == reflect.String) {
		return fmt.Errorf("%v is no %v", given, into.Type())
	}
	into.Set(value.Convert(into.Type()))
	return nil
}

func fillStruct(into reflect.Value, given any, union Union) error {
	members, ok := given.(Map)
	if !ok {
		return fmt.Errorf("%v is no object", given)
	}
	for name, value := range members {
		field := Member(into, name)
		if !field.IsValid() {
			return fmt.Errorf("the SDK's %v has no member %s", into.Type(), name)
		}
		if err := Fill(field, value, union); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func fillMap(into reflect.Value, given any, union Union) error {
	entries, ok := given.(Map)
	if !ok {
		return fmt.Errorf("%v is no map", given)
	}
	into.Set(reflect.MakeMap(into.Type()))
	for key, value := range entries {
		entry := reflect.New(into.Type().Elem()).Elem()
		if err := Fill(entry, value, union); err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
		into.SetMapIndex(reflect.ValueOf(key), entry)
	}
	return nil
}

func fillSlice(into reflect.Value, given any, union Union) error {
	if bytes, ok := given.([]byte); ok {
		into.SetBytes(bytes)
		return nil
	}
	elements, ok := given.(List)
	if !ok {
		return fmt.Errorf("%v is no list", given)
	}
	into.Set(reflect.MakeSlice(into.Type(), len(elements), len(elements)))
	for i, element := range elements {
		if err := Fill(into.Index(i), element, union); err != nil {
			return fmt.Errorf("[%d]: %w", i, err)
		}
	}
	return nil
}

// Member finds a member of a struct by AWS's name for it, whatever its case.
func Member(of reflect.Value, name string) reflect.Value {
	return of.FieldByNameFunc(func(field string) bool { return strings.EqualFold(field, name) })
}
