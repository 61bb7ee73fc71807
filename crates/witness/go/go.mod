module ecs-deploy/witness

go 1.26.0

require (
	cirello.io/dynamolock v1.4.0
	github.com/aws/aws-sdk-go v1.55.8
	golang.org/x/sys v0.49.0
)

require github.com/jmespath/go-jmespath v0.4.0 // indirect
