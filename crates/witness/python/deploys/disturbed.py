"""Deploys through microburst: each call of a deploy is broken in turn, in each way.

However it ends, with or without `-resume`, the cloud has to be as after the deploy that nobody
disturbed.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from . import stage
from .faults import FAULTS, Call, Fault
from .program import Program, resume
from .runs import CHAIN
from .state import Reader

# What the short run breaks.
SAMPLE = {
    Call("ecs", "CreateTaskSet", None),
    Call("elbv2", "SetRulePriorities", None),
    Call("dynamodb", "UpdateItem", "DeployLock"),
}
# How many at once: a deploy waits for most of its time.
AT_ONCE = 4
# Seconds after which the sandbox shows what was done; its answers lag behind, like AWS's.
LAG = 10.0


@dataclass(frozen=True)
class Case:
    """One call that is broken in one way."""

    call: Call
    # Which of the deploys that follow each other.
    deploy: int
    fault: Fault


class Environment:
    """An environment in the sandbox; the program gets there through microburst."""

    def __init__(self, sandbox, proxied, binary, number):
        self._stage = stage.build(sandbox, f"us-east-{number}")
        self._program = Program(binary, proxied.variables(), self._stage.config())
        self._reader = Reader(self._stage)
        self.region = self._stage.region

    def __enter__(self):
        return self

    def __exit__(self, *_):
        """Ends its tasks, which are processes."""
        which = {"cluster": stage.CLUSTER, "service": stage.SERVICE}
        self._stage.client("ecs").update_service(**which, desiredCount=0)

    def deploys(self, run):
        """Tells what is wrong after a deploy that has to go well."""
        return self._program.run(run.asked).faults(run.code) + self.differs(run)

    def differs(self, run):
        """How the cloud differs from what the deploy has to make of it."""
        return self._reader.settled(run.then, LAG)

    def deploys_or_resumes(self, run):
        """Tells what is wrong with how a deploy ended."""
        first = self._program.run(run.asked)
        if first.code == 0:
            return []
        lock = self._reader.lock()
        is_begun = lock is not None and not lock.done
        again = self._program.run(resume(run.asked) if is_begun else run.asked).faults(0)
        return [*again, first.said] if again else []


class Disturber:
    """Plays the cases."""

    def __init__(self, sandbox, proxied, burst, binary):
        self._cloud = (sandbox, proxied, binary)
        self._burst = burst

    def play(self, short, report):
        calls = self._calls(report)
        wanted = SAMPLE if short else set(calls)
        report.check("the calls to break are made", [str(it) for it in wanted - set(calls)])
        chosen = [(call, number) for call, number in sorted(calls.items()) if call in wanted]
        cases = [Case(*it, fault) for it in chosen for fault in FAULTS]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for checks in pool.map(self._play, range(1, len(cases) + 1), cases):
                for name, faults in checks:
                    report.check(name, faults)

    def _calls(self, report):
        """The calls of all deploys but the first, with the number of the first that makes each."""
        calls = {}
        with Environment(*self._cloud, 0) as environment:
            for number, run in enumerate(CHAIN):
                self._burst.clear()
                every = self._burst.add({"service": "*", "latency": 0})
                report.check(f"undisturbed, deploy {number}", environment.deploys(run))
                made = map(Call.of, self._burst.fired(every)) if number else ()
                calls = dict.fromkeys(made, number) | calls
        self._burst.clear()
        return calls

    def _play(self, number, case):
        with Environment(*self._cloud, number) as environment:
            before = [it for run in CHAIN[: case.deploy] for it in environment.deploys(run)]
            rule = self._burst.add(case.fault.rule(case.call, environment.region))
            ended = environment.deploys_or_resumes(CHAIN[case.deploy])
            fired = len(self._burst.fired(rule))
            is_fired = fired == case.fault.times
            name = f"{case.call}: {case.fault.name}"
            return [
                (f"{name}: the deploys before", before),
                (f"{name}: microburst's audit", [] if is_fired else [f"it fired {fired} times"]),
                (f"{name}: the deploy, or its resume", ended),
                (f"{name}: the cloud", environment.differs(CHAIN[case.deploy])),
            ]
