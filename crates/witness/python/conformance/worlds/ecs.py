"""A cluster with an EXTERNAL service, task definitions and task sets."""

from ..answers import Patience
from .elbv2 import Balancing
from .names import fresh

# What these stand for in the sandbox: a program that serves, one that answers its health checks
# with an error, one that ends at once with 0, and none.
SERVES, SICK, ENDS, MISSING = (
    "registry.example/web:1",
    "shop:0ddba11",
    "shop:0ff0ff0",
    "shop:badf00d",
)
NO_TASK_SET = "ecs-svc/0123456789012345678"
PERCENT = "PERCENT"


class Cluster:
    def __init__(self, target):
        self.api = target.client("ecs")
        self.balancing = Balancing(target)
        self.soon = Patience(target.kind.patience).soon
        self._network = target.network()
        self.name = fresh("cluster")
        self.api.create_cluster(clusterName=self.name)

    def service(self, desired=0, **more):
        name = fresh("service")
        given = {"serviceName": name, "deploymentController": {"type": "EXTERNAL"}} | more
        self.api.create_service(cluster=self.name, desiredCount=desired, **given)
        return Service(self, name)

    def task_definition(self, image=SERVES, family=None, **more):
        """A new revision; the container has memory of its own, which some stand-ins insist on."""
        given = {
            "family": family or fresh("family"),
            "networkMode": "awsvpc",
            "requiresCompatibilities": ["FARGATE"],
            "cpu": "256",
            "memory": "512",
            "containerDefinitions": [container(image)],
        }
        made = self.api.register_task_definition(**given | more)
        return made["taskDefinition"]["taskDefinitionArn"]

    def network(self):
        subnets, groups = list(self._network.subnets), [self._network.security_group]
        return {"awsvpcConfiguration": {"subnets": subnets, "securityGroups": groups}}


def reasons(answer):
    """The reasons of the failures in an answer; nothing where it has no such list."""
    return [failure["reason"] for failure in answer["failures"]] if "failures" in answer else None


def container(image):
    ports = [{"containerPort": 8080}]
    return {"name": "web", "image": image, "memory": 256, "portMappings": ports}


class Service:
    """An EXTERNAL service."""

    def __init__(self, cluster, name):
        self.cluster, self.name = cluster, name
        self.api = cluster.api
        self.given = {"cluster": cluster.name, "service": name}

    def seen(self, **more):
        given = {"cluster": self.cluster.name, "services": [self.name]}
        return self.api.describe_services(**given, **more)["services"][0]

    def make(self, percent=0.0, definition=None, **more):
        """A new task set, as the call answers."""
        given = self.given | {
            "taskDefinition": definition or self.cluster.task_definition(),
            "launchType": "FARGATE",
            "networkConfiguration": self.cluster.network(),
            "scale": {"value": percent, "unit": PERCENT},
        }
        given = {name: value for name, value in (given | more).items() if value is not None}
        return self.api.create_task_set(**given)["taskSet"]

    def balanced(self, percent=100.0, **more):
        """A new task set whose tasks stand in a target group of their own, and that group."""
        group = self.cluster.balancing.used_group(HealthCheckPath="/healthz")
        balancer = {"targetGroupArn": group, "containerName": "web", "containerPort": 8080}
        return self.make(percent, loadBalancers=[balancer], **more), group

    def described(self, *ids, **more):
        return self.api.describe_task_sets(**self.given, taskSets=list(ids), **more)

    def shows(self, task_set, *members):
        """Members of a task set as they are described, and nothing while it is not."""
        found = self.described(task_set)["taskSets"]
        return [found[0].get(member) for member in members] if found else None

    def soon(self, look, wanted):
        return self.cluster.soon(look, wanted)

    def scale(self, task_set, percent):
        scale = {"value": percent, "unit": PERCENT}
        return self.api.update_task_set(**self.given, taskSet=task_set, scale=scale)["taskSet"]

    def make_primary(self, task_set):
        given = self.given | {"primaryTaskSet": task_set}
        return self.api.update_service_primary_task_set(**given)["taskSet"]

    def delete(self, task_set, **more):
        return self.api.delete_task_set(**self.given, taskSet=task_set, **more)["taskSet"]

    def tasks(self, **more):
        given = {"cluster": self.cluster.name, "serviceName": self.name}
        return self.api.list_tasks(**given | more)["taskArns"]

    def task(self, arn):
        return self.api.describe_tasks(cluster=self.cluster.name, tasks=[arn])["tasks"][0]
