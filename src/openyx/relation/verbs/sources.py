"""Where records come from: memory, or a reader of data files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import polars as pl

from openyx.fields import V_WSTRING, Field, Schema
from openyx.relation.convert import convert
from openyx.relation.expr import Expr
from openyx.relation.flow import Flow
from openyx.relation.types import column, native_schema, values_of
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

    @property
    def narrow(self) -> bool:
        """Whether no text can have characters beyond Latin-1; else those that do not fit are looked for, too."""
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
        fitting = _Fitting(texts, narrow=self.reader.narrow)
        schema = {**native_schema(self.schema()), **{fault.column: pl.String() for fault in fitting.faults}}
        return Flow(records.frame.map_batches(fitting, schema=schema, streamable=True), fitting.faults)


class _Fitting:
    """Fits texts into their fields; a batch in which all fit, nearly each, is seen at a glance."""

    def __init__(self, texts: Sequence[Field], *, narrow: bool) -> None:
        self._texts = texts
        cut = [(field.name, convert(Expr(values_of(field.name), V_WSTRING), field.type)) for field in texts]
        self.faults, looks = Flow(pl.LazyFrame()).hide(cut)
        self._fitted = [*(expr.native.alias(name) for name, expr in cut), *looks]
        self._fit = [_fits(field, narrow=narrow).alias(field.name) for field in texts]
        self._nothing = [pl.lit(None, dtype=pl.String()).alias(fault.column) for fault in self.faults]

    def __call__(self, batch: pl.DataFrame) -> pl.DataFrame:
        fits = batch.select(self._fit).row(0)
        return batch.with_columns(self._nothing if all(fits) else self._fitted)


def _fits(field: Field, *, narrow: bool) -> pl.Expr:
    """Whether no text is longer than the field holds, nor has letters that it has not, for sure; true of no text.

    Of *narrow* texts it is known that all letters are in Latin-1.
    """
    texts = column(field.name).str
    fits = texts.len_bytes().max().fill_null(0) <= field.type.size
    if narrow or field.type.is_wide:
        return fits
    return fits & (texts.len_bytes().sum() == texts.len_chars().sum())
