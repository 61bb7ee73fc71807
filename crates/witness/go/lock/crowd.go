package main

import (
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"cirello.io/dynamolock"
	"ecs-deploy/witness/stage"
)

const contenders = 100

// crowd lets all contenders do something at once, each with a client of its own.
func crowd(scene *stage.Stage, act func(*dynamolock.Client) error) error {
	faults := make([]error, contenders)
	var start, end sync.WaitGroup
	start.Add(1)
	for i := range contenders {
		// A long lease: under load nobody is to lose the lock by being slow.
		client, err := scene.Client(
			dynamolock.WithLeaseDuration(time.Minute), dynamolock.DisableHeartbeat())
		if err != nil {
			return err
		}
		end.Go(func() {
			start.Wait()
			faults[i] = act(client)
		})
	}
	start.Done()
	end.Wait()
	return errors.Join(faults...)
}

func oneWins(scene *stage.Stage) error {
	key := scene.Key()
	var winners atomic.Int64
	err := crowd(scene, func(client *dynamolock.Client) error {
		_, err := client.AcquireLock(key, dynamolock.FailIfLocked())
		if err == nil {
			winners.Add(1)
			return nil
		}
		return notGranted(err)
	})
	return errors.Join(err, same("winners", winners.Load(), 1))
}

// allTakeTurns counts in steps that lose a count when two take them at once. The lock's own data
// would not do: this library writes data back that it read before another owner came and went.
func allTakeTurns(scene *stage.Stage) error {
	key := scene.Key()
	var count atomic.Int64
	err := crowd(scene, func(client *dynamolock.Client) error {
		lock, err := client.AcquireLock(key, patient, dynamolock.WithRefreshPeriod(150*time.Millisecond))
		if err != nil {
			return err
		}
		before := count.Load()
		time.Sleep(time.Millisecond)
		count.Store(before + 1)
		_, err = client.ReleaseLock(lock)
		return err
	})
	return errors.Join(err, same("turns", count.Load(), contenders))
}
