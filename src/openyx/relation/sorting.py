"""Sorting: texts are compared as whole numbers, many bytes at once, as far as they are short enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

_WORDS = {4: pl.UInt32(), 8: pl.UInt64(), 16: pl.UInt128()}
"""Bytes that are compared at once."""

_LONGEST = 4 * max(_WORDS)


@dataclass(frozen=True, slots=True)
class Sorter:
    """Puts a table in order by expressions that are ``ranked``; equal records stay as they were."""

    keys: Sequence[pl.Expr]
    descending: Sequence[bool]

    def __call__(self, frame: pl.DataFrame) -> pl.DataFrame:
        frame = frame.rechunk()
        ranks: list[pl.Series] = []
        descending: list[bool] = []
        for key, down in zip(self.keys, self.descending, strict=True):
            parts = _compared(frame.select(key.alias("key")).to_series())
            ranks += parts
            descending += [down] * len(parts)
        names = [f"\0rank{place}" for place in range(len(ranks))]
        ranked = frame.with_columns(rank.alias(name) for name, rank in zip(names, ranks, strict=True))
        return ranked.sort(names, descending=descending, nulls_last=descending, maintain_order=True).drop(names)


def _compared(values: pl.Series) -> list[pl.Series]:
    """What to compare instead of *values*: they are equal and ordered as these are, one after the other."""
    if not isinstance(values.dtype, pl.String | pl.Binary):
        return [values]
    encoded = values.cast(pl.Binary)
    longest = pl.select(pl.lit(encoded).bin.size().max()).item()
    if longest is None or longest > _LONGEST or encoded.bin.ends_with(b"\0").any():
        return [encoded]
    word = next((size for size in _WORDS if longest <= size), max(_WORDS))
    padded = encoded.to_frame("key").select(pl.col("key") + pl.lit(bytes(longest + word))).to_series()
    parts = [padded.bin.slice(start, word) for start in range(0, max(longest, 1), word)]
    return [part.bin.reinterpret(dtype=_WORDS[word], endianness="big") for part in parts]
