"""Answers in JSON 1.0 and 1.1."""

import json

from . import scalars


def faults(answer, operation):
    """What is wrong with a good answer."""
    found = header_faults(answer, operation)
    try:
        body = json.loads(answer.body)
    except ValueError as error:
        return [*found, f"the body is no JSON: {error}"]
    if operation.output_shape is None:
        return found if body == {} else [*found, f"the body is not empty: {body}"]
    return found + list(_value("", body, operation.output_shape))


def header_faults(answer, operation):
    """What is wrong with the headers of any answer."""
    version = operation.service_model.metadata["jsonVersion"]
    content_type = answer.headers.get("content-type")
    found = []
    if content_type != f"application/x-amz-json-{version}":
        found.append(f"the content type is {content_type}, JSON {version} is due")
    if not answer.headers.get("x-amzn-requestid"):
        found.append("there is no x-amzn-RequestId")
    return found


def error_member_faults(body, shape):
    """What is wrong with the members of an error beside its code and its message."""
    known = {name.lower(): name for name in shape.members}
    for name, value in body.items():
        if name in ("__type", "message", "Message"):
            continue
        if name.lower() not in known:
            yield f"{name} is no member of {shape.name}"
        else:
            yield from _value(name, value, shape.members[known[name.lower()]])


def _value(path, value, shape):
    if value is None:
        return [f"{path or 'the body'} is null: AWS leaves out what has no value"]
    if shape.type_name == "structure":
        return _structure(path, value, shape)
    if shape.type_name == "list":
        return _list(path, value, shape)
    if shape.type_name == "map":
        return _map(path, value, shape)
    return [f"{path}: {fault}" for fault in scalars.json_faults(value, shape)]


def _structure(path, value, shape):
    if not isinstance(value, dict):
        return [f"{path or 'the body'} is no structure: {value!r}"]
    found = [f"{path} lacks {name}" for name in shape.required_members if name not in value]
    if shape.is_tagged_union and len(value) != 1:
        found.append(f"{path} is a union and has {len(value)} members")
    for name, member in value.items():
        if name not in shape.members:
            found.append(f"{path} has {name}, which {shape.name} does not know")
        else:
            found += _value(f"{path}.{name}".lstrip("."), member, shape.members[name])
    return found


def _list(path, value, shape):
    if not isinstance(value, list):
        return [f"{path} is no list: {value!r}"]
    found = [f"{path} {fault}" for fault in scalars.length_faults(len(value), shape)]
    for index, item in enumerate(value):
        found += _value(f"{path}[{index}]", item, shape.member)
    return found


def _map(path, value, shape):
    if not isinstance(value, dict):
        return [f"{path} is no map: {value!r}"]
    found = [f"{path} {fault}" for fault in scalars.length_faults(len(value), shape)]
    for key, item in value.items():
        found += [f"key of {path}: {fault}" for fault in scalars.text_faults(key, shape.key)]
        found += _value(f"{path}[{key}]", item, shape.value)
    return found
