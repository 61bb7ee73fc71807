package main

import (
	"fmt"
	"reflect"

	"cirello.io/dynamolock"
	"ecs-deploy/witness/stage"

	"github.com/aws/aws-sdk-go/aws"
	"github.com/aws/aws-sdk-go/service/dynamodb"
)

// everyType is an attribute of each type that DynamoDB has.
func everyType() stage.Item {
	text := &dynamodb.AttributeValue{S: aws.String("ü \"quoted\"\n")}
	return stage.Item{
		"text":    text,
		"number":  {N: aws.String("12345678901234567890.5")},
		"bytes":   {B: []byte{0, 255, 10}},
		"truth":   {BOOL: aws.Bool(false)},
		"nothing": {NULL: aws.Bool(true)},
		"texts":   {SS: aws.StringSlice([]string{"a", "b"})},
		"numbers": {NS: aws.StringSlice([]string{"1", "2.5"})},
		"blobs":   {BS: [][]byte{{1}, {2, 3}}},
		"list":    {L: []*dynamodb.AttributeValue{text, {N: aws.String("1")}}},
		"map":     {M: stage.Item{"deep": {M: stage.Item{"text": text}}}},
	}
}

func keepsAttributes(scene *stage.Stage) error {
	p, err := hold(scene, beating, dynamolock.WithAdditionalAttributes(everyType()))
	if err != nil {
		return err
	}
	defer p.done()
	added := stage.Item{"truth": {BOOL: aws.Bool(true)}}
	next, err := p.passOn(dynamolock.WithAdditionalAttributes(added))
	if err != nil {
		return err
	}
	want := everyType()
	want["truth"] = added["truth"]
	if got := next.AdditionalAttributes(); !reflect.DeepEqual(got, want) {
		return fmt.Errorf("the next owner has %v", got)
	}
	row, err := scene.Row(p.key)
	if err != nil {
		return err
	}
	for name, value := range want {
		if !reflect.DeepEqual(row[name], value) {
			return fmt.Errorf("%s stands in the row as %v", name, row[name])
		}
	}
	return nil
}
