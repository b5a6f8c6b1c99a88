"""How values are ordered where the engine's own order is another than ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from openyx.relation.casts.texts import BEYOND_BMP
from openyx.relation.kernels.word_sort import word_sort_keys
from openyx.relation.types import values_of

if TYPE_CHECKING:
    from openyx.fields import Field


_LEADS = tuple(bytes([lead]) for lead in range(0xF0, 0xF5))
# UTF-16 sorts the pairs of units that write these characters before U+E000, whose UTF-8 begins with 0xEE.
_BELOW_E000 = b"\xed\xa0"


def ranked(field: Field, *, locale: int = 0) -> pl.Expr:
    """What to compare instead of the values of *field* so that text goes by UTF-16 code unit.

    With a *locale* text goes as in a dictionary, whatever the language.
    """
    values = values_of(field.name)
    if locale and field.type.is_text:
        return values.map_batches(word_sort_keys, return_dtype=pl.Binary(), is_elementwise=True)
    if not field.type.is_wide:
        return values
    return values.map_batches(_units, return_dtype=pl.Binary(), is_elementwise=True)


def _units(texts: pl.Series) -> pl.Series:
    encoded = texts.cast(pl.Binary)
    beyond = texts.str.contains(BEYOND_BMP)
    if not beyond.any():
        return encoded
    places = beyond.fill_null(value=False).arg_true()
    return encoded.scatter(places, [_moved(value) for value in encoded.gather(places)])


def _moved(encoded: bytes) -> bytes:
    for lead in _LEADS:
        encoded = encoded.replace(lead, _BELOW_E000 + lead)
    return encoded
