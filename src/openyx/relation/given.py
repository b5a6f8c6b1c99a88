"""Tables of other libraries as relations: whatever speaks Arrow, with the field types that its column types say."""

from __future__ import annotations

from typing import Any

import polars as pl

from openyx.fields import BOOL, DOUBLE, INT32, INT64, V_WSTRING, Field, FieldType, Kind, Schema
from openyx.relation.relation import Relation
from openyx.relation.types import native_schema
from openyx.relation.verbs.sources import Values

_TYPES: dict[type[pl.DataType], FieldType] = {
    pl.Boolean: BOOL,
    pl.UInt8: FieldType.of("Byte"),
    pl.Int8: FieldType.of("Int16"),
    pl.Int16: FieldType.of("Int16"),
    pl.UInt16: INT32,
    pl.Int32: INT32,
    pl.UInt32: INT64,
    pl.Int64: INT64,
    pl.UInt64: INT64,
    pl.Float32: FieldType.of("Float"),
    pl.Float64: DOUBLE,
    pl.String: V_WSTRING,
    pl.Categorical: V_WSTRING,
    pl.Enum: V_WSTRING,
    pl.Date: FieldType.of("Date"),
    pl.Time: FieldType.of("Time"),
    pl.Datetime: FieldType.of("DateTime"),
    pl.Binary: FieldType.of("Blob"),
    pl.Null: BOOL,
}


def given(table: Any) -> Relation:
    """*table* as a relation: a relation, a table of a result, or any that has Arrow's PyCapsule interface.

    Polars and pandas frames, ``pyarrow`` tables and DuckDB's results do. Tables of ours keep their field types. Raises
    ``TypeError`` for what is none, or has columns of a type without equal.

    >>> given(pl.DataFrame({"Shop": ["S1"], "Sales": [2]}))
    Relation(Values: Shop: V_WString(1073741823), Sales: Int64)
    """
    if isinstance(table, Relation):
        return table
    schema = getattr(table, "schema", None)
    if not hasattr(table, "__arrow_c_stream__"):
        raise TypeError(f"a {type(table).__name__} is no table: a frame of Polars, pandas or Arrow is")
    frame = table if isinstance(table, pl.DataFrame) else pl.DataFrame(table)
    if not isinstance(schema, Schema):
        schema = Schema(tuple(_field(name, dtype) for name, dtype in frame.schema.items()))
    return Relation(Values(schema, frame.cast(native_schema(schema), strict=True)))


def _field(name: str, dtype: pl.DataType) -> Field:
    if isinstance(dtype, pl.Decimal):
        return Field(name, FieldType(Kind.FIXED_DECIMAL, dtype.precision + (1 if dtype.scale else 0), dtype.scale))
    found = _TYPES.get(type(dtype))
    if found is None:
        raise TypeError(f"the column {name!r} is a {dtype}: no field type is like it")
    return Field(name, found)
