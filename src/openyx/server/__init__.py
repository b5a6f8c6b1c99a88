"""The gallery's HTTP side: the REST API of a server of a given age, over a store and a queue.

``build_app`` makes the ASGI application, ``serve`` runs it until it is told to stop. The server stores, queues and
reports; workers run the jobs.
"""

from openyx.server.app import build_app
from openyx.server.compat import AGES, Compat, compat
from openyx.server.run import listen, running, serve
from openyx.server.settings import Limits, Settings

__all__ = ["AGES", "Compat", "Limits", "Settings", "build_app", "compat", "listen", "running", "serve"]
