"""Comparisons: text without regard to case, null equal to null, never null themselves."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import polars as pl

from openyx.fields import BOOL, DATE, DATETIME, DOUBLE, INT64, V_WSTRING, Family, FieldType
from openyx.relation.expr import Expr, apart, literal, made
from openyx.relation.kernels.logic import decided
from openyx.relation.kernels.numbers import double, number, spilling
from openyx.relation.kernels.texts import folded, ranked, text
from openyx.relation.types import native as native_type

_ORDERS: dict[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")


def equal(left: Expr, right: Expr) -> Expr:
    """``=``: null equals null and nothing else; text without regard to case."""
    if left.void or right.void:
        void, other = (right, left) if right.void else (left, right)
        return apart(lambda value: made(value.native.is_null(), BOOL), other).failing(*void.faults)
    return spilling(lambda one, other: made(one.native.eq_missing(other.native), BOOL), *_pair(left, right, folded))


def compared(sign: str, left: Expr, right: Expr) -> Expr:
    """``<``, ``<=``, ``>``, ``>=``: false with null, but two nulls are ``<=`` and ``>=``; text by UTF-16 unit."""
    if left.void or right.void:
        if "=" in sign:
            return equal(left, right)
        return replace(literal(value=False), faults=left.faults + right.faults)
    return spilling(lambda one, other: _ordered(sign, one, other), *_pair(left, right, ranked))


def _ordered(sign: str, left: Expr, right: Expr) -> Expr:
    answer = _ORDERS[sign](left.native, right.native)
    sure = any(side.constant and side.value() is not None for side in (left, right))
    if sure or "=" not in sign:
        return made(answer.fill_null(value=False), BOOL)
    return made(answer.fill_null(left.native.is_null() & right.native.is_null()), BOOL)


def among(value: Expr, options: Sequence[Expr]) -> Expr:
    """``IN``: equal to one of the options; what comes after the one that is reports no fault."""
    if len(options) > 1 and not value.void and all(option.constant and not option.faults for option in options):
        given = [option for option in options if not option.void]
        if given and given == list(options):
            return _in_list(value, given)
    plain = replace(value, faults=())
    if any(one.faults or one.spill is not None for one in (plain, *options)):
        found = _one_of(plain, *options)
    else:
        found = apart(_one_of, plain, *options)
    return replace(found, faults=value.faults + found.faults)


def _one_of(value: Expr, *options: Expr) -> Expr:
    tests = [equal(value, option) for option in options]
    return decided(tests[0], [("OR", test) for test in tests[1:]])


def _in_list(value: Expr, options: Sequence[Expr]) -> Expr:
    same, type_ = _list_key(value, options)
    # All at once: a list may have thousands of options.
    given = pl.select([option.native.alias(f"{place}") for place, option in enumerate(options)]).row(0)
    listed = pl.DataFrame([pl.Series("option", [_as(type_, one) for one in given], dtype=native_type(type_))])
    wanted = listed.select(same(Expr(pl.col("option"), type_)).native).to_series().to_list()
    known = [one for one in wanted if one is not None]
    null_too = len(known) < len(wanted)

    def build(key: Expr) -> Expr:
        listed = [float(one) for one in known] if key.type == DOUBLE else known
        found = key.native.is_in(listed).fill_null(value=null_too)
        return made(found, BOOL)

    return spilling(build, same(value))


def _list_key(value: Expr, options: Sequence[Expr]) -> tuple[Callable[[Expr], Expr], FieldType]:
    """How values are compared with those of a list, and the type that all options have."""
    if value.type.family is Family.TEXT:
        return folded_for_in, V_WSTRING
    whole = all(number(one).type == INT64 for one in (value, *options))
    return (number, INT64) if whole else (double, DOUBLE)


def _as(type_: FieldType, option: Any) -> Any:
    if option is None or type_ == V_WSTRING:
        return option
    return int(option) if type_ == INT64 else float(option)


def folded_for_in(expr: Expr) -> Expr:
    """How ``IN`` compares text: without regard to case, as ``=`` does (we assume)."""
    return folded(expr)


def between(value: Expr, least: Expr, greatest: Expr) -> Expr:
    """From *least* to *greatest*, both included; text without regard to case."""
    return decided(compared(">=", value, least), [("AND", compared("<=", value, greatest))])


def _pair(left: Expr, right: Expr, key: Callable[[Expr], Expr]) -> tuple[Expr, Expr]:
    """Both sides in a form in which they can be compared."""
    if left.type.family is Family.NUMBER:
        if left.type == right.type == BOOL:
            return left, right
        one, other = number(left), number(right)
        return (one, other) if one.type == other.type else (double(left), double(right))
    if left.type.family is not Family.TEXT:
        return left, right
    one, other = _dated(left, right), _dated(right, left)
    if one.type.is_date and one.type.kind is other.type.kind and one.type.size == other.type.size:
        return one, other
    return key(text(left)), key(text(right))


def _dated(expr: Expr, other: Expr) -> Expr:
    """A constant text that is a date, as a date, where it is compared with one: the order is the same, and faster."""
    if not expr.constant or not expr.type.is_text or expr.value() is None:
        return expr
    value: str = expr.value()
    try:
        if other.type == DATE and _DAY.fullmatch(value):
            return replace(literal(None, DATE), native=pl.lit(date.fromisoformat(value)), faults=expr.faults)
        if other.type == DATETIME and _MOMENT.fullmatch(value):
            moment = pl.lit(datetime.fromisoformat(value), dtype=pl.Datetime("us"))
            return replace(literal(None, DATETIME), native=moment, faults=expr.faults)
    except ValueError:  # a text that only looks like a date compares as text
        return expr
    return expr
