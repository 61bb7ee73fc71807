package main

import (
	"fmt"
	"reflect"

	"ecs-deploy/witness/shape"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// kinds are the attribute values of DynamoDB: this SDK has a type for each.
var kinds = map[string]types.AttributeValue{
	"B":    &types.AttributeValueMemberB{},
	"BOOL": &types.AttributeValueMemberBOOL{},
	"BS":   &types.AttributeValueMemberBS{},
	"L":    &types.AttributeValueMemberL{},
	"M":    &types.AttributeValueMemberM{},
	"N":    &types.AttributeValueMemberN{},
	"NS":   &types.AttributeValueMemberNS{},
	"NULL": &types.AttributeValueMemberNULL{},
	"S":    &types.AttributeValueMemberS{},
	"SS":   &types.AttributeValueMemberSS{},
}

func attributeValue(given any) (any, error) {
	members, _ := given.(shape.Map)
	for name, value := range members {
		kind, known := kinds[name]
		if !known || len(members) != 1 {
			break
		}
		made := reflect.New(reflect.TypeOf(kind).Elem())
		err := shape.Fill(made.Elem().FieldByName("Value"), value, attributeValue)
		return made.Interface(), err
	}
	return nil, fmt.Errorf("%v is no attribute value", given)
}
