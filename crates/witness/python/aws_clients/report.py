"""One line of JSON for each check, for whoever counts."""

import json
import sys


class Report:
    """Where checks are told. A check without faults is a good one."""

    def __init__(self, version, out=sys.stdout):
        self._out = out
        self._write({"Version": version})

    def check(self, name, faults=()):
        faults = list(faults)
        self._write({"Check": name, "Faults": faults})
        return not faults

    def row(self, service, operation, honoured, ignored, refused):
        """What an operation does with the members of its input."""
        self._write(
            {
                "Service": service,
                "Operation": operation,
                "Honoured": honoured,
                "Ignored": ignored,
                "Refused": refused,
            }
        )

    def difference(self, scenario, answered, documented, page):
        """A scenario to which a stand-in answers otherwise than AWS documents it."""
        self._write(
            {
                "Scenario": scenario,
                "Answered": answered,
                "Documented": documented,
                "Page": page,
            }
        )

    def _write(self, line):
        self._out.write(json.dumps(line) + "\n")
        self._out.flush()
