"""The AWS CLI, with one call of each operation: it reads its arguments in its own way."""

import contextlib
import io
import json
import pathlib
import re
import subprocess
import sys

import awscli
import awscli.clidriver
from botocore import xform_name

from .client import REGION, Answer

VERSION = awscli.__version__


class InProcess:
    """The CLI in this process, which shows its raw answers; its start alone takes a second."""

    def __init__(self, endpoint):
        self._place = _place(endpoint)
        self._driver = awscli.clidriver.create_clidriver()
        self._answers = []
        self._driver.session.register("before-parse", self._before_parse)

    def __str__(self):
        return "aws"

    def call(self, command):
        """The exit status, and what was printed."""
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = self._driver.main([*command, *self._place])
        return status, out.getvalue(), err.getvalue()

    def faults(self, operation):
        """What is wrong with what came over the wire."""
        if len(self._answers) != 1:
            return [f"it got {len(self._answers)} answers"]
        return operation.client.faults(operation.name, self._answers[0])

    def _before_parse(self, response_dict, **_):
        self._answers.append(Answer.of(response_dict))


class Executable:
    """The CLI as users have it: what it got over the wire stays its own."""

    def __init__(self, endpoint):
        self._place = _place(endpoint)

    def __str__(self):
        return "the executable aws"

    def call(self, command):
        aws = pathlib.Path(sys.executable).with_name("aws")
        ended = subprocess.run([aws, *command, *self._place], capture_output=True, text=True)
        return ended.returncode, ended.stdout, ended.stderr

    def faults(self, _operation):
        return []


def _place(endpoint):
    return ["--endpoint-url", endpoint, "--region", REGION, "--output", "json"]


def drive(cli, operation, report):
    """Repeats an operation's good call."""
    command = [operation.service, xform_name(operation.name, "-")]
    status, out, err = cli.call([*command, *_arguments(operation, operation.case().given)])
    faults = [] if status == 0 else [f"it ends with {status}: {err.strip() or out.strip()}"]
    faults += cli.faults(operation) + _output_faults(operation, out)
    report.check(" ".join([str(cli), *command]), faults)


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
