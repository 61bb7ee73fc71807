"""Requests that no client would send: unsigned, cut, of nobody, for what there is not."""

import json
import urllib.error
import urllib.request

from .answers import errors
from .client import REGION, Answer

_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
# The name by which a service signs, where it is another than boto3's.
SIGNING = {"elbv2": "elasticloadbalancing"}


def drive(operation, report):
    """Sends an operation's service what it can't take."""
    is_json = operation.is_json
    lost = "MissingAuthenticationTokenException" if is_json else "MissingAuthenticationToken"
    unknown = "UnrecognizedClientException" if is_json else "InvalidClientTokenId"
    nothing = "UnknownOperationException" if is_json else "InvalidAction"
    good = _request(operation, operation.name)
    requests = [
        ("that is not signed", good | {"authorization": None}, lost),
        ("of an unknown key", good | {"authorization": _signed(operation, "AKIANOBODY")}, unknown),
        ("for an unknown operation", _request(operation, "Sing"), nothing),
    ]
    if is_json:
        for what, body in (("that is cut", b"{"), ("that is a list", b"[]")):
            requests.append((what, good | {"body": body}, "SerializationException"))
    else:
        twice = good["body"] + b"&Marker=a&Marker=b"
        requests += [
            (
                "without an action",
                good | {"body": good["body"].partition(b"&")[2]},
                "MissingAction",
            ),
            ("with a member twice", good | {"body": twice}, "MalformedQueryString"),
        ]
    for what, request, code in requests:
        _refused(operation, report, f"a request {what}", request, code)


def _refused(operation, report, what, request, code):
    answer = _send(operation, request)
    if answer.is_good():
        found = ["it was accepted"]
    else:
        found = errors.faults(answer, operation.model, {code})
        told = errors.code(answer, operation.model)
        found += [] if told == code else [f"{told} is answered, {code} is due"]
    report.check(f"{operation.service}: {what} is {code}", found)


def _request(operation, name):
    metadata = operation.model.service_model.metadata
    request = {"authorization": _signed(operation, operation.account)}
    if operation.is_json:
        request["content-type"] = f"application/x-amz-json-{metadata['jsonVersion']}"
        request["x-amz-target"] = f"{metadata['targetPrefix']}.{name}"
        return request | {"body": json.dumps({}).encode()}
    request["content-type"] = "application/x-www-form-urlencoded"
    return request | {"body": f"Action={name}&Version={metadata['apiVersion']}".encode()}


def _signed(operation, key):
    service = SIGNING.get(operation.service, operation.service)
    scope = f"{key}/20260101/{REGION}/{service}/aws4_request"
    return f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=00"


def _send(operation, request):
    headers = {name: it for name, it in request.items() if name != "body" and it is not None}
    asked = urllib.request.Request(operation.sandbox.endpoint, request["body"], headers)
    try:
        answer = _DIRECT.open(asked, timeout=10)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        told = {name.lower(): value for name, value in answer.headers.items()}
        return Answer(answer.status, told, answer.read())
