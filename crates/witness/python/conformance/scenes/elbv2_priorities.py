"""The priorities of rules: a swap is one call that sets two of them."""

from .. import pages
from ..answers import named, verdict, word
from ..scenario import scenario
from ..worlds.elbv2 import NO_RULE

PAGE = pages.elbv2("SetRulePriorities")
KEPT = {"blue": "10", "green": "20"}


class Colors:
    """Two rules of one listener."""

    def __init__(self, world):
        self._world = world
        self.listener = world.listener()
        self.blue = world.rule(self.listener, 10)
        self.green = world.rule(self.listener, 20)

    def set(self, *pairs):
        pairs = [{"RuleArn": arn, "Priority": priority} for arn, priority in pairs]
        return self._world.api.set_rule_priorities(RulePriorities=pairs)

    def try_to_set(self, *pairs):
        """What the call answers, and the priorities after it."""
        return [word(lambda: self.set(*pairs)), self.priorities()]

    def priorities(self):
        arns = {"blue": self.blue, "green": self.green}
        return named(arns, self._world.priorities(self.listener))


@scenario("elbv2", PAGE, ["done", {"blue": "20", "green": "10"}])
def one_call_exchanges_the_priorities_of_two_rules(world):
    colors = Colors(world)
    return colors.try_to_set((colors.blue, 20), (colors.green, 10))


@scenario("elbv2", PAGE, ["10", "20"])
def the_answer_to_an_exchange_shows_the_new_priorities(world):
    colors = Colors(world)
    answer = colors.set((colors.blue, 20), (colors.green, 10))
    return sorted(rule["Priority"] for rule in answer["Rules"])


@scenario("elbv2", PAGE, ["done", {"blue": "20", "green": "30"}, "10"])
def one_call_rotates_the_priorities_of_three_rules(world):
    colors = Colors(world)
    red = world.rule(colors.listener, 30)
    told = colors.try_to_set((colors.blue, 20), (colors.green, 30), (red, 10))
    return [*told, world.priorities(colors.listener)[red]]


@scenario("elbv2", PAGE, ["done", {"blue": "10", "green": "5"}])
def a_rule_that_is_not_named_keeps_its_priority(world):
    colors = Colors(world)
    return colors.try_to_set((colors.green, 5))


@scenario("elbv2", PAGE, ["PriorityInUse", KEPT])
def the_priority_of_a_rule_that_is_not_named_is_in_use(world):
    colors = Colors(world)
    return colors.try_to_set((colors.blue, 20))


@scenario("elbv2", PAGE, ["PriorityInUse", KEPT])
def two_rules_of_one_call_can_not_have_one_priority(world):
    colors = Colors(world)
    return colors.try_to_set((colors.blue, 5), (colors.green, 5))


@scenario("elbv2", PAGE, ["PriorityInUse", KEPT])
def a_conflict_leaves_the_good_half_of_a_call_undone(world):
    colors = Colors(world)
    red = world.rule(colors.listener, 30)
    return colors.try_to_set((colors.blue, 5), (red, 20))


@scenario("elbv2", PAGE, ["RuleNotFound", KEPT])
def an_unknown_rule_leaves_the_known_one_of_a_call_as_it_is(world):
    colors = Colors(world)
    return colors.try_to_set((colors.blue, 5), (NO_RULE, 6))


@scenario("elbv2", PAGE, ["OperationNotPermitted", KEPT])
def a_default_rule_has_no_priority_that_can_be_set(world):
    colors = Colors(world)
    return colors.try_to_set((world.default_rule(colors.listener), 5))


@scenario("elbv2", pages.elbv2("RulePriorityPair"), ["refused", "done"])
def priorities_end_at_50000(world):
    colors = Colors(world)
    return [verdict(colors.set, (colors.blue, number)) for number in (50_001, 50_000)]
