"""The program that is judged, run against an environment."""

import os
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from signal import Signals
from threading import Timer

from .stage import APP, CONFIG_SHA, ENVIRONMENT

# Seconds that a run may take.
LIMIT = 120


@dataclass(frozen=True)
class Asked:
    """What is asked of the program."""

    verb: tuple
    flags: tuple


@dataclass(frozen=True)
class Interruption:
    """A signal that it gets when it tells of a step."""

    step: str
    signal: Signals


@dataclass(frozen=True)
class Ended:
    """How a run ended."""

    code: int
    said: str

    def faults(self, code):
        """What is wrong where it had to end with another code."""
        return [] if self.code == code else [f"exit code {self.code}", self.said]


ROLLBACK = Asked(("rollback",), ())


def deploy(sha, *flags):
    return Asked((), ("-config-sha", CONFIG_SHA, "-sha", sha, *flags))


def resume(asked):
    """The same, to be gone on with."""
    return Asked(asked.verb, (*asked.flags, "-resume"))


class Program:
    """The binary, with the config file of an environment."""

    def __init__(self, path, variables, config):
        self._path = path
        self._variables = variables
        self._folder = tempfile.TemporaryDirectory()
        self._config = Path(self._folder.name) / "deploy.json"
        self._config.write_text(config)

    def run(self, asked, interruption=None):
        """Runs it to its end."""
        about = ["-config", str(self._config), "-app", APP, "-env", ENVIRONMENT]
        process = subprocess.Popen(
            [self._path, *asked.verb, *about, *asked.flags],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self._folder.name,
            env={"PATH": os.environ["PATH"], **self._variables},
        )
        limit = Timer(LIMIT, process.kill)
        limit.start()
        said = []
        for line in process.stderr:
            said.append(line)
            if interruption and f" {interruption.step} " in line:
                process.send_signal(interruption.signal)
                interruption = None
        limit.cancel()
        return Ended(process.wait(), "".join(said))
