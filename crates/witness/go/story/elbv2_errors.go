package story

import (
	"errors"

	"ecs-deploy/witness/shape"
)

func (b *balancer) refusals() error {
	pair := func(rule string, priority int) shape.Map {
		return shape.Map{"RulePriorities": shape.List{
			shape.Map{"RuleArn": rule, "Priority": priority},
		}}
	}
	gone := func(arn string) string { return arn[:len(arn)-1] + "x" }
	return errors.Join(
		b.refused(ELB, "SetRulePriorities", pair(b.rules[0], 10), "PriorityInUse", listed),
		b.refused(ELB, "SetRulePriorities", pair(gone(b.rules[0]), 12), "RuleNotFound", listed),
		b.refused(ELB, "SetRulePriorities", pair(b.rules[0], 50001), "ValidationError", unlisted),
		b.refused(ELB, "DescribeRules",
			shape.Map{"ListenerArn": gone(b.listener)}, "ListenerNotFound", listed),
		b.refused(ELB, "DescribeTargetHealth",
			shape.Map{"TargetGroupArn": gone(b.groups[0])}, "TargetGroupNotFound", listed),
		b.refused(ELB, "DescribeTargetGroupAttributes",
			shape.Map{"TargetGroupArn": gone(b.groups[0])}, "TargetGroupNotFound", listed),
	)
}
