"""Chance that comes out the same each time: a number between 0 and 1 drawn for a record's number."""

from __future__ import annotations

import random

import polars as pl

from openyx.fields import DOUBLE
from openyx.relation.expr import Expr, made

_MIX = (0xBF58476D1CE4E5B9, 0x94D049BB133111EB)
_STEP = 0x9E3779B97F4A7C15
_BITS = 2**64


def drawn(number: Expr, *, seed: int) -> Expr:
    """A double from 0 on and below 1 for each whole number: the same for the same seed, on any machine (SplitMix64)."""
    start = random.Random(seed).getrandbits(64)  # noqa: S311 - no secret

    def draw(numbers: pl.Series) -> pl.Series:
        mixed = numbers.cast(pl.UInt64) * _word(_STEP) + _word(start)
        mixed = (mixed ^ (mixed // _word(2**30))) * _word(_MIX[0])
        mixed = (mixed ^ (mixed // _word(2**27))) * _word(_MIX[1])
        mixed = mixed ^ (mixed // _word(2**31))
        return (mixed // _word(2**11)).cast(pl.Float64) * 2.0**-53

    return made(number.native.map_batches(draw, return_dtype=pl.Float64(), is_elementwise=True), DOUBLE, number)


def _word(value: int) -> pl.Series:
    return pl.Series([value % _BITS], dtype=pl.UInt64)
