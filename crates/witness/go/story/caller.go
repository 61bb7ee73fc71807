// Package story is a deploy as a sequence of AWS calls, told once for both SDKs.
package story

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"ecs-deploy/witness/report"
	"ecs-deploy/witness/shape"
)

// Service is one of AWS's, by the name of its package in both SDKs.
type Service string

// The services that a deploy calls.
const (
	ECS      Service = "ecs"
	ELB      Service = "elbv2"
	STS      Service = "sts"
	DynamoDB Service = "dynamodb"
)

// SDK calls operations by their names.
type SDK interface {
	// Call fills the operation's input, calls it and gives the output as the SDK parsed it.
	Call(service Service, operation string, input shape.Map) (reflect.Value, error)
	// Refusal is the code of an error that a service answered with, and whether the SDK has a type
	// of its own for it.
	Refusal(err error) (code string, typed bool)
	// Types tells whether the SDK has types for this service's errors.
	Types(service Service) bool
}

// Teller tells the story: each call is a check.
type Teller struct {
	SDK      SDK
	Recorder *shape.Recorder
	// Later are the members that the SDK is too old for.
	Later shape.Later
}

// Check is one of the story's calls, or several that belong together.
type Check = report.Check

// good calls an operation, and holds what the SDK parsed against what was sent.
func (t *Teller) good(service Service, operation string, input shape.Map) (shape.Map, error) {
	output, err := t.SDK.Call(service, operation, input)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", operation, err)
	}
	sent, err := t.Recorder.Answer()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", operation, err)
	}
	if lost := t.Later.Lost(sent, output, operation); len(lost) > 0 {
		return nil, errors.New(strings.Join(lost, "; "))
	}
	answer, _ := sent.(shape.Map)
	return answer, nil
}

// shows is good, and the answer has these members with these values.
func (t *Teller) shows(service Service, operation string, input, want shape.Map) error {
	answer, err := t.good(service, operation, input)
	if err != nil {
		return err
	}
	if missing := shape.Missing(want, answer, operation); len(missing) > 0 {
		return errors.New(strings.Join(missing, "; "))
	}
	return nil
}

// modelled is whether AWS's model of the service lists an error.
type modelled bool

const (
	listed   modelled = true
	unlisted modelled = false
)

// refused calls an operation that has to be refused with this code, as the type that the SDK has.
func (t *Teller) refused(
	service Service, operation string, input shape.Map, want string, model modelled,
) error {
	_, err := t.SDK.Call(service, operation, input)
	if err == nil {
		return fmt.Errorf("%s: want %s, it went well", operation, want)
	}
	code, typed := t.SDK.Refusal(err)
	if code != want {
		return fmt.Errorf("%s: want %s, got %v", operation, want, err)
	}
	if wantTyped := bool(model) && t.SDK.Types(service); typed != wantTyped {
		return fmt.Errorf("%s: the error is typed: %v, got %#v", operation, typed, err)
	}
	return nil
}
