"""Make several records of each: fields that stand side by side, one below the other."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from openyx.fields import Field, Schema
from openyx.relation.flow import Flow
from openyx.relation.order import Order
from openyx.relation.types import column, native, native_schema, series_of
from openyx.relation.verbs.base import OneInput


@dataclass(frozen=True, slots=True)
class Stacked:
    """A new field, and what it holds in the first, second, … record that is made of one.

    That is the value of the field named in ``fields`` (null where there is no name), or the text in ``texts``.
    """

    field: Field
    fields: tuple[str | None, ...] = ()
    texts: tuple[str | None, ...] = ()

    def __len__(self) -> int:
        return len(self.fields or self.texts)


@dataclass(frozen=True, slots=True, eq=False)
class Unpivot(OneInput):
    """For each record as many as each of ``columns`` has values, with the ``keys`` in front."""

    keys: tuple[str, ...]
    columns: tuple[Stacked, ...]

    def __post_init__(self) -> None:
        for stacked in self.columns:
            if len(stacked) != self._height:
                raise ValueError(f"{stacked.field.name!r} has {len(stacked)} values, others have {self._height}")
            for name in filter(None, stacked.fields):
                if native(self.source.schema[name].type) != native(stacked.field.type):
                    raise ValueError(f"{name!r} is a {self.source.schema[name].type}, not a {stacked.field.type}")

    @property
    def _height(self) -> int:
        return len(self.columns[0])

    @property
    def _keys(self) -> list[str]:
        return [self.source.schema[name].name for name in self.keys]

    def schema(self) -> Schema:
        kept = (self.source.schema[name] for name in self.keys)
        return Schema((*kept, *(stacked.field for stacked in self.columns)))

    def order(self) -> Order:
        return self.source.order.renamed({name: name for name in self._keys})

    def needs(self, wanted: frozenset[str]) -> tuple[frozenset[str], ...]:  # noqa: ARG002 - it makes all
        return (frozenset(self._needed),)

    @property
    def _needed(self) -> tuple[str, ...]:
        """Some column has to be there for records to be counted."""
        used = [self.source.schema[name].name for stacked in self.columns for name in stacked.fields if name]
        return tuple(dict.fromkeys([*self._keys, *used])) or self.source.schema.names[:1]

    def flow(self, *inputs: Flow) -> Flow:
        (records,) = inputs
        frame = records.frame.select([column(name) for name in self._needed])
        return Flow(frame.map_batches(self._stack, schema=native_schema(self.schema()), streamable=True))

    def _stack(self, batch: pl.DataFrame) -> pl.DataFrame:
        place = pl.int_range(batch.height * self._height, dtype=pl.UInt32, eager=True)
        record, line = place // self._height, place % self._height
        below = line * batch.height + record
        kept = [series_of(batch, name).gather(record).alias(name) for name in self._keys]
        made = [
            (self._texts(stacked).gather(line) if stacked.texts else self._values(stacked, batch).gather(below)).alias(
                stacked.field.name
            )
            for stacked in self.columns
        ]
        return pl.DataFrame([*kept, *made])

    def _texts(self, stacked: Stacked) -> pl.Series:
        return pl.Series(stacked.texts, dtype=native(stacked.field.type))

    def _values(self, stacked: Stacked, batch: pl.DataFrame) -> pl.Series:
        empty = pl.Series([], dtype=native(stacked.field.type))
        nothing = empty.extend_constant(None, batch.height)
        parts = [batch.get_column(self.source.schema[name].name) if name else nothing for name in stacked.fields]
        return pl.concat([empty, *(part.alias("") for part in parts)], rechunk=True)
