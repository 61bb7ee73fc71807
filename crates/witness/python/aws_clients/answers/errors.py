"""Errors: their form, and whether the operation may answer with them."""

import json

from . import json_answer, xml_answer

# What a Query service or DynamoDB answers when the input breaks a rule: it is in AWS's list of
# common errors, and so in no operation's own list. ECS has errors of its own for that.
INPUT_ERRORS = {
    "ecs": set(),
    "dynamodb": {"ValidationException"},
    "elbv2": {"ValidationError"},
    "sts": {"ValidationError"},
}
# What a service answers to an input that it can't even read.
UNREADABLE = {
    "ecs": {"SerializationException"},
    "dynamodb": {"SerializationException", "ValidationException"},
    "elbv2": {"ValidationError", "MalformedQueryString"},
    "sts": {"ValidationError", "MalformedQueryString"},
}


def faults(answer, operation, allowed):
    """What is wrong with an error; `allowed` are codes beside those that the operation lists."""
    is_json = operation.service_model.metadata["protocol"] == "json"
    code, found = (_json if is_json else _xml)(answer, operation)
    listed = {error_code(shape): shape for shape in operation.error_shapes}
    if code not in listed and code not in allowed:
        found.append(f"{code} is not an error of {operation.name}: {sorted({*listed, *allowed})}")
    status = _status(listed[code]) if code in listed else None
    if status is not None and answer.status != status:
        found.append(f"{code} has the status {answer.status}, {status} is due")
    return found


def code(answer, operation):
    """The code that an error tells."""
    is_json = operation.service_model.metadata["protocol"] == "json"
    return (_json if is_json else _xml)(answer, operation)[0]


def error_code(shape):
    """The code of a listed error, which may differ from its shape's name."""
    return shape.metadata.get("error", {}).get("code", shape.name)


def _status(shape):
    if shape.metadata.get("fault"):
        return 500
    return shape.metadata.get("error", {}).get("httpStatusCode", 400)


def _json(answer, operation):
    found = json_answer.header_faults(answer, operation)
    try:
        body = json.loads(answer.body)
    except ValueError as error:
        return None, [*found, f"the error's body is no JSON: {error}"]
    told = body.get("__type", "").rsplit("#", 1)[-1]
    if not told:
        found.append("the error has no __type")
    if not (body.get("message") or body.get("Message")):
        found.append("the error has no message")
    for shape in operation.error_shapes:
        if error_code(shape) == told:
            found += json_answer.error_member_faults(body, shape)
    return told, found


def _xml(answer, operation):
    found = xml_answer.header_faults(answer)
    root, problem = xml_answer.parse(answer)
    if root is None:
        return None, [*found, problem]
    space = xml_answer.namespace(operation)
    if [root.tag, *(child.tag for child in root)] != [
        space + name for name in ("ErrorResponse", "Error", "RequestId")
    ]:
        return None, [*found, f"the error's parts are {root.tag}, {[it.tag for it in root]}"]
    told = {child.tag.removeprefix(space): child.text for child in root[0]}
    fault = "Sender" if answer.status < 500 else "Receiver"
    if set(told) != {"Type", "Code", "Message"} or told["Type"] != fault or not told["Message"]:
        found.append(f"the error has the members {told}")
    return told.get("Code"), found
