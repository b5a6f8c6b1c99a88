"""Sums that come out the same to the last bit each time, and sums that do not wrap."""

from __future__ import annotations

import polars as pl

from openyx.fields import RANGES, FieldType, Kind

_LEAST, _MOST = RANGES[Kind.INT64]


def total(values: pl.Expr, type: FieldType) -> pl.Expr:  # noqa: A002 - the field's own word
    """The sum of all values: doubles added in order of arrival, whole numbers exactly (as Int128)."""
    if type.kind is Kind.FIXED_DECIMAL:
        return pl.when(values.count() > 0).then(values.sum())
    if type.is_integer or type.kind is Kind.BOOL:
        return pl.when(values.count() > 0).then(values.cast(pl.Int128).sum())
    # The streaming engine's own sum adds partial sums, whose borders change from run to run.
    return values.cast(pl.Float64).drop_nulls().cum_sum().last()


def average(values: pl.Expr, type: FieldType) -> pl.Expr:  # noqa: A002 - the field's own word
    """The mean of all values as a double; null when there is nothing but nulls."""
    return total(values, type).cast(pl.Float64) / values.count()


def variance(doubles: pl.Expr) -> pl.Expr:
    """The variance of a sample, from the distances to its mean; null for fewer than two values.

    What the product gives for one value alone is not known.
    """
    count = doubles.count()
    distance = doubles - doubles.drop_nulls().cum_sum().last() / count
    squares = (distance * distance).drop_nulls().cum_sum().last()
    return pl.when(count > 1).then(squares / (count - 1).cast(pl.Float64))


def doubles(values: pl.Expr) -> pl.Expr:
    """The values of a group as a list, to be added later: for many groups that takes half the time."""
    return values.cast(pl.Float64).drop_nulls().implode()


def list_total(lists: pl.Expr) -> pl.Expr:
    """The ``total`` of doubles in lists."""
    return lists.list.agg(pl.element().cum_sum().last())


def list_variance(lists: pl.Expr) -> pl.Expr:
    """The ``variance`` of doubles in lists."""
    count = lists.list.len()
    distances = lists - list_total(lists) / count
    spread = list_total(distances * distances) / (count.cast(pl.Float64) - 1)
    return pl.when(count > 1).then(spread)


def int64_sum(values: pl.Expr) -> pl.Expr:
    """An Int128 sum as Int64, null where it does not fit."""
    return pl.when(values.is_between(_LEAST, _MOST)).then(values).cast(pl.Int64)


def int64_sum_fault(values: pl.Expr) -> pl.Expr:
    """What is said where an Int128 sum does not fit in an Int64."""
    said = values.cast(pl.String) + " does not fit in the type Int64"
    return pl.when(values.is_between(_LEAST, _MOST).not_()).then(said)
