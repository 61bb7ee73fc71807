"""What an environment looks like, without what differs from one run to the next (ids, times)."""

import json
import time
from dataclasses import dataclass

from . import builds
from .stage import CLUSTER, DEPLOY_TAG, LOCK, SERVICE


@dataclass(frozen=True)
class Set:
    """A task set: what it runs, and at which percentage of the service's tasks."""

    status: str
    sha: str
    percent: float


@dataclass(frozen=True)
class Lock:
    """The lock's row: whether somebody has it, and what it tells of the last deploy."""

    held: bool
    done: bool
    step: int


@dataclass(frozen=True)
class State:
    # The priority of each color's rule; the lower number serves.
    rules: dict
    # The task sets of each color.
    sets: dict
    # How many healthy targets each color has; none where that is still to change.
    targets: dict | None
    # What ArtifactDB says of the builds that were deployed here, by their SHA.
    tags: dict
    lock: Lock | None
    # How many revisions the family has.
    revisions: int

    def faults(self, expected):
        """How it differs from what it should be."""
        return [
            f"{name} is {getattr(self, name)}, not {wanted}"
            for name, wanted in vars(expected).items()
            if wanted not in (None, getattr(self, name))
        ]


class Reader:
    """Reads the state of an environment."""

    def __init__(self, stage):
        self._stage = stage
        self._colors = {group: color for color, group in stage.groups.items()}
        self._ecs, self._elb, self._dynamodb = map(stage.client, ("ecs", "elbv2", "dynamodb"))

    def read(self):
        revisions = self._ecs.list_task_definitions(familyPrefix=SERVICE)["taskDefinitionArns"]
        return State(
            rules=self._rules(),
            sets=self._sets(),
            targets={color: self._healthy(group) for group, color in self._colors.items()},
            tags=self._tags(),
            lock=self.lock(),
            revisions=len(revisions),
        )

    def settled(self, expected, lag):
        """How the state differs from what it should be, once it is shown."""
        end = time.monotonic() + lag
        while (faults := self.read().faults(expected)) and time.monotonic() < end:
            time.sleep(0.2)
        return faults

    def _rules(self):
        rules = self._elb.describe_rules(ListenerArn=self._stage.listener)["Rules"]
        rules = [rule for rule in rules if rule["Priority"] != "default"]
        groups = [rule["Actions"][-1]["TargetGroupArn"] for rule in rules]
        colors = [self._colors.get(group, group) for group in groups]
        return {color: int(rule["Priority"]) for color, rule in zip(colors, rules, strict=True)}

    def _sets(self):
        answer = self._ecs.describe_services(cluster=CLUSTER, services=[SERVICE])
        sets = {color: [] for color in self._colors.values()}
        for it in answer["services"][0].get("taskSets", []):
            color = self._colors[it["loadBalancers"][0]["targetGroupArn"]]
            sha = self._sha(it["taskDefinition"])
            sets[color].append(Set(it["status"], sha, it["scale"]["value"]))
        return sets

    def _sha(self, definition):
        answer = self._ecs.describe_task_definition(taskDefinition=definition)
        [container] = answer["taskDefinition"]["containerDefinitions"]
        return container["image"].rpartition(":")[2]

    def _healthy(self, group):
        answer = self._elb.describe_target_health(TargetGroupArn=group)
        states = [it["TargetHealth"]["State"] for it in answer["TargetHealthDescriptions"]]
        return states.count("healthy")

    def _tags(self):
        tags = {}
        for number, sha in enumerate(builds.ALL, start=1):
            key = {"ProjectName": {"S": builds.PROJECT}, "BuildNumber": {"N": str(number)}}
            found = self._item("ArtifactDB", key)["Tags"]["M"]
            if DEPLOY_TAG in found:
                tags[sha] = found[DEPLOY_TAG]["S"]
        return tags

    def lock(self):
        row = self._item("DeployLock", {"key": {"S": LOCK}})
        if row is None:
            return None
        status = json.loads(row["data"]["B"])
        return Lock("isReleased" not in row, status["Done"], status["Step"])

    def _item(self, table, key):
        answer = self._dynamodb.get_item(TableName=table, Key=key, ConsistentRead=True)
        return answer.get("Item")
