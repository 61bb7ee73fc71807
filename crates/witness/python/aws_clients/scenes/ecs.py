"""Scenes of ECS: a cluster, EXTERNAL services, task sets, tasks that run."""

import itertools
import time

from . import elbv2
from .case import Case

NOWHERE = ({"cluster": "nowhere"}, "ClusterNotFoundException")
NO_SERVICE = ({"service": "nobody"}, "ServiceNotFoundException")
NO_TASK_SET = ({"taskSet": "ecs-svc/0"}, "TaskSetNotFoundException")
TAGS = [{"key": "team", "value": "shop"}]
NETWORK = {"awsvpcConfiguration": {"subnets": ["subnet-1"], "securityGroups": ["sg-1"]}}
# What belongs to the task sets of an EXTERNAL service, not to the service.
OF_TASK_SETS = (
    "capacityProviderStrategy",
    "forceNewDeployment",
    "launchType",
    "loadBalancers",
    "networkConfiguration",
    "platformVersion",
    "serviceConnectConfiguration",
    "taskDefinition",
)
# How many seconds a task may take to be placed.
PATIENCE = 10.0


class Scene:
    """Makes what calls of ECS act on."""

    def __init__(self, client, clients):
        self._client = client
        self._elb = elbv2.Scene(clients("elbv2"), clients)
        self._numbers = itertools.count(1)
        self._definition = None
        self._placed = None
        client.must("CreateCluster", {"clusterName": "main"})

    def _name(self, kind):
        return f"{kind}-{next(self._numbers)}"

    def _service(self, desired=0):
        name = self._name("service")
        given = {"serviceName": name, "deploymentController": {"type": "EXTERNAL"}}
        self._client.must("CreateService", {"cluster": "main", "desiredCount": desired, **given})
        return name

    def _containers(self):
        ports = [{"containerPort": 8080}]
        return [{"name": "web", "image": "registry.example/web:1", "portMappings": ports}]

    def _task_definition(self):
        if self._definition is None:
            given = self.RegisterTaskDefinition().given
            answer = self._client.must("RegisterTaskDefinition", given)
            self._definition = answer["taskDefinition"]["taskDefinitionArn"]
        return self._definition

    def _task_set(self, service, percent=0.0):
        return self._client.must("CreateTaskSet", self._new_task_set(service, percent))["taskSet"]

    def _new_task_set(self, service, percent):
        return {
            "cluster": "main",
            "service": service,
            "taskDefinition": self._task_definition(),
            "launchType": "FARGATE",
            "networkConfiguration": NETWORK,
            "scale": {"value": percent, "unit": "PERCENT"},
        }

    def _task(self):
        """A task that was placed, with its service: the same one for all who only look."""
        if self._placed is None:
            self._placed = self._new_task()
        return self._placed

    def _new_task(self):
        service = self._service(desired=1)
        self._task_set(service, 100.0)
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            given = {"cluster": "main", "serviceName": service}
            arns = self._client.must("ListTasks", given)["taskArns"]
            if arns:
                return service, arns[0]
            time.sleep(0.02)
        raise TimeoutError(f"no task of {service} within {PATIENCE} s")

    def _next_token(self, operation, given, rows):
        """The token of a second page, once `rows` are there to be listed."""
        for make in rows:
            make()
        return self._client.must(operation, {**given, "maxResults": 1})["nextToken"]

    def _pages(self, operation, given, make):
        token = self._next_token(operation, given, [make, make])
        return {"nextToken": {"nextToken": token}, "maxResults": {"maxResults": 10}}

    def CreateCluster(self):
        name = self._name("cluster")
        return Case(
            {"clusterName": name},
            {"tags": {"tags": TAGS}},
            mistakes=[
                ({"clusterName": "no such name!"}, "InvalidParameterException"),
                ({"tags": [{"key": "aws:mine", "value": "x"}]}, "InvalidParameterException"),
            ],
        )

    def DescribeClusters(self):
        return Case({"clusters": ["main"]}, {"include": {"include": ["TAGS"]}})

    def ListClusters(self):
        make = lambda: self._client.must("CreateCluster", self.CreateCluster().given)
        mistakes = [({"nextToken": "?"}, "InvalidParameterException")]
        return Case({}, self._pages("ListClusters", {}, make), mistakes=mistakes)

    def CreateService(self):
        given = {
            "cluster": "main",
            "serviceName": self._name("service"),
            "deploymentController": {"type": "EXTERNAL"},
        }
        strategy = {"schedulingStrategy": "REPLICA"}
        members = {"tags": {"tags": TAGS}, "schedulingStrategy": strategy}
        forbidden = dict.fromkeys(OF_TASK_SETS, "InvalidParameterException")
        mistakes = [
            NOWHERE,
            ({"serviceName": "no such name!"}, "InvalidParameterException"),
            ({"desiredCount": -1}, "InvalidParameterException"),
        ]
        return Case(given, members, forbidden, mistakes)

    def UpdateService(self):
        mistakes = [NOWHERE, NO_SERVICE, ({"desiredCount": -1}, "InvalidParameterException")]
        forbidden = dict.fromkeys(OF_TASK_SETS, "InvalidParameterException")
        return Case({"cluster": "main", "service": self._service()}, {}, forbidden, mistakes)

    def DeleteService(self):
        return Case({"cluster": "main", "service": self._service()}, mistakes=[NOWHERE, NO_SERVICE])

    def DescribeServices(self):
        given = {"cluster": "main", "services": [self._service(), "nobody"]}
        mistakes = [
            NOWHERE,
            ({"services": []}, "InvalidParameterException"),
            ({"services": ["s"] * 11}, "InvalidParameterException"),
        ]
        return Case(given, {"include": {"include": ["TAGS"]}}, mistakes=mistakes)

    def ListServices(self):
        given = {"cluster": "main"}
        mistakes = [NOWHERE, ({"nextToken": "?"}, "InvalidParameterException")]
        return Case(given, self._pages("ListServices", given, self._service), mistakes=mistakes)

    def RegisterTaskDefinition(self):
        given = {
            "family": "web",
            "networkMode": "awsvpc",
            "requiresCompatibilities": ["FARGATE"],
            "cpu": "256",
            "memory": "512",
            "containerDefinitions": self._containers(),
        }
        mistakes = [
            ({"family": "no such name!"}, "ClientException"),
            ({"cpu": "17"}, "ClientException"),
            ({"memory": "1"}, "ClientException"),
            ({"networkMode": "host"}, "ClientException"),
            ({"containerDefinitions": []}, "ClientException"),
            ({"containerDefinitions": [{"name": "web"}]}, "ClientException"),
        ]
        # A port that a task with its own network interface can't have elsewhere.
        port = {"containerPort": 8080, "hostPort": 8080}
        containers = [self._containers()[0] | {"portMappings": [port]}]
        members = {
            "tags": {"tags": TAGS},
            "containerDefinitions.portMappings.hostPort": {"containerDefinitions": containers},
        }
        return Case(given, members, mistakes=mistakes)

    def DeregisterTaskDefinition(self):
        definition = self._client.must(
            "RegisterTaskDefinition", self.RegisterTaskDefinition().given
        )
        mistakes = [({"taskDefinition": name}, "ClientException") for name in ("web", "nobody:1")]
        return Case(
            {"taskDefinition": definition["taskDefinition"]["taskDefinitionArn"]}, mistakes=mistakes
        )

    def DescribeTaskDefinition(self):
        mistakes = [({"taskDefinition": "nobody"}, "ClientException")]
        return Case(
            {"taskDefinition": self._task_definition()},
            {"include": {"include": ["TAGS"]}},
            mistakes=mistakes,
        )

    def ListTaskDefinitions(self):
        given = self.RegisterTaskDefinition().given
        make = lambda: self._client.must("RegisterTaskDefinition", given)
        mistakes = [({"nextToken": "?"}, "InvalidParameterException")]
        return Case({}, self._pages("ListTaskDefinitions", {}, make), mistakes=mistakes)

    def CreateTaskSet(self):
        service = self._service()
        group = self._elb.forwarded_target_group()
        balancer = {"targetGroupArn": group, "containerName": "web", "containerPort": 8080}
        provider = {"capacityProvider": "FARGATE_SPOT", "weight": 1, "base": 0}
        given = self._new_task_set(service, 0.0)
        without_launch_type = {"launchType": None, "capacityProviderStrategy": [provider]}
        members = {
            "loadBalancers": {"loadBalancers": [balancer]},
            "capacityProviderStrategy": without_launch_type,
            "clientToken": {"clientToken": "8d4c1f6a-35e7-4b90-8d4c-1f6a35e7b902"},
            "tags": {"tags": TAGS},
        }
        mistakes = [
            NOWHERE,
            NO_SERVICE,
            ({"taskDefinition": "nobody"}, "ClientException"),
            ({"scale": {"value": 101.0, "unit": "PERCENT"}}, "InvalidParameterException"),
            ({"networkConfiguration": None}, "InvalidParameterException"),
            ({"clientToken": "x" * 37}, "InvalidParameterException"),
            ({"capacityProviderStrategy": [provider]}, "InvalidParameterException"),
            ({"loadBalancers": [balancer, balancer]}, "InvalidParameterException"),
            ({"loadBalancers": [{**balancer, "containerName": "db"}]}, "InvalidParameterException"),
            ({"loadBalancers": [{**balancer, "containerPort": 1}]}, "InvalidParameterException"),
        ]
        return Case(given, members, mistakes=mistakes)

    def UpdateTaskSet(self):
        service = self._service()
        given = {"cluster": "main", "service": service, "taskSet": self._task_set(service)["id"]}
        given["scale"] = {"value": 50.0, "unit": "PERCENT"}
        too_much = ({"scale": {"value": 101.0, "unit": "PERCENT"}}, "InvalidParameterException")
        return Case(given, mistakes=[NOWHERE, NO_SERVICE, NO_TASK_SET, too_much])

    def UpdateServicePrimaryTaskSet(self):
        service = self._service()
        task_set = self._task_set(service)["id"]
        given = {"cluster": "main", "service": service, "primaryTaskSet": task_set}
        unknown = ({"primaryTaskSet": "ecs-svc/0"}, "TaskSetNotFoundException")
        return Case(given, mistakes=[NOWHERE, NO_SERVICE, unknown])

    def DeleteTaskSet(self):
        service = self._service()
        given = {"cluster": "main", "service": service, "taskSet": self._task_set(service)["id"]}
        return Case(given, mistakes=[NOWHERE, NO_SERVICE, NO_TASK_SET])

    def DescribeTaskSets(self):
        service = self._service()
        sets = [self._task_set(service)["id"], "ecs-svc/0"]
        given = {"cluster": "main", "service": service, "taskSets": sets}
        return Case(given, {"include": {"include": ["TAGS"]}}, mistakes=[NOWHERE, NO_SERVICE])

    def ListTasks(self):
        service, task = self._task()
        started_by = self._client.must("DescribeTasks", {"cluster": "main", "tasks": [task]})
        given = {"cluster": "main"}
        members = self._pages("ListTasks", given, self._new_task) | {
            "serviceName": {"serviceName": service},
            "family": {"family": "web"},
            "startedBy": {"startedBy": started_by["tasks"][0]["startedBy"]},
        }
        both = {"startedBy": "ecs-svc/1", "serviceName": service}
        mistakes = [
            NOWHERE,
            ({"serviceName": "nobody"}, "ServiceNotFoundException"),
            (both, "InvalidParameterException"),
        ]
        return Case(given, members, mistakes=mistakes)

    def DescribeTasks(self):
        given = {"cluster": "main", "tasks": [self._task()[1], "0" * 32]}
        mistakes = [
            NOWHERE,
            ({"tasks": []}, "InvalidParameterException"),
            ({"tasks": ["0" * 32] * 101}, "InvalidParameterException"),
        ]
        return Case(given, {"include": {"include": ["TAGS"]}}, mistakes=mistakes)

    def UpdateTaskProtection(self):
        given = {"cluster": "main", "tasks": [self._task()[1]], "protectionEnabled": True}
        too_long = ({"expiresInMinutes": 2881}, "InvalidParameterException")
        return Case(given, mistakes=[NOWHERE, too_long])

    def GetTaskProtection(self):
        return Case({"cluster": "main", "tasks": [self._task()[1]]}, mistakes=[NOWHERE])

    def StopTask(self):
        unknown = ({"task": "0" * 32}, "InvalidParameterException")
        return Case({"cluster": "main", "task": self._new_task()[1]}, mistakes=[NOWHERE, unknown])

    def _tagged(self):
        given = {"cluster": "main", "services": [self._service()]}
        return self._client.must("DescribeServices", given)["services"][0]["serviceArn"]

    def ListTagsForResource(self):
        return Case({"resourceArn": self._tagged()}, mistakes=[_not_there()])

    def TagResource(self):
        mistakes = [_not_there(), ({"tags": [{"key": "aws:x"}]}, "InvalidParameterException")]
        return Case({"resourceArn": self._tagged(), "tags": TAGS}, mistakes=mistakes)

    def UntagResource(self):
        return Case({"resourceArn": self._tagged(), "tagKeys": ["team"]}, mistakes=[_not_there()])


def _not_there():
    return (
        {"resourceArn": "arn:aws:ecs:us-east-1:111111111111:cluster/x"},
        "InvalidParameterException",
    )
