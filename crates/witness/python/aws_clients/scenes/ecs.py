"""Scenes of ECS: a cluster, EXTERNAL services, task sets, tasks that run."""

from . import task_definition
from .case import Case
from .ecs_world import World

NOWHERE = ({"cluster": "nowhere"}, "ClusterNotFoundException")
NO_SERVICE = ({"service": "nobody"}, "ServiceNotFoundException")
NO_TASK_SET = ({"taskSet": "ecs-svc/0"}, "TaskSetNotFoundException")
TAGS = [{"key": "team", "value": "shop"}]
REGISTRY = {"registryArn": "arn:aws:servicediscovery:us-east-1:111111111111:service/srv-1"}
OF_WEB = {"containerName": "web", "containerPort": 8080}
# What belongs to the task sets of an EXTERNAL service, not to the service.
OF_TASK_SETS = (
    "capacityProviderStrategy",
    "forceNewDeployment",
    "launchType",
    "loadBalancers",
    "networkConfiguration",
    "platformVersion",
    "serviceConnectConfiguration",
    "serviceRegistries",
    "taskDefinition",
)


class Scene(World):
    """One good call of each operation, and what is wrong with others."""

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
            (
                lambda: {"serviceName": self._service(), "desiredCount": 3},
                "InvalidParameterException",
            ),
            ({"desiredCount": -1}, "InvalidParameterException"),
        ]
        return Case(given, members, forbidden, mistakes)

    def UpdateService(self):
        mistakes = [
            NOWHERE,
            NO_SERVICE,
            (self._deleted, "ServiceNotActiveException"),
            ({"desiredCount": -1}, "InvalidParameterException"),
        ]
        forbidden = dict.fromkeys(OF_TASK_SETS, "InvalidParameterException")
        return Case({"cluster": "main", "service": self._service()}, {}, forbidden, mistakes)

    def DeleteService(self):
        scaled = (lambda: {"service": self._service(desired=1)}, "InvalidParameterException")
        given = {"cluster": "main", "service": self._service()}
        return Case(given, mistakes=[NOWHERE, NO_SERVICE, scaled])

    def DescribeServices(self):
        given = {"cluster": "main", "services": [self._seen_task_set()["service"], "nobody"]}
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
        given = self._new_task_definition()
        mistakes = [
            ({"family": "no such name!"}, "ClientException"),
            ({"cpu": "17"}, "ClientException"),
            ({"memory": "1"}, "ClientException"),
            ({"networkMode": "host"}, "ClientException"),
            ({"containerDefinitions": []}, "ClientException"),
            ({"containerDefinitions": [{"name": "web"}]}, "ClientException"),
        ]
        members = task_definition.members(self._containers()[0]) | {
            "tags": {"tags": TAGS},
            "containerDefinitions.restartPolicy": self._restarting(False),
            "containerDefinitions.restartPolicy.enabled": self._restarting(True),
        }
        return Case(given, members, mistakes=mistakes)

    def DeregisterTaskDefinition(self):
        definition = self._client.must("RegisterTaskDefinition", self._new_task_definition())
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
        given = self._new_task_definition()
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
            "platformVersion": {"platformVersion": "1.4.0"},
            "serviceRegistries": {"serviceRegistries": [REGISTRY | {"port": 8080}]},
            "serviceRegistries.containerName": {"serviceRegistries": [REGISTRY | OF_WEB]},
            "serviceRegistries.containerPort": {"serviceRegistries": [REGISTRY | OF_WEB]},
            "clientToken": {"clientToken": "8d4c1f6a-35e7-4b90-8d4c-1f6a35e7b902"},
            "tags": {"tags": TAGS},
        }
        mistakes = [
            NOWHERE,
            NO_SERVICE,
            ({"taskDefinition": "nobody"}, "ClientException"),
            ({"scale": {"value": 101.0, "unit": "PERCENT"}}, "InvalidParameterException"),
            ({"networkConfiguration": None}, "InvalidParameterException"),
            (self._full, "InvalidParameterException"),
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
        task_set = self._task_set(service)["id"]
        given = {"cluster": "main", "service": service, "taskSet": task_set}
        mistakes = [
            NOWHERE,
            NO_SERVICE,
            NO_TASK_SET,
            (self._scaled, "InvalidParameterException"),
            (self._primary, "InvalidParameterException"),
        ]
        return Case(given, mistakes=mistakes)

    def DescribeTaskSets(self):
        seen = self._seen_task_set()
        given = seen | {"taskSets": [*seen["taskSets"], "ecs-svc/0"]}
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
        given = {"cluster": "main", "tasks": [self._task()[1], self._stopped_task(), "0" * 32]}
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
        given = self.CreateService().given
        return self._client.must("CreateService", given)["service"]["serviceArn"]

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
