package main

import (
	"errors"
	"fmt"
	"time"

	"cirello.io/dynamolock"
	"ecs-deploy/witness/stage"

	"github.com/aws/aws-sdk-go/aws"
)

func acquires(scene *stage.Stage) error {
	p, err := hold(scene, silent, dynamolock.WithData([]byte("of mine")))
	if err != nil {
		return err
	}
	defer p.done()
	row, err := scene.Row(p.key)
	if err != nil {
		return err
	}
	if len(row) != 5 {
		return fmt.Errorf("want 5 attributes, got %v", row)
	}
	return errors.Join(
		same("key", aws.StringValue(row["key"].S), p.key),
		same("owner", aws.StringValue(row["ownerName"].S), p.lock.OwnerName()),
		same("lease", aws.StringValue(row["leaseDuration"].S), stage.Lease.String()),
		same("length of the version", len(aws.StringValue(row["recordVersionNumber"].S)), 32),
		same("data", string(row["data"].B), "of mine"),
	)
}

func failsIfLocked(scene *stage.Stage) error {
	p, err := hold(scene, beating)
	if err != nil {
		return err
	}
	defer p.done()
	begin := time.Now()
	_, err = p.other.AcquireLock(p.key, dynamolock.FailIfLocked())
	if took := time.Since(begin); took >= stage.Lease {
		return fmt.Errorf("it took %v", took)
	}
	return notGranted(err)
}

func waits(scene *stage.Stage) error {
	p, err := hold(scene, beating)
	if err != nil {
		return err
	}
	defer p.done()
	released := make(chan error, 1)
	go func() {
		time.Sleep(1500 * time.Millisecond)
		_, err := p.holder.ReleaseLock(p.lock)
		released <- err
	}()
	begin := time.Now()
	_, err = p.other.AcquireLock(p.key, often, dynamolock.WithAdditionalTimeToWaitForLock(time.Minute))
	if took := time.Since(begin); took < 1400*time.Millisecond {
		return fmt.Errorf("it had the lock after %v", took)
	}
	return errors.Join(err, <-released)
}

func givesUp(scene *stage.Stage) error {
	p, err := hold(scene, beating)
	if err != nil {
		return err
	}
	defer p.done()
	additional := dynamolock.WithAdditionalTimeToWaitForLock(300 * time.Millisecond)
	_, err = p.other.AcquireLock(p.key, often, additional)
	var late *dynamolock.TimeoutError
	if !errors.As(err, &late) {
		return fmt.Errorf("want a TimeoutError, got %v", err)
	}
	if late.Age < stage.Lease+300*time.Millisecond {
		return fmt.Errorf("it gave up after %v", late.Age)
	}
	return notGranted(err)
}

func peeks(scene *stage.Stage) error {
	p, err := hold(scene, beating, dynamolock.WithData([]byte("of mine")))
	if err != nil {
		return err
	}
	defer p.done()
	seen, err := p.other.Get(p.key)
	if err != nil {
		return err
	}
	none, err := p.other.Get(scene.Key())
	return errors.Join(err,
		same("owner", seen.OwnerName(), p.lock.OwnerName()),
		same("data", string(seen.Data()), "of mine"),
		same("the owner of a lock that is not there", none.OwnerName(), ""),
	)
}
