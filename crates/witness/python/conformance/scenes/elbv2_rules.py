"""Rules: made, changed, described, tagged, deleted."""

from .. import pages
from ..answers import verdict, word
from ..scenario import scenario
from ..worlds.elbv2 import CLOSED, NO_GROUP, NO_LISTENER, NO_RULE, SHOP, to

CREATE = pages.elbv2("CreateRule")
MODIFY = pages.elbv2("ModifyRule")
DESCRIBE = pages.elbv2("DescribeRules")
DELETE = pages.elbv2("DeleteRule")
HOST = {"Field": "host-header", "HostHeaderConfig": {"Values": ["shop.example.com"]}}
HEADER = {
    "Field": "http-header",
    "HttpHeaderConfig": {"HttpHeaderName": "x-check", "Values": ["0af7651916cd43dd"]},
}


def fields(rule):
    return sorted(condition["Field"] for condition in rule["Conditions"])


@scenario("elbv2", CREATE, "PriorityInUse")
def a_listener_has_no_two_rules_of_one_priority(world):
    listener = world.listener()
    world.rule(listener, 10)
    return word(lambda: world.rule(listener, 10))


@scenario("elbv2", CREATE, "ListenerNotFound")
def a_rule_of_an_unknown_listener_is_refused(world):
    return word(lambda: world.rule(NO_LISTENER, 10))


@scenario("elbv2", CREATE, ["TargetGroupNotFound", 1])
def a_rule_that_forwards_to_an_unknown_group_is_not_made(world):
    listener = world.listener()
    told = word(lambda: world.rule(listener, 10, to(NO_GROUP)))
    return [told, len(world.priorities(listener))]


@scenario("elbv2", pages.elbv2("RuleCondition"), HEADER["HttpHeaderConfig"])
def a_header_condition_is_shown_as_it_was_given(world):
    given = {"Priority": 10, "Conditions": [HEADER], "Actions": [CLOSED]}
    rule = world.api.create_rule(ListenerArn=world.listener(), **given)["Rules"][0]
    return world.seen_rule(rule["RuleArn"])["Conditions"][0].get("HttpHeaderConfig")


@scenario("elbv2", MODIFY, [["host-header", "path-pattern"], "green"])
def new_actions_leave_the_conditions_of_a_rule(world):
    blue, green = world.group(), world.group()
    given = {"Priority": 10, "Conditions": [HOST, SHOP], "Actions": [to(blue)]}
    arn = world.api.create_rule(ListenerArn=world.listener(), **given)["Rules"][0]["RuleArn"]
    world.api.modify_rule(RuleArn=arn, Actions=[to(green)])
    rule = world.seen_rule(arn)
    return [fields(rule), {blue: "blue", green: "green"}[rule["Actions"][0]["TargetGroupArn"]]]


@scenario("elbv2", MODIFY, [["host-header"], "fixed-response", "10"])
def new_conditions_leave_the_actions_of_a_rule(world):
    arn = world.rule(world.listener(), 10)
    world.api.modify_rule(RuleArn=arn, Conditions=[HOST])
    rule = world.seen_rule(arn)
    return [fields(rule), rule["Actions"][0]["Type"], rule["Priority"]]


@scenario("elbv2", MODIFY, "RuleNotFound")
def an_unknown_rule_can_not_be_changed(world):
    return word(world.api.modify_rule, RuleArn=NO_RULE, Actions=[CLOSED])


@scenario("elbv2", MODIFY, ["TargetGroupNotFound", "fixed-response"])
def a_change_to_an_unknown_group_is_refused_whole(world):
    arn = world.rule(world.listener(), 10)
    told = word(world.api.modify_rule, RuleArn=arn, Actions=[to(NO_GROUP)])
    return [told, world.seen_rule(arn)["Actions"][0]["Type"]]


@scenario("elbv2", DESCRIBE, [["10", False], ["default", True]])
def the_rules_of_a_listener_include_its_default_one(world):
    listener = world.listener()
    world.rule(listener, 10)
    rules = world.api.describe_rules(ListenerArn=listener)["Rules"]
    return sorted([rule["Priority"], rule["IsDefault"]] for rule in rules)


@scenario("elbv2", DESCRIBE, ["ListenerNotFound", "RuleNotFound"])
def an_unknown_listener_or_rule_is_an_error_and_not_an_empty_list(world):
    return [
        word(world.api.describe_rules, ListenerArn=NO_LISTENER),
        word(world.api.describe_rules, RuleArns=[NO_RULE]),
    ]


@scenario("elbv2", DESCRIBE, "refused")
def rules_are_described_of_a_listener_or_by_name(world):
    return verdict(world.api.describe_rules)


@scenario("elbv2", DELETE, ["done", "RuleNotFound"])
def a_deleted_rule_is_gone(world):
    arn = world.rule(world.listener(), 10)
    told = word(world.api.delete_rule, RuleArn=arn)
    return [told, word(world.api.describe_rules, RuleArns=[arn])]


@scenario("elbv2", DELETE, "RuleNotFound")
def an_unknown_rule_can_not_be_deleted(world):
    return word(world.api.delete_rule, RuleArn=NO_RULE)


@scenario("elbv2", DELETE, ["OperationNotPermitted", 1])
def a_default_rule_can_not_be_deleted(world):
    listener = world.listener()
    told = word(world.api.delete_rule, RuleArn=world.default_rule(listener))
    return [told, len(world.priorities(listener))]


@scenario("elbv2", pages.elbv2("DescribeTags"), [{"Key": "owner", "Value": "deploy"}])
def the_tags_that_a_rule_was_made_with_are_shown(world):
    tags = [{"Key": "owner", "Value": "deploy"}]
    arn = world.rule(world.listener(), 10, Tags=tags)
    return world.api.describe_tags(ResourceArns=[arn])["TagDescriptions"][0]["Tags"]


@scenario("elbv2", pages.elbv2("DescribeTags"), ["done", "refused"])
def tags_of_20_resources_are_described_in_one_call(world):
    listener = world.listener()
    arns = [world.rule(listener, priority) for priority in range(1, 22)]
    describe = lambda count: verdict(world.api.describe_tags, ResourceArns=arns[:count])
    return [describe(20), describe(21)]


@scenario("elbv2", pages.elbv2("DescribeTags"), "RuleNotFound")
def the_tags_of_an_unknown_rule_are_an_error(world):
    return word(world.api.describe_tags, ResourceArns=[NO_RULE])
