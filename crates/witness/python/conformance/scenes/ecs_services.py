"""EXTERNAL services."""

from .. import pages
from ..answers import verdict, word
from ..scenario import scenario
from ..worlds.ecs import reasons

DESCRIBE = pages.ecs("DescribeServices")
DELETE = pages.ecs("DeleteService")
TAGS = [{"key": "team", "value": "shop"}]


@scenario("ecs", pages.EXTERNAL, ["ACTIVE", "EXTERNAL", None, []])
def an_external_service_needs_a_name_alone(world):
    seen = world.service().seen()
    controller = seen["deploymentController"]["type"]
    return [seen["status"], controller, seen.get("taskDefinition"), seen.get("taskSets")]


@scenario("ecs", pages.ECS_FAILURES, [0, ["MISSING"]])
def an_unknown_service_is_a_failure_in_the_answer(world):
    answer = world.api.describe_services(cluster=world.name, services=["nobody"])
    return [len(answer["services"]), reasons(answer)]


@scenario("ecs", DESCRIBE, [1, 1])
def known_services_are_described_beside_unknown_ones(world):
    names = [world.service().name, "nobody"]
    answer = world.api.describe_services(cluster=world.name, services=names)
    return [len(answer["services"]), len(answer["failures"])]


@scenario("ecs", DESCRIBE, ["done", "refused"])
def ten_services_are_described_in_one_call(world):
    describe = world.api.describe_services
    return [verdict(describe, cluster=world.name, services=["x"] * count) for count in (10, 11)]


@scenario("ecs", DESCRIBE, "ClusterNotFoundException")
def services_of_an_unknown_cluster_are_an_error(world):
    return word(world.api.describe_services, cluster="nowhere", services=["x"])


@scenario("ecs", DESCRIBE, [None, TAGS])
def the_tags_of_a_service_are_shown_only_when_asked_for(world):
    service = world.service(tags=TAGS)
    return [service.seen().get("tags"), service.seen(include=["TAGS"]).get("tags")]


@scenario("ecs", pages.EXTERNAL, ["refused", 1])
def what_belongs_to_task_sets_can_not_be_updated_in_the_service(world):
    service = world.service(desired=1)
    given = {"taskDefinition": world.task_definition(), "desiredCount": 2}
    told = verdict(world.api.update_service, **service.given, **given)
    return [told, service.seen()["desiredCount"]]


@scenario("ecs", pages.EXTERNAL, "refused")
def an_external_service_is_not_made_with_a_task_definition(world):
    return verdict(world.service, taskDefinition=world.task_definition())


@scenario("ecs", pages.EXTERNAL, 30)
def the_grace_period_of_an_external_service_can_be_updated(world):
    service = world.service()
    world.api.update_service(**service.given, healthCheckGracePeriodSeconds=30)
    look = lambda: service.seen().get("healthCheckGracePeriodSeconds")
    return service.soon(look, 30)


@scenario("ecs", pages.EXTERNAL, "refused")
def an_external_service_can_not_be_a_daemon(world):
    return verdict(world.service, schedulingStrategy="DAEMON")


@scenario("ecs", DELETE, ["refused", "ACTIVE"])
def a_service_with_a_desired_count_is_not_deleted_without_force(world):
    service = world.service(desired=1)
    service.make(100.0)
    told = verdict(world.api.delete_service, **service.given)
    return [told, service.seen()["status"]]


@scenario("ecs", DELETE, "INACTIVE")
def a_deleted_service_without_tasks_is_shown_as_inactive(world):
    service = world.service()
    world.api.delete_service(**service.given)
    return service.soon(lambda: service.seen()["status"], "INACTIVE")


@scenario(
    "ecs", pages.ecs("UpdateService"), ["ServiceNotFoundException", "ClusterNotFoundException"]
)
def an_update_needs_a_service_and_a_cluster(world):
    update = world.api.update_service
    return [
        word(update, cluster=world.name, service="nobody", desiredCount=1),
        word(update, cluster="nowhere", service="nobody", desiredCount=1),
    ]
