"""Dates and times that stand in settings, in the form in which a field of that type shows them."""

from __future__ import annotations

import re
from datetime import date

from openyx.errors import WorkflowError
from openyx.fields import Field, Kind
from openyx.relation.evidence import EARLIEST

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_CLOCK = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d(?P<seconds>:[0-5]\d(?:\.\d+)?)?", re.ASCII)
_EXAMPLES = {Kind.DATE: "2026-01-31", Kind.DATETIME: "2026-01-31 18:30:00", Kind.TIME: "18:30:00"}


def moment(field: Field, written: str) -> str:
    """A date or time as *field* would show it: a day alone is its midnight, and seconds may be left out.

    Raises ``WorkflowError`` for what is none: compared as text, ``31/01/2026`` would be more than any date.
    """
    kind = field.type.kind
    day, _, clock = written.rpartition(" ") if ":" in written else (written, "", "")
    if kind is not Kind.TIME:
        clock = clock or "00:00:00"
    said = _CLOCK.fullmatch(clock)
    if said is None or not (_is_day(day) or (kind is Kind.TIME and not day)):
        raise WorkflowError(f'"{field.name}" is a {kind}, and {written!r} is none', hint=f"write {_EXAMPLES[kind]}")
    clock = clock if said["seconds"] else f"{clock}:00"
    return {Kind.DATE: day, Kind.TIME: clock}.get(kind, f"{day} {clock}")


def _is_day(text: str) -> bool:
    try:
        return _DAY.fullmatch(text) is not None and date.fromisoformat(text).year >= EARLIEST
    except ValueError:
        return False
