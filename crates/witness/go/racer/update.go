package main

import (
	"regexp"

	"github.com/aws/aws-sdk-go/aws"
	"github.com/aws/aws-sdk-go/service/dynamodb"
)

var assignment = regexp.MustCompile(`(#\w+) = (:\w+)`)

// valuesByName is what an update sets: attributes and their new values.
func valuesByName(input *dynamodb.UpdateItemInput) map[string]*dynamodb.AttributeValue {
	sets := map[string]*dynamodb.AttributeValue{}
	for _, pair := range assignment.FindAllStringSubmatch(aws.StringValue(input.UpdateExpression), -1) {
		name := aws.StringValue(input.ExpressionAttributeNames[pair[1]])
		sets[name] = input.ExpressionAttributeValues[pair[2]]
	}
	return sets
}
