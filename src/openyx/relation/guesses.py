"""Guesses at values that follow from those before them: running sums, counters, values that are carried on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time

import polars as pl

from openyx.fields import FieldType, Kind
from openyx.relation.types import native as native_type

_PROBES: dict[Kind, tuple[object, object]] = {
    Kind.BOOL: (False, True),
    Kind.DATE: (date(2000, 1, 1), date(2001, 1, 1)),
    Kind.TIME: (time(0), time(1)),
    Kind.DATETIME: (datetime(2000, 1, 1), datetime(2001, 1, 1)),  # noqa: DTZ001 - a field's value has no zone
}
_SUMMED = (Kind.DOUBLE, Kind.FLOAT)


def guessed(
    type: FieldType,  # noqa: A002 - the field's own word
    opens: pl.Series,
    outside: pl.Series,
    follow: Callable[[pl.Series], pl.Series],
) -> pl.Series | None:
    """What the values of all records may be; nothing where they are of no kind that can be guessed.

    *opens* marks the first records of groups, for which *outside* stands before them. *follow* computes all values at
    once, given the ones before. Two probes tell of each record whether it begins anew, adds something to the value
    before it or carries that one on; whether this is so for all values, the caller must see.
    """
    ends = _probes(type)
    if ends is None:
        return None
    probes = [pl.Series([value], dtype=native_type(type)).new_from_index(0, opens.len()) for value in ends]
    one, other = (follow(probe.zip_with(~opens, outside)) for probe in probes)
    begins = opens | one.eq_missing(other)
    start = _last(begins)
    if type.is_integer:
        return _counted(one.cast(pl.Int64), start).cast(native_type(type), strict=False)
    if type.kind in _SUMMED:
        return _summed(one, start)
    carries = (one.eq_missing(probes[0]) & other.eq_missing(probes[1])) | begins
    return one.gather(start) if carries.all() else None


def _probes(type_: FieldType) -> tuple[object, object] | None:
    if type_.is_integer or type_.kind in _SUMMED:
        return 0, 1
    return ("", "\x01") if type_.is_text else _PROBES.get(type_.kind)


def _last(begins: pl.Series) -> pl.Series:
    """The number of the last record that began, for each."""
    index = pl.int_range(begins.len(), dtype=pl.UInt32)
    return pl.select(pl.when(begins).then(index).forward_fill()).to_series()


def _counted(steps: pl.Series, start: pl.Series) -> pl.Series:
    total = steps.fill_null(0).cum_sum()
    return total - total.gather(start) + steps.gather(start)


def _summed(steps: pl.Series, start: pl.Series) -> pl.Series:
    frame = pl.DataFrame({"step": steps, "start": start.set_sorted()})
    total = frame.select(pl.col("step").cum_sum().over("start")).to_series()
    return total.zip_with(steps.gather(start).is_not_null(), pl.Series([None], dtype=steps.dtype))
