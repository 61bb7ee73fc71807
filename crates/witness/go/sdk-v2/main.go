// Sdk-v2 lets AWS's second SDK for Go judge a stand-in of AWS, by the calls of a deploy.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"reflect"
	"strings"

	"ecs-deploy/witness/report"
	"ecs-deploy/witness/shape"
	"ecs-deploy/witness/story"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
)

type sdk map[story.Service]reflect.Value

func main() {
	endpoint := flag.String("endpoint", "", "the URL of all services")
	flag.Parse()
	recorder := &shape.Recorder{}
	report.Version("github.com/aws/aws-sdk-go-v2")
	teller := story.Teller{Recorder: recorder, SDK: clients(aws.Config{
		Region:       story.Region,
		BaseEndpoint: endpoint,
		HTTPClient:   recorder.Client(),
		Credentials:  credentials.NewStaticCredentialsProvider(story.Account, "any", ""),
	})}
	teller.Tell()
}

func clients(settings aws.Config) sdk {
	return sdk{
		story.ECS:      reflect.ValueOf(ecs.NewFromConfig(settings)),
		story.ELB:      reflect.ValueOf(elasticloadbalancingv2.NewFromConfig(settings)),
		story.STS:      reflect.ValueOf(sts.NewFromConfig(settings)),
		story.DynamoDB: reflect.ValueOf(dynamodb.NewFromConfig(settings)),
	}
}

// Call finds the method of the operation's name.
func (s sdk) Call(service story.Service, operation string, given shape.Map) (reflect.Value, error) {
	method := s[service].MethodByName(operation)
	if !method.IsValid() {
		return reflect.Value{}, fmt.Errorf("the SDK has no operation %s", operation)
	}
	input := reflect.New(method.Type().In(1).Elem())
	if err := shape.Fill(input.Elem(), given, attributeValue); err != nil {
		return reflect.Value{}, err
	}
	results := method.Call([]reflect.Value{reflect.ValueOf(context.Background()), input})
	err, _ := results[1].Interface().(error)
	return results[0], err
}

// Refusal looks at the code, and whether the type is the service's own.
func (s sdk) Refusal(err error) (string, bool) {
	var answer smithy.APIError
	if !errors.As(err, &answer) {
		return "", false
	}
	kind := reflect.Indirect(reflect.ValueOf(answer)).Type()
	return answer.ErrorCode(), strings.HasSuffix(kind.PkgPath(), "/types")
}

// Types: this SDK has them for every service.
func (s sdk) Types(story.Service) bool {
	return true
}
