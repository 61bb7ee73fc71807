"""ECS's calls about task sets, where moto answers otherwise than AWS does."""

import time
from threading import RLock

from moto.core.responses import ActionResult
from moto.ecs.exceptions import ECSException, InvalidParameterException
from moto.ecs.models import EC2ContainerServiceBackend, TaskSet, ecs_backends
from moto.ecs.responses import EC2ContainerServiceResponse

from . import tasks
from .scheduler import Scheduler

# How many task sets a service has at most, those that are being deleted included.
MOST_SETS = 5

# moto's server has a thread for each call.
_ONE_AT_A_TIME = RLock()


def install(targets):
    """Puts this in the place of moto's own."""
    tasks.install()
    Backend.make_targets = staticmethod(targets)
    ecs_backends.backend = Backend
    EC2ContainerServiceResponse.delete_task_set = _delete_task_set


class TaskSetNotFoundException(ECSException):
    # moto finds the protocol of an error by the module of its class.
    __module__ = ECSException.__module__

    def __init__(self):
        super().__init__("TaskSetNotFoundException", "The specified task set was not found.")


def _at_its_time(call):
    """The call as it is answered now, by one thread."""

    def answered(self, *arguments, **named):
        with _ONE_AT_A_TIME:
            self.scheduler.advance(time.monotonic())
            answer = call(self, *arguments, **named)
            self.scheduler.advance(time.monotonic())
            return answer

    return answered


class Backend(EC2ContainerServiceBackend):
    # moto finds what else belongs to a backend by the module of its class.
    __module__ = EC2ContainerServiceBackend.__module__

    def __init__(self, region_name, account_id):
        super().__init__(region_name, account_id)
        self.scheduler = Scheduler(self, self.make_targets(self))

    describe_services = _at_its_time(EC2ContainerServiceBackend.describe_services)
    describe_tasks = _at_its_time(EC2ContainerServiceBackend.describe_tasks)
    describe_task_sets = _at_its_time(EC2ContainerServiceBackend.describe_task_sets)
    update_service = _at_its_time(EC2ContainerServiceBackend.update_service)

    @_at_its_time
    def list_tasks(self, cluster, instance, family, started_by, service, status):
        found = super().list_tasks(cluster, instance, family, started_by, None, status)
        return [it for it in found if service is None or it.group == f"service:{service}"]

    @_at_its_time
    def create_task_set(self, service, cluster_str, task_definition, **given):
        found = self._get_service(cluster_str, service)
        token = given["client_token"]
        for task_set in found.task_sets:
            if token and task_set.client_token == token:
                return task_set
        if len(found.task_sets) >= MOST_SETS:
            raise InvalidParameterException(
                f"{MOST_SETS} deployments exist on the service. Unable to create new TaskSet"
                " since this exceeds the maximum limit."
            )
        definition = self.describe_task_definition(task_definition)
        scope = (self.account_id, self.region_name)
        task_set = TaskSet(found.name, found.cluster_name, definition.arn, *scope, **given)
        task_set.service_arn, task_set.cluster_arn = found.arn, found.cluster_arn
        task_set.stabilityStatus = "STABILIZING"
        found.task_sets.append(task_set)
        return task_set

    @_at_its_time
    def update_task_set(self, cluster, service, task_set, scale):
        found = self._task_set(cluster, service, task_set)
        found.scale = scale
        return found

    @_at_its_time
    def update_service_primary_task_set(self, cluster, service, primary_task_set):
        new = self._task_set(cluster, service, primary_task_set)
        found = self._get_service(cluster, service)
        for other in found.task_sets:
            if other.status == "PRIMARY":
                other.status = "ACTIVE"
        new.status = "PRIMARY"
        found.task_definition, found.load_balancers = new.task_definition, new.load_balancers
        return new

    @_at_its_time
    def delete_task_set(self, cluster, service, task_set, force=False):
        found = self._task_set(cluster, service, task_set)
        if found.status == "PRIMARY":
            raise InvalidParameterException("The primary task set can not be deleted.")
        if self.scheduler.live_tasks(found) and not force:
            raise InvalidParameterException("The task set is scaled above 0.")
        found.status = "DRAINING"
        return found

    def _task_set(self, cluster, service, wanted):
        for task_set in self._get_service(cluster, service).task_sets:
            if wanted in (task_set.id, task_set.task_set_arn) and task_set.status != "DRAINING":
                return task_set
        raise TaskSetNotFoundException()


def _delete_task_set(self):
    given = [self._get_param(name) for name in ("cluster", "service", "taskSet", "force")]
    return ActionResult({"taskSet": self.ecs_backend.delete_task_set(*given)})
