"""microburst's control API: rules to break calls by, and the audit of what was broken."""

import json
import urllib.request

# Loopback is asked directly, whatever proxies the environment names.
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
# As many as its audit holds.
_ALL = 2000


class Burst:
    def __init__(self, proxy):
        self._proxy = proxy

    def clear(self):
        """Forgets all rules."""
        self._ask("POST", "rules", [])

    def add(self, rule):
        """Adds a rule; gives its number."""
        [added] = self._ask("PATCH", "rules", [rule])
        return added["id"]

    def fired(self, number):
        """The calls that a rule applied to."""
        return self._ask("GET", f"fired?rule_id={number}&limit={_ALL}")

    def _ask(self, method, path, given=None):
        request = urllib.request.Request(
            f"{self._proxy}/_microburst/{path}",
            method=method,
            data=None if given is None else json.dumps(given).encode(),
            headers={"Content-Type": "application/json"},
        )
        with _DIRECT.open(request, timeout=60) as answer:
            return json.load(answer)
