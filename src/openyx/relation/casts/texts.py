"""Text into text: into Latin-1 where the field is narrow, and cut to the field's size."""

from __future__ import annotations

import unicodedata
from functools import partial

import polars as pl

from openyx.fields import LARGEST_WIDE, FieldType, Kind
from openyx.relation.casts.kernel import Cast, computed, each, mapped, nothing, told, where

BEYOND_BMP = "[\U00010000-\U0010ffff]"

_BEYOND_LATIN1 = "[^\x00-\xff]"
_SHOWN, _SHOWN_HEAD = 100, 97
_TEXT = pl.col("x")

# Of the Windows best-fit table for Latin-1: what has no mark that could be taken off.
_BEST_FIT = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′‵ʹʼˈ", "'"),
        **dict.fromkeys("“”„‟″‶", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        "‹": "<",
        "›": ">",
        "•": "·",
        "…": ".",
        "†": "+",
        "ƒ": "f",
        "ˆ": "^",
        "˜": "~",
        "⁄": "/",
        "Œ": "O",
        "œ": "o",
        "Đ": "Ð",
        "đ": "d",
        "Ł": "L",
        "ł": "l",
        "ı": "i",
        "™": "T",
    }
)


def fit(text: pl.Expr, source: FieldType, to: FieldType) -> Cast:
    """Text as a field of type *to* holds it."""
    cast = Cast(text)
    if source.is_wide and not to.is_wide:
        narrow = mapped(text, best_fit, pl.String())
        cast = Cast(narrow, (told(text, _not_narrow),))
    if to.size < min(source.size, LARGEST_WIDE):
        kernel = _Cutter(to)
        cast = Cast(mapped(cast.value, kernel.cut, pl.String()), (*cast.faults, told(cast.value, kernel.faults)))
    return cast


def best_fit(texts: pl.Series) -> pl.Series:
    """Text in Latin-1: a character that is not there becomes one that looks like it, else ``?``."""
    return where(_wide(texts), texts, partial(each, function=narrowed), texts)


def narrowed(text: str) -> str:
    """As :func:`best_fit`, for one text.

    >>> narrowed("Łódź – “naïve”")
    'Lódz - "naïve"'
    """
    return "".join(_nearest(character) for character in text.translate(_BEST_FIT))


def _nearest(character: str) -> str:
    if character <= "\xff":
        return character
    if character > "\uffff":  # two code units, of which neither looks like anything
        return "??"
    bare = "".join(part for part in unicodedata.normalize("NFKD", character) if not unicodedata.combining(part))
    if len(bare) == 1 and bare <= "\xff":
        return bare
    return "?"


def _wide(texts: pl.Series) -> pl.Series:
    return computed(_TEXT.str.contains(_BEYOND_LATIN1), texts)


def _not_narrow(texts: pl.Series) -> pl.Series:
    def said(wide: pl.Series) -> pl.Series:
        return computed(pl.format('"{}" could not be fully converted from a WString to a String.', _TEXT), wide)

    return where(_wide(texts), texts, said, nothing(texts))


class _Cutter:
    """Cuts text to a field's size in code units."""

    def __init__(self, to: FieldType) -> None:
        self._size = to.size
        self._units = _TEXT.str.len_chars()
        if to.is_wide:
            self._units += _TEXT.str.count_matches(BEYOND_BMP)
        self._abridged = to.kind in (Kind.V_STRING, Kind.V_WSTRING) and to.size > _SHOWN

    def cut(self, texts: pl.Series) -> pl.Series:
        return where(self._long(texts), texts, partial(each, function=self._head), texts)

    def faults(self, texts: pl.Series) -> pl.Series:
        return where(self._long(texts), texts, partial(each, function=self._said), nothing(texts))

    def _long(self, texts: pl.Series) -> pl.Series:
        # A text has no more code units than UTF-8 has bytes for it.
        suspect = computed(_TEXT.str.len_bytes() > self._size, texts)
        if not suspect.any():
            return suspect
        return computed(self._units > self._size, texts)

    def _head(self, text: str) -> str:
        units = text.encode("utf-16-le")[: 2 * self._size]
        return units.decode("utf-16-le", errors="ignore")

    def _said(self, text: str) -> str:
        shown = text[:_SHOWN_HEAD] + "..." if self._abridged and len(text) > _SHOWN else text
        return f'"{shown}" was truncated'
