package story

import "ecs-deploy/witness/shape"

// Account is the access key that the story is told with, and so the account in the sandbox.
const Account = "555555555555"

// Region is where the story takes place.
const Region = "us-east-1"

func (t *Teller) knowsCaller() error {
	want := shape.Map{"Account": Account}
	return t.shows(STS, "GetCallerIdentity", shape.Map{}, want)
}

func (t *Teller) assumesRole() error {
	input := shape.Map{
		"RoleArn":         "arn:aws:iam::" + Account + ":role/deploy",
		"RoleSessionName": "witness",
		"DurationSeconds": 900,
	}
	want := shape.Map{"AssumedRoleUser": shape.Map{
		"Arn": "arn:aws:sts::" + Account + ":assumed-role/deploy/witness",
	}}
	return t.shows(STS, "AssumeRole", input, want)
}
