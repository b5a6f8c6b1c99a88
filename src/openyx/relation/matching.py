"""Which values of two fields are equal when records are joined: what is compared instead of them."""

from __future__ import annotations

import polars as pl

from openyx.fields import DOUBLE, INT64, V_WSTRING, Family, FieldType, Kind
from openyx.relation.convert import convert
from openyx.relation.expr import Expr, made
from openyx.relation.types import native

_FLOATING = (Kind.FLOAT, Kind.DOUBLE)
_BEYOND_INT64 = 2.0**63


def can_match(one: FieldType, other: FieldType) -> bool:
    """Whether values of two types can be equal: texts, numbers, Bools, dates of one kind; no Blob and no shape."""
    if one.is_date or other.is_date or Kind.BOOL in (one.kind, other.kind):
        return one.kind is other.kind
    return one.family is other.family and one.family in (Family.TEXT, Family.NUMBER)


def matching(one: Expr, other: Expr) -> tuple[Expr, Expr]:
    """Two values, of types that can match, in one type in which they are equal when they are the same number or text.

    A number that the other side cannot have is null, which equals nothing.
    """
    if native(one.type) == native(other.type):
        return one, other
    kinds = {one.type.kind, other.type.kind}
    if Kind.FIXED_DECIMAL in kinds:
        if kinds & set(_FLOATING):
            return _plain(one, DOUBLE), _plain(other, DOUBLE)
        return _digits(one), _digits(other)
    if kinds <= set(_FLOATING):
        return one.cast(DOUBLE), other.cast(DOUBLE)
    return _whole(one), _whole(other)


def _plain(value: Expr, to: FieldType) -> Expr:
    return Expr(convert(value, to).native, to)


def _whole(value: Expr) -> Expr:
    if value.type.kind not in _FLOATING:
        return value.cast(INT64)
    number = value.native.cast(pl.Float64)
    fits = (number == number.floor()) & number.is_between(-_BEYOND_INT64, _BEYOND_INT64, closed="left")
    return made(pl.when(fits).then(number).cast(pl.Int64), INT64)


def _digits(value: Expr) -> Expr:
    text = value.native.cast(pl.String)
    return made(
        pl.when(text.str.contains(".", literal=True))
        .then(text.str.strip_chars_end("0"))
        .otherwise(text)
        .str.strip_chars_end("."),
        V_WSTRING,
    )
