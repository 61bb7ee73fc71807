package main

import (
	"errors"
	"fmt"

	"cirello.io/dynamolock"
	"ecs-deploy/witness/stage"

	"github.com/aws/aws-sdk-go/aws"
)

func releases(scene *stage.Stage) error {
	p, err := hold(scene, beating, dynamolock.WithData([]byte("of mine")))
	if err != nil {
		return err
	}
	defer p.done()
	released, err := p.holder.ReleaseLock(p.lock)
	if err != nil {
		return err
	}
	row, err := scene.Row(p.key)
	if err != nil {
		return err
	}
	if row["isReleased"] == nil {
		return fmt.Errorf("the row is not released: %v", row)
	}
	return errors.Join(
		same("released", released, true),
		same("isReleased", aws.StringValue(row["isReleased"].S), "1"),
		same("data", string(row["data"].B), "of mine"),
		same("owner", aws.StringValue(row["ownerName"].S), p.lock.OwnerName()),
	)
}

func deletes(scene *stage.Stage) error {
	asked, err := hold(scene, beating, dynamolock.WithDeleteLockOnRelease())
	if err != nil {
		return err
	}
	defer asked.done()
	late, err := hold(scene, beating)
	if err != nil {
		return err
	}
	defer late.done()
	return errors.Join(
		asked.lock.Close(),
		isGone(scene, asked.key),
		releaseDeleting(late),
		isGone(scene, late.key),
	)
}

func releaseDeleting(p *pair) error {
	_, err := p.holder.ReleaseLock(p.lock, dynamolock.WithDeleteLock(true))
	return err
}

func isGone(scene *stage.Stage, key string) error {
	row, err := scene.Row(key)
	if err == nil && row != nil {
		return fmt.Errorf("the row is still there: %v", row)
	}
	return err
}

func closes(scene *stage.Stage) error {
	p, err := hold(scene, beating)
	if err != nil {
		return err
	}
	defer p.done()
	if err := p.holder.Close(); err != nil {
		return err
	}
	_, err = p.other.AcquireLock(p.key, dynamolock.FailIfLocked())
	if again := p.holder.Close(); !errors.Is(again, dynamolock.ErrClientClosed) {
		return fmt.Errorf("closed twice: %v", again)
	}
	return err
}
