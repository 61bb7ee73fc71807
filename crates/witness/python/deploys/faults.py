"""How a call is broken, as data."""

from dataclasses import dataclass

# The services' own words.
_THROTTLED = {"elbv2": "Throttling", "sts": "Throttling"}
_BROKEN = {"ecs": "ServerException", "dynamodb": "InternalServerError"}
# Milliseconds, longer than any call is waited for.
_FOR_LONG = 30_000


@dataclass(frozen=True, order=True)
class Call:
    """An operation, of DynamoDB on one table."""

    service: str
    operation: str
    table: str | None

    def __str__(self):
        on = f" on {self.table}" if self.table else ""
        return f"{self.service} {self.operation}{on}"

    @classmethod
    def of(cls, event):
        """The call in microburst's audit."""
        table = event["resource"] if event["service"] == "dynamodb" else None
        return cls(event["service"], event["operation"], table)

    def rule(self, region):
        """What microburst finds it by."""
        rule = {"service": self.service, "operation": self.operation, "region": region}
        return rule | ({"resource": self.table} if self.table else {})


@dataclass(frozen=True)
class Fault:
    name: str
    # How many calls in a row it breaks.
    times: int
    # What microburst does to them, by the service.
    effect: object

    def rule(self, call, region):
        return call.rule(region) | {"times": self.times} | self.effect(call.service)


def _throttled(service):
    code = _THROTTLED.get(service, "ThrottlingException")
    return {"error": {"code": code, "status": 400, "message": "Rate exceeded"}}


def _broken(service):
    return {"error": {"code": _BROKEN.get(service, "InternalFailure"), "status": 500}}


FAULTS = (
    Fault("throttled three times", 3, _throttled),
    Fault("one answer of 500", 1, _broken),
    Fault("one reply dropped after its effect", 1, lambda _: {"response": {"abort_bytes": 0}}),
    Fault("one stalled connection", 1, lambda _: {"timeout_ms": _FOR_LONG}),
)
