"""One workflow file, tool by tool."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from openyx.cli.checking.gallery import refusals
from openyx.engine.check import Report, Row, Verdict, check

if TYPE_CHECKING:
    from openyx.cli.shell.session import Session

_MOST = 6
_HEADS = ("tool", "name", "verdict", "details")


def check_file(session: Session, path: Path, macros: Sequence[Path]) -> bool:
    """Tell what is known of a file; whether a run of it would stop before it began."""
    report = check(path, anywhere=True, macros=macros)
    refused = [] if report.stops else refusals(path, macros)
    if session.json:
        session.show_record(record(path, report) | {"galleryRefuses": refused})
        return report.stops
    rows = [row for row in report.rows if row.verdict is not Verdict.IDLE]
    session.show([], _HEADS, [_line(row) for row in rows])
    session.say(f"\n{_summary(report, refused)}")
    return report.stops


def record(path: Path, report: Report) -> dict[str, object]:
    """A report as JSON."""
    return {
        "path": str(path),
        "name": report.name,
        "stops": report.stops,
        "counts": {verdict.value: report.count(verdict) for verdict in Verdict},
        "missing": [each.message for each in report.missing],
        "files": list(report.files),
        "tools": [_tool(row) for row in report.rows],
    }


def _tool(row: Row) -> dict[str, object]:
    return {
        "tool": row.number,
        "name": row.name,
        "title": row.title,
        "verdict": row.verdict.value,
        "missing": [{"code": each.code, "detail": each.detail} for each in row.missing],
        "wrong": list(row.wrong),
        "approximate": list(row.approximate),
        "files": list(row.files),
        "unread": list(row.unread),
        "remarks": [*row.remarks, *([row.idle] if row.idle else [])],
    }


def _line(row: Row) -> tuple[object, ...]:
    number, details = row.number if row.number >= 0 else None, list(row.details)
    more = [f"and {len(details) - _MOST:,} more (--json tells all)"] if len(details) > _MOST else []
    name = f"{row.name} ({row.title})" if row.title else row.name
    return number, name, row.verdict.value, "; ".join([*details[:_MOST], *more])


def _summary(report: Report, refused: Sequence[str]) -> str:
    told = (Verdict.EXACT, Verdict.APPROXIMATE, Verdict.MISSING, Verdict.WRONG)
    counts = ", ".join(f"{report.count(each)} {each.value}" for each in told if report.count(each))
    files = f"; files that are not there: {len(report.files)}" if report.files else ""
    runs = "would not run" if report.stops else "runs here, but not in a gallery" if refused else "would run"
    reasons = "".join(f"\n  {each}" for each in refused)
    return f"{report.name}: {counts or 'no tools'}{files}. It {runs}{':' if reasons else '.'}{reasons}"
