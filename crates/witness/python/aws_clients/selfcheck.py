"""The validator itself: a good answer that was spoiled has to be found out."""

import dataclasses
import re

# What is done to a good answer of an operation, by pattern and replacement.
SPOILED = {
    "DescribeServices": [
        ("an unknown member", rb'"serviceName"', b'"serviceTitle"'),
        ("a null", rb'"status":"ACTIVE"', b'"status":null'),
        ("a number for a text", rb'"status":"ACTIVE"', b'"status":7'),
        ("an unknown word", rb'"type":"EXTERNAL"', b'"type":"INTERNAL"'),
        ("a text for a number", rb'"desiredCount":1,', b'"desiredCount":"1",'),
        ("a truth for a number", rb'"desiredCount":1,', b'"desiredCount":true,'),
        ("a fraction for a number", rb'"desiredCount":1,', b'"desiredCount":1.5,'),
        ("a number of 64 bits", rb'"desiredCount":1,', b'"desiredCount":4294967296,'),
        ("a time as text", rb'"createdAt":[\d.]+', b'"createdAt":"2026-01-01T00:00:00Z"'),
        ("a structure for a list", rb'"deployments":\[\]', b'"deployments":{}'),
        ("a cut body", rb"\}$", b""),
    ],
    "DescribeTargetGroups": [
        ("an unknown member", rb"VpcId>", b"Vpc>"),
        ("an element twice", rb"<Port>8080</Port>", b"<Port>80</Port><Port>80</Port>"),
        ("a text for a number", rb"<Port>8080<", b"<Port>http<"),
        ("a capital truth", rb"<HealthCheckEnabled>true", b"<HealthCheckEnabled>True"),
        ("an unknown word", rb"<TargetType>ip<", b"<TargetType>pod<"),
        ("another name for an item", rb"member>", b"item>"),
        ("text between elements", rb"<Port>", b"text<Port>"),
        ("another namespace", rb"2015-12-01", b"2012-06-01"),
        ("no result", rb"DescribeTargetGroupsResult", b"DescribeTargetGroups"),
        ("no request id", rb"<RequestId>[^<]*</RequestId>", b""),
    ],
    "AssumeRole": [
        ("a time in seconds", rb"<Expiration>[^<]*", b"<Expiration>1700000000"),
        ("a time of the wrong form", rb"<Expiration>([^<]*)Z", rb"<Expiration>\1+00:00"),
        ("a required member missing", rb"<SessionToken>[^<]*</SessionToken>", b""),
    ],
}


def drive(operation, report):
    """Spoils an answer of the operation, where it is one of those above."""
    spoiled = SPOILED.get(operation.name, ())
    if not spoiled:
        return
    answer = operation.client.call(operation.name, operation.case().given)
    for what, pattern, replacement in spoiled:
        body = re.sub(pattern, replacement, answer.body)
        bad = dataclasses.replace(answer, body=body)
        seen = body != answer.body and operation.client.faults(operation.name, bad)
        report.check(f"{what} in {operation.name} is seen", [] if seen else [repr(body)])
    wrong_type = dataclasses.replace(
        answer, headers=answer.headers | {"content-type": "text/plain"}
    )
    seen = operation.client.faults(operation.name, wrong_type)
    report.check(f"a wrong content type of {operation.name} is seen", [] if seen else ["it is not"])
