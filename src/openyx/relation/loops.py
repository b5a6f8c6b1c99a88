"""A loop over one value of a record: it is kept, changed, kept again, … as long as a condition holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from threading import Lock

import polars as pl

from openyx.errors import WorkflowError
from openyx.fields import Field
from openyx.relation import memory
from openyx.relation.expr import Expr
from openyx.relation.lines import ahead, steps
from openyx.relation.types import column, series_of

_RECORD, _NEXT, _GOES = "\0record", "\0next", "\0goes"
_AT_ONCE = 131_072
_PIECE = 50_000
# Rows stand in memory as pieces, put together, sorted, and with the other fields.
_COPIES = 4


@dataclass(slots=True)
class Limit:
    """The most rows that may be made, over all batches, and the number of the tool that makes them."""

    rows: int
    tool: int | None = None
    _made: int = 0
    _lock: Lock = field(default_factory=Lock)

    def spend(self, rows: int) -> None:
        """So many more are made. Raises ``WorkflowError`` when they are too many."""
        with self._lock:
            self._made += rows
            if self._made > self.rows:
                hint = "does the condition come to an end? OPENYX_GENERATED_ROWS sets how many rows there may be"
                raise WorkflowError(f"More than {self.rows:,} rows would be made", tool=self.tool, hint=hint)


@dataclass(frozen=True, slots=True)
class Loop:
    """How the values of ``field`` follow from the one that a record has, which is the first.

    ``change`` computes the next value, ``goes_on`` whether that one is kept as well. ``steady``: the same value is
    always followed by the same. ``faults`` are the columns for what is wrong with the two.
    """

    field: Field
    change: Expr
    goes_on: Expr
    steady: bool
    faults: tuple[str, ...]
    limit: Limit
    check: Callable[[], None]

    def records(self, frame: pl.DataFrame) -> pl.DataFrame:
        """For each record all its values, with its other fields, and what went wrong."""
        width = frame.estimated_size() / max(frame.height, 1) + 24 * (1 + len(self.faults))
        pieces, rows, room = [self._empty(frame)], 0, memory.free()
        for piece in self._rounds(frame):
            pieces.append(piece)
            rows += piece.height
            if room is not None and rows * width * _COPIES > room:
                said = f"More rows would be made than the memory holds, after {rows:,} of them"
                raise WorkflowError(said, tool=self.limit.tool)
        return self._joined(frame, pl.concat(pieces).sort(_RECORD, maintain_order=True))

    def stream(self, frame: pl.DataFrame) -> Iterator[pl.DataFrame]:
        """The same for at most one record, in pieces, as they are wanted."""
        pieces, rows = [self._empty(frame)], 0
        for piece in self._rounds(frame):
            pieces.append(piece)
            rows += piece.height
            if rows >= _PIECE:
                yield self._joined(frame, pl.concat(pieces))
                pieces, rows = [self._empty(frame)], 0
        yield self._joined(frame, pl.concat(pieces))

    def _rounds(self, frame: pl.DataFrame) -> Iterator[pl.DataFrame]:
        """Numbers of records and their values; those of one record in order."""
        name, type_ = self.field.name, self.field.type
        needed = {root for each in self._exprs() for root in each.meta.root_names()} - {name}
        left = frame.select(column(each) for each in frame.columns if each in needed or each == name)
        left = left.with_row_index(_RECORD)
        step = pl.Series([None], dtype=pl.Int64).new_from_index(0, left.height)
        count = 1
        while left.height:
            self.check()
            valid = self._valid(left, step, count)
            kept = valid.select(_RECORD, column(name), *map(column, self.faults))
            self.limit.spend(kept.height)
            yield kept
            last = valid.filter(column(_RECORD).ne_missing(column(_RECORD).shift(-1)))
            goes = last.get_column(_GOES)
            before, after = (series_of(last, each).filter(goes) for each in (name, _NEXT))
            if self.steady and before.eq_missing(after).any():
                still = before.filter(before.eq_missing(after))[0]
                raise WorkflowError(f'The loop never ends: "{name}" stays {still}', tool=self.limit.tool)
            left, step = left.filter(goes).with_columns(after.alias(name)), steps(type_, before, after)
            count = max(1, min(2 * kept.height // last.height, _AT_ONCE // max(left.height, 1)))

    def _valid(self, left: pl.DataFrame, step: pl.Series, count: int) -> pl.DataFrame:
        """The values of each record as far as a guess at *count* of them turns out right, with what follows each."""
        name = self.field.name
        values = series_of(left, name)
        guess = ahead(self.field.type, values, step, count) if count > 1 else values
        of = pl.int_range(guess.len(), dtype=pl.UInt32, eager=True) // count
        given = left[of].with_columns(guess.alias(name))
        change = [self.change.native.alias(_NEXT), *self._named(self.change, 0)]
        made = given.with_columns(change)
        goes = [self.goes_on.native.alias(_GOES), *self._named(self.goes_on, len(self.change.faults))]
        after = given.with_columns(made.get_column(_NEXT).alias(name)).with_columns(goes)
        made = made.with_columns(after.select(_GOES, *map(column, self.faults[len(self.change.faults) :])))
        follows = column(_GOES).shift(1) & column(_NEXT).shift(1).eq_missing(column(name))
        first = pl.int_range(pl.len()) % count == 0
        right = (first | follows).cast(pl.UInt8).cum_min()
        return made.filter((right.over(_RECORD) if left.height > 1 else right) == 1)

    def _named(self, expr: Expr, start: int) -> list[pl.Expr]:
        return [fault.alias(self.faults[start + at]) for at, fault in enumerate(expr.faults)]

    def _exprs(self) -> list[pl.Expr]:
        return [each for expr in (self.change, self.goes_on) for each in (expr.native, *expr.faults)]

    def _empty(self, frame: pl.DataFrame) -> pl.DataFrame:
        texts = [pl.lit(None, dtype=pl.String).alias(name) for name in self.faults]
        return frame.clear().with_row_index(_RECORD).select(_RECORD, column(self.field.name), *texts)

    def _joined(self, frame: pl.DataFrame, values: pl.DataFrame) -> pl.DataFrame:
        records = values.get_column(_RECORD)
        repeated = {name: series_of(frame, name).gather(records) for name in frame.columns}
        made = {each: values.get_column(each) for each in (self.field.name, *self.faults)}
        return pl.DataFrame({**repeated, **made})
