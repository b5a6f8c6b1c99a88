"""What the tests of relations share: conversions of plain values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import polars as pl
import pytest

from openyx.fields import FieldType
from openyx.relation.convert import convert
from openyx.relation.expr import Expr
from openyx.relation.types import native

Converted = list[tuple[Any, tuple[str, ...]]]
Convert = Callable[..., Converted]


@pytest.fixture(scope="session")
def converted() -> Convert:
    """``converted(values, source, to)``: each value as a field of type *to* holds it, with what was said about it."""

    def run(values: Sequence[object], source: FieldType, to: FieldType, **switches: bool) -> Converted:
        table = pl.DataFrame({"x": pl.Series(values, dtype=native(source), strict=True)})
        made = convert(Expr(pl.col("x"), source), to, **switches)
        faults = [fault.alias(f"fault {number}") for number, fault in enumerate(made.faults)]
        frame = table.select(made.native.alias("value"), *faults)
        assert frame.schema["value"] == native(to)
        return [(row[0], tuple(said for said in row[1:] if said is not None)) for row in frame.rows()]

    return run
