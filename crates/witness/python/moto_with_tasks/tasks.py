"""One task of a task set, from its start to its end."""

from moto.core.utils import utcnow
from moto.ecs.models import Task
from moto.moto_api import state_manager

from .images import STOP, fate


def install():
    """Tasks change by themselves; moto's own would, by default, end by being looked at."""
    never = {"progression": "manual", "times": float("inf")}
    state_manager.set_transition("ecs::task", never)


class ScheduledTask(Task):
    def __init__(self, backend, cluster, definition, task_set, service, now):
        super().__init__(
            cluster=cluster,
            task_definition=definition,
            container_instance_arn=None,
            resource_requirements=None,
            backend=backend,
            group=f"service:{service.name}",
            launch_type=task_set.launch_type,
            started_by=task_set.id,
            tags=task_set.tags,
            networking_configuration=task_set.network_configuration,
        )
        self.created_at = utcnow()
        self.last_status = "PENDING"
        # A container that has not run has no exit code.
        self.containers[0].exitCode = None
        self._balancers = task_set.load_balancers
        self._fate = fate(self.containers[0].image)
        self._since = now

    def targets(self):
        """What it is registered as, in which target group."""
        details = self.attachments[0]["details"]
        address = next(it["value"] for it in details if it["name"] == "privateIPv4Address")
        return [
            (it["targetGroupArn"], {"Id": address, "Port": it["containerPort"]})
            for it in self._balancers
        ]

    def is_wanted(self):
        return self.desired_status == "RUNNING"

    def is_gone(self):
        return self.last_status == "STOPPED"

    def runs(self):
        return self.is_wanted() and self.last_status == "RUNNING"

    def serves(self):
        return self.runs() and self._fate.is_healthy

    def advance_to(self, now):
        """Lets time pass; tells whether the task failed by now."""
        past = now - self._since
        if self.last_status == "PENDING" and past >= self._fate.start:
            return self._begin(now)
        if self.runs() and self._fate.end and past >= self._fate.end.after:
            return self._fail()
        if self.last_status == "DEACTIVATING" and past >= STOP:
            self._stopped()
        return False

    def scale_in(self, now):
        """ECS wants fewer."""
        self.desired_status, self.last_status = "STOPPED", "DEACTIVATING"
        self.stop_code = "ServiceSchedulerInitiated"
        self.stopped_reason = f"Scaling activity initiated by (deployment {self.started_by})"
        self._since = now

    def _begin(self, now):
        if self._fate.end and self._fate.end.code == "TaskFailedToStart":
            self.containers[0].reason = self._fate.end.reason
            return self._fail()
        self.last_status = self.containers[0].last_status = "RUNNING"
        self.started_at = utcnow()
        self._since = now
        return False

    def _fail(self):
        end = self._fate.end
        self.desired_status = "STOPPED"
        self.stop_code, self.containers[0].exitCode = end.code, end.exit_code
        groups = ", ".join(it["targetGroupArn"] for it in self._balancers)
        self.stopped_reason = end.reason.format(group=groups)
        self._stopped()
        return True

    def _stopped(self):
        self.last_status = self.containers[0].last_status = "STOPPED"
        self.stopped_at = utcnow()
