package main

import (
	"errors"
	"fmt"
	"time"

	"cirello.io/dynamolock"
	"ecs-deploy/witness/stage"
)

// silent makes a client send no heartbeats.
var silent = dynamolock.DisableHeartbeat()

// often looks at a held lock every 30 ms.
var often = dynamolock.WithRefreshPeriod(30 * time.Millisecond)

// pair is a holder of a lock, and somebody else who may want it.
type pair struct {
	scene         *stage.Stage
	key           string
	holder, other *dynamolock.Client
	lock          *dynamolock.Lock
}

// hold lets the first of two clients acquire a new lock.
func hold(
	scene *stage.Stage, holder dynamolock.ClientOption, options ...dynamolock.AcquireLockOption,
) (*pair, error) {
	first, err := scene.Client(holder)
	if err != nil {
		return nil, err
	}
	second, err := scene.Client()
	if err != nil {
		return nil, err
	}
	p := &pair{scene: scene, key: scene.Key(), holder: first, other: second}
	p.lock, err = first.AcquireLock(p.key, options...)
	return p, err
}

// beating is a client with heartbeats.
var beating = dynamolock.WithHeartbeatPeriod(stage.Heartbeat)

// done ends both clients, and so their heartbeats.
func (p *pair) done() {
	_ = p.holder.Close()
	_ = p.other.Close()
}

// passOn releases the lock and lets the other one acquire it.
func (p *pair) passOn(options ...dynamolock.AcquireLockOption) (*dynamolock.Lock, error) {
	if _, err := p.holder.ReleaseLock(p.lock); err != nil {
		return nil, err
	}
	return p.other.AcquireLock(p.key, append(options, dynamolock.FailIfLocked())...)
}

// notGranted is nil if the error is the library's own refusal.
func notGranted(err error) error {
	var refused *dynamolock.LockNotGrantedError
	if errors.As(err, &refused) {
		return nil
	}
	return fmt.Errorf("want a LockNotGrantedError, got %v", err)
}

// same is nil if both are the same.
func same[T comparable](what string, got, want T) error {
	if got == want {
		return nil
	}
	return fmt.Errorf("%s: want %v, got %v", what, want, got)
}
