"""Where rules forward to: one target group, or several by weight."""

from .. import pages
from ..answers import verdict, word
from ..scenario import scenario
from ..worlds.elbv2 import CLOSED, shown, to, weighted

ACTION = pages.elbv2("Action")
TUPLE = pages.elbv2("TargetGroupTuple")


class Forward:
    """A rule and two target groups."""

    def __init__(self, world):
        self._world = world
        self.blue, self.green = world.group(), world.group()
        self._rule = world.rule(world.listener(), 10, to(self.blue))

    def becomes(self, *actions):
        return self._world.api.modify_rule(RuleArn=self._rule, Actions=list(actions))

    def seen(self):
        """Where the rule leads, with the target groups' names."""
        arn, weights = shown(self._world.seen_rule(self._rule)["Actions"][-1])
        names = {self.blue: "blue", self.green: "green", None: None}
        return [names[arn], {names[group]: weight for group, weight in weights.items()}]


@scenario("elbv2", ACTION, "blue")
def a_forward_to_one_group_shows_its_arn(world):
    return Forward(world).seen()[0]


@scenario("elbv2", ACTION, [None, {"blue": 90, "green": 10}])
def a_forward_by_weights_shows_them_and_no_single_arn(world):
    forward = Forward(world)
    forward.becomes(weighted({forward.blue: 90, forward.green: 10}))
    return forward.seen()


@scenario("elbv2", TUPLE, {"blue": 0, "green": 999})
def weights_go_from_0_to_999(world):
    forward = Forward(world)
    forward.becomes(weighted({forward.blue: 0, forward.green: 999}))
    return forward.seen()[1]


@scenario("elbv2", TUPLE, ["refused", "blue"])
def a_weight_of_1000_is_refused_and_changes_nothing(world):
    forward = Forward(world)
    action = weighted({forward.blue: 1, forward.green: 1000})
    return [verdict(forward.becomes, action), forward.seen()[0]]


@scenario("elbv2", ACTION, "green")
def after_weights_a_single_arn_is_shown_again(world):
    forward = Forward(world)
    forward.becomes(weighted({forward.blue: 50, forward.green: 50}))
    forward.becomes(to(forward.green))
    return forward.seen()[0]


@scenario("elbv2", ACTION, ["refused", "blue"])
def a_single_arn_beside_weights_for_two_groups_is_refused(world):
    forward = Forward(world)
    both = weighted({forward.blue: 1, forward.green: 1}) | {"TargetGroupArn": forward.blue}
    return [verdict(forward.becomes, both), forward.seen()[0]]


@scenario("elbv2", ACTION, "refused")
def a_rule_with_two_forwards_is_refused(world):
    forward = Forward(world)
    first, second = to(forward.blue) | {"Order": 1}, to(forward.green) | {"Order": 2}
    return verdict(forward.becomes, first, second)


@scenario("elbv2", pages.BALANCER_QUOTAS, ["done", "refused"])
def an_action_has_room_for_five_target_groups(world):
    forward = Forward(world)
    five = {world.group(): 1 for _ in range(5)}
    six = five | {world.group(): 1}
    return [verdict(forward.becomes, weighted(groups)) for groups in (five, six)]


@scenario("elbv2", pages.elbv2("ForwardActionConfig"), {"DurationSeconds": 60, "Enabled": True})
def the_stickiness_of_a_forward_is_kept(world):
    forward = Forward(world)
    action = weighted({forward.blue: 1, forward.green: 1})
    sticky = {"Enabled": True, "DurationSeconds": 60}
    action["ForwardConfig"]["TargetGroupStickinessConfig"] = sticky
    answer = forward.becomes(action)["Rules"][0]["Actions"][0]
    return answer["ForwardConfig"].get("TargetGroupStickinessConfig")


@scenario("elbv2", pages.elbv2("DeleteTargetGroup"), ["ResourceInUse", "done"])
def a_target_group_is_deleted_only_when_no_rule_names_it(world):
    group = world.group()
    rule = world.rule(world.listener(), 10, to(group))
    delete = lambda: word(world.api.delete_target_group, TargetGroupArn=group)
    told = [delete()]
    world.api.modify_rule(RuleArn=rule, Actions=[CLOSED])
    return [*told, delete()]
