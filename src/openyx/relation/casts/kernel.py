"""Functions over columns as expressions: a fast way for most records, a slow one for the few that need it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl

Kernel = Callable[[pl.Series], pl.Series]


@dataclass(frozen=True, slots=True)
class Cast:
    """A converted value, and the conversion errors that it may have.

    Values and faults are separate expressions over the same input: the engine computes a shared input once, but not
    one that gives a struct.
    """

    value: pl.Expr
    faults: tuple[pl.Expr, ...] = ()


def mapped(values: pl.Expr, kernel: Kernel, dtype: pl.DataType) -> pl.Expr:
    """*kernel* as an expression: it is called with batches, from several threads."""
    return values.map_batches(kernel, return_dtype=dtype, is_elementwise=True)


def told(values: pl.Expr, kernel: Kernel) -> pl.Expr:
    """A kernel that tells what is wrong, as an expression."""
    return mapped(values, kernel, pl.String())


def told_of(text: pl.Expr, value: pl.Expr, said: pl.Expr) -> pl.Expr:
    """*said* (over ``pl.col("x")``) of each text, not empty, that gave no value."""

    def faults(given: Sequence[pl.Series]) -> pl.Series:
        texts, values = given
        odd = values.is_null() & (texts != "")
        return where(odd, texts, lambda bad: computed(said, bad), nothing(texts))

    return pl.map_batches([text, value], faults, return_dtype=pl.String(), is_elementwise=True)


def even(series: Sequence[pl.Series]) -> list[pl.Series]:
    """The columns of a batch at one length: what comes from constants alone comes as one value."""
    height = max((len(values) for values in series), default=0)
    if any(len(values) == 0 for values in series):
        return [values.clear() for values in series]
    return [values if len(values) == height else values.new_from_index(0, height) for values in series]


def nothing(values: pl.Series) -> pl.Series:
    """As many nulls as there are values, as text: nothing is wrong."""
    return pl.repeat(None, values.len(), dtype=pl.String(), eager=True)


def where(mask: pl.Series, values: pl.Series, slow: Kernel, others: pl.Series) -> pl.Series:
    """What *slow* makes of the values under *mask*, and *others* elsewhere."""
    places = mask.fill_null(value=False).arg_true()
    if places.is_empty():
        return others
    if places.len() == values.len():
        return slow(values)
    return others.clone().scatter(places, slow(values.gather(places)))


def computed(expr: pl.Expr, values: pl.Series) -> pl.Series:
    """*expr* over ``pl.col("x")``, computed for *values*."""
    return pl.select(pl.lit(values).alias("x")).select(expr.alias("y")).to_series()


def each(values: pl.Series, function: Callable[[str], str | None]) -> pl.Series:
    """*function* of each text, one by one; for the few that need it."""
    return pl.Series([None if value is None else function(value) for value in values.to_list()], dtype=pl.String())
