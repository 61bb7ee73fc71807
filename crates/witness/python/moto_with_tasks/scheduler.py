"""What ECS does between calls: it brings each task set to its scale and its tasks into service."""

import math

from moto.core.utils import utcnow

from .tasks import ScheduledTask

# Seconds until a task that failed is tried again.
RESTART = 0.3


class Scheduler:
    def __init__(self, backend, targets):
        self._backend = backend
        self._targets = targets
        # The ARNs of the tasks that are in their target group.
        self._registered = set()
        # When a task set may start tasks again, by its id.
        self._restart = {}

    def advance(self, now):
        """Lets time pass."""
        for service in self._backend.services.values():
            for task_set in service.task_sets:
                self._age(task_set, now)
                self._bring_to_scale(service, task_set, now)
                self._tell(service, task_set)
            # Another list: an answer that is being written may hold the one before.
            service.task_sets = [it for it in service.task_sets if not self._is_gone(it)]
            service.running_count = sum(it.running_count for it in service.task_sets)
            service.pending_count = sum(it.pending_count for it in service.task_sets)

    def live_tasks(self, task_set):
        everywhere = self._backend.tasks.values()
        tasks = [task for tasks in everywhere for task in tasks.values()]
        return [it for it in tasks if it.started_by == task_set.id and not it.is_gone()]

    def _age(self, task_set, now):
        for task in self.live_tasks(task_set):
            if task.advance_to(now):
                self._restart[task_set.id] = now + RESTART
            self._register(task)

    def _bring_to_scale(self, service, task_set, now):
        wanted = _wanted(service, task_set)
        tasks = [it for it in self.live_tasks(task_set) if it.is_wanted()]
        for task in tasks[wanted:]:
            task.scale_in(now)
            self._register(task)
        if now >= self._restart.get(task_set.id, now):
            for _ in range(wanted - len(tasks)):
                self._start(service, task_set, now)

    def _start(self, service, task_set, now):
        cluster = self._backend.clusters[service.cluster_name]
        definition = self._backend.describe_task_definition(task_set.task_definition)
        task = ScheduledTask(self._backend, cluster, definition, task_set, service, now)
        self._backend.tasks.setdefault(cluster.name, {})[task.task_arn] = task

    def _register(self, task):
        """A target here is healthy from the first, so a task becomes one that passes the checks."""
        if task.serves() == (task.task_arn in self._registered):
            return
        if task.serves():
            change, note = self._targets.register, self._registered.add
        else:
            change, note = self._targets.deregister, self._registered.remove
        for group, target in task.targets():
            change(group, target)
        note(task.task_arn)

    def _tell(self, service, task_set):
        live = self.live_tasks(task_set)
        task_set.computed_desired_count = _wanted(service, task_set)
        task_set.running_count = sum(it.runs() for it in live)
        task_set.pending_count = sum(it.is_wanted() and not it.runs() for it in live)
        serving = sum(it.serves() for it in live)
        is_steady = len(live) == serving == task_set.computed_desired_count
        stability = "STEADY_STATE" if is_steady else "STABILIZING"
        if task_set.stabilityStatus != stability:
            task_set.stabilityStatus = stability
            task_set.stabilityStatusAt = utcnow()

    def _is_gone(self, task_set):
        return task_set.status == "DRAINING" and not self.live_tasks(task_set)


def _wanted(service, task_set):
    if task_set.status == "DRAINING":
        return 0
    return math.ceil(service.desired_count * task_set.scale["value"] / 100)
