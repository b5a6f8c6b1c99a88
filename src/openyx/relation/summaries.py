"""What a summary of a group is: its type, and how the data engine computes it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import polars as pl

from openyx.fields import DOUBLE, INT64, V_STRING, V_WSTRING, Family, Field, FieldType, Kind
from openyx.relation import summing
from openyx.relation.casts.texts import BEYOND_BMP
from openyx.relation.convert import convert
from openyx.relation.expr import Expr
from openyx.relation.ranking import ranked
from openyx.relation.types import LARGEST_PRECISION, column, values_of


class How(StrEnum):
    """What becomes of the values of a group."""

    GROUP = "group"
    SUM = "sum"
    COUNT = "count"
    COUNT_NULL = "count null"
    COUNT_NON_NULL = "count non null"
    COUNT_DISTINCT = "count distinct"
    COUNT_DISTINCT_NON_NULL = "count distinct non null"
    COUNT_BLANK = "count blank"
    COUNT_NON_BLANK = "count non blank"
    MIN = "min"
    MAX = "max"
    AVG = "avg"
    VARIANCE = "variance"
    DEVIATION = "deviation"
    MEDIAN = "median"
    PERCENTILE = "percentile"
    MODE = "mode"
    LONGEST = "longest"
    SHORTEST = "shortest"
    CONCAT = "concat"
    FIRST = "first"
    LAST = "last"


COUNTS = frozenset({each for each in How if each.value.startswith("count")})
STATISTICS = frozenset({How.VARIANCE, How.DEVIATION, How.MEDIAN, How.PERCENTILE})
_SPREADS = frozenset({How.VARIANCE, How.DEVIATION})
LENGTHS = frozenset({How.LONGEST, How.SHORTEST})
_COMPARING = frozenset({How.GROUP, How.MIN, How.MAX, How.MODE, How.COUNT_DISTINCT, How.COUNT_DISTINCT_NON_NULL})


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """One field of a summary: ``name``, made from ``field`` as ``how`` says.

    Nulls are skipped, except by ``GROUP`` (null is a group), ``COUNT`` (counts records), ``COUNT_DISTINCT`` (null is a
    value), ``FIRST`` and ``LAST``; a group without any other value gives null, or 0 where something is counted. An
    empty text is blank, and so is null. Variance and deviation are those of a sample. ``MODE``, ``LONGEST`` and
    ``SHORTEST`` take the first of equals.

    ``COUNT`` needs no field. ``without_zeros`` skips zeros like nulls. ``fraction`` from 0 to 1 belongs to
    ``PERCENTILE``, which interpolates between the two values next to it; ``separator``, ``start`` and ``end`` belong to
    ``CONCAT``. ``source`` is the note that the new field gets instead of the old one's.
    """

    name: str
    how: How
    field: str = ""
    without_zeros: bool = False
    fraction: float = 0.5
    separator: str = ","
    start: str = ""
    end: str = ""
    source: str | None = None


def result(how: How, origin: Field) -> FieldType:
    """The type of a summary of the field *origin*. Raises ``TypeError`` where there is none."""
    type_ = origin.type
    if how in COUNTS and how not in _COMPARING:
        return INT64
    if (how in (How.SUM, How.AVG) or how in STATISTICS) and not type_.is_number:
        raise TypeError(f"field {origin.name!r} is a {type_}: it cannot be summed")
    if how in LENGTHS and not type_.is_text:
        raise TypeError(f"field {origin.name!r} is a {type_}: it has no length")
    if (how in _COMPARING or how is How.CONCAT) and type_.family in (Family.BLOB, Family.SPATIAL):
        raise TypeError(f"field {origin.name!r} is a {type_}: it has no order and no text")
    if how in COUNTS:
        return INT64
    if how is How.AVG or how in STATISTICS:
        return DOUBLE
    if how is How.SUM:
        return _sum_type(type_)
    if how is How.CONCAT:
        return V_WSTRING if type_.is_wide else V_STRING
    return type_


def taken(summary: Summary, origin: Field) -> pl.Expr:
    """The values of a record that a summary is made of."""
    values = Expr(values_of(origin.name), origin.type)
    if summary.how is How.CONCAT and not origin.type.is_text:
        values = convert(values, V_STRING)
    elif summary.how in STATISTICS:
        values = convert(values, DOUBLE)
    if summary.without_zeros:
        return pl.when(values.native != 0).then(values.native)
    return values.native


def computed(summary: Summary, origin: Field) -> pl.Expr:
    """The summary of all records, where the column of *origin* holds the values ``taken``.

    A sum of whole numbers comes as Int128: who shows it looks whether it fits.
    """
    values, how = column(origin.name), summary.how
    if how in COUNTS:
        return _counted(how, values, origin).cast(pl.Int64)
    match how:
        case How.SUM:
            return summing.total(values, origin.type)
        case How.AVG:
            return summing.average(values, origin.type)
        case How.VARIANCE:
            return summing.variance(values)
        case How.DEVIATION:
            return summing.variance(values).sqrt()
        case How.MEDIAN:
            return values.median()
        case How.PERCENTILE:
            return values.quantile(summary.fraction, "linear")
        case How.MIN:
            return values.min_by(ranked(origin)) if origin.type.is_wide else values.min()
        case How.MAX:
            return values.max_by(ranked(origin)) if origin.type.is_wide else values.max()
        case How.MODE:
            return values.drop_nulls().mode(maintain_order=True).first()
        case How.LONGEST:
            return values.get(_length(origin).arg_max())
        case How.SHORTEST:
            return values.get(_length(origin).arg_min())
        case How.CONCAT:
            return _joined(values, summary)
        case How.LAST:
            return values.last()
        case _:
            return values.first()


def brought(summary: Summary, origin: Field) -> pl.Expr:
    """What a group brings home for its summary, of which ``finished`` makes it."""
    if adds_doubles(summary.how, origin.type):
        return summing.doubles(column(origin.name))
    return computed(summary, origin)


def finished(summary: Summary, origin: Field) -> pl.Expr:
    """The summary of a group, where the column of *origin* holds what the group ``brought``."""
    values = column(origin.name)
    if not adds_doubles(summary.how, origin.type):
        return values
    match summary.how:
        case How.AVG:
            return summing.list_total(values) / values.list.len()
        case How.VARIANCE:
            return summing.list_variance(values)
        case How.DEVIATION:
            return summing.list_variance(values).sqrt()
        case _:
            return summing.list_total(values)


def adds_doubles(how: How, type_: FieldType) -> bool:
    """Whether a summary is made of doubles that are added in order of arrival."""
    return how in _SPREADS or (how in (How.SUM, How.AVG) and type_.kind in (Kind.FLOAT, Kind.DOUBLE))


def whether_counted(how: How, values: pl.Expr, origin: Field) -> pl.Expr:
    """Whether a record's value is among those that are counted; not for distinct ones."""
    if how in (How.COUNT_NULL, How.COUNT_NON_NULL):
        return values.is_null() if how is How.COUNT_NULL else values.is_not_null()
    blank = values.is_null() | (values == "") if origin.type.is_text else values.is_null()
    return blank if how is How.COUNT_BLANK else ~blank


