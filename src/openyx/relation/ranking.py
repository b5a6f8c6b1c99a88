"""How values are ordered where the engine's own order is another than ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from openyx.relation.casts.texts import BEYOND_BMP
from openyx.relation.types import column

if TYPE_CHECKING:
    from openyx.fields import Field


_LEADS = tuple(bytes([lead]) for lead in range(0xF0, 0xF5))
# UTF-16 sorts the pairs of units that write these characters before U+E000, whose UTF-8 begins with 0xEE.
_BELOW_E000 = b"\xed\xa0"


def ranked(field: Field) -> pl.Expr:
    """What to compare instead of the values of *field* so that text goes by UTF-16 code unit."""
    values = column(field.name)
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
