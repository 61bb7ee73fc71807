package main

import (
	"encoding/json"
	"io"
	"os"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go/aws"
	"github.com/aws/aws-sdk-go/aws/request"
	"github.com/aws/aws-sdk-go/service/dynamodb"
	"github.com/aws/aws-sdk-go/service/dynamodb/dynamodbiface"
)

// Event is a line of the diary. All times are nanoseconds since boot.
type Event struct {
	Event string
	Lock  string `json:",omitempty"`
	// From and Until bound what may be believed: from the answer to a write, until a lease after
	// the moment before that write.
	From  time.Duration `json:",omitempty"`
	Until time.Duration `json:",omitempty"`
	// At is when the holder ceased to believe, of its own accord.
	At     time.Duration `json:",omitempty"`
	Data   string        `json:",omitempty"`
	Reason string        `json:",omitempty"`
}

// Watched is DynamoDB with a diary of the writes that give or keep a lock.
type Watched struct {
	dynamodbiface.DynamoDBAPI
	mutex sync.Mutex
	diary io.Writer
}

// write puts a line into the diary in one piece, so that a killed process leaves no half of one.
func (w *Watched) write(event Event) {
	text, err := json.Marshal(event)
	if err != nil {
		panic(err)
	}
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if _, err := w.diary.Write(append(text, '\n')); err != nil {
		os.Exit(1)
	}
}

// PutItemWithContext is how a lock is acquired.
func (w *Watched) PutItemWithContext(
	ctx aws.Context, input *dynamodb.PutItemInput, options ...request.Option,
) (*dynamodb.PutItemOutput, error) {
	before := now()
	output, err := w.DynamoDBAPI.PutItemWithContext(ctx, input, options...)
	if err == nil {
		found := ""
		if data := input.Item["data"]; data != nil {
			found = string(data.B)
		}
		until := before + lease(input.Item["leaseDuration"])
		w.write(Event{Event: "Acquired", Lock: lockOf(input.Item), From: now(), Until: until, Data: found})
	}
	return output, err
}

// UpdateItemWithContext is a heartbeat when it sets the lease, and a release else.
func (w *Watched) UpdateItemWithContext(
	ctx aws.Context, input *dynamodb.UpdateItemInput, options ...request.Option,
) (*dynamodb.UpdateItemOutput, error) {
	sets := valuesByName(input)
	length, beats := sets["leaseDuration"]
	if !beats {
		w.write(Event{Event: "Leaving", Lock: lockOf(input.Key), At: now()})
		return w.DynamoDBAPI.UpdateItemWithContext(ctx, input, options...)
	}
	data := ""
	if value := sets["data"]; value != nil {
		data = string(value.B)
		w.write(Event{Event: "Writing", Lock: lockOf(input.Key), Data: data})
	}
	before := now()
	output, err := w.DynamoDBAPI.UpdateItemWithContext(ctx, input, options...)
	if err == nil && data != "" {
		w.write(Event{Event: "Wrote", Lock: lockOf(input.Key), Data: data})
	}
	if err == nil {
		until := before + lease(length)
		w.write(Event{Event: "Held", Lock: lockOf(input.Key), From: now(), Until: until})
	}
	return output, err
}

func lockOf(item map[string]*dynamodb.AttributeValue) string {
	return aws.StringValue(item["key"].S)
}

func lease(value *dynamodb.AttributeValue) time.Duration {
	length, err := time.ParseDuration(aws.StringValue(value.S))
	if err != nil {
		panic(err)
	}
	return length
}
