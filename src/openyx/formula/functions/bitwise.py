"""Functions of the bits of whole numbers: 64 of them, with a sign (we assume the width)."""

from __future__ import annotations

from openyx.formula.shelf import INTEGER, NUMBER, function
from openyx.relation.expr import Expr, made
from openyx.relation.kernels import bits


@function("BinaryAnd", (INTEGER, INTEGER), returns=NUMBER)
def binary_and(one: Expr, other: Expr) -> Expr:
    """The bits that both have.

    BinaryAnd(6, 3) -> 2
    """
    return made(one.native & other.native, one.type, one, other)


@function("BinaryOr", (INTEGER, INTEGER), returns=NUMBER)
def binary_or(one: Expr, other: Expr) -> Expr:
    """The bits that one of them has.

    BinaryOr(6, 3) -> 7
    """
    return made(one.native | other.native, one.type, one, other)


@function("BinaryXOr", (INTEGER, INTEGER), returns=NUMBER)
def binary_xor(one: Expr, other: Expr) -> Expr:
    """The bits that just one of them has.

    BinaryXOr(6, 3) -> 5
    """
    return made(one.native ^ other.native, one.type, one, other)


@function("BinaryNot", (INTEGER,), returns=NUMBER)
def binary_not(number: Expr) -> Expr:
    """The bits that it does not have.

    BinaryNot(6) -> -7
    """
    return made(~number.native, number.type, number)


@function("ShiftLeft", (INTEGER, INTEGER), returns=NUMBER)
def shift_left(number: Expr, count: Expr) -> Expr:
    """The bits *count* places up; what leaves the 64 is lost.

    ShiftLeft(1, 3)  -> 8
    ShiftLeft(1, 64) -> 0
    ShiftLeft(1, -1) -> Null()
    """
    return bits.shifted(number, count, left=True)


@function("ShiftRight", (INTEGER, INTEGER), returns=NUMBER)
def shift_right(number: Expr, count: Expr) -> Expr:
    """The bits *count* places down, the sign kept.

    ShiftRight(8, 3)  -> 1
    ShiftRight(-8, 1) -> -4
    """
    return bits.shifted(number, count, left=False)
