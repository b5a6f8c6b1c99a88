"""Arithmetic, comparisons and choices for one record after another, with the very results of the columns' kernels.

What these functions do not know they say by giving nothing: then the columns' kernel is asked for the one value.
Whole numbers are ``int`` as long as 64 bits hold them, and ``float`` beyond, as their spilt columns are.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from openyx.fields import BOOL, DOUBLE, FLOAT, INT64, RANGES, V_WSTRING, Family, FieldType, Kind
from openyx.relation.expr import Expr
from openyx.relation.kernels.texts import by_unit
from openyx.relation.recurrence import Get, State

_LEAST, _GREATEST = RANGES[Kind.INT64]
_TRUE = frozenset("123456789Tt")
_Align = Callable[[Any, Any], tuple[Any, Any]]
_OPERATIONS: dict[str, Callable[[Any, Any], Any]] = {"+": operator.add, "-": operator.sub, "*": operator.mul}


@dataclass(frozen=True, slots=True)
class Single:
    """A value per record: how to get it, and what it is as a column."""

    get: Get
    expr: Expr

    @property
    def type(self) -> FieldType:
        """The type of the column."""
        return self.expr.type


def always(value: object) -> Get:
    """The same for every record."""
    return lambda _: value


def number(one: Single) -> Get:
    """As arithmetic takes it: an ``int`` or a ``float``."""
    get = one.get
    if one.type.kind is Kind.BOOL:
        return lambda state: None if (value := get(state)) is None else int(value)
    if one.type.kind is Kind.FIXED_DECIMAL:
        return lambda state: None if (value := get(state)) is None else float(value)
    return get


def double(one: Single) -> Get:
    """As a ``float``."""
    get = number(one)
    if one.type in (DOUBLE, FLOAT):
        return get
    return lambda state: None if (value := get(state)) is None else float(value)


def calculated(first: Single, links: Sequence[tuple[str, Single]]) -> Get:
    """``first + a - b …`` or ``first * a / b …``, left to right; the sign of a zero is that of IEEE's rules."""
    get = number(first)
    for sign, operand in links:
        get = _quotient(get, number(operand)) if sign == "/" else _result(_OPERATIONS[sign], get, number(operand))
    return get


def _result(operation: Callable[[Any, Any], Any], left: Get, right: Get) -> Get:
    def result(state: State) -> Any:
        one, other = left(state), right(state)
        if one is None or other is None:
            return None
        value = operation(one, other)
        if type(value) is float or _LEAST <= value <= _GREATEST:
            return value
        return operation(float(one), float(other))

    return result


def _quotient(left: Get, right: Get) -> Get:
    def quotient(state: State) -> Any:
        above, below = left(state), right(state)
        return None if above is None or below is None or below == 0 else float(above) / float(below)

    return quotient


def joined(pieces: Sequence[Get]) -> Get:
    """Texts one after another; a null counts as empty, all null is null."""

    def join(state: State) -> Any:
        there = [value for piece in pieces if (value := piece(state)) is not None]
        return "".join(there) if there else None

    return join


def truth(one: Single) -> Get:
    """As a condition, never null."""
    if one.type.kind is Kind.BOOL:
        get = one.get
        return lambda state: get(state) is True
    if not one.type.is_number:
        get = one.get
        return lambda state: str(get(state) or "")[:1] in _TRUE
    get = number(one)
    return lambda state: (value := get(state)) is not None and value != 0


def inverse(get: Get) -> Get:
    """Not."""
    return lambda state: not get(state)


def decided(first: Get, links: Sequence[tuple[str, Get]]) -> Get:
    """``first AND a OR b …`` of conditions, left to right; what comes after the decision is not looked at."""
    steps = [(word == "AND", get) for word, get in links]

    def decide(state: State) -> bool:
        value: bool = first(state)
        for needed, get in steps:
            if value is needed:
                value = get(state)
        return value

    return decide


