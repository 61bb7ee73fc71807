package main

import (
	"errors"

	"cirello.io/dynamolock"
	"ecs-deploy/witness/stage"
)

func keepsData(scene *stage.Stage) error {
	first := dynamolock.WithData([]byte("first"))
	kept, err := hold(scene, beating, first)
	if err != nil {
		return err
	}
	defer kept.done()
	second, err := kept.passOn(dynamolock.WithData([]byte("second")))
	if err != nil {
		return err
	}
	replaced, err := hold(scene, beating, first)
	if err != nil {
		return err
	}
	defer replaced.done()
	third, err := replaced.passOn(dynamolock.WithData([]byte("third")), dynamolock.ReplaceData())
	if err != nil {
		return err
	}
	return errors.Join(
		same("kept", string(second.Data()), "first"),
		same("replaced", string(third.Data()), "third"),
		rowHas(scene, kept.key, "first"),
		rowHas(scene, replaced.key, "third"),
	)
}

func rowHas(scene *stage.Stage, key, data string) error {
	row, err := scene.Row(key)
	if err != nil {
		return err
	}
	stands := ""
	if row["data"] != nil {
		stands = string(row["data"].B)
	}
	return same("the row's data", stands, data)
}

func beatsData(scene *stage.Stage) error {
	p, err := hold(scene, silent, dynamolock.WithData([]byte("first")))
	if err != nil {
		return err
	}
	defer p.done()
	beat := func(option dynamolock.SendHeartbeatOption, left string) error {
		return errors.Join(p.holder.SendHeartbeat(p.lock, option), rowHas(scene, p.key, left))
	}
	return errors.Join(
		beat(dynamolock.ReplaceHeartbeatData([]byte("second")), "second"),
		beat(dynamolock.ReplaceHeartbeatData(nil), "second"),
		beat(dynamolock.DeleteData(), ""),
	)
}

func releasesData(scene *stage.Stage) error {
	p, err := hold(scene, beating, dynamolock.WithData([]byte("first")))
	if err != nil {
		return err
	}
	defer p.done()
	after := dynamolock.WithDataAfterRelease([]byte("last"))
	if _, err := p.holder.ReleaseLock(p.lock, after); err != nil {
		return err
	}
	next, err := p.other.AcquireLock(p.key, dynamolock.FailIfLocked())
	if err != nil {
		return err
	}
	return same("found", string(next.Data()), "last")
}
