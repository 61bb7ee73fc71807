"""Starts microburst's proxy on a port of the system's choice, which its own command line can't."""

import socket
import sys

from aiohttp import web
from microburst.app import make_app
from microburst.core.pipeline import Microburst

door = socket.create_server(("127.0.0.1", 0))
print(f"http://127.0.0.1:{door.getsockname()[1]}", file=sys.stderr, flush=True)
web.run_app(make_app(Microburst(sys.argv[1])), sock=door, print=None)
