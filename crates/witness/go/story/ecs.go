package story

import (
	"fmt"
	"time"

	"ecs-deploy/witness/shape"
)

// deployment is a service and the task set that is deployed to it.
type deployment struct {
	*Teller
	balancer   *balancer
	definition string
	taskSet    string
}

const (
	cluster = "main"
	name    = "shop"
	release = "6f1c2f0e-8f5c-4a52-9c7e-2d1d0f6d9a11"
)

// of names what a call acts on, with further members.
func of(members shape.Map) shape.Map {
	all := shape.Map{"cluster": cluster, "service": name}
	for key, value := range members {
		all[key] = value
	}
	return all
}

func (d *deployment) build() error {
	if _, err := d.good(ECS, "CreateCluster", shape.Map{"clusterName": cluster}); err != nil {
		return err
	}
	_, err := d.good(ECS, "CreateService", shape.Map{
		"cluster": cluster, "serviceName": name, "desiredCount": 1,
		"deploymentController": shape.Map{"type": "EXTERNAL"},
	})
	if err != nil {
		return err
	}
	return d.shows(ECS, "DescribeServices",
		shape.Map{"cluster": cluster, "services": shape.List{name}},
		shape.Map{"services": shape.List{shape.Map{
			"serviceName": name, "desiredCount": 1, "taskSets": shape.List{},
			"deploymentController": shape.Map{"type": "EXTERNAL"},
		}}, "failures": shape.List{}})
}

func (d *deployment) register() error {
	given := shape.Map{
		"family": "shop-dev", "cpu": "256", "memory": "512", "networkMode": "awsvpc",
		"requiresCompatibilities": shape.List{"FARGATE"},
		"taskRoleArn":             "arn:aws:iam::" + Account + ":role/shop",
		"executionRoleArn":        "arn:aws:iam::" + Account + ":role/execution",
		"runtimePlatform":         shape.Map{"cpuArchitecture": "ARM64"},
		"containerDefinitions": shape.List{shape.Map{
			"name": "shop", "image": "registry.example/shop:1", "essential": true,
			"portMappings": shape.List{shape.Map{"containerPort": 8080, "protocol": "tcp"}},
			"environment":  shape.List{shape.Map{"name": "STAGE", "value": "dev ü \"<&>\""}},
			"dockerLabels": shape.Map{"team": "shop"},
			"healthCheck":  shape.Map{"command": shape.List{"CMD", "true"}, "interval": 10},
		}},
	}
	answer, err := d.good(ECS, "RegisterTaskDefinition", given)
	if err != nil {
		return err
	}
	d.definition = fmt.Sprint(answer["taskDefinition"].(shape.Map)["taskDefinitionArn"])
	return d.shows(ECS, "DescribeTaskDefinition",
		shape.Map{"taskDefinition": d.definition, "include": shape.List{"TAGS"}},
		shape.Map{"taskDefinition": given})
}

func (d *deployment) create() error {
	given := shape.Map{
		"taskDefinition": d.definition, "externalId": release, "launchType": "FARGATE",
		"networkConfiguration": shape.Map{"awsvpcConfiguration": shape.Map{
			"subnets": shape.List{"subnet-1"}, "securityGroups": shape.List{"sg-1"},
			"assignPublicIp": "DISABLED",
		}},
		"loadBalancers": shape.List{shape.Map{
			"targetGroupArn": d.balancer.groups[0], "containerName": "shop", "containerPort": 8080,
		}},
		"scale": shape.Map{"value": 100.0, "unit": "PERCENT"},
		"tags":  shape.List{shape.Map{"key": "Artifact", "value": "shop:1"}},
	}
	request := of(given)
	request["clientToken"] = release
	answer, err := d.good(ECS, "CreateTaskSet", request)
	if err != nil {
		return err
	}
	d.taskSet = fmt.Sprint(answer["taskSet"].(shape.Map)["id"])
	asked := of(shape.Map{"taskSets": shape.List{d.taskSet}, "include": shape.List{"TAGS"}})
	given["status"] = "ACTIVE"
	return eventually(func() error {
		return d.shows(ECS, "DescribeTaskSets", asked, shape.Map{"taskSets": shape.List{given}})
	})
}

// eventually gives the service some seconds: its answers lag behind, and tasks need time to start.
func eventually(look func() error) error {
	err := look()
	for end := time.Now().Add(10 * time.Second); err != nil && time.Now().Before(end); err = look() {
		time.Sleep(100 * time.Millisecond)
	}
	return err
}

func (d *deployment) tasks() error {
	var arns shape.List
	err := eventually(func() error {
		answer, err := d.good(ECS, "ListTasks", shape.Map{"cluster": cluster, "serviceName": name})
		arns, _ = answer["taskArns"].(shape.List)
		if err == nil && len(arns) != 1 {
			err = fmt.Errorf("the task set has the tasks %v", arns)
		}
		return err
	})
	if err != nil {
		return err
	}
	if err := d.readTask(arns[0]); err != nil {
		return err
	}
	return eventually(d.readTarget)
}

// readTarget looks for the task among the targets of its color.
func (d *deployment) readTarget() error {
	want := shape.Map{"Target": shape.Map{"Port": 8080}, "TargetHealth": shape.Map{"State": "healthy"}}
	return d.shows(ELB, "DescribeTargetHealth",
		shape.Map{"TargetGroupArn": d.balancer.groups[0]},
		shape.Map{"TargetHealthDescriptions": shape.List{want}})
}

func (d *deployment) readTask(arn any) error {
	asked := shape.Map{"cluster": cluster, "tasks": shape.List{arn}}
	if _, err := d.good(ECS, "GetTaskProtection", asked); err != nil {
		return err
	}
	return d.shows(ECS, "DescribeTasks", asked, shape.Map{"tasks": shape.List{shape.Map{
		"taskArn": arn, "startedBy": d.taskSet, "taskDefinitionArn": d.definition,
		"group": "service:" + name, "launchType": "FARGATE",
	}}})
}
