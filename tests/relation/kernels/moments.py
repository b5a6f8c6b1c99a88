"""Columns of dates for the tests of date functions, and what an expression makes of them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, datetime, timedelta

import polars as pl

from openyx.fields import FieldType
from openyx.relation.expr import Expr
from openyx.relation.types import native

FIRST, LAST = datetime(1400, 1, 1), datetime(9999, 12, 31, 23, 59, 59)  # noqa: DTZ001 - the language knows no zones
TRICKY = [
    datetime.fromisoformat(text)
    for text in (
        "1400-01-01 00:00:00",
        "1582-10-10 12:00:00",
        "1900-02-28 23:59:59",
        "1969-12-31 23:59:59",
        "1970-01-01 00:00:00",
        "1999-12-31 12:00:00",
        "2000-02-29 00:00:01",
        "2016-01-31 01:02:03",
        "2016-02-29 23:00:00",
        "2016-12-31 00:00:00",
        "2017-01-01 11:59:59",
        "2100-02-28 12:34:56",
        "9999-12-31 23:59:59",
    )
]


def moments(many: int = 500, seed: int = 1) -> list[datetime]:
    """Dates and times to the second, from the first year to the last, with the awkward ones."""
    chance, span = random.Random(seed), int((LAST - FIRST).total_seconds())
    return TRICKY + [FIRST + timedelta(seconds=chance.randint(0, span)) for _ in range(many)]


def days(many: int = 500, seed: int = 1) -> list[date]:
    """Dates, likewise."""
    return [moment.date() for moment in moments(many, seed)]


def months_later(moment: datetime, months: int) -> datetime | None:
    """The same day of another month, or its last one; nothing beyond the years that there can be."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    if not 1400 <= year <= 9999:
        return None
    for day in range(moment.day, 0, -1):
        try:
            return moment.replace(year=year, month=month + 1, day=day)
        except ValueError:  # a day that the month lacks
            continue
    raise AssertionError("a month without days")


def column(values: Sequence[object], type_: FieldType, place: int = 0) -> tuple[pl.Series, Expr]:
    """A column and the expression of its values."""
    name = f"c{place}"
    return pl.Series(name, values, dtype=native(type_)), Expr(pl.col(name), type_, leaf=True)


def told(expr: Expr, *columns: pl.Series) -> tuple[list[object], list[str | None]]:
    """The values of an expression and what it reports, record by record."""
    faults = {f"fault{place}": fault for place, fault in enumerate(expr.faults)}
    frame = pl.DataFrame(columns).lazy().with_columns(value=expr.native, **faults).select("value", *faults)
    done = frame.collect(engine="streaming")
    assert done.schema["value"] == native(expr.type)
    said = pl.coalesce(*faults) if faults else pl.repeat(None, pl.len(), dtype=pl.String())
    return done["value"].to_list(), done.select(said=said)["said"].to_list()


def values(expr: Expr, *columns: pl.Series) -> list[object]:
    """The values of an expression that reports nothing."""
    got, reported = told(expr, *columns)
    assert not any(reported)
    return got
