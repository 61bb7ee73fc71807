"""The target groups that tasks are registered in: moto's own, or those of another balancer."""

import boto3
from moto.elbv2.models import elbv2_backends


def at(endpoint):
    """What gives an ECS backend its target groups."""
    if endpoint is None:
        return _Own
    return lambda ecs: _Other(ecs, endpoint)


class _Own:
    def __init__(self, ecs):
        self._elb = elbv2_backends[ecs.account_id][ecs.region_name]

    def register(self, group, target):
        self._elb.register_targets(group, [target])

    def deregister(self, group, target):
        self._elb.deregister_targets(group, [target])


class _Other:
    def __init__(self, ecs, endpoint):
        self._client = boto3.client(
            "elbv2",
            endpoint_url=endpoint,
            region_name=ecs.region_name,
            aws_access_key_id=ecs.account_id,
            aws_secret_access_key="unchecked",
        )

    def register(self, group, target):
        self._client.register_targets(TargetGroupArn=group, Targets=[target])

    def deregister(self, group, target):
        self._client.deregister_targets(TargetGroupArn=group, Targets=[target])
