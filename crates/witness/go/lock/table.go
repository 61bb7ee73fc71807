package main

import (
	"errors"
	"fmt"

	"cirello.io/dynamolock"
	"ecs-deploy/witness/stage"

	"github.com/aws/aws-sdk-go/aws"
	"github.com/aws/aws-sdk-go/service/dynamodb"
)

func createsTable(scene *stage.Stage) error {
	client, err := scene.Client()
	if err != nil {
		return err
	}
	defer client.Close()
	tag := &dynamodb.Tag{Key: aws.String("team"), Value: aws.String("shop")}
	created, err := client.CreateTable(table, dynamolock.WithTags([]*dynamodb.Tag{tag}))
	if err != nil {
		return err
	}
	if status := aws.StringValue(created.TableDescription.TableStatus); status != "ACTIVE" {
		return fmt.Errorf("the table is %s", status)
	}
	lock, err := client.AcquireLock(scene.Key())
	if err != nil {
		return err
	}
	return lock.Close()
}

func createsTableTwice(scene *stage.Stage) error {
	client, err := scene.Client()
	if err != nil {
		return err
	}
	defer client.Close()
	_, err = client.CreateTable(table)
	var inUse *dynamodb.ResourceInUseException
	if !errors.As(err, &inUse) {
		return fmt.Errorf("want ResourceInUseException, got %v", err)
	}
	return nil
}

func namesKey(scene *stage.Stage) error {
	const name = "LocksByName"
	client, err := dynamolock.New(scene.DynamoDB, name, dynamolock.WithPartitionKeyName("name"))
	if err != nil {
		return err
	}
	defer client.Close()
	_, err = client.CreateTable(name,
		dynamolock.WithCustomPartitionKeyName("name"),
		dynamolock.WithProvisionedThroughput(&dynamodb.ProvisionedThroughput{
			ReadCapacityUnits: aws.Int64(5), WriteCapacityUnits: aws.Int64(5),
		}))
	if err != nil {
		return err
	}
	lock, err := client.AcquireLock(scene.Key())
	if err != nil {
		return err
	}
	return lock.Close()
}
