"""A score for people and programs: a table by group, reasons by their number, one JSON object."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from openyx.cli.scoring.tables import TOLERANCE
from openyx.cli.scoring.verdict import About, Verdict
from openyx.cli.shell.output import cell, put_table

if TYPE_CHECKING:
    from openyx.cli.shell.session import Session

HEADS = ("group", "files", "read", "supported", "inputs", "ran", "ready ran", "ready held", "held", "fields", "order")
READY = "Files are ready when all that they need is supported, and all their inputs are there."
RANKED = 25


def totals(verdicts: Sequence[Verdict]) -> dict[str, int]:
    """The numbers and truths of all files added up, and their number."""
    added = {
        name: sum(int(getattr(each, name)) for each in verdicts)
        for name, value in Verdict(path="", group="").record().items()
        if isinstance(value, int)
    }
    return {"files": len(verdicts), **added}


def row(group: str, verdicts: Sequence[Verdict]) -> tuple[object, ...]:
    """A line of the table: the good of all, or of those that are ready, where that is meant."""
    added = totals(verdicts)
    ready = [each for each in verdicts if each.ready]
    return (
        group,
        len(verdicts),
        added["read"],
        sum(each.read and not each.missing for each in verdicts),
        added["inputs"],
        added["ran"],
        share(sum(each.ran for each in ready), len(ready)),
        share(sum(each.held for each in ready), sum(each.checks for each in ready)),
        share(added["held"], added["checks"]),
        share(added["fields_equal"], added["fields"]),
        share(added["order_equal"], added["anchors_ordered"]),
    )


def share(good: int, number: int) -> str:
    """How many of how many; empty where there are none."""
    return f"{good}/{number}" if number else ""


def rows(verdicts: Sequence[Verdict]) -> list[tuple[object, ...]]:
    """The table: a line for each group, and one for all."""
    groups = sorted({each.group for each in verdicts})
    lines = [row(group, [each for each in verdicts if each.group == group]) for group in groups]
    return [*lines, row("all", verdicts)]


def aims(verdicts: Sequence[Verdict]) -> list[str]:
    """What a score is about, each as a line: how many of how many, and their part."""
    ready = [each for each in verdicts if each.ready]
    refused = sum(not each.read and each.refused for each in verdicts)
    counts = (
        ("Files read, or refused with a place", sum(each.read for each in verdicts) + refused, len(verdicts)),
        ("Ready files that ran, or failed as they must", sum(each.ran for each in ready), len(ready)),
        ("Checks held in ready files", sum(each.held for each in ready), sum(each.checks for each in ready)),
        ("Fields equal", sum(each.fields_equal for each in verdicts), sum(each.fields for each in verdicts)),
        ("Orders equal", sum(each.order_equal for each in verdicts), sum(each.anchors_ordered for each in verdicts)),
    )
    return [f"{what}: {share(good, number)} ({_part(good, number)})" for what, good, number in counts if number]


def _part(good: int, number: int) -> str:
    """The part of a whole, never rounded up to all of it."""
    return f"{good * 1000 // number / 10:.1f} %"


def ranked(verdicts: Iterable[Verdict], about: About) -> list[tuple[str, int]]:
    """What was found about something, in as many files, most frequent first."""
    counts = Counter(what for each in verdicts for what in {f.what for f in each.findings if f.about is about})
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def tell(session: Session, verdicts: Sequence[Verdict]) -> None:
    """Print the score."""
    if session.json:
        session.show_record({"files": [each.record() for each in verdicts], "totals": totals(verdicts)})
        return
    put_table(HEADS, rows(verdicts))
    for about in About:
        found = ranked(verdicts, about)
        if found:
            session.say(f"\n{about.value.capitalize()}, by files:")
        for what, count in found[:RANKED]:
            session.say(f"{count:6}  {' '.join(what.split())[:140]}")
        if len(found) > RANKED:
            session.say(f"        and {len(found) - RANKED} more")
    session.say(f"\n{READY}")
    session.say(f"Numbers are taken for equal within {TOLERANCE:g} of the larger one.\n")
    for line in aims(verdicts):
        session.say(line)


def details(verdicts: Sequence[Verdict]) -> str:
    """Each finding as a line of tab-separated cells: the file, what it is about, the tool, what was found, and how."""
    lines = [
        (each.path, found.about.value, found.tool if found.tool >= 0 else "", found.what, found.detail)
        for each in verdicts
        for found in each.findings
    ]
    return "".join("\t".join(map(cell, line)) + "\n" for line in lines)
