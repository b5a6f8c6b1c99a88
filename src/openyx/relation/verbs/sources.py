"""Where records come from: memory, or a reader of data files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import polars as pl

from openyx.fields import V_WSTRING, Schema
from openyx.relation.convert import convert
from openyx.relation.expr import Expr
from openyx.relation.flow import Flow
from openyx.relation.types import column
from openyx.relation.verbs.base import Verb

if TYPE_CHECKING:
    from openyx.relation.relation import Relation


class Reader(Protocol):
    """A data file that has been looked at and can be read; ``formats`` makes them."""

    @property
    def schema(self) -> Schema:
        """The fields, with the types and sizes that the records get."""
        ...

    @property
    def fits(self) -> bool:
        """Whether no text can be longer than its field; else values are checked on the way in."""
        ...

    def frame(self) -> pl.LazyFrame:
        """The records in file order: columns by field name, in the engine's types of the fields."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Values(Verb):
    """A table in memory."""

    fields: Schema
    table: pl.DataFrame

    @property
    def inputs(self) -> tuple[Relation, ...]:
        return ()

    def schema(self) -> Schema:
        return self.fields

    def flow(self, *_: Flow) -> Flow:
        return Flow(self.table.lazy())


@dataclass(frozen=True, slots=True, eq=False)
class Scan(Verb):
    """The records of a data file."""

    reader: Reader

    @property
    def inputs(self) -> tuple[Relation, ...]:
        return ()

    def schema(self) -> Schema:
        return self.reader.schema

    def flow(self, *_: Flow) -> Flow:
        records = Flow(self.reader.frame())
        texts = [field for field in self.schema() if field.type.is_text]
        if self.reader.fits or not texts:
            return records
        cut = [(field.name, convert(Expr(column(field.name), V_WSTRING), field.type)) for field in texts]
        faults, looks = records.hide(cut)
        changed = [expr.native.alias(name) for name, expr in cut]
        return Flow(records.frame.with_columns(*changed, *looks), faults)
