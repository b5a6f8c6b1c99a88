"""Columns of text as the types that somebody says they have: strictly, a value that does not fit is an error."""

from __future__ import annotations

import polars as pl

from openyx.errors import BadAnswer
from openyx.fields import Field, FieldType, Kind

_NUMBERS: dict[Kind, pl.DataType] = {
    Kind.BYTE: pl.UInt8(),
    Kind.INT16: pl.Int16(),
    Kind.INT32: pl.Int32(),
    Kind.INT64: pl.Int64(),
    Kind.FLOAT: pl.Float32(),
    Kind.DOUBLE: pl.Float64(),
}


def typed(frame: pl.DataFrame, field: Field) -> pl.DataFrame:
    """*frame* with the column of *field* in that field's type, under that field's name.

    Empty text becomes null, except in text fields. Raises ``BadAnswer`` naming field, record and value.
    """
    column = next(name for name in frame.columns if name.casefold() == field.name.casefold())
    text = frame.get_column(column)
    if not field.type.is_text:
        text = text.set((text == "").fill_null(value=False), None)
    made = pl.select(_read(pl.lit(text), field.type)).to_series().alias(field.name)
    wrong = (made.is_null() & text.is_not_null()).arg_true()
    if wrong.len():
        record = wrong[0]
        raise BadAnswer(f"field {field.name!r}, record {record + 1}: {text[record]!r} is no {field.type}")
    return frame.with_columns(made.alias(column)).rename({column: field.name})


def _read(text: pl.Expr, type_: FieldType) -> pl.Expr:
    match type_.kind:
        case Kind.BOOL:
            return text.replace_strict({"True": True, "False": False}, default=None, return_dtype=pl.Boolean())
        case Kind.DATE:
            return text.str.to_date("%Y-%m-%d", strict=False)
        case Kind.TIME:
            return text.str.to_time("%H:%M:%S%.f", strict=False)
        case Kind.DATETIME:
            return text.str.to_datetime("%Y-%m-%d %H:%M:%S%.f", strict=False, time_unit="us")
        case Kind.FIXED_DECIMAL:
            return text.cast(pl.Decimal(38, type_.scale), strict=False)
        case Kind.BLOB:
            raise BadAnswer("delimited text holds no Blob")
        case kind if kind in _NUMBERS:
            # Exponents are written with a bare point: 1.e+15.
            return text.str.replace(r"\.e", "e").cast(_NUMBERS[kind], strict=False)
        case _:
            return text
