"""How a run is watched: a live line on a terminal, one line per change elsewhere."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

from openyx.cli.shell.durations import spoken
from openyx.cli.shell.output import cell
from openyx.messages import Kind, Message

if TYPE_CHECKING:
    from rich.text import Text

    from openyx.cli.shell.session import Session

_WORDS = {
    Kind.WARNING: "warning",
    Kind.ERROR: "error",
    Kind.CONVERSION_ERROR: "conversion error",
    Kind.CONVERSION_LIMIT: "conversion error",
}
_COLOURS = {"warning": "yellow", "conversion error": "yellow", "error": "red"}


class Watch(AbstractContextManager["Watch"], Protocol):
    """Is told what happens."""

    def state(self, text: str) -> None:
        """What the run does now."""
        ...

    def message(self, message: Message) -> None:
        """Something that the run says."""
        ...


def watch(session: Session, title: str, *, since: float | None = None, tools: Mapping[int, str] | None = None) -> Watch:
    """The watch that fits where standard error goes; *title* is what is watched, *since* when (a monotonic time).

    *tools* tells how tools are named, by their number.
    """
    if session.quiet or session.json:
        return Silence()
    if sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
        return Live(title, since=time.monotonic() if since is None else since, tools=tools)
    return Lines(session, title, tools=tools or {})


def line(message: Message, tools: Mapping[int, str] | None = None) -> str:
    """A message as one line: its weight, its tool, its text.

    >>> line(Message(kind=Kind.WARNING, text="7 fields were truncated", tool=4))
    'warning: tool 4: 7 fields were truncated'
    """
    tool = by_tool(message, tools or {})
    return ": ".join(part for part in (_WORDS.get(message.kind, ""), tool, cell(message.text)) if part)


def by_tool(message: Message, tools: Mapping[int, str]) -> str:
    """The tool that says a message, as *tools* name it; nothing where there is none, or where the message names it."""
    if message.tool < 0:
        return ""
    name = tools.get(message.tool)
    if name is None:
        return f"tool {message.tool}"
    return "" if name in message.text else name


class Silence(Watch):
    """Says nothing."""

    def state(self, text: str) -> None:
        """Nothing."""

    def message(self, message: Message) -> None:
        """Nothing."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        return None


class Lines(Watch):
    """One line with its time for each change, and for each warning or error."""

    def __init__(self, session: Session, title: str, *, tools: Mapping[int, str]) -> None:
        self._session = session
        self._title = title
        self._tools = tools
        self._last = ""

    def state(self, text: str) -> None:
        """A line, where the text is another than before."""
        if text != self._last:
            self._last = text
            self._session.say(f"{_clock()}  {self._title}: {text}")

    def message(self, message: Message) -> None:
        """A line for a warning or an error."""
        if message.kind in _WORDS:
            self._session.say(f"{_clock()}  {self._title}: {line(message, self._tools)}")

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        return None


class Live(Watch):
    """A line that moves, with the time that has passed; messages are written above it."""

    def __init__(self, title: str, *, since: float, tools: Mapping[int, str] | None = None) -> None:
        from rich.console import Console
        from rich.live import Live as RichLive
        from rich.spinner import Spinner

        self._title = title
        self._tools = tools or {}
        self._text = ""
        self._began = since
        self._spinner = Spinner("dots")
        self._console = Console(stderr=True, highlight=False)
        self._live = RichLive(self._spinner, console=self._console, transient=True, get_renderable=self._drawn)

    def state(self, text: str) -> None:
        """Another text in the line."""
        self._text = text

    def message(self, message: Message) -> None:
        """Any message, above the line."""
        from rich.text import Text

        self._console.print(Text(line(message, self._tools), style=_COLOURS.get(_WORDS.get(message.kind, ""), "dim")))

    def __enter__(self) -> Self:
        self._live.start(refresh=True)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._live.stop()

    def _drawn(self) -> Text:
        from rich.text import Text

        passed = spoken(time.monotonic() - self._began)
        frame = self._spinner.render(time.monotonic())
        start = frame if isinstance(frame, Text) else Text("")
        return Text.assemble(start, " ", (self._title, "bold"), f"  {self._text}  ", (passed, "dim"))


def _clock() -> str:
    return f"{datetime.now().astimezone():%H:%M:%S}"
