"""Which values of two fields are equal when records are joined: what is compared instead of them."""

from __future__ import annotations

import polars as pl

from openyx.fields import DOUBLE, INT64, Family, FieldType, Kind
from openyx.relation.convert import convert
from openyx.relation.expr import Expr, made
from openyx.relation.types import LARGEST_PRECISION, native

_FLOATING = frozenset({Kind.FLOAT, Kind.DOUBLE})
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
    if kinds <= _FLOATING:
        return one.cast(DOUBLE), other.cast(DOUBLE)
    if Kind.FIXED_DECIMAL not in kinds:
        return _whole(one), _whole(other)
    if kinds & _FLOATING:
        return _double(one), _double(other)
    return _decimal(one, other), _decimal(other, one)


def either(one: Expr, other: Expr) -> Expr:
    """The one value, or the other where it is null; both are of types that are the same inside."""
    wider = other.type if other.type.is_wide else one.type
    return made(pl.coalesce(one.native, other.native), wider)


def _double(value: Expr) -> Expr:
    return Expr(convert(value, DOUBLE).native, DOUBLE)


def _whole(value: Expr) -> Expr:
    if value.type.kind not in _FLOATING:
        return value.cast(INT64)
    number = value.native.cast(pl.Float64)
    fits = (number == number.floor()) & number.is_between(-_BEYOND_INT64, _BEYOND_INT64, closed="left")
    return made(pl.when(fits).then(number).cast(pl.Int64), INT64)


def _decimal(value: Expr, other: Expr) -> Expr:
    """With the decimals of the side that has more: what has no room then is no value of that side."""
    scale = max(value.type.scale, other.type.scale)
    type_ = FieldType(Kind.FIXED_DECIMAL, LARGEST_PRECISION + (1 if scale else 0), scale)
    return made(value.native.cast(native(type_), strict=False), type_)
