"""An expression over one record: a Polars expression that carries its Alteryx type and what can go wrong in it."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from openyx.fields import FieldType


@dataclass(frozen=True, slots=True)
class Expr:
    """A value for each record.

    ``native`` computes the value, in the Polars type that belongs to ``type``. Each of ``faults`` computes the text of
    a conversion error for a record, or null where there is none; a fault inside a branch that is not chosen is null.
    An expression without faults cannot fail, and costs no looking.
    """

    native: pl.Expr
    type: FieldType
    faults: tuple[pl.Expr, ...] = ()
