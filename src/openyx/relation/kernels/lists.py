"""Functions of any number of values: averages, the least, the greatest, where they stand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

import polars as pl

from openyx.fields import BOOL, DOUBLE, INT64, Family
from openyx.relation.expr import Expr, apart, literal, made, null
from openyx.relation.kernels.batches import each
from openyx.relation.kernels.compare import compared
from openyx.relation.kernels.logic import chosen, inverse, unified
from openyx.relation.kernels.numbers import calculated, divided, double, number
from openyx.relation.kernels.texts import ranked, text


def average(values: Sequence[Expr]) -> Expr:
    """The mean; null counts as 0."""
    filled = [made(value.native.fill_null(0.0), DOUBLE, value) for value in map(double, values)]
    total = calculated(filled[0], [("+", value) for value in filled[1:]])
    return made(divided(total.native, pl.lit(float(len(values)))), DOUBLE, total)


def average_of_known(values: Sequence[Expr]) -> Expr:
    """The mean of what is not null; null when all is."""
    known = [double(value) for value in values]
    filled = [made(value.native.fill_null(0.0), DOUBLE, value) for value in known]
    total = calculated(filled[0], [("+", value) for value in filled[1:]])
    count = pl.sum_horizontal([value.native.is_not_null().cast(pl.Float64) for value in known])
    return made(pl.when(count > 0).then(divided(total.native, count)), DOUBLE, total)


def median(values: Sequence[Expr]) -> Expr:
    """The middle one, or the mean of the middle two; null counts as 0."""
    filled = [double(value).native.fill_null(0.0) for value in values]
    return made(pl.concat_list(filled).list.median(), DOUBLE, *values)


def least(values: Sequence[Expr]) -> Expr:
    """The least of what is not null, by the order of ``<``; null when all is."""
    return _extreme(values, "<", pl.min_horizontal)


def greatest(values: Sequence[Expr]) -> Expr:
    """The greatest of what is not null, by the order of ``>``; null when all is."""
    return _extreme(values, ">", pl.max_horizontal)


def _extreme(values: Sequence[Expr], sign: str, native: Callable[[list[pl.Expr]], pl.Expr]) -> Expr:
    known = unified([value for value in values if not value.void])
    if not known:
        return null()
    if known[0].type.is_text:
        return reduce(lambda best, value: apart(_better(sign), best, value), known)
    wanted = [number(value) for value in known] if known[0].type.family is Family.NUMBER else known
    return made(native([value.native for value in wanted]), wanted[0].type, *wanted)


def _better(sign: str) -> Callable[[Expr, Expr], Expr]:
    def build(best: Expr, value: Expr) -> Expr:
        missing = made(best.native.is_null(), BOOL)
        return chosen([(missing, value), (compared(sign, value, best), value)], best)

    return build


def place_of_greatest(values: Sequence[Expr], rank: Expr) -> Expr:
    """Where the *rank*-th greatest stands, both counted from 0; of equal ones the first (we assume)."""
    return _place(values, rank, reverse=True)


def place_of_least(values: Sequence[Expr]) -> Expr:
    """Where the least stands, counted from 0; of equal ones the first (we assume)."""
    return _place(values, literal(0), reverse=False)


def _place(values: Sequence[Expr], rank: Expr, *, reverse: bool) -> Expr:
    def look(at: int | None, *keys: Any) -> int | None:
        known = [(key, place) for place, key in enumerate(keys) if key is not None]
        best = sorted(known, key=lambda pair: pair[0], reverse=reverse)
        return best[at][1] if at is not None and 0 <= at < len(best) else None

    return each(look, INT64, rank, *keys(values))


def keys(values: Sequence[Expr]) -> list[Expr]:
    """The values in a form in which they can be put in order."""
    known = unified(values)
    given = [value for value in known if not value.void]
    if not given or given[0].type.family is Family.NUMBER:
        return known
    return [ranked(text(value)) for value in known]


def bounded(value: Expr, low: Expr, high: Expr) -> Expr:
    """*value*, but not less than *low* nor greater than *high*, by the order of ``<``; null with a null."""
    one, lowest, highest = unified([value, low, high])
    if one.type.is_text:
        return apart(_bounded_text, one, lowest, highest)
    native = pl.min_horizontal(pl.max_horizontal(one.native, lowest.native), highest.native)
    sure = one.native.is_not_null() & lowest.native.is_not_null() & highest.native.is_not_null()
    return made(pl.when(sure).then(native), one.type, one, lowest, highest)


def _bounded_text(one: Expr, low: Expr, high: Expr) -> Expr:
    sure = made(one.native.is_not_null() & low.native.is_not_null() & high.native.is_not_null(), BOOL)
    raised = chosen([(compared("<", one, low), low)], one)
    return chosen([(inverse(sure), null()), (compared(">", raised, high), high)], raised)
