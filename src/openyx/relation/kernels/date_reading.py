"""Dates and times as functions take them: fields as they are, and ISO text, which may be a date, a time or both."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import polars as pl

from openyx.fields import DATE, DATETIME, TIME, V_WSTRING, FieldType, Kind
from openyx.relation.casts.kernel import even
from openyx.relation.convert import convert
from openyx.relation.expr import Expr, apart, literal, made
from openyx.relation.kernels.batches import batch, settled
from openyx.relation.kernels.texts import text
from openyx.relation.types import native as native_type

Build = Callable[..., Callable[..., Expr]]

FINEST = 6
"""How many fractional digits of a second a field holds."""

DAY = 86_400 * 10**FINEST
"""A day in microseconds."""

_FRACTION = r":[0-9]{2}\.([0-9]{1,18})"


def instant(value: datetime, digits: int = 0) -> Expr:
    """The same date and time for every record, its zone forgotten, with *digits* behind the second's point."""
    step = 10 ** (FINEST - digits)
    cut = value.replace(tzinfo=None, microsecond=value.microsecond // step * step)
    native = pl.lit(cut, pl.Datetime("us"))
    return replace(literal(None, with_digits(DATETIME, digits)), native=native)


def day(value: date) -> Expr:
    """The same date for every record."""
    return replace(literal(None, DATE), native=pl.lit(value, pl.Date()))


def with_digits(type: FieldType, digits: int) -> FieldType:  # noqa: A002 - the field's own word
    """The type of a Time or DateTime that has at least so many digits behind the second's point."""
    plain = {Kind.TIME: TIME, Kind.DATETIME: DATETIME}[type.kind].size
    return replace(type, size=max(type.size, plain + 1 + digits if digits else plain))


def reading(
    build: Build,
    type: FieldType,  # noqa: A002 - the field's own word
    moments: Sequence[Expr],
    told: Sequence[Expr] = (),
    others: Sequence[Expr] = (),
    *,
    precise: Callable[..., bool] = lambda *_: True,
) -> Expr:
    """``build(*values)(*moments, *others)``, where *told* gives the values; the moments are Date, Time or DateTime.

    Text is read as what it looks like. Where that, or a value, differs from record to record, the result is of *type*;
    else *build* decides. Null for a moment or a value gives null, and only null comes with an error.
    ``precise(*values)`` tells whether the function minds fractions of a second; where it does not, more digits than a
    field can hold do no harm.
    """
    moments = [replace(literal(None, V_WSTRING), faults=one.faults) if one.void else one for one in moments]
    given = [*map(_shape, moments), *told]
    operands = [*moments, *others]
    read = _Reader(build, type, len(moments), all(one.constant for one in given), precise)
    if read.fixed:
        return settled(read, type, given, *operands)
    types = tuple(one.type for one in (*given, *operands))
    by_group = _ByGroup(read, types, len(given))
    natives = [one.native for one in (*given, *operands)]
    value = pl.map_batches(natives, by_group.values, return_dtype=native_type(type), is_elementwise=True)
    fault = pl.map_batches([value, *natives], by_group.faults, return_dtype=pl.String(), is_elementwise=True)
    return made(value, type, *given, *operands[len(moments) :]).failing(fault)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Builds the function of moments of certain shapes and of certain values."""

    build: Build
    type: FieldType
    moments: int
    fixed: bool
    precise: Callable[..., bool]

    def __call__(self, *values: Any) -> Callable[..., Expr]:
        if any(value is None for value in values):
            return lambda *_: literal(None, self.type)
        shapes, told = values[: self.moments], values[self.moments :]
        function, minds = self.build(*told), self.precise(*told)

        def run(*operands: Expr) -> Expr:
            read = [_read(one, shape, minds) for one, shape in zip(operands, shapes, strict=False)]
            plain = [replace(one, faults=()) for one in read]
            result = apart(function, *[*plain, *operands[self.moments :]])
            result = result.failing(*(fault for one in read for fault in one.faults))
            if self.fixed:
                return _said_once(result, operands)
            return result if result.type == self.type else text(result)

        return run


@dataclass(frozen=True, slots=True)
class _ByGroup:
    """Computes the records of a batch that have the same shapes and values together."""

    read: _Reader
    types: tuple[FieldType, ...]
    told: int

    def values(self, series: Sequence[pl.Series]) -> pl.Series:
        return self._computed(self._frame(series), lambda result: result.native.cast(native_type(self.read.type)))

    def faults(self, series: Sequence[pl.Series]) -> pl.Series:
        """Looks at those records only that have no value."""
        value, *given = even(series)
        frame = self._frame(given)
        odd = value.is_null() & frame.select(pl.all_horizontal(pl.all().is_not_null())).to_series()
        nothing = pl.repeat(None, len(value), dtype=pl.String(), eager=True)
        if not odd.any():
            return nothing
        return nothing.scatter(odd.arg_true(), self._computed(frame.filter(odd), _first_fault))

    def _frame(self, series: Sequence[pl.Series]) -> pl.DataFrame:
        return pl.DataFrame([values.alias(str(place)) for place, values in enumerate(even(series))])

    def _computed(self, frame: pl.DataFrame, take: Callable[[Expr], pl.Expr]) -> pl.Series:
        operands = [Expr(pl.col(str(place)), type_, leaf=True) for place, type_ in enumerate(self.types)][self.told :]
        done = [group.select("row", value=take(self.read(*values)(*operands))) for values, group in self._groups(frame)]
        return (done[0] if len(done) == 1 else pl.concat(done).sort("row")).get_column("value")

    def _groups(self, frame: pl.DataFrame) -> Iterator[tuple[tuple[Any, ...], pl.DataFrame]]:
        keys, numbered = [str(place) for place in range(self.told)], frame.with_row_index("row")
        if frame.is_empty():
            yield (None,) * self.told, numbered
        elif all(frame.select(pl.col(keys).eq_missing(pl.col(keys).first()).all()).row(0)):
            yield frame.select(keys).row(0), numbered
        else:
            yield from numbered.group_by(keys, maintain_order=True)


def _said_once(result: Expr, operands: Sequence[Expr]) -> Expr:
    """The result with the first of its faults, and none for a record with a null."""
    if not result.faults:
        return result
    told = _first_fault(result)
    if len(operands) > 1:
        told = pl.when(pl.all_horizontal(*(one.native.is_not_null() for one in operands))).then(told)
    return replace(result, faults=(told,))


def _first_fault(result: Expr) -> pl.Expr:
    return pl.coalesce(*result.faults) if result.faults else pl.lit(None, dtype=pl.String())


def _shape(moment: Expr) -> Expr:
    if moment.type.is_date:
        return literal(f"{moment.type.kind} {moment.type.size}")
    return batch(_shapes, V_WSTRING, moment)


def _shapes(texts: pl.Series) -> pl.Series:
    """A function reads text of ten characters as a date, what begins like a time as a time, and else both (we assume).

    Each by the rules of the field of that type.
    """
    value = pl.lit(texts)
    digits = (value.str.extract(_FRACTION).str.len_bytes().cast(pl.Int64) + 1).fill_null(0)
    shape = (
        pl.when(value.str.slice(2, 1) == ":")
        .then(pl.format("Time {}", TIME.size + digits))
        .when(value.str.len_chars() == DATE.size)
        .then(pl.lit(f"Date {DATE.size}"))
        .when(value.is_not_null())
        .then(pl.format("DateTime {}", DATETIME.size + digits))
    )
    return pl.select(shape).to_series()


def _read(moment: Expr, shape: str, precise: bool) -> Expr:
    kind, _, size = shape.partition(" ")
    return convert(moment, FieldType.of(kind, int(size) if precise else None))


def stamp(moment: Expr) -> pl.Expr:
    """A Date or DateTime as date and time; a Time on the first day that the engine counts from."""
    if moment.type.kind is Kind.TIME:
        return (moment.native.cast(pl.Int64) // 1000).cast(pl.Datetime("us"))
    return moment.native.cast(pl.Datetime("us"))


def if_dated(since: pl.Expr, length: int) -> pl.Expr:
    """What counts from 1970-01-01, *length* to a day, where it is a date that there can be."""
    least, end = pl.date(1400, 1, 1).cast(pl.Int64) * length, pl.date(10_000, 1, 1).cast(pl.Int64) * length
    return pl.when((since >= least) & (since < end)).then(since)


def told_if_lost(result: Expr, *operands: Expr) -> Expr:
    """The result, and an error where it is null though no operand is: it is no date that there can be."""
    given = pl.all_horizontal(*(operand.native.is_not_null() for operand in operands))
    lost = given & result.native.is_null()
    return result.failing(pl.when(lost).then(pl.lit("The date is not between 1400-01-01 and 9999-12-31")))


def refused(moment: Expr, said: pl.Expr, type: FieldType) -> Expr:  # noqa: A002 - the field's own word
    """Null, and *said* of each moment that is there."""
    return literal(None, type).failing(pl.when(moment.native.is_not_null()).then(said))


def undated(moment: Expr, type: FieldType) -> Expr:  # noqa: A002 - the field's own word
    """Null and an error, for a time where a date is needed."""
    return refused(moment, pl.format('"{}" has no date', text(moment).native), type)
