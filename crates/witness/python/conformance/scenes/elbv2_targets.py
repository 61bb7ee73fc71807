"""The health of targets that nobody serves; those that tasks serve are among the task sets."""

from .. import pages
from ..answers import word
from ..scenario import scenario
from ..worlds.elbv2 import NO_GROUP

HEALTH = pages.elbv2("TargetHealth")
# An address at which nobody answers, and which no task will have.
NOBODY = {"Id": "192.168.77.77", "Port": 8080}


def registered(world, group, target=NOBODY):
    world.api.register_targets(TargetGroupArn=group, Targets=[target])
    return group


@scenario("elbv2", HEALTH, [["unused", "Target.NotInUse"]])
def a_target_of_a_group_that_no_rule_uses_is_unused(world):
    return world.health(registered(world, world.group()))


@scenario("elbv2", HEALTH, [["unused", "Target.NotRegistered"]])
def a_target_that_was_not_registered_is_unused(world):
    return world.health(world.used_group(), NOBODY)


@scenario("elbv2", HEALTH, ["initial", "Elb"])
def a_new_target_is_initial(world):
    state, reason = world.health(registered(world, world.used_group()))[0]
    return [state, reason and reason.split(".")[0]]


@scenario("elbv2", HEALTH, [["unhealthy", "Target.FailedHealthChecks"]])
def a_target_that_can_not_be_reached_becomes_unhealthy(world):
    group = registered(world, world.used_group())
    wanted = [["unhealthy", "Target.FailedHealthChecks"]]
    return world.soon(lambda: world.health(group), wanted)


@scenario("elbv2", HEALTH, [["draining", "Target.DeregistrationInProgress"]])
def a_deregistered_target_drains(world):
    group = registered(world, world.used_group())
    world.api.deregister_targets(TargetGroupArn=group, Targets=[NOBODY])
    return world.health(group, NOBODY)


@scenario("elbv2", pages.elbv2("DeregisterTargets"), "done")
def deregistering_a_target_that_is_not_there_succeeds(world):
    return word(world.api.deregister_targets, TargetGroupArn=world.used_group(), Targets=[NOBODY])


@scenario("elbv2", pages.elbv2("RegisterTargets"), [1, 2])
def a_target_is_its_address_and_its_port(world):
    group = world.used_group()
    counts = []
    for port in (8080, 8081):
        for _ in range(2):
            registered(world, group, NOBODY | {"Port": port})
        counts.append(len(world.health(group)))
    return counts


@scenario("elbv2", pages.elbv2("DescribeTargetHealth"), ["TargetGroupNotFound"] * 3)
def targets_of_an_unknown_group_are_an_error(world):
    calls = (world.api.register_targets, world.api.deregister_targets)
    told = [word(call, TargetGroupArn=NO_GROUP, Targets=[NOBODY]) for call in calls]
    return [*told, word(world.api.describe_target_health, TargetGroupArn=NO_GROUP)]


@scenario("elbv2", pages.elbv2("CreateTargetGroup"), True)
def targets_by_address_are_always_checked(world):
    described = world.api.describe_target_groups(TargetGroupArns=[world.group()])
    return described["TargetGroups"][0].get("HealthCheckEnabled")
