package main

import (
	"errors"
	"time"

	"cirello.io/dynamolock"
	"ecs-deploy/witness/stage"
)

// safe is how long after its last write a lock is out of danger.
const safe = 2 * time.Second

// monitored is a session monitor, and whether it calls within some time.
func monitored() (dynamolock.AcquireLockOption, func(time.Duration) bool) {
	calls := make(chan struct{}, 1)
	option := dynamolock.WithSessionMonitor(safe, func() { calls <- struct{}{} })
	return option, func(limit time.Duration) bool {
		select {
		case <-calls:
			return true
		case <-time.After(limit):
			return false
		}
	}
}

func monitorCalls(scene *stage.Stage) error {
	option, called := monitored()
	p, err := hold(scene, silent, option)
	if err != nil {
		return err
	}
	defer p.done()
	safeYet, err := p.lock.IsAlmostExpired()
	if err != nil {
		return err
	}
	return errors.Join(
		same("almost expired at first", safeYet, false),
		same("called", called(10*time.Second), true),
	)
}

func monitorIsSilent(scene *stage.Stage) error {
	beats, beatsCalled := monitored()
	p, err := hold(scene, dynamolock.WithHeartbeatPeriod(stage.Heartbeat), beats)
	if err != nil {
		return err
	}
	defer p.done()
	faults := same("called while heartbeats go well", beatsCalled(safe*3/2), false)
	if _, err := p.holder.ReleaseLock(p.lock); err != nil {
		return err
	}
	return errors.Join(faults, same("called after the release", beatsCalled(safe*3/2), false))
}
