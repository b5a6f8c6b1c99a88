"""The expression language: text in, an expression over a record out.

``parse`` reads an expression, ``compile_expression`` makes a column of it, ``functions_used`` tells before a run what
it calls. Errors are :class:`~openyx.errors.FormulaError` in the vendor's words with the place in the text, and
:class:`~openyx.errors.NotYet` for functions that are known and not there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from openyx.fields import Field, FieldType, Schema
from openyx.formula.context import Context
from openyx.relation.expr import Expr

Constant = str | int | float | bool | Expr
"""What ``[User.x]``, ``[Engine.x]``, ``[Question.x]``, ``[#1]`` or ``[_CurrentField_]`` stands for."""

Rows = Callable[[Field, int], Expr]
"""Gives the value that a field has some records further on (+) or back (-): what ``[Row-1:Field]`` means."""


def compile_expression(
    text: str,
    schema: Schema,
    *,
    constants: Mapping[str, Constant] | None = None,
    rows: Rows | None = None,
    target: FieldType | None = None,
    number: int = 1,
    context: Context | None = None,
) -> Expr:
    """The values of the expression *text* over records of *schema*, as a field of type *target* holds them.

    Without a target the result keeps the type it comes in. *constants* are found by their name without brackets, in any
    case, after the fields. *number* is the line of the tool, for ``(Expression #1)`` in errors. *context* is the
    machine's own when none is given.

    Raises ``FormulaError`` with the position of what is wrong, ``NotYet`` for functions that are not there.
    """
    raise NotImplementedError


def compile_condition(
    text: str,
    schema: Schema,
    *,
    constants: Mapping[str, Constant] | None = None,
    rows: Rows | None = None,
    number: int = 1,
    context: Context | None = None,
) -> Expr:
    """Like ``compile_expression``, for a question: a Bool that is never null (null counts as false).

    A number is true unless it is 0; text is refused.
    """
    raise NotImplementedError


def functions_used(text: str) -> tuple[str, ...]:
    """The functions that the expression *text* calls, each once, in the catalogue's spelling where it knows them.

    Raises ``FormulaError`` where the text does not parse.
    """
    raise NotImplementedError
