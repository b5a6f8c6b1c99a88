"""Functions that choose; what is not chosen reports no error."""

from __future__ import annotations

from openyx.formula.shelf import ALIKE, BOOL, SAME, function
from openyx.relation.expr import Expr
from openyx.relation.kernels.compare import equal
from openyx.relation.kernels.logic import chosen, switched


@function("IIF", (BOOL, SAME, SAME), returns=SAME, lazy=True)
def iif(condition: Expr, value: Expr, otherwise: Expr) -> Expr:
    """*value* where the condition holds, else *otherwise*; a null condition does not hold.

    IIF(1 = 1, "a", "b")        -> "a"
    IIF(Null(), "a", "b")       -> "b"
    IIF(0, 1, 2)                -> 2
    IIF(True, 1, ToNumber("x")) -> 1
    """
    return chosen([(condition, value)], otherwise)


@function("Switch", (ALIKE, SAME, ALIKE, SAME), returns=SAME, lazy=True, repeats=2)
def switch(value: Expr, otherwise: Expr, case: Expr, result: Expr, *others: Expr) -> Expr:
    """The result of the first case that equals *value* as ``=`` says, else *otherwise*.

    Switch(3, 10, 2, 20, 3, 30, 4, 40)     -> 30
    Switch(1, 10, 2, 20)                   -> 10
    Switch("B", "none", "a", "x", "b", "y") -> "y"
    Switch(Null(), 1, 2, 20, Null(), 30)   -> 30
    Switch(Null(), 1, "A", 2, "B", 3)      -> 1
    """
    cases = [(case, result), *zip(others[::2], others[1::2], strict=True)]
    return switched(value, otherwise, cases, equal)
