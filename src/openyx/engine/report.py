"""What is known of a workflow before it runs: a row for each tool, with what is missing, wrong or only nearly so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from openyx.errors import Missing


class Verdict(StrEnum):
    """How a tool will do, the worst that is known of it."""

    EXACT = "exact"
    APPROXIMATE = "approximate"
    MISSING = "missing"
    WRONG = "wrong"
    IDLE = "idle"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What is known of one tool.

    ``number`` is -1 for the workflow itself. ``name`` is the palette's, ``title`` the one that its user gave it.
    ``idle`` says why it has nothing to do. ``files`` are those that it wants and that are not there, or cannot be
    written; they are no matter of the tool's verdict. ``refused`` says of each of them in which setting it stands and
    why it is not there. ``unread`` are its settings that nobody read, ``remarks`` what
    else is to be said.
    """

    number: int
    name: str
    title: str = ""
    idle: str = ""
    missing: tuple[Missing, ...] = ()
    wrong: tuple[str, ...] = ()
    approximate: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """The worst that is known: what is missing comes before what is wrong."""
        if self.missing:
            return Verdict.MISSING
        if self.wrong:
            return Verdict.WRONG
        if self.idle:
            return Verdict.IDLE
        return Verdict.APPROXIMATE if self.approximate else Verdict.EXACT

    @property
    def details(self) -> Iterator[str]:
        """All that is known of it, in words."""
        yield from (each.message for each in self.missing)
        yield from self.wrong
        yield from self.approximate
        yield from (f"not there: {each}" for each in self.files)
        yield from self.remarks
        if self.unread:
            yield f"unread settings: {', '.join(self.unread)}"
        if self.idle:
            yield self.idle


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What is known of a workflow: its name, and a row for each tool in the order of their numbers."""

    name: str
    rows: tuple[Row, ...]

    @property
    def missing(self) -> tuple[Missing, ...]:
        """All that is missing, each once."""
        return tuple({each.message: each for row in self.rows for each in row.missing}.values())

    @property
    def files(self) -> tuple[str, ...]:
        """The files that are not there or cannot be written, each once."""
        return tuple(dict.fromkeys(file for row in self.rows for file in row.files))

    @property
    def stops(self) -> bool:
        """Whether a run would stop before it began."""
        return any(row.missing or row.wrong or row.files for row in self.rows)

    def count(self, verdict: Verdict) -> int:
        """How many tools have this verdict."""
        return sum(row.verdict is verdict for row in self.rows)
