"""A balancer with a listener, rules and target groups."""

from ..answers import Patience
from .names import fresh

GONE = "nobody/0123456789abcdef"
ARN = "arn:aws:elasticloadbalancing:us-east-1:111111111111"
NO_LISTENER = f"{ARN}:listener/app/{GONE}/0123456789abcdef"
NO_RULE = f"{ARN}:listener-rule/app/{GONE}/0123456789abcdef/0123456789abcdef"
NO_GROUP = f"{ARN}:targetgroup/{GONE}"
NO_BALANCER = f"{ARN}:loadbalancer/app/{GONE}"
CLOSED = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "503"}}
SHOP = {"Field": "path-pattern", "PathPatternConfig": {"Values": ["/shop/*"]}}


def to(group):
    """The forward to one target group."""
    return {"Type": "forward", "TargetGroupArn": group}


def weighted(weights):
    """The forward to several target groups, by their weights."""
    groups = [{"TargetGroupArn": arn, "Weight": weight} for arn, weight in weights.items()]
    return {"Type": "forward", "ForwardConfig": {"TargetGroups": groups}}


class Balancing:
    def __init__(self, target):
        self.api = target.client("elbv2")
        self._network = target.network()
        self.soon = Patience(target.kind.patience).soon

    def balancer(self):
        given = {"Name": fresh("web"), "Subnets": list(self._network.subnets)}
        return self.api.create_load_balancer(**given)["LoadBalancers"][0]["LoadBalancerArn"]

    def listener(self, balancer=None, port=80):
        given = {
            "LoadBalancerArn": balancer or self.balancer(),
            "Protocol": "HTTP",
            "Port": port,
            "DefaultActions": [CLOSED],
        }
        return self.api.create_listener(**given)["Listeners"][0]["ListenerArn"]

    def group(self, **more):
        given = {
            "Name": fresh("web"),
            "Protocol": "HTTP",
            "Port": 8080,
            "VpcId": self._network.vpc,
            "TargetType": "ip",
            "HealthCheckIntervalSeconds": 5,
            "HealthCheckTimeoutSeconds": 2,
            "HealthyThresholdCount": 2,
            "UnhealthyThresholdCount": 2,
        }
        made = self.api.create_target_group(**given | more)
        return made["TargetGroups"][0]["TargetGroupArn"]

    def rule(self, listener, priority, action=CLOSED, **more):
        return self.new_rule(listener, priority, action, **more)["RuleArn"]

    def new_rule(self, listener, priority, action=CLOSED, **more):
        given = {"ListenerArn": listener, "Priority": priority, "Conditions": [SHOP]}
        return self.api.create_rule(**given, Actions=[action], **more)["Rules"][0]

    def used_group(self, **more):
        """A target group that a rule forwards to."""
        group = self.group(**more)
        self.rule(self.listener(), 1, to(group))
        return group

    def seen_rule(self, arn):
        return self.api.describe_rules(RuleArns=[arn])["Rules"][0]

    def default_rule(self, listener):
        rules = self.api.describe_rules(ListenerArn=listener)["Rules"]
        return next(rule["RuleArn"] for rule in rules if rule["IsDefault"])

    def priorities(self, listener):
        """The priorities of a listener's rules by their ARNs."""
        rules = self.api.describe_rules(ListenerArn=listener)["Rules"]
        return {rule["RuleArn"]: rule["Priority"] for rule in rules}

    def health(self, group, *targets):
        """State and reason of a target group's targets."""
        given = {"TargetGroupArn": group} | ({"Targets": list(targets)} if targets else {})
        told = self.api.describe_target_health(**given)["TargetHealthDescriptions"]
        healths = [one["TargetHealth"] for one in told]
        return [[health.get("State"), health.get("Reason")] for health in healths]


def shown(action):
    """Where a forward leads: by one ARN, or by weights."""
    groups = action.get("ForwardConfig", {}).get("TargetGroups", [])
    weights = {group["TargetGroupArn"]: group.get("Weight") for group in groups}
    return action.get("TargetGroupArn"), weights
