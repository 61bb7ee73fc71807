"""Plays scenarios, each in an environment of its own, and judges what was left behind."""

from concurrent.futures import ThreadPoolExecutor

from . import stage
from .program import Program
from .state import Reader

# An environment is alone in its region.
REGIONS = (
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
    "eu-west-1",
    "eu-west-2",
    "eu-central-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-northeast-1",
)
# How many at once: a deploy waits for most of its time.
AT_ONCE = 4


def play(scenarios, aws, binary, report):
    """Tells how each ended; they are told in their order."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        placed = zip(scenarios, REGIONS[: len(scenarios)], strict=True)
        played = pool.map(lambda it: _play(*it, aws, binary), placed)
        for checks in played:
            for name, faults in checks:
                report.check(name, faults)


def _play(scenario, region, aws, binary):
    made = stage.build(aws, region)
    program = Program(binary, aws.variables(), made.config(scenario.post_deploy))
    reader = Reader(made)
    checks = []
    for number, run in enumerate(scenario.runs, start=1):
        judged = list(_judge(run, program, reader))
        checks += [(f"{scenario.name}, run {number}: {check}", found) for check, found in judged]
        # What follows builds on what was to be there.
        if any(found for _, found in judged):
            break
    return checks


def _judge(run, program, reader):
    ended = program.run(run.asked, run.interruption)
    yield f"exit code {run.code}", ended.faults(run.code)
    for words in run.says:
        yield f"says `{words}`", [] if words in ended.said else ["it does not"]
    yield "the cloud", reader.read().faults(run.then)
