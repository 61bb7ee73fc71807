"""How a task fares, by the tag of its image; the tags are those of the sandbox's builds."""

from dataclasses import dataclass

# Seconds until a container runs, and until it has stopped.
START = 0.3
STOP = 0.3


@dataclass(frozen=True)
class End:
    """How a task ends by itself."""

    code: str
    reason: str
    # Seconds from when its container runs; none where it never does.
    after: float = 0.0
    exit_code: int | None = None


@dataclass(frozen=True)
class Fate:
    """What becomes of a task once it was started."""

    # Seconds until its container runs.
    start: float = START
    # Whether it would pass the checks of its target group.
    is_healthy: bool = True
    end: End | None = None


_NO_IMAGE = "CannotPullContainerError: the image does not exist"
_EXITED = "Essential container in task exited"
_UNHEALTHY = "Task failed ELB health checks in (target-group {group})"

_FATES = {
    "badf00d": Fate(is_healthy=False, end=End("TaskFailedToStart", _NO_IMAGE)),
    "deadbea": Fate(is_healthy=False, end=End("EssentialContainerExited", _EXITED, 0.3, 3)),
    "0ddba11": Fate(is_healthy=False, end=End("ServiceSchedulerInitiated", _UNHEALTHY, 0.6)),
    "0510e57": Fate(start=5.0),
}


def fate(image):
    return _FATES.get(image.rpartition(":")[2], Fate())
