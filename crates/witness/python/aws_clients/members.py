"""Every member of an operation's input, one call each: is it honoured, ignored or refused?"""

import re

from . import echo, shapes
from .answers import errors

# What the sandbox says when it refuses a member that it has no effect for.
REFUSAL = re.compile(rb"this local AWS does not support the parameter ([\w.*]+)")


def drive(operation, report):
    """Gives each member once, and tells what became of it."""
    kinds = {"honoured": set(), "ignored": set(), "refused": set()}
    shape = operation.model.input_shape
    if not operation.members():
        answer = operation.client.call(operation.name, operation.case().given)
        report.check(str(operation), _good_faults(operation, answer))
    for path in shapes.leaves(shape) if operation.members() else ():
        kind, faults = _give(operation, path, shape)
        if report.check(f"{operation} with {path}", faults):
            kinds[kind].add(path)
    report.row(operation.service, operation.name, *shapes.fold(kinds).values())
    return kinds


def _give(operation, path, shape):
    case = operation.case()
    given = case.around(path)
    if not shapes.has(given, path):
        given = shapes.with_member(given, path, shape)
    before = operation.sandbox.ignored()
    answer = operation.client.call(operation.name, given)
    told = operation.sandbox.ignored() - before
    forbidden = case.forbidden.get(path.split(".")[0])
    if forbidden is not None:
        return "refused", _forbidden_faults(operation, answer, forbidden)
    if refusal := REFUSAL.search(answer.body):
        return "refused", _refusal_faults(operation, answer, path, refusal[1].decode())
    noted = {shapes.plain(member) for name, member in told if name == operation.name}
    faults = _good_faults(operation, answer)
    if any(_covers(it, path) for it in noted):
        return "ignored", faults
    return "honoured", faults or list(echo.faults(given, path, answer.parsed, case.unlike))


def _covers(member, path):
    """Whether a path is that of a member or of something below it."""
    return path == member or path.startswith(member + ".")


def _refusal_faults(operation, answer, path, named):
    faults = operation.client.faults(operation.name, answer)
    return faults if _covers(named, path) else [*faults, f"{named} is refused, not {path}"]


def _good_faults(operation, answer):
    faults = operation.client.faults(operation.name, answer)
    if not answer.is_good():
        faults.append(f"a good call was refused: {answer.body.decode(errors='replace')}")
    return faults


def _forbidden_faults(operation, answer, code):
    if answer.is_good():
        return [f"it was accepted, {code} is due"]
    told = errors.code(answer, operation.model)
    found = operation.client.faults(operation.name, answer)
    return found if told == code else [*found, f"{told} is answered, {code} is due"]
