"""What scenarios act on, made anew for each of them."""

from .dynamodb import Tables
from .ecs import Cluster
from .elbv2 import Balancing
from .sts import Roles

_WORLDS = {"ecs": Cluster, "elbv2": Balancing, "dynamodb": Tables, "sts": Roles}


def of(service, target):
    return _WORLDS[service](target)
