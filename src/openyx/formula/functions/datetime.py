"""Functions of dates and times. They take dates of fields and ISO text alike, and nothing but ISO text."""

from __future__ import annotations

from openyx.fields import DATE
from openyx.formula.shelf import ANYTHING, MOMENT, function
from openyx.relation.convert import convert
from openyx.relation.expr import Expr


@function("ToDate", (ANYTHING,), returns=MOMENT)
def to_date(value: Expr) -> Expr:
    """The date of an ISO text, or of a number of days since 1899-12-30; null with a conversion error for anything else.

    ToDate("2026-11-24 10:00:00") -> "2026-11-24"
    ToDate(5)                     -> "1900-01-04"
    ToDate("abcde")               -> Null()
    ToDate(Null())                -> Null()
    """
    return convert(value, DATE, computed=True)
