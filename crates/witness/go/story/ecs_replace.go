package story

import (
	"errors"

	"ecs-deploy/witness/shape"
)

func (d *deployment) replace() error {
	primary := of(shape.Map{"primaryTaskSet": d.taskSet})
	if err := d.shows(ECS, "UpdateServicePrimaryTaskSet", primary, d.status("PRIMARY")); err != nil {
		return err
	}
	half := shape.Map{"scale": shape.Map{"value": 50.0, "unit": "PERCENT"}}
	scaled := of(half)
	scaled["taskSet"] = d.taskSet
	if err := d.shows(ECS, "UpdateTaskSet", scaled, shape.Map{"taskSet": half}); err != nil {
		return err
	}
	one := of(shape.Map{"taskSet": d.taskSet})
	if err := d.refused(ECS, "DeleteTaskSet", one, "InvalidParameterException", listed); err != nil {
		return err
	}
	return d.deleteAnother()
}

func (d *deployment) status(want string) shape.Map {
	return shape.Map{"taskSet": shape.Map{"id": d.taskSet, "status": want}}
}

// deleteAnother makes a task set without tasks, which may be deleted.
func (d *deployment) deleteAnother() error {
	answer, err := d.good(ECS, "CreateTaskSet", of(shape.Map{
		"taskDefinition": d.definition, "launchType": "FARGATE",
		"networkConfiguration": shape.Map{"awsvpcConfiguration": shape.Map{
			"subnets": shape.List{"subnet-1"},
		}},
		"scale": shape.Map{"value": 0.0, "unit": "PERCENT"},
	}))
	if err != nil {
		return err
	}
	made := answer["taskSet"].(shape.Map)
	deleted := of(shape.Map{"taskSet": made["id"], "force": true})
	want := shape.Map{"taskSet": shape.Map{"id": made["id"], "status": "DRAINING"}}
	return errors.Join(
		d.shows(ECS, "ListTagsForResource", shape.Map{"resourceArn": made["taskSetArn"]},
			shape.Map{"tags": shape.List{}}),
		d.shows(ECS, "DeleteTaskSet", deleted, want),
	)
}

func (d *deployment) refusals() error {
	nowhere := func(members shape.Map) shape.Map {
		all := of(members)
		all["cluster"] = "nowhere"
		return all
	}
	nobody := func(members shape.Map) shape.Map {
		all := of(members)
		all["service"] = "nobody"
		return all
	}
	full := shape.Map{"value": 100.0, "unit": "PERCENT"}
	set := shape.Map{"taskSet": "ecs-svc/0", "scale": full}
	return errors.Join(
		d.refused(ECS, "DescribeServices",
			shape.Map{"cluster": "nowhere", "services": shape.List{name}}, "ClusterNotFoundException", listed),
		d.refused(ECS, "UpdateTaskSet", nowhere(set), "ClusterNotFoundException", listed),
		d.refused(ECS, "UpdateTaskSet", nobody(set), "ServiceNotFoundException", listed),
		d.refused(ECS, "UpdateTaskSet", of(set), "TaskSetNotFoundException", listed),
		d.refused(ECS, "DeleteTaskSet",
			of(shape.Map{"taskSet": "ecs-svc/0"}), "TaskSetNotFoundException", listed),
		d.refused(ECS, "UpdateServicePrimaryTaskSet",
			of(shape.Map{"primaryTaskSet": "ecs-svc/0"}), "TaskSetNotFoundException", listed),
		d.refused(ECS, "CreateTaskSet",
			of(shape.Map{"taskDefinition": "nothing:1"}), "ClientException", listed),
		d.refused(ECS, "DescribeTaskDefinition",
			shape.Map{"taskDefinition": "nothing:1"}, "ClientException", listed),
	)
}
