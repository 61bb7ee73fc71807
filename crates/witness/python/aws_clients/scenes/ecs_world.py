"""What calls of ECS act on: a cluster, EXTERNAL services, task sets, tasks that run."""

import itertools
import time

from . import elbv2

NETWORK = {"awsvpcConfiguration": {"subnets": ["subnet-1"], "securityGroups": ["sg-1"]}}
# How many seconds what was asked for may take.
PATIENCE = 10.0


class World:
    """Makes what calls of ECS act on."""

    def __init__(self, client, clients):
        self._client = client
        self._elb = elbv2.Scene(clients("elbv2"), clients)
        self._numbers = itertools.count(1)
        self._definition = None
        self._placed = None
        self._ended = None
        self._seen = None
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

    def _restarting(self, enabled):
        """What else a restart policy says is refused or not by whether there is one."""
        policy = {"restartPolicy": {"enabled": enabled}}
        return {"containerDefinitions": [container | policy for container in self._containers()]}

    def _new_task_definition(self):
        return {
            "family": "web",
            "networkMode": "awsvpc",
            "requiresCompatibilities": ["FARGATE"],
            "cpu": "256",
            "memory": "512",
            "containerDefinitions": self._containers(),
        }

    def _task_definition(self):
        if self._definition is None:
            given = self._new_task_definition()
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

    def _deleted(self):
        """A service that was deleted."""
        given = {"service": self._service()}
        self._client.must("DeleteService", {"cluster": "main", **given})
        return given

    def _full(self):
        """A service that can't have one task set more."""
        service = self._service()
        for _ in range(5):
            self._task_set(service)
        return {"service": service}

    def _scaled(self):
        """A task set that is not scaled to 0."""
        service = self._service(desired=1)
        return {"service": service, "taskSet": self._task_set(service, 100.0)["id"]}

    def _primary(self):
        """The PRIMARY task set of a service."""
        service = self._service()
        task_set = self._task_set(service)["id"]
        given = {"cluster": "main", "service": service, "primaryTaskSet": task_set}
        self._client.must("UpdateServicePrimaryTaskSet", given)
        return {"service": service, "taskSet": task_set}

    def _task(self):
        """A task that was placed, with its service: the same one for all who only look."""
        if self._placed is None:
            self._placed = self._new_task()
        return self._placed

    def _new_task(self):
        service = self._service(desired=1)
        self._task_set(service, 100.0)
        asked = {"cluster": "main", "serviceName": service}
        listed = lambda: self._client.must("ListTasks", asked)["taskArns"]
        return service, self._soon(f"a task of {service}", listed)[0]

    def _stopped_task(self):
        """A task that ended, with all that ECS tells of an end."""
        if self._ended is None:
            _, arn = self._new_task()
            self._client.must("StopTask", {"cluster": "main", "task": arn, "reason": "witness"})
            self._soon("the end of a task", lambda: self._status(arn) == "STOPPED")
            self._ended = arn
        return self._ended

    def _status(self, task):
        given = {"cluster": "main", "tasks": [task]}
        return self._client.must("DescribeTasks", given)["tasks"][0]["lastStatus"]

    def _seen_task_set(self):
        """A task set that answers show by now: at first they lag behind, as on AWS."""
        if self._seen is None:
            service, _ = self._task()
            given = {"cluster": "main", "services": [service]}
            described = self._client.must("DescribeServices", given)["services"][0]
            ids = [task_set["id"] for task_set in described["taskSets"]]
            asked = {"cluster": "main", "service": service, "taskSets": ids}
            shown = lambda: self._client.must("DescribeTaskSets", asked)["taskSets"]
            self._soon(f"a task set of {service}", shown)
            self._seen = asked
        return self._seen

    def _soon(self, what, look):
        """What a look shows as soon as it shows something."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if found := look():
                return found
            time.sleep(0.02)
        raise TimeoutError(f"{what} is not there within {PATIENCE} s")

    def _next_token(self, operation, given, rows):
        """The token of a second page, once `rows` are there to be listed."""
        for make in rows:
            make()
        return self._client.must(operation, {**given, "maxResults": 1})["nextToken"]

    def _pages(self, operation, given, make):
        token = self._next_token(operation, given, [make, make])
        return {"nextToken": {"nextToken": token}, "maxResults": {"maxResults": 10}}
