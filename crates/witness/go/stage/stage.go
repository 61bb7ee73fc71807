// Package stage is where the lock's witness plays: a table, and clients of the locks in it.
package stage

import (
	"fmt"
	"sync/atomic"
	"time"

	"cirello.io/dynamolock"
	"github.com/aws/aws-sdk-go/aws"
	"github.com/aws/aws-sdk-go/aws/credentials"
	"github.com/aws/aws-sdk-go/aws/session"
	"github.com/aws/aws-sdk-go/service/dynamodb"
)

// Lease is short, and still long enough for a machine that is busy with other things.
const (
	Lease     = 3 * time.Second
	Heartbeat = 200 * time.Millisecond
)

// Item is a row as it stands in the table.
type Item = map[string]*dynamodb.AttributeValue

// Stage is a table of locks.
type Stage struct {
	DynamoDB *dynamodb.DynamoDB
	Table    string
	keys     atomic.Int64
}

// Open looks at the tables of an account, whose number is its access key.
func Open(endpoint, account, table string) (*Stage, error) {
	config := aws.NewConfig().WithEndpoint(endpoint).WithRegion("us-east-1").
		WithCredentials(credentials.NewStaticCredentials(account, "any", ""))
	settings, err := session.NewSession(config)
	if err != nil {
		return nil, err
	}
	return &Stage{DynamoDB: dynamodb.New(settings), Table: table}, nil
}

// Key is a lock that nobody has used.
func (s *Stage) Key() string {
	return fmt.Sprintf("lock-%d", s.keys.Add(1))
}

// Client is one with a short lease and heartbeats of its own.
func (s *Stage) Client(options ...dynamolock.ClientOption) (*dynamolock.Client, error) {
	short := []dynamolock.ClientOption{
		dynamolock.WithLeaseDuration(Lease),
		dynamolock.WithHeartbeatPeriod(Heartbeat),
	}
	return dynamolock.New(s.DynamoDB, s.Table, append(short, options...)...)
}

// Row reads a lock's row, past the library; nil if there is none.
func (s *Stage) Row(key string) (Item, error) {
	output, err := s.DynamoDB.GetItem(&dynamodb.GetItemInput{
		TableName:      aws.String(s.Table),
		Key:            Item{"key": {S: aws.String(key)}},
		ConsistentRead: aws.Bool(true),
	})
	if err != nil {
		return nil, err
	}
	return output.Item, nil
}
