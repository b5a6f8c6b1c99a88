"""A secret shows itself to nobody who does not ask by name."""

from __future__ import annotations

import copy
import logging
import pickle
import traceback
from typing import Any

import pytest

from openyx.client.access.secret import Secret

HELD = Secret("hunter2")


def test_it_prints_as_dots_everywhere() -> None:
    shown = [str(HELD), repr(HELD), f"{HELD}", f"{HELD!r}", f"{HELD:>9}", "%s" % HELD, repr({"secret": HELD})]  # noqa: UP031 - one of the ways
    assert all("hunter2" not in text for text in shown)
    assert all("•" in text for text in shown)


def test_it_is_not_in_logs_and_tracebacks(caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("x").error("with %s", HELD)
    with pytest.raises(AttributeError) as caught:
        _break(HELD)
    shown = "".join(traceback.TracebackException.from_exception(caught.value, capture_locals=True).format())
    assert "held = Secret" in shown
    assert "hunter2" not in caplog.text + shown


def _break(held: Any) -> None:
    held.no_such_thing()


def test_it_is_not_written_down() -> None:
    with pytest.raises(TypeError, match="not written down"):
        pickle.dumps(HELD)
    with pytest.raises(TypeError):
        copy.deepcopy(HELD)
    assert not hasattr(HELD, "__dict__")


def test_it_is_compared_by_what_it_holds() -> None:
    assert Secret("hunter2") == HELD
    assert Secret("x") != HELD
    assert HELD != "hunter2"
    assert len({HELD, Secret("hunter2")}) == 1
    assert not Secret("")
