// Sdk-v1 lets AWS's first SDK for Go judge a stand-in of AWS, by the calls of a deploy.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"reflect"
	"strings"

	"ecs-deploy/witness/report"
	"ecs-deploy/witness/shape"
	"ecs-deploy/witness/story"

	"github.com/aws/aws-sdk-go/aws"
	"github.com/aws/aws-sdk-go/aws/awserr"
	"github.com/aws/aws-sdk-go/aws/credentials"
	"github.com/aws/aws-sdk-go/aws/session"
	"github.com/aws/aws-sdk-go/service/dynamodb"
	"github.com/aws/aws-sdk-go/service/ecs"
	"github.com/aws/aws-sdk-go/service/elbv2"
	"github.com/aws/aws-sdk-go/service/sts"
)

// module is what judges.
const module = "github.com/aws/aws-sdk-go"

// later: the SDK is no longer maintained.
var later = shape.Later{"Rule.Transforms": true}

type sdk map[story.Service]reflect.Value

func main() {
	endpoint := flag.String("endpoint", "", "the URL of all services")
	flag.Parse()
	recorder := &shape.Recorder{}
	settings, err := session.NewSession(aws.NewConfig().
		WithEndpoint(*endpoint).WithRegion(story.Region).WithHTTPClient(recorder.Client()).
		WithCredentials(credentials.NewStaticCredentials(story.Account, "any", "")))
	if err != nil {
		fmt.Fprintln(os.Stderr, "sdk-v1:", err)
		os.Exit(1)
	}
	report.Version(module)
	teller := story.Teller{SDK: clients(settings), Recorder: recorder, Later: later}
	teller.Tell()
}

func clients(settings *session.Session) sdk {
	return sdk{
		story.ECS:      reflect.ValueOf(ecs.New(settings)),
		story.ELB:      reflect.ValueOf(elbv2.New(settings)),
		story.STS:      reflect.ValueOf(sts.New(settings)),
		story.DynamoDB: reflect.ValueOf(dynamodb.New(settings)),
	}
}

// Call finds the method of the operation's name.
func (s sdk) Call(service story.Service, operation string, given shape.Map) (reflect.Value, error) {
	method := s[service].MethodByName(operation)
	if !method.IsValid() {
		return reflect.Value{}, fmt.Errorf("the SDK has no operation %s", operation)
	}
	input := reflect.New(method.Type().In(0).Elem())
	if err := shape.Fill(input.Elem(), given, noUnion); err != nil {
		return reflect.Value{}, err
	}
	results := method.Call([]reflect.Value{input})
	err, _ := results[1].Interface().(error)
	return results[0], err
}

// noUnion: this SDK writes a union as a struct.
func noUnion(any) (any, error) {
	return nil, errors.New("a value for an interface was not expected")
}

// Refusal looks at the code, and whether the type is the service's own.
func (s sdk) Refusal(err error) (string, bool) {
	var answer awserr.Error
	if !errors.As(err, &answer) {
		return "", false
	}
	kind := reflect.Indirect(reflect.ValueOf(answer)).Type()
	return answer.Code(), strings.HasPrefix(kind.PkgPath(), module+"/service/")
}

// Types: this SDK has them for the services with JSON.
func (s sdk) Types(service story.Service) bool {
	return service == story.ECS || service == story.DynamoDB
}
