"""Text in expressions: what counts as one, joining, and the two ways to compare without regard to case."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache

import polars as pl

from openyx.fields import V_WSTRING
from openyx.relation.convert import convert
from openyx.relation.expr import Expr, apart, made, nothing, null
from openyx.relation.kernels.batches import batch

_HIGHER = "[\ue000-\uffff]"
_HIGH = re.compile(f"({_HIGHER})")


def text(expr: Expr) -> Expr:
    """*expr* as text: dates become their ISO text."""
    if expr.void:
        return nothing(expr, V_WSTRING)
    if expr.type.is_text:
        return replace(expr, type=V_WSTRING)
    return apart(lambda values: convert(values, V_WSTRING), expr)


def joined(parts: Sequence[Expr]) -> Expr:
    """The parts one after another; a null part counts as empty, all null is null."""
    if all(part.void for part in parts):
        return null(*parts)
    pieces = [text(part) for part in parts if not part.void]
    return apart(_joined, *pieces).failing(*(fault for part in parts if part.void for fault in part.faults))


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


def mapped_where(function: Callable[[str], str], values: pl.Series, odd: pl.Series, others: pl.Series) -> pl.Series:
    """*function* of the texts that are *odd*, and the *others* in their places."""
    if not odd.any():
        return others
    return mapped(function, values.set(~odd.fill_null(value=False), None)).fill_null(others)


def by_unit(value: str) -> str:
    """A text as a key that sorts by UTF-16 code unit."""
    return _HIGH.sub("\U0010ffff\\1", value)


def _fold(values: pl.Series) -> pl.Series:
    lower = values.str.to_lowercase()
    if is_ascii(values):
        return lower
    return mapped_where(str.casefold, values, values.str.contains(_folds_otherwise()), lower)


def _fold_by_unit(values: pl.Series) -> pl.Series:
    """Characters from U+E000 to U+FFFF stand after the pairs of surrogates in UTF-16, before them in UTF-8."""
    folded_ = _fold(values)
    if is_ascii(values):
        return folded_
    return mapped_where(by_unit, folded_, folded_.str.contains(_HIGHER), folded_)


@cache
def _folds_otherwise() -> str:
    """The characters whose folding is not their small letter."""
    places = (place for place in range(0x80, 0x20000) if not 0xD800 <= place < 0xE000)
    return "[" + "".join(chr(place) for place in places if chr(place).casefold() != chr(place).lower()) + "Σ]"
