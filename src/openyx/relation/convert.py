"""How a value of one field type becomes a value of another."""

from __future__ import annotations

import polars as pl

from openyx.errors import NotYet
from openyx.fields import DOUBLE, V_STRING, V_WSTRING, Family, FieldType, Kind
from openyx.relation.casts import dates, integers, number_text, others, text_to_number, texts, to_decimal
from openyx.relation.casts.kernel import Cast
from openyx.relation.expr import Expr
from openyx.relation.not_yet import lacks
from openyx.relation.types import native

_DIGITS = {Kind.DOUBLE: number_text.DOUBLE_DIGITS, Kind.FLOAT: number_text.FLOAT_DIGITS}


def convert(expr: Expr, to: FieldType, *, comma_decimal: bool = False, computed: bool = False) -> Expr:
    """The values of *expr* as a field of type *to* holds them.

    The result has the faults of *expr* and those of the conversion: the text of a conversion error without the field's
    name, such as ``abc is not a number.``. Null stays null. *comma_decimal* reads and writes ``,`` for the decimal
    point, as the switch of Select does. *computed* says that the value is the result of an expression and not copied
    from a field: then a number becomes a date as days since 1899-12-30, else it is no date.

    Raises ``NotYet`` for a type that the data engine cannot hold.
    """
    if expr.type == to and expr.spill is None and not expr.void:
        return expr
    try:
        held = native(to)
    except NotYet as error:
        lacks(error)
        return Expr(pl.lit(None), to, expr.faults)
    if expr.void:
        return Expr(pl.lit(None, dtype=held), to, expr.faults)
    if expr.spill is not None:
        return _spilled(expr, expr.spill, to, comma=comma_decimal, computed=computed)
    cast = _converted(expr.native, expr.type, to, comma=comma_decimal, computed=computed)
    return Expr(cast.value.cast(held), to, expr.faults + cast.faults)


def _spilled(expr: Expr, spill: pl.Expr, to: FieldType, *, comma: bool, computed: bool) -> Expr:
    """Whole numbers of which some are doubles, because 64 bits did not hold them."""
    large = pl.when(expr.native.is_null()).then(spill)
    doubles = _converted(large, DOUBLE, to, comma=comma, computed=computed)
    whole = Cast(expr.native)
    if expr.type != to:
        whole = _converted(expr.native, expr.type, to, comma=comma, computed=computed)
    value = pl.coalesce(whole.value.cast(native(to)), doubles.value.cast(native(to)))
    return Expr(value, to, expr.faults + whole.faults + doubles.faults)


def _converted(value: pl.Expr, source: FieldType, to: FieldType, *, comma: bool, computed: bool) -> Cast:
    if to.family in (Family.BLOB, Family.SPATIAL):
        return _to_other(value, source, to)
    if source.family is Family.BLOB or (source.family is Family.SPATIAL and not to.is_text):
        return others.refused(value, native(to), source, to)
    if to.is_number:
        return _to_number(value, source, to, comma=comma)
    if to.is_date:
        return _to_date(value, source, to, computed=computed)
    text, kind = _as_text(value, source, comma=comma)
    return texts.fit(text, kind, to)


def _as_text(value: pl.Expr, source: FieldType, *, comma: bool = False) -> tuple[pl.Expr, FieldType]:
    """The text that the language sees, and a text type that holds it."""
    if source.is_text:
        return value, source
    if source.kind is Kind.SPATIAL:
        return value, V_WSTRING
    if source.is_date:
        return dates.to_text(value, source), V_STRING
    if source.kind is Kind.BOOL:
        return pl.when(value).then(pl.lit("True")).when(value.not_()).then(pl.lit("False")), V_STRING
    if source.is_integer:
        return value.cast(pl.String), V_STRING
    if source.kind is Kind.FIXED_DECIMAL:
        text = value.cast(pl.String)
    else:
        text = number_text.to_text(value, _DIGITS[source.kind])
    return (text.str.replace(".", ",", literal=True) if comma else text), V_STRING


def _to_number(value: pl.Expr, source: FieldType, to: FieldType, *, comma: bool) -> Cast:
    if to.kind is Kind.BOOL:
        return _to_bool(value, source)
    if to.kind is Kind.FIXED_DECIMAL:
        return _to_decimal(value, source, to, comma=comma)
    if source.is_date:
        return _date_to_number(value, source, to)
    if to.is_integer:
        return _to_integer(value, source, to)
    return _to_float(value, source, to, comma=comma)


def _to_bool(value: pl.Expr, source: FieldType) -> Cast:
    """Text, dates too, by the first character alone; numbers when they are not 0."""
    if source.is_number:
        return Cast(value != 0)
    text, _ = _as_text(value, source)
    return Cast(text.str.contains("^[1-9Tt]"))


def _to_integer(value: pl.Expr, source: FieldType, to: FieldType) -> Cast:
    if source.is_text or source.kind is Kind.FIXED_DECIMAL:
        text, _ = _as_text(value, source)
        return text_to_number.to_integer(text, to.kind)
    if source.kind in _DIGITS:
        shown = number_text.to_text(value, _DIGITS[source.kind])
        return integers.rounded(value.cast(pl.Float64), to.kind, shown)
    return integers.ranged(value.cast(pl.Int64), to.kind)


def _to_float(value: pl.Expr, source: FieldType, to: FieldType, *, comma: bool) -> Cast:
    if source.is_text:
        return text_to_number.to_float(value, comma_decimal=comma)
    if source.is_integer:
        return integers.to_float(value, source.kind, to.kind)
    if source.kind is Kind.FIXED_DECIMAL:
        # The engine's own cast divides, which rounds a second time.
        return Cast(value.cast(pl.String).cast(pl.Float64))
    return Cast(value)


def _date_to_number(value: pl.Expr, source: FieldType, to: FieldType) -> Cast:
    """Null and an error: the library would read the year, but Select may refuse it before; which is not known."""
    text, _ = _as_text(value, source)
    said = text + (" is not a number." if to.is_integer else " is not a valid number.")
    return Cast(pl.lit(None, dtype=native(to)), (said,))


def _to_decimal(value: pl.Expr, source: FieldType, to: FieldType, *, comma: bool) -> Cast:
    if source.kind in _DIGITS:
        return to_decimal.from_double(value.cast(pl.Float64), to)
    if source.is_integer:
        return to_decimal.from_integer(value, to)
    text, _ = _as_text(value, source)
    return to_decimal.from_text(text, to, comma_decimal=comma and source.is_text)


def _to_date(value: pl.Expr, source: FieldType, to: FieldType, *, computed: bool) -> Cast:
    if source.is_number and computed:
        return dates.from_number(value, to)
    if source.kind is Kind.DATETIME and to.kind is Kind.DATE:
        return Cast(value.dt.date())
    if source.kind is Kind.DATE and to.kind is Kind.DATETIME:
        return Cast(value)
    text, _ = _as_text(value, source)
    return dates.from_text(text, to)


def _to_other(value: pl.Expr, source: FieldType, to: FieldType) -> Cast:
    if source.kind is to.kind:
        return Cast(value)
    if {source.kind, to.kind} == {Kind.BLOB, Kind.SPATIAL}:
        raise NotYet(f"turning a {source.kind} into a {to.kind}")
    if not source.is_text:
        return others.refused(value, native(to), source, to)
    return others.text_to_blob(value, source) if to.kind is Kind.BLOB else others.text_to_spatial(value)