def chosen(cases: Sequence[tuple[Get, Get]], otherwise: Get) -> Get:
    """The value of the first case whose condition holds; the others are not looked at."""
    if len(cases) == 1:
        ((condition, value),) = cases
        return lambda state: value(state) if condition(state) else otherwise(state)

    def choose(state: State) -> Any:
        for condition, value in cases:
            if condition(state):
                return value(state)
        return otherwise(state)

    return choose


def unified(one: Single, type_: FieldType) -> Get | None:
    """As a value of the type that several have in common."""
    if one.expr.void:
        return always(None)
    if one.type == type_:
        return one.get
    if type_ == INT64:
        return number(one)
    if type_ == DOUBLE:
        return double(one)
    return one.get if one.type.is_text or type_ != V_WSTRING else None


def equal(left: Single, right: Single) -> Get | None:
    """``=``: null equals null; text without regard to case."""
    if left.expr.void or right.expr.void:
        get = left.get if right.expr.void else right.get
        return lambda state: get(state) is None
    pair = _pair(left, right, str.casefold)
    if pair is None:
        return None
    one, other, align = pair

    def same(state: State) -> bool:
        first, second = one(state), other(state)
        if first is None or second is None:
            return first is second
        first, second = align(first, second)
        # Not a number is itself, as it is in columns.
        return bool(first == second or (first != first and second != second))

    return same


def is_null(one: Single, *, empty: bool = False) -> Get:
    """Whether there is no value, or an *empty* text."""
    get = one.get
    return (lambda state: not get(state)) if empty else lambda state: get(state) is None


def among(value: Single, options: Sequence[Single]) -> Get | None:
    """``IN`` a list of constants: of texts, or of whole numbers."""
    if any(not one.expr.constant or one.expr.faults or one.expr.void for one in options):
        return None
    alike = value.type.is_text and all(one.type.is_text for one in options)
    if not alike and (value.expr.spill is not None or not all(map(_is_whole, (value, *options)))):
        return None
    key = str.casefold if alike else _itself
    wanted = {None if (option := one.expr.value()) is None else key(option) for one in options}
    get = number(value)
    return lambda state: (None if (one := get(state)) is None else key(one)) in wanted


def _itself(value: Any) -> Any:
    return value


def _is_whole(one: Single) -> bool:
    return one.type.is_integer or one.type == BOOL


def compared(sign: str, left: Single, right: Single) -> Get | None:
    """``<``, ``<=``, ``>``, ``>=``; not a number is larger than all, as it is in columns."""
    if left.expr.void or right.expr.void:
        return equal(left, right) if "=" in sign else always(value=False)
    pair = _pair(*((left, right) if sign[0] == "<" else (right, left)), lambda text: by_unit(text.casefold()))
    if pair is None:
        return None
    one, other, align = pair
    or_equal = "=" in sign
    below = operator.le if or_equal else operator.lt

    def ordered(state: State) -> bool:
        first, second = one(state), other(state)
        if first is None or second is None:
            return or_equal and first is second
        first, second = align(first, second)
        nan = second != second and (or_equal or first == first)
        return bool(nan or below(first, second))

    return ordered


def _pair(left: Single, right: Single, key: Callable[[str], str]) -> tuple[Get, Get, _Align] | None:
    """Both sides, and what makes two of their values comparable."""
    if left.type.is_text and right.type.is_text:
        return left.get, right.get, lambda one, other: (key(one), key(other))
    if left.type.is_date and left.type == right.type:
        return left.get, right.get, _as_they_are
    if left.type.family is not Family.NUMBER or right.type.family is not Family.NUMBER:
        return None
    if left.type == right.type == BOOL:
        return left.get, right.get, _as_they_are
    if _is_whole(left) and _is_whole(right):
        spilt = left.expr.spill is not None or right.expr.spill is not None
        return number(left), number(right), _as_one if spilt else _as_they_are
    return double(left), double(right), _as_they_are


def _as_they_are(one: Any, other: Any) -> tuple[Any, Any]:
    return one, other


def _as_one(one: Any, other: Any) -> tuple[Any, Any]:
    return (one, other) if type(one) is type(other) else (float(one), float(other))
