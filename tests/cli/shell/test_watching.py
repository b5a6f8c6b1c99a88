"""A run is told line by line where nobody looks."""

from __future__ import annotations

import time

import pytest

from openyx.cli.shell.session import Session
from openyx.cli.shell.watching import Lines, Live, Silence, line, watch
from openyx.messages import Kind, Message


def test_a_message_is_one_line() -> None:
    assert line(Message(kind=Kind.ERROR, text="it\nbroke\x1b[31m", tool=3)) == "error: tool 3: it broke[31m"


def test_a_tool_is_told_by_number_and_name_once() -> None:
    tools = {3: "tool 3 (Sort)"}
    assert line(Message(kind=Kind.ERROR, text="it broke", tool=3), tools) == "error: tool 3 (Sort): it broke"
    assert line(Message(kind=Kind.ERROR, text="w.yxmd, tool 3 (Sort): it broke", tool=3), tools) == (
        "error: w.yxmd, tool 3 (Sort): it broke"
    )
    assert line(Message(kind=Kind.INFO, text="5 records", tool=-1)) == "5 records"


def test_a_state_that_stays_is_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    with watch(Session(), "Load") as shown:
        assert isinstance(shown, Lines)
        for state in ("Queued", "Queued", "Running", "Running"):
            shown.state(state)
    assert [told.partition("  ")[2] for told in capsys.readouterr().err.splitlines()] == [
        "Load: Queued",
        "Load: Running",
    ]


def test_in_a_pipe_only_warnings_and_errors_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    with watch(Session(), "Load") as shown:
        shown.message(Message(kind=Kind.INFO, text="5 records"))
        shown.message(Message(kind=Kind.WARNING, text="odd"))
    assert capsys.readouterr().err.splitlines()[0].endswith("Load: warning: odd")


@pytest.mark.parametrize("flag", ["quiet", "json"])
def test_who_wants_silence_gets_it(flag: str) -> None:
    session = Session()
    setattr(session, flag, True)
    assert isinstance(watch(session, "Load"), Silence)


def test_a_live_line_counts_from_where_the_wait_began() -> None:
    live = Live("Load", since=time.monotonic() - 61)
    live.state("Running")
    assert live._drawn().plain.endswith("Load  Running  1 min 01 s")
