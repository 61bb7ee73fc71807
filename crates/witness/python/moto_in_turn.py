"""Serves moto, one request after the other.

moto looks at the condition of a write and writes then, and lets other requests in between: of
several clients that take a lock at the same moment two get it now and then, which DynamoDB rules
out. What is to be judged here are the clients, and not that.
"""

import threading

from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import run_simple


class InTurn:
    """An application whose requests take turns; their answers are sent side by side."""

    def __init__(self, application):
        self._application = application
        self._turn = threading.Lock()

    def __call__(self, environment, start_response):
        with self._turn:
            return self._application(environment, start_response)


moto = DomainDispatcherApplication(create_backend_app)
run_simple("127.0.0.1", 0, InTurn(moto), threaded=True, request_handler=MotoRequestHandler)
