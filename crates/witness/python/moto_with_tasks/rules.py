"""SetRulePriorities as AWS has it: the new order as a whole must be free of conflicts."""

from moto.elbv2.exceptions import DuplicatePriorityError, PriorityInUseError, RuleNotFoundError
from moto.elbv2.models import ELBv2Backend


def install():
    ELBv2Backend.set_rule_priorities = _set_rule_priorities


def _set_rule_priorities(self, rule_priorities):
    new = {}
    for given in rule_priorities:
        priority = int(given["Priority"])
        if priority in new.values():
            raise DuplicatePriorityError(priority)
        new[given["RuleArn"]] = priority
    moved = [_rule(self, arn) for arn in new]
    for rule in moved:
        others = self.describe_rules(listener_arn=rule.listener_arn, rule_arns=None)
        stay = {str(other.priority) for other in others if other.arn not in new}
        if str(new[rule.arn]) in stay:
            raise PriorityInUseError()
    for rule in moved:
        rule.priority = new[rule.arn]
    return moved


def _rule(backend, arn):
    found = backend.describe_rules(listener_arn=None, rule_arns=[arn])
    if not found:
        raise RuleNotFoundError()
    return found[0]
