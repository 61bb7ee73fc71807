"""What a scenario is, and the list of all of them."""

from collections.abc import Callable
from dataclasses import dataclass

# Which world a scenario of a service gets, and so which services have to be there.
ALL = []


@dataclass(frozen=True)
class Scenario:
    """Calls with the answer that AWS documents."""

    # A sentence, with the service before it.
    name: str
    service: str
    # The title of the page of AWS's documentation that says so; none where users found it out.
    page: str | None
    expected: object
    # Makes the calls in a world, and returns what is held against what is expected.
    observe: Callable


def scenario(service, page, expected):
    """Adds a function to the list; its name is the scenario's sentence."""

    def add(function):
        name = f"{service}: {function.__name__.replace('_', ' ')}"
        if any(other.name == name for other in ALL):
            raise ValueError(f"two scenarios are named {name!r}")
        ALL.append(Scenario(name, service, page, expected, function))
        return function

    return add
