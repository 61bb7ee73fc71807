"""The deploys on stand-ins, as data."""

from dataclasses import dataclass, replace
from signal import SIGINT, SIGKILL

from .builds import EXITS, FIRST, MISSING, SECOND, SLOW, UNHEALTHY
from .program import ROLLBACK, Interruption, deploy
from .runs import (
    CHAIN,
    FIRST_RUN,
    ROLLED_BACK,
    SECOND_RUN,
    Run,
    failed_at,
    on_green,
    still_on_blue,
    successes,
)


@dataclass(frozen=True)
class Scenario:
    """Runs that follow each other in one environment."""

    name: str
    runs: tuple
    # A command that runs after the swap.
    post_deploy: str | None = None


def ended_by(signal, code, says):
    """A deploy that ends while its tasks come up; the next goes on with the set that it made."""
    coming_up = still_on_blue(SLOW, successes(FIRST), failed_at(7))
    return (
        FIRST_RUN,
        Run(
            deploy(SLOW),
            code=code,
            says=says,
            # By now its tasks may have come up, or not.
            then=replace(coming_up, targets=None),
            interruption=Interruption("rollout", signal),
        ),
        Run(
            deploy(SLOW, "-resume"),
            code=0,
            says=("done     shop:0510e57 serves dev on green",),
            then=on_green(SLOW, successes(FIRST, SLOW)),
        ),
    )


def failed_rollout(sha, reason):
    """Users see nothing of a version that does not come up, and another one can be deployed."""
    failed = still_on_blue(sha, successes(FIRST), failed_at(7))
    did_not_come_up = "failed   step 7 (rollout): the new tasks did not come up"
    return (
        FIRST_RUN,
        Run(deploy(sha), code=1, says=(did_not_come_up, reason), then=failed),
        Run(deploy(SECOND), code=3, says=("a failed deploy waits for a decision",), then=failed),
        Run(
            deploy(SECOND, "-start-over"),
            code=0,
            says=("1 task set deleted", "done     shop:2b7f1c9 serves dev on green"),
            then=on_green(SECOND, successes(FIRST, SECOND), revisions=3),
        ),
    )


FAILED_PAST_THE_SWAP = (
    replace(FIRST_RUN, asked=deploy(FIRST, "-skip-pre-post")),
    Run(
        deploy(SECOND),
        code=6,
        says=("failed   step 12 (post)", "serves   green, with shop:2b7f1c9"),
        then=on_green(SECOND, successes(FIRST), lock=failed_at(12)),
    ),
    Run(
        deploy(SECOND, "-resume"),
        code=0,
        says=("done     shop:2b7f1c9 serves dev on green",),
        then=SECOND_RUN.then,
    ),
)
BACK = still_on_blue(SECOND, successes(FIRST) | {SECOND: "failure"}, ROLLED_BACK)
ROLLED_BACK_AFTER_SUCCESS = (
    FIRST_RUN,
    SECOND_RUN,
    Run(ROLLBACK, code=0, says=("done     shop:9e1d00a serves dev on blue again",), then=BACK),
    Run(ROLLBACK, code=2, says=("was rolled back to blue",), then=BACK),
)

# What each change has to pass.
SHORT = (
    Scenario("a first deploy, a second, and a third that prunes", CHAIN),
    Scenario(
        "an interrupted deploy is resumed",
        ended_by(SIGINT, 130, ("stopped  step 7 (rollout): interrupted",)),
    ),
    Scenario(
        "a version without its image",
        failed_rollout(MISSING, "TaskFailedToStart: CannotPullContainerError"),
    ),
    Scenario("a rollback", ROLLED_BACK_AFTER_SUCCESS),
)
ALL = (
    *SHORT,
    Scenario("a deploy that died is resumed", ended_by(SIGKILL, -SIGKILL, ())),
    Scenario(
        "a deploy that failed past the swap is resumed",
        FAILED_PAST_THE_SWAP,
        post_deploy="test $ECS_DEPLOY_ATTEMPT -gt 1",
    ),
    Scenario("a version that exits", failed_rollout(EXITS, "container web exited with 3")),
    Scenario(
        "a version that is never healthy",
        failed_rollout(UNHEALTHY, "Task failed ELB health checks"),
    ),
)
