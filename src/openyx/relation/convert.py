"""How a value of one field type becomes a value of another."""

from __future__ import annotations

from openyx.fields import FieldType
from openyx.relation.expr import Expr


def convert(expr: Expr, to: FieldType, *, comma_decimal: bool = False) -> Expr:
    """The values of *expr* as a field of type *to* holds them.

    The result has the faults of *expr* and those of the conversion: the text of a conversion error without the field's
    name, such as ``abc is not a number.``. Null stays null. *comma_decimal* reads and writes ``,`` for the decimal
    point, as the switch of Select does.

    Raises ``NotYet`` for a type that the data engine cannot hold.
    """
    raise NotImplementedError