def _counted(how: How, values: pl.Expr, origin: Field) -> pl.Expr:
    match how:
        case How.COUNT:
            return pl.len()
        case How.COUNT_DISTINCT:
            return values.n_unique()
        case How.COUNT_DISTINCT_NON_NULL:
            return values.drop_nulls().n_unique()
        case _:
            return whether_counted(how, values, origin).sum()


def _length(origin: Field) -> pl.Expr:
    characters = column(origin.name).str.len_chars()
    return characters + column(origin.name).str.count_matches(BEYOND_BMP) if origin.type.is_wide else characters


def _joined(values: pl.Expr, summary: Summary) -> pl.Expr:
    """A group of nulls only gives null: what the product gives then is not known."""
    joined = values.drop_nulls().str.join(summary.separator)
    whole = pl.lit(summary.start) + joined + pl.lit(summary.end)
    return pl.when(values.count() > 0).then(whole)


def _sum_type(type_: FieldType) -> FieldType:
    """A FixedDecimal widens to the 38 digits that the engine has: how far the product widens it is not known."""
    if type_.kind is Kind.FIXED_DECIMAL:
        return FieldType(type_.kind, LARGEST_PRECISION + (1 if type_.scale else 0), type_.scale)
    return INT64 if type_.is_integer or type_.kind is Kind.BOOL else DOUBLE
