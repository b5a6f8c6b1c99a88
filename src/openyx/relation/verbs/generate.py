"""Make records of each record, by a loop over one of its values."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import polars as pl
from polars.io.plugins import register_io_source

from openyx.fields import Field, Schema
from openyx.relation.expr import Expr
from openyx.relation.flow import Fault, Flow
from openyx.relation.loops import Limit, Loop
from openyx.relation.order import Order
from openyx.relation.types import column, native_schema
from openyx.relation.verbs.base import Lasting


@dataclass(frozen=True, slots=True, eq=False)
class Generate(Lasting):
    """Each record as often as its loop goes round: with the value that it has in ``field``, then with the changed ones.

    ``change`` computes the next value, ``goes_on`` whether there is one. Where ``single``, there is at most one record,
    and no file is read for it: then the records come in batches, as they are wanted.
    """

    field: Field
    change: Expr
    goes_on: Expr
    steady: bool
    limit: int
    single: bool
    tool: int | None

    def schema(self) -> Schema:
        return self.source.schema

    def order(self) -> Order:
        return self.source.order.without(self.field.name)

    def lasting(self, check: Callable[[], None], *inputs: Flow) -> Flow:
        (records,) = inputs
        count = len(self.change.faults) + len(self.goes_on.faults)
        faults = tuple(Fault(self.field.name, f"\0fault {at}") for at in range(count))
        names = tuple(fault.column for fault in faults)
        schema = pl.Schema({**native_schema(self.schema()), **dict.fromkeys(names, pl.String())})

        def loop() -> Loop:
            return Loop(self.field, self.change, self.goes_on, self.steady, names, Limit(self.limit, self.tool), check)

        if not self.single:
            one = loop()

            def generated(batch: pl.DataFrame) -> pl.DataFrame:
                # A field that was overwritten right before may stand behind the others.
                return one.records(batch).select([column(name) for name in schema])

            return Flow(records.frame.map_batches(generated, schema=schema, streamable=True), faults)
        return Flow(_batches(schema, lambda: loop().stream(records.frame.collect(engine="streaming"))), faults)


def _batches(schema: pl.Schema, make: Callable[[], Iterator[pl.DataFrame]]) -> pl.LazyFrame:
    def read(
        with_columns: list[str] | None, predicate: pl.Expr | None, n_rows: int | None, _batch_size: int | None
    ) -> Iterator[pl.DataFrame]:
        left = n_rows
        for batch in make():
            frame = batch if left is None else batch.head(left)
            left = None if left is None else left - frame.height
            frame = frame if predicate is None else frame.filter(predicate)
            yield frame if with_columns is None else pl.DataFrame([frame.get_column(name) for name in with_columns])
            if left == 0:
                return

    return register_io_source(read, schema=schema, is_pure=True)
