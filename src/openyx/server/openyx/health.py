"""Whether the server lives, and whether it can take work."""

from __future__ import annotations

from http import HTTPStatus

from openyx.api.openyx.health import Health, OwnHealth
from openyx.server.exchange import Incoming, Reply, json_reply
from openyx.server.failures import OwnProblem
from openyx.server.handlers import speaks, tells
from openyx.store import Store

_NOT_KEPT = {"Cache-Control": "no-store"}


@tells(OwnHealth.alive)
def alive() -> Reply:
    """It answers, so it lives."""
    return json_reply(Health(status="alive"), headers=_NOT_KEPT)


@speaks(OwnHealth.ready)
def ready(store: Store, _incoming: Incoming, _content: bytes) -> Reply:
    """Whether the store can keep what comes."""
    if store.readiness.ready():
        return json_reply(Health(status="ready"), headers=_NOT_KEPT)
    problem = OwnProblem(message="The gallery cannot take anything right now.", code="not_ready", hint="")
    return json_reply(problem, HTTPStatus.SERVICE_UNAVAILABLE, headers=_NOT_KEPT)
