"""Requests as botocore itself would never write them."""

import json


def without(name):
    """Takes a member out of a request."""

    def tamper(params):
        body, write = _open(params)
        for key in [key for key in body if key == name or key.startswith(name + ".")]:
            del body[key]
        write(body)

    return tamper


def replacing(name, value):
    """Puts another value, of whatever type, in a member's place."""

    def tamper(params):
        without(name)(params)
        body, write = _open(params)
        body[name] = value
        write(body)

    return tamper


def _open(params):
    """The members of a request, and what writes them back: a form's are a dictionary, too."""
    if isinstance(params["body"], dict):
        return params["body"], lambda body: None
    return json.loads(params["body"]), lambda body: params.update(body=json.dumps(body).encode())
