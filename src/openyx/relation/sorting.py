"""Sorting: texts are compared as whole numbers, many bytes at once, as far as they are short enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

_BYTES = 16
_LONGEST = 4 * _BYTES


@dataclass(frozen=True, slots=True)
class Sorter:
    """Puts a table in order by expressions that are ``ranked``; equal records stay as they were."""

    keys: Sequence[pl.Expr]
    descending: Sequence[bool]

    def __call__(self, frame: pl.DataFrame) -> pl.DataFrame:
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
    if values.dtype not in (pl.String, pl.Binary):
        return [values]
    encoded = values.cast(pl.Binary)
    longest = pl.select(pl.lit(encoded).bin.size().max()).item()
    if longest is None or longest > _LONGEST or encoded.bin.contains(b"\0").any():
        return [encoded]
    width = -(-longest // _BYTES) * _BYTES
    padded = encoded.to_frame("key").select(pl.col("key") + pl.lit(bytes(max(width, _BYTES)))).to_series()
    parts = [padded.bin.slice(start, _BYTES) for start in range(0, max(width, _BYTES), _BYTES)]
    return [part.bin.reinterpret(dtype=pl.UInt128(), endianness="big") for part in parts]
