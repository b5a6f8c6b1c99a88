"""All workflow files of a folder: what each of them lacks, and what is lacked most."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from openyx.cli.checking.tools import record
from openyx.document import ENDINGS
from openyx.engine.check import Report, Verdict, check
from openyx.errors import AskedWrongly, DocumentError

if TYPE_CHECKING:
    from openyx.cli.shell.session import Session

_TOLD = (Verdict.EXACT, Verdict.APPROXIMATE, Verdict.MISSING, Verdict.WRONG)
_HEADS = ("file", *(each.value for each in _TOLD), "files not there", "first reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Checked:
    path: Path
    report: Report | None
    refusal: str = ""

    @property
    def stops(self) -> bool:
        return self.report is None or self.report.stops


def check_folder(session: Session, folder: Path, macros: Sequence[Path]) -> bool:
    """Tell what is known of every workflow file below a folder; whether a run of any would stop before it began."""
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in (*ENDINGS, ".yxzp") and path.is_file())
    if not files:
        raise AskedWrongly(f"there is no workflow file in {folder}")
    checked = [_checked(path, macros) for path in files]
    if session.json:
        session.show_record({"files": [_record(each) for each in checked], "totals": _totals(checked)})
    else:
        session.show([], _HEADS, [_line(each, folder) for each in checked])
        _say_missing(session, checked)
    return any(each.stops for each in checked)


def _checked(path: Path, macros: Sequence[Path]) -> _Checked:
    try:
        return _Checked(path=path, report=check(path, anywhere=True, macros=macros))
    except DocumentError as error:
        return _Checked(path=path, report=None, refusal=error.message)


def _line(checked: _Checked, folder: Path) -> tuple[object, ...]:
    name, report = checked.path.relative_to(folder).as_posix(), checked.report
    if report is None:
        return name, *(None for _ in _TOLD), None, f"refused: {checked.refusal}"
    counts = [report.count(each) for each in _TOLD]
    return name, *counts, len(report.files), next(_reasons(report), "")


def _reasons(report: Report) -> Iterator[str]:
    yield from (each.message for each in report.missing)
    yield from (f"tool {row.number} ({row.name}): {text}" for row in report.rows for text in row.wrong)
    yield from (f"not there: {file}" for file in report.files)


def _record(checked: _Checked) -> dict[str, object]:
    if checked.report is None:
        return {"path": str(checked.path), "refused": checked.refusal}
    return record(checked.path, checked.report)


def _totals(checked: Sequence[_Checked]) -> dict[str, object]:
    reports = [each.report for each in checked if each.report is not None]
    return {
        "files": len(checked),
        "refused": len(checked) - len(reports),
        "stops": sum(each.stops for each in checked),
        "counts": {verdict.value: sum(report.count(verdict) for report in reports) for verdict in Verdict},
        "missing": [{"what": what, "files": files, "tools": tools} for what, files, tools in _ranked(reports)],
    }


def _ranked(reports: Sequence[Report]) -> list[tuple[str, int, int]]:
    """What is missing, with the number of files and of tools that want it; what most files want comes first."""
    files = Counter(each.message for report in reports for each in report.missing)
    tools = Counter(each.message for report in reports for row in report.rows for each in row.missing)
    return sorted(((what, count, tools[what]) for what, count in files.items()), key=lambda each: (-each[1], each[0]))


def _say_missing(session: Session, checked: Sequence[_Checked]) -> None:
    reports = [each.report for each in checked if each.report is not None]
    would = sum(not each.stops for each in checked)
    refused = len(checked) - len(reports)
    told = f", {refused} cannot be read" if refused else ""
    session.say(f"\n{len(checked):,} files: {would:,} would run, {len(checked) - would - refused:,} would not{told}.")
    ranked = _ranked(reports)
    if ranked:
        session.say("\nMissing, by the number of files that want it:")
    for what, files, tools in ranked:
        session.say(f"{files:6}  {what}" + (f"  ({tools} tools)" if tools > files else ""))
