"""A bar is drawn on a terminal alone, in one line whatever the file is called."""

from __future__ import annotations

import io
import sys

import pytest

from openyx.cli.shell.progress import progress
from openyx.cli.shell.session import Session


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_name_from_a_server_does_not_break_the_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    with progress(Session(), "a\x1b[2J\nb[red].csv") as moved:
        assert moved is not None
        moved(4, 4)
    assert "\x1b[2J" not in screen.getvalue()
    assert "b[red].csv" in screen.getvalue()
    assert "\nb" not in screen.getvalue().replace("\r", "")


def test_nothing_is_drawn_elsewhere() -> None:
    with progress(Session(), "x") as moved:
        assert moved is None
