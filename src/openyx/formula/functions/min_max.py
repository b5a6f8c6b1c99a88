"""Functions that compare several values."""

from __future__ import annotations

from openyx.formula.shelf import BOOL, INTEGER, NUMBER, SAME, function
from openyx.relation.expr import Expr, literal
from openyx.relation.kernels import compare, lists


@function("Between", (SAME, SAME, SAME), returns=BOOL)
def between(value: Expr, least: Expr, greatest: Expr) -> Expr:
    """Whether *value* is from *least* to *greatest*, both included; text in any case.

    Between(2, 2, 4)                -> True
    Between(4.56, 4.4, 4.5)         -> False
    Between("cat", "CAT", "dog")    -> True
    Between("2022-10-31", "2021-01-01", "2021-12-31") -> False
    NOT Between(5, 1, 10)           -> False
    """
    return compare.between(value, least, greatest)


@function("Bound", (SAME, SAME, SAME), returns=SAME)
def bound(value: Expr, least: Expr, greatest: Expr) -> Expr:
    """*value*, but not less than *least* nor greater than *greatest*.

    Bound(6, 1, 5) -> 5
    Bound(3, 1, 5) -> 3
    Bound(0, 1, 5) -> 1
    Bound("a", "B", "C")    -> "B"
    Bound("b", "A", "C")    -> "b"
    Bound("d", Null(), "C") -> Null()
    """
    return lists.bounded(value, least, greatest)


@function("Max", (SAME,), returns=SAME)
def max_(first: Expr, *others: Expr) -> Expr:
    """The greatest of the values; null is skipped.

    Max(15, 180, 7, 13, 45, 2, 13) -> 180
    Max(Null(), 1)                 -> 1
    Max("a", "B")                  -> "B"
    Max(Null(), Null())            -> Null()
    """
    return lists.greatest([first, *others])


@function("Min", (SAME,), returns=SAME)
def min_(first: Expr, *others: Expr) -> Expr:
    """The least of the values; null is skipped.

    Min(15, 180, 7, 13, 45, 2, 13) -> 2
    Min(Null(), 1)                 -> 1
    Min("10", "3", "5")            -> "10"
    """
    return lists.least([first, *others])


@function("MaxIDX", (SAME,), returns=NUMBER)
def max_idx(first: Expr, *others: Expr) -> Expr:
    """Where the greatest stands, from 0.

    MaxIDX(15, 180, 7, 13, 45, 2, 13) -> 1
    MaxIDX(Null(), 1)                 -> 1
    """
    return lists.place_of_greatest([first, *others], literal(0))


@function("MinIDX", (SAME,), returns=NUMBER)
def min_idx(first: Expr, *others: Expr) -> Expr:
    """Where the least stands, from 0.

    MinIDX(15, 180, 7, 13, 45, 2, 13) -> 5
    """
    return lists.place_of_least([first, *others])


@function("TOPNIDX", (INTEGER, SAME), returns=NUMBER)
def top_n_idx(rank: Expr, first: Expr, *others: Expr) -> Expr:
    """Where the value stands that is *rank*-th from the greatest, both from 0.

    TOPNIDX(0, 15, 180, 7) -> 1
    TOPNIDX(2, 15, 180, 7) -> 2
    TOPNIDX(3, 15, 180, 7) -> Null()
    """
    return lists.place_of_greatest([first, *others], rank)
