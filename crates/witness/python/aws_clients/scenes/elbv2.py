"""Scenes of Elastic Load Balancing: a balancer with a listener, target groups, rules."""

import itertools

from . import routing
from .case import Case

TAGS = [{"Key": "team", "Value": "shop"}]
ARN = "arn:aws:elasticloadbalancing:us-east-1:111111111111:"
GONE = "nobody/0123456789abcdef"
NO_BALANCER = ({"LoadBalancerArn": f"{ARN}loadbalancer/app/{GONE}"}, "LoadBalancerNotFound")
NO_LISTENER = (
    {"ListenerArn": f"{ARN}listener/app/{GONE}/0123456789abcdef"},
    "ListenerNotFound",
)
NO_GROUP = ({"TargetGroupArn": f"{ARN}targetgroup/{GONE}"}, "TargetGroupNotFound")
NO_RULE_ARN = f"{ARN}listener-rule/app/{GONE}/0123456789abcdef/0123456789abcdef"
NO_RULE = ({"RuleArn": NO_RULE_ARN}, "RuleNotFound")
# A secret is never shown again, and a rule's priority is shown as a word.
UNLIKE = ("ClientSecret", "UseExistingClientSecret", "Priority")


class Scene:
    """Makes what calls of Elastic Load Balancing act on."""

    def __init__(self, client, _clients):
        self._client = client
        self._numbers = itertools.count(1)
        self._shared = None

    def _name(self, kind):
        return f"{kind}-{next(self._numbers)}"

    def _balancer(self):
        answer = self._client.must("CreateLoadBalancer", self.CreateLoadBalancer().given)
        return answer["LoadBalancers"][0]["LoadBalancerArn"]

    def _listener(self, balancer=None):
        given = self._new_listener(balancer or self._balancer())
        return self._client.must("CreateListener", given)["Listeners"][0]["ListenerArn"]

    def _new_listener(self, balancer):
        """One of HTTPS: no other takes authenticating actions."""
        return {
            "LoadBalancerArn": balancer,
            "Protocol": "HTTPS",
            "Port": 1000 + next(self._numbers),
            "Certificates": [
                {"CertificateArn": "arn:aws:acm:us-east-1:111111111111:certificate/1"}
            ],
            "DefaultActions": [routing.FIXED],
        }

    def _group(self):
        answer = self._client.must("CreateTargetGroup", self.CreateTargetGroup().given)
        return answer["TargetGroups"][0]["TargetGroupArn"]

    def _rule(self, listener, group):
        given = self._new_rule(listener, [routing.forward(group)])
        return self._client.must("CreateRule", given)["Rules"][0]["RuleArn"]

    def _new_rule(self, listener, actions):
        conditions = [{"Field": "path-pattern", "Values": ["/shop/*"]}]
        return {
            "ListenerArn": listener,
            "Priority": next(self._numbers),
            "Conditions": conditions,
            "Actions": actions,
        }

    def forwarded_target_group(self):
        """A target group that a rule forwards to."""
        group = self._group()
        self._rule(self._listener(), group)
        return group

    def _pages(self, operation, given, make):
        make()
        make()
        marker = self._client.must(operation, {**given, "PageSize": 1})["NextMarker"]
        return {"Marker": {"Marker": marker}, "PageSize": {"PageSize": 10}}

    def _made(self, operation, given):
        """The name of what was made already."""
        name = {"Name": self._name("taken")}
        self._client.must(operation, given | name)
        return name

    def _taken(self, operation, given, member):
        """What a member can't be once more."""
        taken = {member: 5000 + next(self._numbers)}
        self._client.must(operation, given | taken)
        return taken

    def _to_six_groups(self):
        return {"Actions": [routing.forward(*(self._group() for _ in range(6)))]}

    def _default_rule(self, listener):
        rules = self._client.must("DescribeRules", {"ListenerArn": listener})["Rules"]
        return next(rule["RuleArn"] for rule in rules if rule["IsDefault"])

    def CreateLoadBalancer(self):
        given = {"Name": self._name("balancer"), "Subnets": ["subnet-1", "subnet-2"]}
        mappings = {
            "Subnets": None,
            "SubnetMappings": [{"SubnetId": "subnet-1"}, {"SubnetId": "subnet-2"}],
        }
        members = {"SubnetMappings": mappings, "Tags": {"Tags": TAGS}}
        mistakes = [
            ({"Name": "no_such_name"}, "ValidationError"),
            (
                lambda: self._made("CreateLoadBalancer", given) | {"Scheme": "internal"},
                "DuplicateLoadBalancerName",
            ),
            ({"Subnets": ["subnet-1"]}, "ValidationError"),
        ]
        return Case(given, members, mistakes=mistakes)

    def DescribeLoadBalancers(self):
        arn = self._balancer()
        made = self._client.must("DescribeLoadBalancers", {"LoadBalancerArns": [arn]})
        members = self._pages("DescribeLoadBalancers", {}, self._balancer) | {
            "LoadBalancerArns": {"LoadBalancerArns": [arn]},
            "Names": {"Names": [made["LoadBalancers"][0]["LoadBalancerName"]]},
        }
        mistakes = [
            ({"LoadBalancerArns": [NO_BALANCER[0]["LoadBalancerArn"]]}, "LoadBalancerNotFound"),
            ({"Names": ["nobody"]}, "LoadBalancerNotFound"),
            ({"PageSize": 401}, "ValidationError"),
        ]
        return Case({}, members, mistakes=mistakes)

    def DeleteLoadBalancer(self):
        return Case({"LoadBalancerArn": self._balancer()})

    def DescribeLoadBalancerAttributes(self):
        return Case({"LoadBalancerArn": self._balancer()}, mistakes=[NO_BALANCER])

    def CreateListener(self):
        balancer = self._balancer()
        given = self._new_listener(balancer)
        mistakes = [
            NO_BALANCER,
            (lambda: self._taken("CreateListener", given, "Port"), "DuplicateListener"),
            (
                {"DefaultActions": [routing.forward(NO_GROUP[0]["TargetGroupArn"])]},
                "TargetGroupNotFound",
            ),
            ({"Protocol": "GOPHER"}, "UnsupportedProtocol"),
        ]
        members = {"Tags": {"Tags": TAGS}} | routing.actions("DefaultActions", self._group())
        return Case(given, members, mistakes=mistakes, unlike=UNLIKE)

    def DescribeListeners(self):
        balancer = self._balancer()
        arn = self._listener(balancer)
        given = {"LoadBalancerArn": balancer}
        alone = {"LoadBalancerArn": None, "ListenerArns": [arn]}
        members = self._pages("DescribeListeners", given, lambda: self._listener(balancer))
        unknown = {"LoadBalancerArn": None, "ListenerArns": [NO_LISTENER[0]["ListenerArn"]]}
        mistakes = [NO_BALANCER, (unknown, "ListenerNotFound")]
        return Case(given, members | {"ListenerArns": alone}, mistakes=mistakes)

    def ModifyListener(self):
        given = {"ListenerArn": self._listener()}
        members = routing.actions("DefaultActions", self._group()) | {
            "Port": {"Port": 4711},
            "Protocol": {"Protocol": "HTTPS"},
        }
        return Case(given, members, mistakes=[NO_LISTENER], unlike=UNLIKE)

    def DeleteListener(self):
        return Case({"ListenerArn": self._listener()}, mistakes=[NO_LISTENER])

    def CreateRule(self):
        listener = self._listener()
        given = self._new_rule(listener, [routing.FIXED])
        mistakes = [
            NO_LISTENER,
            (lambda: self._taken("CreateRule", given, "Priority"), "PriorityInUse"),
            ({"Priority": 0}, "ValidationError"),
            ({"Conditions": []}, "ValidationError"),
            ({"Conditions": [{"Field": "moon-phase", "Values": ["full"]}]}, "ValidationError"),
            ({"Actions": [routing.forward(NO_GROUP[0]["TargetGroupArn"])]}, "TargetGroupNotFound"),
            (self._to_six_groups, "TooManyTargetGroups"),
        ]
        members = (
            {"Tags": {"Tags": TAGS}}
            | routing.actions("Actions", self._group())
            | routing.conditions()
            | routing.transforms()
        )
        return Case(given, members, mistakes=mistakes, unlike=UNLIKE)

    def DescribeRules(self):
        listener = self._listener()
        given = {"ListenerArn": listener}
        group = self._group()
        members = self._pages("DescribeRules", given, lambda: self._rule(listener, group))
        arns = {"ListenerArn": None, "RuleArns": [self._rule(listener, group)]}
        mistakes = [
            NO_LISTENER,
            ({"ListenerArn": None, "RuleArns": [NO_RULE_ARN]}, "RuleNotFound"),
            ({"Marker": "?"}, "ValidationError"),
        ]
        return Case(given, members | {"RuleArns": arns}, mistakes=mistakes)

    def ModifyRule(self):
        given = {"RuleArn": self._rule(self._listener(), self._group())}
        unknown = (
            {"Actions": [routing.forward(NO_GROUP[0]["TargetGroupArn"])]},
            "TargetGroupNotFound",
        )
        return Case(
            given,
            routing.actions("Actions", self._group())
            | routing.conditions()
            | routing.transforms(),
            mistakes=[NO_RULE, unknown],
            unlike=UNLIKE,
        )

    def DeleteRule(self):
        listener = self._listener()
        default = ({"RuleArn": self._default_rule(listener)}, "OperationNotPermitted")
        given = {"RuleArn": self._rule(listener, self._group())}
        return Case(given, mistakes=[NO_RULE, default])

    def SetRulePriorities(self):
        listener, group = self._listener(), self._group()
        blue, green = self._rule(listener, group), self._rule(listener, group)
        default = self._default_rule(listener)
        pair = lambda arn, priority: {"RuleArn": arn, "Priority": priority}
        given = {"RulePriorities": [pair(blue, 71), pair(green, 70)]}
        mistakes = [
            ({"RulePriorities": [pair(NO_RULE_ARN, 1)]}, "RuleNotFound"),
            ({"RulePriorities": [pair(blue, 5), pair(green, 5)]}, "PriorityInUse"),
            ({"RulePriorities": [pair(default, 5)]}, "OperationNotPermitted"),
        ]
        return Case(given, mistakes=mistakes)

    def CreateTargetGroup(self):
        given = {
            "Name": self._name("group"),
            "Protocol": "HTTP",
            "Port": 8080,
            "VpcId": "vpc-1",
            "TargetType": "ip",
        }
        mistakes = [
            ({"Name": "no_such_name"}, "ValidationError"),
            (
                lambda: self._made("CreateTargetGroup", given) | {"Port": 81},
                "DuplicateTargetGroupName",
            ),
            ({"Protocol": "GOPHER"}, "ValidationError"),
            ({"Port": 0}, "ValidationError"),
            ({"HealthCheckPath": "healthz"}, "ValidationError"),
        ]
        members = {"Tags": {"Tags": TAGS}, "ProtocolVersion": {"ProtocolVersion": "HTTP1"}}
        return Case(given, members | routing.health_check(), mistakes=mistakes)

    def DescribeTargetGroups(self):
        arn = self.forwarded_target_group()
        found = self._client.must("DescribeTargetGroups", {"TargetGroupArns": [arn]})
        group = found["TargetGroups"][0]
        members = self._pages("DescribeTargetGroups", {}, self._group) | {
            "LoadBalancerArn": {"LoadBalancerArn": group["LoadBalancerArns"][0]},
            "TargetGroupArns": {"TargetGroupArns": [arn]},
            "Names": {"Names": [group["TargetGroupName"]]},
        }
        mistakes = [
            NO_BALANCER,
            ({"TargetGroupArns": [NO_GROUP[0]["TargetGroupArn"]]}, "TargetGroupNotFound"),
            ({"Names": ["nobody"]}, "TargetGroupNotFound"),
        ]
        return Case({}, members, mistakes=mistakes)

    def ModifyTargetGroup(self):
        return Case({"TargetGroupArn": self._group()}, routing.health_check(), mistakes=[NO_GROUP])

    def DeleteTargetGroup(self):
        in_use = (lambda: {"TargetGroupArn": self.forwarded_target_group()}, "ResourceInUse")
        return Case({"TargetGroupArn": self._group()}, mistakes=[in_use])

    def DescribeTargetGroupAttributes(self):
        return Case({"TargetGroupArn": self._group()}, mistakes=[NO_GROUP])

    def ModifyTargetGroupAttributes(self):
        delay = [{"Key": "deregistration_delay.timeout_seconds", "Value": "30"}]
        unknown = ({"Attributes": [{"Key": "colour", "Value": "blue"}]}, "ValidationError")
        return Case(
            {"TargetGroupArn": self._group(), "Attributes": delay}, mistakes=[NO_GROUP, unknown]
        )

    def RegisterTargets(self):
        targets = [{"Id": "127.0.0.1", "Port": 8080}]
        group = self.forwarded_target_group()
        mistakes = [
            NO_GROUP,
            ({"Targets": [{"Id": "moon"}]}, "ValidationError"),
            ({"Targets": []}, "ValidationError"),
        ]
        return Case({"TargetGroupArn": group, "Targets": targets}, mistakes=mistakes)

    def DeregisterTargets(self):
        given = self.RegisterTargets().given
        self._client.must("RegisterTargets", given)
        return Case(given, mistakes=[NO_GROUP])

    def DescribeTargetHealth(self):
        given = self.RegisterTargets().given
        self._client.must("RegisterTargets", given)
        members = {"Targets": {"Targets": [*given["Targets"], {"Id": "10.0.0.1", "Port": 1}]}}
        return Case({"TargetGroupArn": given["TargetGroupArn"]}, members, mistakes=[NO_GROUP])

    def AddTags(self):
        given = {"ResourceArns": [self._group(), self._balancer()], "Tags": TAGS}
        mistakes = [
            ({"ResourceArns": [NO_GROUP[0]["TargetGroupArn"]]}, "TargetGroupNotFound"),
            ({"ResourceArns": [NO_RULE_ARN]}, "RuleNotFound"),
        ]
        return Case(given, mistakes=mistakes)

    def RemoveTags(self):
        given = self.AddTags().given
        self._client.must("AddTags", given)
        return Case({"ResourceArns": given["ResourceArns"], "TagKeys": ["team"]})

    def DescribeTags(self):
        given = self.AddTags().given
        self._client.must("AddTags", given)
        return Case({"ResourceArns": given["ResourceArns"]})
