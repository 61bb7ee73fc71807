"""The life of task sets: they grow, follow their scale, take over, drain and go."""

from .. import pages
from ..answers import verdict, word
from ..scenario import scenario
from ..worlds.ecs import SICK

TASK_SET = pages.ecs("TaskSet")
PRIMARY = pages.ecs("UpdateServicePrimaryTaskSet")
DELETE = pages.ecs("DeleteTaskSet")
COUNTS = ("computedDesiredCount", "pendingCount", "runningCount")
STEADY = ["STEADY_STATE", 2, 0, 2]


def steady(service, task_set, wanted=STEADY):
    """How it shows once it is steady."""
    look = lambda: service.shows(task_set, "stabilityStatus", *COUNTS)
    return service.soon(look, wanted)


@scenario("ecs", TASK_SET, "STABILIZING")
def a_new_task_set_stabilizes(world):
    return world.service(desired=2).make(100.0)["stabilityStatus"]


@scenario("ecs", TASK_SET, STEADY)
def a_task_set_is_steady_once_its_tasks_run(world):
    service = world.service(desired=2)
    return steady(service, service.make(100.0)["id"])


@scenario("ecs", TASK_SET, [STEADY, [["healthy", None]] * 2])
def a_balanced_task_set_is_steady_once_its_targets_are_healthy(world):
    service = world.service(desired=2)
    made, group = service.balanced()
    return [steady(service, made["id"]), world.balancing.health(group)]


@scenario("ecs", pages.elbv2("TargetHealth"), [["unhealthy", "Target.ResponseCodeMismatch"]])
def the_target_of_a_task_that_answers_wrongly_becomes_unhealthy(world):
    service = world.service(desired=1, healthCheckGracePeriodSeconds=3600)
    _, group = service.balanced(definition=world.task_definition(SICK))
    wanted = [["unhealthy", "Target.ResponseCodeMismatch"]]
    return world.soon(lambda: world.balancing.health(group), wanted)


@scenario("ecs", TASK_SET, [1, 2, 2, 0])
def the_computed_count_is_the_scale_of_the_desired_count_rounded_up(world):
    service = world.service(desired=3)
    definition = world.task_definition()
    percents = (10.0, 50.0, 60.0, 0.0)
    return [service.make(each, definition)["computedDesiredCount"] for each in percents]


@scenario("ecs", TASK_SET, 3)
def a_task_set_follows_the_desired_count_of_its_service(world):
    service = world.service(desired=1)
    made = service.make(100.0)["id"]
    world.api.update_service(**service.given, desiredCount=3)
    return service.soon(lambda: service.shows(made, "computedDesiredCount"), [3])[0]


@scenario("ecs", pages.ecs("UpdateTaskSet"), [2, STEADY])
def a_task_set_follows_its_scale(world):
    service = world.service(desired=2)
    made = service.make(0.0)["id"]
    return [service.scale(made, 100.0)["computedDesiredCount"], steady(service, made)]


@scenario("ecs", TASK_SET, ["STEADY_STATE", 0, 0, 0])
def a_task_set_that_is_scaled_to_0_ends_its_tasks(world):
    service = world.service(desired=2)
    made = service.make(100.0)["id"]
    steady(service, made)
    service.scale(made, 0.0)
    return steady(service, made, ["STEADY_STATE", 0, 0, 0])


@scenario("ecs", PRIMARY, {"by id": ["PRIMARY", "ACTIVE"], "by ARN": ["PRIMARY", "ACTIVE"]})
def primary_is_handed_over_by_id_and_by_arn(world):
    told = {}
    for way, member in (("by id", "id"), ("by ARN", "taskSetArn")):
        service = world.service()
        old, new = service.make(), service.make()
        service.make_primary(old["taskSetArn"])
        service.make_primary(new[member])
        told[way] = statuses(service, new["id"], old["id"], wanted=["PRIMARY", "ACTIVE"])
    return told


def statuses(service, *task_sets, wanted):
    def look():
        found = {one["id"]: one["status"] for one in service.described(*task_sets)["taskSets"]}
        return [found.get(task_set) for task_set in task_sets]

    return service.soon(look, wanted)


@scenario("ecs", PRIMARY, True)
def the_service_takes_the_task_definition_of_its_primary_task_set(world):
    service = world.service()
    definition = world.task_definition()
    service.make_primary(service.make(definition=definition)["id"])
    return service.soon(lambda: service.seen().get("taskDefinition"), definition) == definition


@scenario("ecs", DELETE, ["refused", "ACTIVE"])
def a_scaled_task_set_is_not_deleted_without_force(world):
    service = world.service(desired=1)
    made = service.make(100.0)["id"]
    told = verdict(service.delete, made)
    return [told, *(service.soon(lambda: service.shows(made, "status"), ["ACTIVE"]) or [None])]


@scenario("ecs", pages.NONE_FOUND, ["refused", "PRIMARY"])
def the_primary_task_set_is_not_deleted_without_force(world):
    service = world.service()
    made = service.make()["id"]
    service.make_primary(made)
    told = verdict(service.delete, made)
    return [told, *(service.soon(lambda: service.shows(made, "status"), ["PRIMARY"]) or [None])]


@scenario("ecs", TASK_SET, "DRAINING")
def a_task_set_that_is_deleted_by_force_drains(world):
    service = world.service(desired=1)
    made = service.make(100.0)["id"]
    return service.delete(made, force=True)["status"]


@scenario("ecs", TASK_SET, [["draining", "Target.DeregistrationInProgress"]])
def the_targets_of_a_deleted_task_set_drain(world):
    service = world.service(desired=1)
    made, group = service.balanced()
    world.balancing.soon(lambda: world.balancing.health(group), [["healthy", None]])
    service.delete(made["id"], force=True)
    wanted = [["draining", "Target.DeregistrationInProgress"]]
    return world.soon(lambda: world.balancing.health(group), wanted)


@scenario("ecs", DELETE, [0, 1, 0])
def a_task_set_that_was_deleted_is_gone(world):
    service = world.service()
    made = service.make()["id"]
    service.delete(made)

    def look():
        answer = service.described(made)
        return [
            len(answer["taskSets"]),
            len(answer.get("failures", [])),
            len(service.seen()["taskSets"]),
        ]

    return service.soon(look, [0, 1, 0])


@scenario("ecs", DELETE, "TaskSetNotFoundException")
def a_task_set_that_is_gone_can_not_be_deleted_again(world):
    service = world.service()
    made = service.make()["id"]
    service.delete(made)
    again = lambda: word(service.delete, made)
    return service.soon(again, "TaskSetNotFoundException")


@scenario("ecs", pages.ecs("UpdateTaskSet"), "TaskSetNotFoundException")
def a_task_set_that_is_gone_can_not_be_scaled(world):
    service = world.service()
    made = service.make()["id"]
    service.delete(made)
    scale = lambda: word(service.scale, made, 50.0)
    return service.soon(scale, "TaskSetNotFoundException")
