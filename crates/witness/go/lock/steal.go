package main

import (
	"errors"
	"fmt"
	"time"

	"cirello.io/dynamolock"
	"ecs-deploy/witness/stage"

	"github.com/aws/aws-sdk-go/aws/awserr"
	"github.com/aws/aws-sdk-go/service/dynamodb"
)

// patient waits for a lock for as long as it takes.
var patient = dynamolock.WithAdditionalTimeToWaitForLock(time.Minute)

func steals(scene *stage.Stage) error {
	p, err := hold(scene, silent, dynamolock.WithData([]byte("left behind")))
	if err != nil {
		return err
	}
	defer p.done()
	begin := time.Now()
	stolen, err := p.other.AcquireLock(p.key, often, patient)
	if err != nil {
		return err
	}
	if took := time.Since(begin); took < stage.Lease {
		return fmt.Errorf("it was stolen after %v", took)
	}
	return errors.Join(
		same("data", string(stolen.Data()), "left behind"),
		same("the holder's own look: expired", p.lock.IsExpired(), true),
	)
}

func keeps(scene *stage.Stage) error {
	p, err := hold(scene, beating)
	if err != nil {
		return err
	}
	defer p.done()
	_, err = p.other.AcquireLock(p.key, often, dynamolock.WithAdditionalTimeToWaitForLock(2*time.Second))
	return errors.Join(notGranted(err), same("expired", p.lock.IsExpired(), false))
}

// learns has the holder write after somebody else has taken its row.
func learns(scene *stage.Stage) error {
	p, err := hold(scene, silent)
	if err != nil {
		return err
	}
	defer p.done()
	if _, err := p.other.AcquireLock(p.key, often, patient); err != nil {
		return err
	}
	_, err = p.holder.ReleaseLock(p.lock)
	var answer awserr.Error
	if !errors.As(err, &answer) || answer.Code() != dynamodb.ErrCodeConditionalCheckFailedException {
		return fmt.Errorf("want a failed condition, got %v", err)
	}
	return notGranted(p.holder.SendHeartbeat(p.lock))
}
