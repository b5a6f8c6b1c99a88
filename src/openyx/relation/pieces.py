"""Texts of any number per record, on their way to become fields or records of their own."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from openyx.fields import BOOL, FieldType
from openyx.relation.expr import Expr


@dataclass(frozen=True, slots=True)
class Pieces:
    """A list of texts for each record, each of ``type``; ``native`` computes the lists.

    A null list is a record that has nothing to be taken apart, an empty one a record that gives nothing.
    """

    native: pl.Expr
    type: FieldType

    def at(self, place: int) -> Expr:
        """The piece at *place*, counted from 0; null where there are fewer."""
        return Expr(self.native.list.get(place, null_on_oob=True), self.type)

    def more_than(self, count: int) -> Expr:
        """Whether there are more than *count*."""
        return Expr(self.native.list.len() > count, BOOL)
