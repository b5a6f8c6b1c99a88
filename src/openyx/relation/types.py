"""What each Alteryx type is inside the data engine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import StringIO

import polars as pl

from openyx.errors import NotYet
from openyx.fields import FieldType, Kind, Schema

LARGEST_PRECISION = 38

_PLAIN: dict[Kind, pl.DataType] = {
    Kind.BOOL: pl.Boolean(),
    Kind.BYTE: pl.UInt8(),
    Kind.INT16: pl.Int16(),
    Kind.INT32: pl.Int32(),
    Kind.INT64: pl.Int64(),
    Kind.FLOAT: pl.Float32(),
    Kind.DOUBLE: pl.Float64(),
    Kind.STRING: pl.String(),
    Kind.WSTRING: pl.String(),
    Kind.V_STRING: pl.String(),
    Kind.V_WSTRING: pl.String(),
    Kind.DATE: pl.Date(),
    Kind.TIME: pl.Time(),
    Kind.DATETIME: pl.Datetime("us"),
    Kind.BLOB: pl.Binary(),
    Kind.SPATIAL: pl.String(),
}


def native(type: FieldType) -> pl.DataType:  # noqa: A002 - the field's own word
    """The Polars type of *type*.

    Raises ``NotYet`` for a FixedDecimal of more than 38 digits and for times with more than 6 fractional digits.

    >>> from openyx.fields import INT16
    >>> native(INT16)
    Int16
    """
    if type.kind is Kind.FIXED_DECIMAL:
        if type.size - (1 if type.scale else 0) > LARGEST_PRECISION:
            raise NotYet(f"{type} (more than {LARGEST_PRECISION} digits)")
        return pl.Decimal(LARGEST_PRECISION, type.scale)
    if (type.kind is Kind.TIME and type.size > 15) or (type.kind is Kind.DATETIME and type.size > 26):
        raise NotYet(f"{type.kind} with more than 6 fractional digits")
    return _PLAIN[type.kind]


def native_schema(schema: Schema) -> pl.Schema:
    """The Polars schema of a table; the columns have the fields' names."""
    return pl.Schema({field.name: native(field.type) for field in schema})


def unheld(schema: Schema) -> Iterator[NotYet]:
    """Why a table cannot be held: what ``native`` raises for each of its types."""
    for each in dict.fromkeys(field.type for field in schema):
        try:
            native(each)
        except NotYet as error:
            yield error


def column(name: str) -> pl.Expr:
    """The column called exactly *name*.

    ``pl.col`` takes ``*`` and ``^…$`` for patterns; fields may be called so.
    """
    if not _is_pattern(name):
        return pl.col(name)
    # A column that comes out of a serialised expression is never looked at as a pattern.
    plain = pl.col("x").meta.serialize(format="json")
    return pl.Expr.deserialize(StringIO(plain.replace('"x"', json.dumps(name))), format="json")


def values_of(name: str) -> pl.Expr:
    """The values of the column called *name*, to compute with.

    A function gets them under a name that is no pattern: what it does with a column goes by the column's name.
    """
    return column(name).alias("values") if _is_pattern(name) else pl.col(name)


def series_of(frame: pl.DataFrame, name: str) -> pl.Series:
    """The values of the column called *name* in a batch, to compute with: under a name that is no pattern."""
    return frame.get_column(name).alias("values")


def _is_pattern(name: str) -> bool:
    return name == "*" or (name.startswith("^") and name.endswith("$"))
