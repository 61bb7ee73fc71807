"""Balancers, listeners and target groups as they are listed, page by page."""

from .. import pages
from ..answers import pages as all_pages
from ..answers import sizes, word
from ..scenario import scenario
from ..worlds.elbv2 import NO_BALANCER, NO_GROUP, NO_LISTENER, to


def walk(call, member, **given):
    return all_pages(call, member, "Marker", "NextMarker", PageSize=1, **given)


@scenario("elbv2", pages.elbv2("DescribeRules"), [[1, 1, 1], 3])
def the_rules_of_a_listener_come_page_by_page(world):
    listener = world.listener()
    world.rule(listener, 10)
    world.rule(listener, 20)
    found = walk(world.api.describe_rules, "Rules", ListenerArn=listener)
    return [sizes(found), len({rule["RuleArn"] for page in found for rule in page})]


@scenario("elbv2", pages.elbv2("DescribeListeners"), [1, 1])
def the_listeners_of_a_balancer_come_page_by_page(world):
    balancer = world.balancer()
    world.listener(balancer, 80)
    world.listener(balancer, 81)
    return sizes(walk(world.api.describe_listeners, "Listeners", LoadBalancerArn=balancer))


@scenario("elbv2", pages.elbv2("DescribeTargetGroups"), [1, 1])
def the_target_groups_of_a_balancer_come_page_by_page(world):
    balancer = world.balancer()
    listener = world.listener(balancer)
    world.rule(listener, 10, to(world.group()))
    world.rule(listener, 20, to(world.group()))
    return sizes(walk(world.api.describe_target_groups, "TargetGroups", LoadBalancerArn=balancer))


@scenario("elbv2", pages.elbv2("DescribeTargetGroups"), [True, []])
def a_target_group_shows_the_balancer_that_uses_it(world):
    balancer = world.balancer()
    used, unused = world.group(), world.group()
    world.rule(world.listener(balancer), 10, to(used))
    describe = lambda arn: world.api.describe_target_groups(TargetGroupArns=[arn])
    shown = [describe(arn)["TargetGroups"][0]["LoadBalancerArns"] for arn in (used, unused)]
    return [shown[0] == [balancer], shown[1]]


@scenario(
    "elbv2",
    pages.elbv2("DescribeTargetGroups"),
    ["TargetGroupNotFound", "TargetGroupNotFound", "LoadBalancerNotFound"],
)
def unknown_target_groups_are_an_error_and_not_an_empty_list(world):
    describe = world.api.describe_target_groups
    asked = (
        {"TargetGroupArns": [NO_GROUP]},
        {"Names": ["nobody"]},
        {"LoadBalancerArn": NO_BALANCER},
    )
    return [word(describe, **given) for given in asked]


@scenario("elbv2", pages.elbv2("DescribeListeners"), ["ListenerNotFound", "LoadBalancerNotFound"])
def unknown_listeners_are_an_error_and_not_an_empty_list(world):
    describe = world.api.describe_listeners
    asked = ({"ListenerArns": [NO_LISTENER]}, {"LoadBalancerArn": NO_BALANCER})
    return [word(describe, **given) for given in asked]


@scenario("elbv2", pages.elbv2("DescribeLoadBalancers"), ["LoadBalancerNotFound"] * 2)
def unknown_balancers_are_an_error_and_not_an_empty_list(world):
    describe = world.api.describe_load_balancers
    return [word(describe, LoadBalancerArns=[NO_BALANCER]), word(describe, Names=["nobody"])]


@scenario("elbv2", pages.elbv2("CreateListener"), "DuplicateListener")
def a_balancer_has_one_listener_for_a_port(world):
    balancer = world.balancer()
    world.listener(balancer, 80)
    return word(lambda: world.listener(balancer, 80))


@scenario("elbv2", pages.elbv2("TargetGroupAttribute"), "300")
def targets_drain_for_300_seconds_by_default(world):
    answer = world.api.describe_target_group_attributes(TargetGroupArn=world.group())
    attributes = {one["Key"]: one["Value"] for one in answer["Attributes"]}
    return attributes.get("deregistration_delay.timeout_seconds")
