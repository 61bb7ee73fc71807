package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"time"

	"cirello.io/dynamolock"
	"ecs-deploy/witness/stage"
)

// program is the ecs-deploy that shares its locks with this library.
type program struct {
	path, config, endpoint string
}

// The lock that it takes, and where that stands.
const (
	locks   = "DeployLock"
	holder  = "111111111111"
	itsLock = "shop-dev"
)

// soon is how long the lock of a deploy that failed in order may keep the next one waiting.
const soon = 1500 * time.Millisecond

// asOriginal makes a client as the Go program does whose rows ecs-deploy shares.
var asOriginal = []dynamolock.ClientOption{
	dynamolock.WithLeaseDuration(10 * time.Second),
	dynamolock.WithHeartbeatPeriod(time.Second),
}

// fail deploys a version whose image does not exist.
func (p program) fail() error {
	deploy := exec.Command(p.path, "-config", p.config, "-config-sha", "1a2b3c4d",
		"-app", "shop", "-env", "dev", "-sha", "badf00d")
	deploy.Env = append(os.Environ(), "AWS_ENDPOINT_URL="+p.endpoint,
		"CLOUDTAMER_BASE_URL="+p.endpoint+"/api",
		"CLOUDTAMER_USERNAME=sandbox", "CLOUDTAMER_PASSWORD=sandbox",
		"CLOUDTAMER_IDMS_ID=1", "CLOUDTAMER_ADMIN_GROUP_ID=1")
	told, err := deploy.CombinedOutput()
	var ended *exec.ExitError
	if !errors.As(err, &ended) || ended.ExitCode() != 1 {
		return fmt.Errorf("want exit code 1, got %v: %s", err, told)
	}
	return nil
}

// hasFailed takes over what a failed deploy left, as the Go program does when told to.
func (p program) hasFailed() error {
	if err := p.fail(); err != nil {
		return err
	}
	scene, err := stage.Open(p.endpoint, holder, locks)
	if err != nil {
		return err
	}
	client, err := scene.Client(asOriginal...)
	if err != nil {
		return err
	}
	defer client.Close()
	_, refused := client.AcquireLock(itsLock, dynamolock.FailIfLocked())
	begin := time.Now()
	lock, err := client.AcquireLock(itsLock,
		dynamolock.WithAdditionalTimeToWaitForLock(10*time.Second))
	took := time.Since(begin)
	if err != nil {
		return err
	}
	if took >= soon {
		err = fmt.Errorf("it had the lock after %v", took)
	}
	return errors.Join(err, notGranted(refused), tellsOfFailure(lock.Data()))
}

// tellsOfFailure reads the status as the Go program does.
func tellsOfFailure(data []byte) error {
	var status struct {
		Artifact struct{ Value string }
		Done     bool
		Step     int
	}
	if err := json.Unmarshal(data, &status); err != nil {
		return err
	}
	return errors.Join(
		same("artifact", status.Artifact.Value, "shop:badf00d"),
		same("done", status.Done, false),
		same("step", status.Step, 7),
	)
}
