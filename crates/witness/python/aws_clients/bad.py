"""Bad input: each answer has to be an error that AWS documents for the operation."""

import json

from . import tampering
from .answers import errors

SCALARS = ("integer", "long", "double", "float", "boolean")


def drive(operation, report, kinds):
    """Calls an operation wrongly in all the ways that its model and its scene know."""
    for number in range(len(operation.case().mistakes)):
        _mistake(operation, report, number)
    required = operation.model.input_shape.required_members if operation.members() else []
    for name in required:
        _without(operation, report, name)
    for name, shape in operation.members().items():
        if any(path.split(".")[0] == name for path in kinds["honoured"]):
            _of_a_wrong_type(operation, report, name, shape)
            _outside(operation, report, name, shape)


def _mistake(operation, report, number):
    case = operation.case()
    changes, code = case.mistakes[number]
    changes = changes() if callable(changes) else changes
    answer = operation.client.call(operation.name, case.changed(changes))
    faults = _error_faults(operation, answer)
    told = None if answer.is_good() else errors.code(answer, operation.model)
    if told not in (None, code):
        faults.append(f"{told} is answered, {code} is due")
    report.check(f"{operation} with {_short(changes)} is {code}", faults)


def _without(operation, report, name):
    answer = operation.client.call(operation.name, operation.case().given, tampering.without(name))
    report.check(f"{operation} without {name}", _error_faults(operation, answer))


def _of_a_wrong_type(operation, report, name, shape):
    if operation.is_json:
        wrong = {} if shape.type_name == "string" else "wrong"
    elif shape.type_name in SCALARS or shape.type_name == "list":
        wrong = "wrong"
    else:
        return  # A form has texts alone, and any text is a string.
    given = operation.case().around(name)
    answer = operation.client.call(operation.name, given, tampering.replacing(name, wrong))
    allowed = errors.UNREADABLE[operation.service] | errors.INPUT_ERRORS[operation.service]
    report.check(
        f"{operation} with {name} of a wrong type", _error_faults(operation, answer, allowed)
    )


def _outside(operation, report, name, shape):
    """Goes beyond what the model allows a member to be: an unknown word, a number out of range."""
    values = []
    if shape.type_name == "string" and shape.enum:
        values.append("NO_SUCH_WORD")
    if shape.type_name == "list" and shape.member.type_name == "string" and shape.member.enum:
        values.append(["NO_SUCH_WORD"])
    if shape.type_name in ("integer", "long"):
        limits = shape.metadata
        values += [
            limits[side] + step for side, step in (("min", -1), ("max", 1)) if side in limits
        ]
    for value in values:
        given = operation.case().around(name) | {name: value}
        answer = operation.client.call(operation.name, given)
        report.check(f"{operation} with {name} {value}", _error_faults(operation, answer))


def _error_faults(operation, answer, allowed=None):
    if answer.is_good():
        return [f"it was accepted: {answer.body.decode(errors='replace')[:300]}"]
    return operation.client.faults(operation.name, answer, allowed)


def _short(changes):
    text = json.dumps(changes, default=str)
    return text if len(text) < 100 else text[:97] + "..."
