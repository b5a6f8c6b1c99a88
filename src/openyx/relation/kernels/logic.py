"""Conditions: and, or, not, and the choice of a value; what is not chosen reports nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import reduce

import polars as pl

from openyx.fields import BOOL, DOUBLE, INT64, V_WSTRING, FieldType, Kind
from openyx.relation.casts.kernel import even
from openyx.relation.expr import Expr, apart, literal, made, nothing, null
from openyx.relation.kernels.numbers import double, number, spilling
from openyx.relation.kernels.texts import text
from openyx.relation.types import native as native_type

_BLOCK = 50


def truth(expr: Expr) -> Expr:
    """*expr* as a condition, never null: null is false, under AND and OR too (we assume)."""
    if expr.void:
        return replace(literal(value=False), faults=expr.faults)
    if expr.type == BOOL:
        return apart(lambda value: made(value.native.fill_null(value=False), BOOL, value), expr)
    if not expr.type.is_number:
        return apart(_text_as_condition, expr)
    return spilling(
        lambda value: made((value.native != 0).fill_null(value=False), BOOL, value), number_as_condition(expr)
    )


def _text_as_condition(expr: Expr) -> Expr:
    """A text counts by its first character, as where it becomes a Bool (we assume)."""
    return made(text(expr).native.str.contains("^[1-9Tt]").fill_null(value=False), BOOL, expr)


def number_as_condition(expr: Expr) -> Expr:
    """A plain number where a condition stands (``IIF(1, …)``): accepted, true unless it is 0 (we assume)."""
    return number(expr)


def inverse(expr: Expr) -> Expr:
    """Not: true for false and for null."""
    return apart(lambda value: made(~value.native, BOOL, value), truth(expr))


def decided(first: Expr, links: Sequence[tuple[str, Expr]]) -> Expr:
    """``first AND a OR b …`` left to right on one level; what comes after the decision reports no fault."""
    result, place = truth(first), 0
    while place < len(links):
        word = links[place][0]
        run = [operand for _, operand in _run(links, place, word)]
        result = _together(word, result, [truth(operand) for operand in run], alone=place > _BLOCK)
        place += len(run)
    return result


def _run(links: Sequence[tuple[str, Expr]], place: int, word: str) -> Sequence[tuple[str, Expr]]:
    end = place
    while end < len(links) and links[end][0] == word:
        end += 1
    return links[place:end]


def _together(word: str, first: Expr, others: Sequence[Expr], *, alone: bool) -> Expr:
    natives, faults = [first.native], list(first.faults)
    combine = pl.all_horizontal if word == "AND" else pl.any_horizontal
    for other in others:
        if other.faults:
            open_still = combine(natives) if word == "AND" else ~combine(natives)
            faults += [pl.when(open_still).then(fault) for fault in other.faults]
        natives.append(other.native)
    plain = [replace(operand, faults=()) for operand in (first, *others)]
    native = apart(lambda *values: made(combine([value.native for value in values]), BOOL), *plain, alone=alone)
    return native.failing(*faults)


def chosen(cases: Sequence[tuple[Expr, Expr]], otherwise: Expr) -> Expr:
    """The value of the first case whose condition holds, else *otherwise*; only its faults are reported."""
    conditions = [truth(condition) for condition, _ in cases]
    values = unified([*(value for _, value in cases), otherwise])
    type_, natives = values[0].type, [condition.native for condition in conditions]
    if all(condition.constant for condition in conditions):
        return _settled(conditions, values)
    native = _first(natives, [value.native for value in values], type_)
    spill = None
    if any(value.spill is not None for value in values):
        spills = [pl.lit(None, dtype=pl.Float64()) if value.spill is None else value.spill for value in values]
        spill = _first(natives, spills, DOUBLE)
    faults = _guarded(conditions, values)
    return Expr(native, type_, faults, void=all(value.void for value in values), spill=spill)


def _settled(conditions: Sequence[Expr], values: Sequence[Expr]) -> Expr:
    hit = next((place for place, condition in enumerate(conditions) if condition.value()), len(conditions))
    faults = [fault for condition in conditions[: hit + 1] for fault in condition.faults]
    return replace(values[hit], faults=(*faults, *values[hit].faults))


def _guarded(conditions: Sequence[Expr], values: Sequence[Expr]) -> tuple[pl.Expr, ...]:
    faults: list[pl.Expr] = []
    missed: list[pl.Expr] = []
    for place, value in enumerate(values):
        guards = list(missed)
        if place < len(conditions):
            faults += _behind(missed, conditions[place].faults)
            guards = [*missed, conditions[place].native]
            missed = [*missed, ~conditions[place].native]
        faults += _behind(guards, value.faults)
    return tuple(faults)


def _behind(guards: Sequence[pl.Expr], faults: Sequence[pl.Expr]) -> list[pl.Expr]:
    return [pl.when(pl.all_horizontal(guards)).then(fault) for fault in faults] if guards else list(faults)


def _first(conditions: Sequence[pl.Expr], values: Sequence[pl.Expr], type_: FieldType) -> pl.Expr:
    if len(conditions) <= _BLOCK:
        pairs = list(zip(conditions, values, strict=False))
        return reduce(lambda rest, pair: pl.when(pair[0]).then(pair[1]).otherwise(rest), reversed(pairs), values[-1])
    many = len(conditions)

    def run(series: Sequence[pl.Series]) -> pl.Series:
        *given, result = even(series)
        for condition, value in zip(reversed(given[:many]), reversed(given[many:]), strict=True):
            result = pl.select(pl.when(condition).then(value).otherwise(result)).to_series()
        return result

    return pl.map_batches([*conditions, *values], run, return_dtype=native_type(type_), is_elementwise=True)


def picked(index: Expr, values: Sequence[Expr]) -> Expr:
    """The value at *index*, counted from 0; null outside, and no fault but its own."""
    cases = [made(index.native == place, BOOL) for place in range(len(values))]
    result = chosen(list(zip(cases, values, strict=True)), null())
    if not index.leaf:
        result = replace(result, native=_picking(index, unified(values)))
    return replace(result, faults=index.faults + result.faults)


def _picking(index: Expr, values: Sequence[Expr]) -> pl.Expr:
    """As one kernel, which computes the index once."""

    def run(series: Sequence[pl.Series]) -> pl.Series:
        at, *options = even(series)
        result = pl.Series([None] * len(at), dtype=dtype)
        for place, option in enumerate(options):
            result = pl.select(pl.when(at == place).then(option).otherwise(result)).to_series()
        return result

    dtype = native_type(values[0].type)
    natives = [index.native, *(value.native for value in values)]
    return pl.map_batches(natives, run, return_dtype=dtype, is_elementwise=True)


def switched(value: Expr, otherwise: Expr, cases: Sequence[tuple[Expr, Expr]], same: Callable[..., Expr]) -> Expr:
    """The value of the first case that is the *same* as *value*, else *otherwise*; no fault of later cases."""
    if value.leaf:
        plain = replace(value, faults=())
        result = chosen([(same(plain, case), result) for case, result in cases], otherwise)
        return replace(result, faults=value.faults + result.faults)

    def place(wanted: Expr, *options: Expr) -> Expr:
        return chosen([(same(wanted, one), literal(at)) for at, one in enumerate(options)], literal(len(options)))

    index = apart(place, value, *(replace(case, faults=()) for case, _ in cases), alone=True)
    reached = [pl.when(index.native >= at).then(fault) for at, (case, _) in enumerate(cases) for fault in case.faults]
    index = index.failing(*reached)
    return picked(index, [*(result for _, result in cases), otherwise])


def first_known(values: Sequence[Expr]) -> Expr:
    """The first value that is not null; only the faults of those up to it are reported."""
    if any(value.spill is not None for value in values):
        values = [double(value) for value in values]
    known = unified(values)
    natives = [value.native for value in known]
    faults: list[pl.Expr] = []
    for place, value in enumerate(known):
        faults += _behind([native.is_null() for native in natives[:place]], value.faults)
    return Expr(pl.coalesce(natives), known[0].type, tuple(faults), void=all(value.void for value in known))


def unified(values: Sequence[Expr]) -> list[Expr]:
    """The values in one type that holds them all; the nulls that fit everywhere take it too."""
    types = list(dict.fromkeys(value.type for value in values if not value.void))
    if not types:
        return list(values)
    type_ = types[0] if len(types) == 1 else _common(types)
    return [_as(value, type_) for value in values]


def _common(types: Sequence[FieldType]) -> FieldType:
    if all(type_.is_number for type_ in types):
        return INT64 if all(type_.is_integer or type_ == BOOL for type_ in types) else DOUBLE
    if all(type_.kind is Kind.DATETIME for type_ in types) or all(type_.kind is Kind.TIME for type_ in types):
        return max(types, key=lambda type_: type_.size)
    return V_WSTRING


def _as(value: Expr, type_: FieldType) -> Expr:
    if value.void:
        return replace(nothing(value, type_), void=True)
    if value.type == type_:
        return value
    if type_ == INT64:
        return number(value)
    if type_ == DOUBLE:
        return double(value)
    return text(value) if type_ == V_WSTRING else replace(value, type=type_)
