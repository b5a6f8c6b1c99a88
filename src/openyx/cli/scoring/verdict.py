"""What is known of one workflow file after it was scored."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class About(StrEnum):
    """What a finding is about."""

    REFUSED = "not read"
    MISSING = "not supported"
    INPUT = "input not there"
    RUN = "did not run"
    CHECK = "check not held"
    FIELD = "field differs"
    ORDER = "order differs"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is not as it should be. ``what`` says it alike wherever it is alike, to be ranked."""

    about: About
    what: str
    tool: int = -1
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are of something, how many of them are as they should be, and what is wrong with the others."""

    all: int = 0
    good: int = 0
    findings: tuple[Finding, ...] = ()

    def __add__(self, other: Count) -> Count:
        return Count(self.all + other.all, self.good + other.good, self.findings + other.findings)


def total(counts: Iterable[Count]) -> Count:
    """All of them as one."""
    return sum(counts, start=Count())


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One file's score, with the members that the JSON object has, and what was found.

    ``inputs`` tells whether all inputs are there, ``ran`` whether it came to its end or failed as its author expects.
    ``checks`` are assertions and expected answers, of which ``held`` hold; ``fields`` those that the file remembers at
    anchors that were computed; ``anchors_ordered`` the anchors whose order it remembers. ``reason`` says why it did not
    run, or what is wrong.
    """

    path: str
    group: str
    read: bool = False
    missing: tuple[str, ...] = ()
    inputs: bool = False
    ran: bool = False
    checks: int = 0
    held: int = 0
    fields: int = 0
    fields_equal: int = 0
    anchors_ordered: int = 0
    order_equal: int = 0
    reason: str = ""
    findings: tuple[Finding, ...] = ()

    @property
    def ready(self) -> bool:
        """Whether all that it needs is supported and there."""
        return self.read and self.inputs and not self.missing

    @property
    def refused(self) -> bool:
        """Whether it was refused, with a place."""
        return any(found.about is About.REFUSED and found.detail for found in self.findings)

    def record(self) -> dict[str, object]:
        """The members of the JSON object."""
        return {
            "path": self.path,
            "group": self.group,
            "read": self.read,
            "missing": list(self.missing),
            "inputs": self.inputs,
            "ran": self.ran,
            "checks": self.checks,
            "held": self.held,
            "fields": self.fields,
            "fields_equal": self.fields_equal,
            "anchors_ordered": self.anchors_ordered,
            "order_equal": self.order_equal,
            "reason": self.reason,
        }
