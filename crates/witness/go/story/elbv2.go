package story

import (
	"fmt"

	"ecs-deploy/witness/shape"
)

// balancer is an Application Load Balancer with a rule for each of two colors.
type balancer struct {
	*Teller
	listener string
	groups   [2]string
	rules    [2]string
}

func (b *balancer) build() error {
	arn, err := b.created("CreateLoadBalancer", shape.Map{
		"Name": "shop", "Subnets": shape.List{"subnet-1", "subnet-2"},
	}, "LoadBalancers", "LoadBalancerArn")
	if err != nil {
		return err
	}
	for i, color := range []string{"blue", "green"} {
		b.groups[i], err = b.created("CreateTargetGroup", shape.Map{
			"Name": "shop-" + color, "Protocol": "HTTP", "Port": 8080, "VpcId": "vpc-1",
			"TargetType": "ip", "HealthCheckPath": "/healthz",
		}, "TargetGroups", "TargetGroupArn")
		if err != nil {
			return err
		}
	}
	b.listener, err = b.created("CreateListener", shape.Map{
		"LoadBalancerArn": arn, "Protocol": "HTTP", "Port": 80,
		"DefaultActions": shape.List{shape.Map{
			"Type":                "fixed-response",
			"FixedResponseConfig": shape.Map{"StatusCode": "404"},
		}},
	}, "Listeners", "ListenerArn")
	if err != nil {
		return err
	}
	return b.addRules()
}

func (b *balancer) addRules() (err error) {
	for i := range b.rules {
		b.rules[i], err = b.created("CreateRule", shape.Map{
			"ListenerArn": b.listener, "Priority": 10 + i,
			"Conditions": shape.List{shape.Map{
				"Field":            "host-header",
				"HostHeaderConfig": shape.Map{"Values": shape.List{"shop.example.com"}},
			}},
			"Actions": shape.List{shape.Map{"Type": "forward", "TargetGroupArn": b.groups[i]}},
		}, "Rules", "RuleArn")
		if err != nil {
			return err
		}
	}
	return nil
}

// created calls an operation that makes one thing, and gives its ARN.
func (b *balancer) created(operation string, input shape.Map, list, arn string) (string, error) {
	answer, err := b.good(ELB, operation, input)
	if err != nil {
		return "", err
	}
	made, _ := answer[list].(shape.List)
	if len(made) != 1 {
		return "", fmt.Errorf("%s: one was to be made, got %v", operation, answer)
	}
	return fmt.Sprint(made[0].(shape.Map)[arn]), nil
}

// forwards is what DescribeRules has to show of the rules, in the order of their priorities.
func (b *balancer) forwards(first, second int) shape.Map {
	rule := func(i int, priority string) shape.Map {
		return shape.Map{
			"RuleArn": b.rules[i], "Priority": priority, "IsDefault": false,
			"Actions": shape.List{shape.Map{"Type": "forward", "TargetGroupArn": b.groups[i]}},
		}
	}
	rest := shape.Map{"Priority": "default", "IsDefault": true}
	return shape.Map{"Rules": shape.List{rule(first, "10"), rule(second, "11"), rest}}
}

func (b *balancer) read() error {
	rules := shape.Map{"ListenerArn": b.listener}
	if err := b.shows(ELB, "DescribeRules", rules, b.forwards(0, 1)); err != nil {
		return err
	}
	group := shape.Map{"TargetGroupArn": b.groups[0]}
	if _, err := b.good(ELB, "DescribeTargetGroupAttributes", group); err != nil {
		return err
	}
	if _, err := b.good(ELB, "DescribeTargetHealth", group); err != nil {
		return err
	}
	return b.shows(ELB, "DescribeTargetGroups",
		shape.Map{"TargetGroupArns": shape.List{b.groups[1]}},
		shape.Map{"TargetGroups": shape.List{shape.Map{"HealthCheckPath": "/healthz", "Port": "8080"}}})
}

func (b *balancer) swap() error {
	pair := func(rule string, priority int) shape.Map {
		return shape.Map{"RuleArn": rule, "Priority": priority}
	}
	pairs := shape.Map{"RulePriorities": shape.List{pair(b.rules[0], 11), pair(b.rules[1], 10)}}
	if _, err := b.good(ELB, "SetRulePriorities", pairs); err != nil {
		return err
	}
	return b.shows(ELB, "DescribeRules", shape.Map{"ListenerArn": b.listener}, b.forwards(1, 0))
}
