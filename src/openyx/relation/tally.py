"""What is counted while a run goes on: records per anchor, conversion errors per field; from several threads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from heapq import nsmallest
from threading import Lock
from typing import TYPE_CHECKING

from openyx.errors import JobCancelled, WorkflowError
from openyx.relation.verbs.tap import Anchor

if TYPE_CHECKING:
    import polars as pl

    from openyx.relation.flow import Fault

RECORD = "\0record"


@dataclass(frozen=True, slots=True)
class Faulted:
    """The conversion errors of one field of a tool: how many, and the first of them by record (counted from 0)."""

    tool: int
    field: str
    count: int
    first: tuple[tuple[int, str], ...]


@dataclass(slots=True)
class _Errors:
    count: int = 0
    first: list[tuple[int, int, str]] = field(default_factory=list[tuple[int, int, str]])


@dataclass(slots=True, kw_only=True)
class Tally:
    """The counts of a run; batches come concurrently and in any order, the result does not show it."""

    listed: int
    most: int | None = None
    cancelled: Callable[[], bool] | None = None
    progress: Callable[[Anchor, int], None] | None = None
    counts: dict[Anchor, int] = field(default_factory=dict[Anchor, int])
    _errors: dict[tuple[int, str], _Errors] = field(default_factory=dict[tuple[int, str], _Errors])
    _lock: Lock = field(default_factory=Lock)

    def check(self) -> None:
        """Raise ``JobCancelled`` when the run is to stop."""
        if self.cancelled is not None and self.cancelled():
            raise JobCancelled("the run was cancelled")

    def watch(self, anchor: Anchor) -> None:
        """An anchor to be counted: it has 0 records as long as none came."""
        self.counts.setdefault(anchor, 0)

    def count(self, anchor: Anchor, records: int) -> None:
        """That many more records came by *anchor*. Raises ``WorkflowError`` when they are more than there may be."""
        with self._lock:
            self.counts[anchor] += records
            so_far = self.counts[anchor]
        if self.most is not None and so_far > self.most:
            raise WorkflowError(
                f"More than {self.most:,} records leave by {anchor.name}",
                tool=anchor.tool,
                hint="do the fields of a join tell records apart? OPENYX_ANCHOR_RECORDS sets how many there may be",
            )
        if self.progress is not None:
            self.progress(anchor, so_far)

    def expect(self, tool: int, faults: tuple[Fault, ...]) -> None:
        """Fields of *tool* that may have conversion errors, in the order in which they are to be told."""
        for fault in faults:
            self._errors.setdefault((tool, fault.field), _Errors())

    def note(self, tool: int, faults: tuple[Fault, ...], batch: pl.DataFrame) -> None:
        """Count the conversion errors in the hidden columns of *batch*, which numbers its records in ``RECORD``."""
        for place, fault in enumerate(faults):
            texts = batch.get_column(fault.column)
            if texts.null_count() == texts.len():
                continue
            found = texts.is_not_null()
            records = batch.get_column(RECORD).filter(found).head(self.listed).to_list()
            said = texts.filter(found).head(self.listed).to_list()
            first = [(record, place, text) for record, text in zip(records, said, strict=True)]
            with self._lock:
                errors = self._errors[tool, fault.field]
                errors.count += texts.len() - texts.null_count()
                errors.first = nsmallest(self.listed, errors.first + first)

    def faulted(self) -> tuple[Faulted, ...]:
        """The conversion errors by tool and field; fields without one are left out."""
        return tuple(
            Faulted(tool, name, errors.count, tuple((record, text) for record, _, text in errors.first))
            for (tool, name), errors in self._errors.items()
            if errors.count
        )
