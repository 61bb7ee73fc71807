package main

import (
	"errors"

	"cirello.io/dynamolock"
	"github.com/aws/aws-sdk-go/aws/awserr"
	"github.com/aws/aws-sdk-go/service/dynamodb"
)

// unlessLost leaves out the errors that tell that somebody else has the lock.
func unlessLost(err error) error {
	var refused *dynamolock.LockNotGrantedError
	var answer awserr.Error
	if errors.As(err, &refused) {
		return nil
	}
	// A release passes the table's own error on.
	if errors.As(err, &answer) && answer.Code() == dynamodb.ErrCodeConditionalCheckFailedException {
		return nil
	}
	return err
}
