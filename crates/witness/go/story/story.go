package story

import "ecs-deploy/witness/report"

// Tell runs the whole story.
func (t *Teller) Tell() {
	service := &balancer{Teller: t}
	deploy := &deployment{Teller: t, balancer: service}
	report.Run([]Check{
		{Name: "sts: the caller is known", Look: t.knowsCaller},
		{Name: "sts: a role is assumed", Look: t.assumesRole},
		{Name: "elbv2: a balancer with a rule for each color", Look: service.build},
		{Name: "elbv2: rules, health and attributes are read", Look: service.read},
		{Name: "elbv2: the priorities are exchanged", Look: service.swap},
		{Name: "elbv2: errors arrive by their codes", Look: service.refusals},
		{Name: "ecs: a service whose deployments are external", Look: deploy.build},
		{Name: "ecs: a task definition is registered and read", Look: deploy.register},
		{Name: "ecs: a task set is created and read", Look: deploy.create},
		{Name: "ecs: its tasks are listed and read", Look: deploy.tasks},
		{Name: "ecs: it becomes PRIMARY, is scaled and deleted", Look: deploy.replace},
		{Name: "ecs: errors arrive as their types", Look: deploy.refusals},
		{Name: "dynamodb: a row is put, read, changed and deleted", Look: t.keepsRows},
		{Name: "dynamodb: rows are found by query", Look: t.queries},
		{Name: "dynamodb: errors arrive as their types", Look: t.refusesRows},
	})
}
