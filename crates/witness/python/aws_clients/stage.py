"""The services as the sandbox offers them, each operation with an account of its own."""

from .client import Client
from .scenes import dynamodb, ecs, elbv2, sts

SCENES = {"ecs": ecs.Scene, "elbv2": elbv2.Scene, "dynamodb": dynamodb.Scene, "sts": sts.Scene}


class Operation:
    """One operation, with what its calls act on."""

    def __init__(self, sandbox, service, name, account):
        self.sandbox = sandbox
        self.service = service
        self.name = name
        self._clients = {}
        self.account = account
        self.client = self._client(service)
        self._scene = SCENES[service](self.client, self._client)
        self.model = self.client.operation(name)
        self.is_json = self.model.service_model.metadata["protocol"] == "json"

    def __str__(self):
        return f"{self.service} {self.name}"

    def case(self):
        """A new good call: what it acts on is made for it."""
        return getattr(self._scene, self.name)()

    def members(self):
        """The members of its input; none for an operation without input."""
        return self.model.input_shape.members if self.model.input_shape else {}

    def _client(self, service):
        if service not in self._clients:
            self._clients[service] = Client(self.sandbox.endpoint, service, self.account)
        return self._clients[service]


def operations(sandbox, report):
    """Every operation that the sandbox offers; one without a scene is a fault."""
    account = 100_000_000_000
    for service, names in sandbox.operations().items():
        for name in names:
            scene = SCENES.get(service)
            is_known = scene is not None and hasattr(scene, name)
            if not report.check(f"{service} {name} is driven", [] if is_known else ["no scene"]):
                continue
            account += 1
            yield Operation(sandbox, service, name, str(account))
