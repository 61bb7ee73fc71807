"""A run of the program as data, and the deploys that every scenario begins with."""

from dataclasses import dataclass

from .builds import EXITS, FIRST, MISSING, SECOND, THIRD, UNHEALTHY
from .program import Asked, Interruption, deploy
from .stage import DESIRED, PRIORITIES
from .state import Lock, Set, State

DONE = Lock(held=False, done=True, step=13)
ROLLED_BACK = Lock(held=False, done=True, step=9)


@dataclass(frozen=True)
class Run:
    """What is asked, how it has to end, and how the cloud has to be afterwards."""

    asked: Asked
    code: int
    says: tuple
    then: State
    interruption: Interruption | None = None


def failed_at(step):
    return Lock(held=True, done=False, step=step)


def state(serves, tags, lock, revisions, **sets):
    """Task sets that run what can run have all of their tasks in service."""
    first, second = PRIORITIES.values()
    rules = dict.fromkeys(PRIORITIES, second) | {serves: first}
    sets = {color: [sets[color]] if color in sets else [] for color in PRIORITIES}
    targets = {color: sum(map(_targets, given)) for color, given in sets.items()}
    return State(rules, sets, targets, tags, lock, revisions)


def _targets(task_set):
    return 0 if task_set.sha in (EXITS, MISSING, UNHEALTHY) else DESIRED


def primary(sha):
    return Set("PRIMARY", sha, 100.0)


def active(sha):
    return Set("ACTIVE", sha, 100.0)


def successes(*shas):
    return dict.fromkeys(shas, "success")


def on_green(sha, tags, lock=DONE, revisions=2):
    """The first build served on blue, now another does on green."""
    return state("green", tags, lock, revisions, green=primary(sha), blue=active(FIRST))


def still_on_blue(sha, tags, lock, revisions=2):
    """The first build serves on blue; another is on green."""
    return state("blue", tags, lock, revisions, green=active(sha), blue=primary(FIRST))


# The service has no task set yet.
FIRST_RUN = Run(
    deploy(FIRST),
    code=0,
    says=("green serves; blue is next", "done     shop:9e1d00a serves dev on blue"),
    then=state("blue", successes(FIRST), DONE, 1, blue=primary(FIRST)),
)
SECOND_RUN = Run(
    deploy(SECOND),
    code=0,
    says=("nothing to delete", "done     shop:2b7f1c9 serves dev on green"),
    then=on_green(SECOND, successes(FIRST, SECOND)),
)
_THREE = successes(FIRST, SECOND, THIRD)
THIRD_RUN = Run(
    deploy(THIRD),
    code=0,
    says=("1 task set deleted", "done     shop:5ca1ab1 serves dev on blue"),
    then=state("blue", _THREE, DONE, 3, green=active(SECOND), blue=primary(THIRD)),
)

# Each on top of the one before.
CHAIN = (FIRST_RUN, SECOND_RUN, THIRD_RUN)
