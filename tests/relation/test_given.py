"""Tables of other libraries are taken with the field types that their columns say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from importlib import import_module
from typing import Any

import pandas as pd
import polars as pl
import pytest

from openyx.fields import Field, FieldType, Schema
from openyx.relation import Relation, values
from openyx.relation.given import given
from openyx.relation.run import Keep, run


def kept(relation: Relation) -> tuple[list[str], list[tuple[object, ...]]]:
    table = run([Keep(relation)]).table(0)
    return [str(field.type) for field in relation.schema], table.rows()


def test_a_frame_of_polars_keeps_its_types() -> None:
    frame = pl.DataFrame(
        {
            "b": [True],
            "n": pl.Series([1], dtype=pl.UInt16),
            "x": [0.5],
            "t": ["é"],
            "d": [date(2026, 11, 24)],
            "w": [datetime.fromisoformat("2026-11-24T01:02:03")],
            "m": pl.Series([Decimal("1.50")], dtype=pl.Decimal(6, 2)),
        }
    )
    types, rows = kept(given(frame))
    assert types == ["Bool", "Int32", "Double", "V_WString(1073741823)", "Date", "DateTime", "FixedDecimal(7.2)"]
    assert rows == frame.rows()


def arrow(columns: dict[str, Any]) -> Any:
    return import_module("pyarrow").table(columns)


@pytest.mark.parametrize("make", [pd.DataFrame, arrow])
def test_other_libraries_hand_over_by_arrow(make: Callable[[dict[str, Any]], Any]) -> None:
    types, rows = kept(given(make({"n": [1, 2], "t": ["a", None]})))
    assert types == ["Int64", "V_WString(1073741823)"]
    assert rows == [(1, "a"), (2, None)]


def test_a_table_of_ours_keeps_its_sizes() -> None:
    schema = Schema.of(Field("t", FieldType.of("String", 7)))
    table = run([Keep(values(schema, {"t": ["abc"]}))]).table(0)
    assert given(table).schema == schema


def test_what_is_no_table_is_refused() -> None:
    with pytest.raises(TypeError, match="a list is no table"):
        given([1, 2])
    with pytest.raises(TypeError, match="the column 'l' is a List"):
        given(pl.DataFrame({"l": [[1]]}))
