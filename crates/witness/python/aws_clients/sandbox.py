"""What the sandbox tells of itself."""

import json
import urllib.request
from collections import Counter

# Loopback is asked directly, whatever proxies the environment names.
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Sandbox:
    def __init__(self, endpoint):
        self.endpoint = endpoint

    def operations(self):
        """The operations by service, as the sandbox dispatches them."""
        return self._about()["Operations"]

    def ignored(self):
        """How often each member of each operation was accepted without an effect."""
        told = self._about()["Ignored"]
        return Counter({(it["Operation"], it["Member"]): it["Count"] for it in told})

    def _about(self):
        with _DIRECT.open(self.endpoint + "/_sandbox", timeout=10) as answer:
            return json.load(answer)
