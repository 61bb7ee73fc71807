"""The deploys, as data: what is run, how it has to end, and how the cloud has to be afterwards."""

from dataclasses import dataclass, replace
from signal import SIGINT, SIGKILL

from .builds import EXITS, FIRST, MISSING, SECOND, SLOW, THIRD, UNHEALTHY
from .program import ROLLBACK, Asked, Interruption, deploy
from .stage import DESIRED, PRIORITIES
from .state import Lock, Set, State

DONE = Lock(held=False, done=True, step=13)
ROLLED_BACK = Lock(held=False, done=True, step=9)


@dataclass(frozen=True)
class Run:
    """One run of the program."""

    asked: Asked
    code: int
    says: tuple
    then: State
    interruption: Interruption | None = None


@dataclass(frozen=True)
class Scenario:
    """Runs that follow each other in one environment."""

    name: str
    runs: tuple
    # A command that runs after the swap.
    post_deploy: str | None = None
    # Whether the short run leaves it out.
    takes_long: bool = False


def failed_at(step):
    return Lock(held=True, done=False, step=step)


def state(serves, tags, lock, revisions, green=None, blue=None):
    """Task sets that run what can run have all of their tasks in service."""
    first, second = PRIORITIES.values()
    rules = dict.fromkeys(PRIORITIES, second) | {serves: first}
    sets = {"green": [green] if green else [], "blue": [blue] if blue else []}
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


ONE_DEPLOYED = state("blue", successes(FIRST), DONE, 1, blue=primary(FIRST))
TWO_DEPLOYED = state(
    "green", successes(FIRST, SECOND), DONE, 2, green=primary(SECOND), blue=active(FIRST)
)

# The first deploy: the service has no task set yet.
FIRST_RUN = Run(
    deploy(FIRST),
    code=0,
    says=("green serves; blue is next", "done     shop:9e1d00a serves dev on blue"),
    then=ONE_DEPLOYED,
)
SECOND_RUN = Run(
    deploy(SECOND),
    code=0,
    says=("nothing to delete", "done     shop:2b7f1c9 serves dev on green"),
    then=TWO_DEPLOYED,
)
THIRD_RUN = Run(
    deploy(THIRD),
    code=0,
    says=("1 task set deleted", "done     shop:5ca1ab1 serves dev on blue"),
    then=state(
        "blue",
        successes(FIRST, SECOND, THIRD),
        DONE,
        3,
        green=active(SECOND),
        blue=primary(THIRD),
    ),
)

# Each on top of the one before.
CHAIN = (FIRST_RUN, SECOND_RUN, THIRD_RUN)


def interrupted_by(signal, code, says, name, takes_long):
    """A deploy that ends while its tasks come up; the set that it made is used by the next."""
    sets = {"green": active(SLOW), "blue": primary(FIRST)}
    coming_up = replace(state("blue", successes(FIRST), failed_at(7), 2, **sets), targets=None)
    interrupted = Run(
        deploy(SLOW),
        code=code,
        says=says,
        then=coming_up,
        interruption=Interruption("rollout", signal),
    )
    resumed = Run(
        deploy(SLOW, "-resume"),
        code=0,
        says=("done     shop:0510e57 serves dev on green",),
        then=state(
            "green",
            successes(FIRST, SLOW),
            DONE,
            2,
            green=primary(SLOW),
            blue=active(FIRST),
        ),
    )
    return Scenario(name, (FIRST_RUN, interrupted, resumed), takes_long=takes_long)


def failed_rollout(sha, reason, takes_long):
    """A version that does not come up: users see nothing of it, and another one can be deployed."""
    stays = state("blue", successes(FIRST), failed_at(7), 2, green=active(sha), blue=primary(FIRST))
    fails = Run(
        deploy(sha),
        code=1,
        says=("failed   step 7 (rollout): the new tasks did not come up", reason),
        then=stays,
    )
    refused = Run(deploy(SECOND), code=3, says=("a failed deploy waits for a decision",), then=stays)
    again = Run(
        deploy(SECOND, "-start-over"),
        code=0,
        says=("1 task set deleted", "done     shop:2b7f1c9 serves dev on green"),
        then=state(
            "green",
            successes(FIRST, SECOND),
            DONE,
            3,
            green=primary(SECOND),
            blue=active(FIRST),
        ),
    )
    runs = (FIRST_RUN, fails, refused, again)
    return Scenario(f"a failed rollout: {reason}", runs, takes_long=takes_long)


# The post-deploy command fails the first time.
FAILED_PAST_THE_SWAP = Run(
    deploy(SECOND),
    code=6,
    says=("failed   step 12 (post)", "serves   green, with shop:2b7f1c9"),
    then=state(
        "green",
        successes(FIRST),
        failed_at(12),
        2,
        green=primary(SECOND),
        blue=active(FIRST),
    ),
)
FIRST_WITHOUT_COMMANDS = Run(deploy(FIRST, "-skip-pre-post"), 0, (), ONE_DEPLOYED)
BACK = state(
    "blue",
    successes(FIRST) | {SECOND: "failure"},
    ROLLED_BACK,
    2,
    green=active(SECOND),
    blue=primary(FIRST),
)

ALL = (
    Scenario("a first deploy, a second, and a third that prunes", CHAIN),
    interrupted_by(
        SIGINT,
        130,
        ("stopped  step 7 (rollout): interrupted",),
        "an interrupted deploy is resumed",
        takes_long=False,
    ),
    interrupted_by(SIGKILL, -SIGKILL, (), "a deploy that died is resumed", takes_long=True),
    Scenario(
        "a deploy that failed past the swap is resumed",
        (
            FIRST_WITHOUT_COMMANDS,
            FAILED_PAST_THE_SWAP,
            Run(
                deploy(SECOND, "-resume"),
                code=0,
                says=("done     shop:2b7f1c9 serves dev on green",),
                then=TWO_DEPLOYED,
            ),
        ),
        post_deploy="test $ECS_DEPLOY_ATTEMPT -gt 1",
        takes_long=True,
    ),
    failed_rollout(MISSING, "TaskFailedToStart: CannotPullContainerError", takes_long=False),
    failed_rollout(EXITS, "container web exited with 3", takes_long=True),
    failed_rollout(UNHEALTHY, "Task failed ELB health checks", takes_long=True),
    Scenario(
        "a deploy that ended well is rolled back",
        (
            FIRST_RUN,
            SECOND_RUN,
            Run(
                ROLLBACK,
                code=0,
                says=("done     shop:9e1d00a serves dev on blue again",),
                then=BACK,
            ),
            Run(ROLLBACK, code=2, says=("was rolled back to blue",), then=BACK),
        ),
    ),
)
