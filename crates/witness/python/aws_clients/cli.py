"""The AWS CLI, with one call of each operation: it reads its arguments in its own way."""

import contextlib
import io
import json
import re

import awscli
import awscli.clidriver
from botocore import xform_name

from .client import REGION, Answer

VERSION = awscli.__version__


class Cli:
    """The CLI in this process: as a process of its own it would take a second to start."""

    def __init__(self, endpoint):
        self._endpoint = endpoint
        self._driver = awscli.clidriver.create_clidriver()
        self._answers = []
        self._driver.session.register("before-parse", self._before_parse)

    def call(self, service, command, arguments):
        """The exit status, what was printed and the raw answers of one command."""
        self._answers = []
        out, err = io.StringIO(), io.StringIO()
        place = ["--endpoint-url", self._endpoint, "--region", REGION, "--output", "json"]
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = self._driver.main([service, command, *arguments, *place])
        return status, out.getvalue(), err.getvalue(), self._answers

    def _before_parse(self, response_dict, **_):
        self._answers.append(
            Answer(
                status=response_dict["status_code"],
                headers={name.lower(): value for name, value in response_dict["headers"].items()},
                body=response_dict["body"],
            )
        )


def drive(cli, operation, report):
    """Repeats an operation's good call."""
    given = operation.case().given
    status, out, err, answers = cli.call(
        operation.service, xform_name(operation.name, "-"), list(_arguments(operation, given))
    )
    faults = [] if status == 0 else [f"it ends with {status}: {err.strip() or out.strip()}"]
    if len(answers) != 1:
        faults.append(f"it got {len(answers)} answers")
    for answer in answers:
        faults += operation.client.faults(operation.name, answer)
    faults += _output_faults(operation, out)
    report.check(f"aws {operation.service} {xform_name(operation.name, '-')}", faults)


def _output_faults(operation, out):
    """What is printed has the members of the answer, and nothing is printed without any."""
    shape = operation.model.output_shape
    if shape is None or not shape.members:
        return [f"it prints {out!r}"] if out.strip() else []
    try:
        printed = json.loads(out or "{}")
    except ValueError as error:
        return [f"it prints no JSON: {error}"]
    return [f"it prints {name}" for name in printed if name not in shape.members]


def _arguments(operation, given):
    for name, value in given.items():
        option = "--" + xform_name(name, "-")
        shape = operation.members()[name]
        if shape.type_name == "boolean":
            yield option if value else option.replace("--", "--no-", 1)
        elif shape.type_name == "list" and shape.member.type_name == "string":
            yield option
            yield from value
        else:
            yield option
            yield _text(value)


def _text(value):
    """Shorthand where it can say the value, JSON elsewhere."""
    if isinstance(value, (str, int, float)):
        return str(value)
    if isinstance(value, list) and len(value) == 1:
        return _shorthand(value[0]) or _json(value)
    return _shorthand(value) or _json(value)


def _shorthand(value):
    """`a=x,b=y`, for structures of plain words."""
    if not isinstance(value, dict):
        return None
    words = [f"{name}={it}" for name, it in value.items() if isinstance(it, (str, int, float))]
    plain = all(re.fullmatch(r"[\w./:=-]+", word) for word in words)
    return ",".join(words) if plain and len(words) == len(value) else None


def _json(value):
    return json.dumps(value, default=lambda data: data.decode("latin-1"))
