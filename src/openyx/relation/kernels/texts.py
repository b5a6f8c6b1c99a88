"""Text in expressions: what counts as one, joining, and the two ways to compare without regard to case."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

import polars as pl

from openyx.fields import V_WSTRING
from openyx.relation.convert import convert
from openyx.relation.expr import Expr, apart, literal, made, null
from openyx.relation.kernels.batches import batch

_HIGH = re.compile("([\ue000-\uffff])")


def text(expr: Expr) -> Expr:
    """*expr* as text: dates become their ISO text."""
    if expr.void:
        return literal(None, V_WSTRING)
    if expr.type.is_text:
        return replace(expr, type=V_WSTRING)
    return apart(lambda values: convert(values, V_WSTRING), expr)


def joined(parts: Sequence[Expr]) -> Expr:
    """The parts one after another; a null part counts as empty, all null is null."""
    if all(part.void for part in parts):
        return null()
    pieces = [text(part) for part in parts if not part.void]
    return apart(_joined, *pieces)


def _joined(*pieces: Expr) -> Expr:
    natives = [piece.native for piece in pieces]
    whole = made(pl.concat_str(natives, ignore_nulls=True), V_WSTRING, *pieces)
    if any(piece.constant and piece.value() is not None for piece in pieces):
        return whole
    return replace(whole, native=pl.when(pl.any_horizontal([n.is_not_null() for n in natives])).then(whole.native))


def folded(expr: Expr) -> Expr:
    """The text with full Unicode case folding (``ß`` is ``ss``): equal when two texts differ only in case."""
    return batch(_fold, V_WSTRING, text(expr))


def ranked(expr: Expr) -> Expr:
    """The folded text, as a key that sorts by UTF-16 code unit."""
    return batch(_fold_by_unit, V_WSTRING, text(expr))


def is_ascii(values: pl.Series) -> bool:
    """Whether a batch has nothing but ASCII, where the engine's own functions are right and fast."""
    return bool((values.str.len_bytes() == values.str.len_chars()).all())


def mapped(function: Callable[[str], str | None], values: pl.Series) -> pl.Series:
    """*function* of each text; null stays null."""
    return pl.Series([None if value is None else function(value) for value in values.to_list()], dtype=pl.String)


def _fold(values: pl.Series) -> pl.Series:
    return values.str.to_lowercase() if is_ascii(values) else mapped(str.casefold, values)


def _fold_by_unit(values: pl.Series) -> pl.Series:
    """Characters from U+E000 to U+FFFF stand after the pairs of surrogates in UTF-16, before them in UTF-8."""
    if is_ascii(values):
        return values.str.to_lowercase()
    return mapped(lambda value: _HIGH.sub("\U0010ffff\\1", value.casefold()), values)
