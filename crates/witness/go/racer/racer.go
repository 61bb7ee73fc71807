package main

import (
	"errors"
	"time"

	"cirello.io/dynamolock"
	"github.com/aws/aws-sdk-go/service/dynamodb/dynamodbiface"
)

// Terms are how a racer holds locks and waits for them.
type Terms struct {
	Lease, Heartbeat, Refresh, Patience time.Duration
}

// Round is what to do with one lock.
type Round struct {
	Lock string
	// HoldMs is how long to hold it, in milliseconds.
	HoldMs int
	// Data is what to write into it.
	Data string
}

// Racer is one client of the locks.
type Racer struct {
	client *dynamolock.Client
	terms  Terms
}

// NewRacer makes a client that sends heartbeats by itself.
func NewRacer(table dynamodbiface.DynamoDBAPI, name string, terms Terms) (*Racer, error) {
	client, err := dynamolock.New(table, name,
		dynamolock.WithLeaseDuration(terms.Lease),
		dynamolock.WithHeartbeatPeriod(terms.Heartbeat),
	)
	return &Racer{client: client, terms: terms}, err
}

// Run acquires the lock, leaves data in it, holds it and releases it. To be refused the lock or to
// lose it is part of the race; the rest is an error.
func (r *Racer) Run(round Round) error {
	lock, err := r.client.AcquireLock(round.Lock,
		dynamolock.WithRefreshPeriod(r.terms.Refresh),
		dynamolock.WithAdditionalTimeToWaitForLock(r.terms.Patience),
	)
	if err != nil {
		return unlessLost(err)
	}
	written := r.client.SendHeartbeat(lock, dynamolock.ReplaceHeartbeatData([]byte(round.Data)))
	if written == nil {
		time.Sleep(time.Duration(round.HoldMs) * time.Millisecond)
	}
	_, err = r.client.ReleaseLock(lock)
	return errors.Join(unlessLost(written), unlessLost(err))
}
