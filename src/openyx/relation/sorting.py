"""Sorting: of texts that repeat one of each is compared, and short texts as whole numbers, many bytes at once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

_WORDS = {4: pl.UInt32(), 8: pl.UInt64(), 16: pl.UInt128()}
"""Bytes that are compared at once."""

_LONGEST = 4 * max(_WORDS)

_MANY = 100_000
_REPEATED = 8
"""From how many records on, and how often texts must come on average, for groups to be cheaper than comparisons."""


@dataclass(frozen=True, slots=True)
class Sorter:
    """Puts a table in order by expressions that are ``ranked``; equal records stay as they were.

    ``fields`` are those that are equal just where the keys are, if there are such.
    """

    keys: Sequence[pl.Expr]
    descending: Sequence[bool]
    fields: Sequence[str] = ()

    def __call__(self, frame: pl.DataFrame) -> pl.DataFrame:
        if not _repeat(frame, self.fields):
            return self._compared(frame.rechunk())
        groups = frame.lazy().group_by(self.fields).agg(pl.all()).collect(engine="in-memory")
        others = [name for name in frame.columns if name not in self.fields]
        return self._compared(groups).explode(others).select(frame.columns)

    def _compared(self, frame: pl.DataFrame) -> pl.DataFrame:
        ranks: list[pl.Series] = []
        descending: list[bool] = []
        for key, down in zip(self.keys, self.descending, strict=True):
            parts = _compared(frame.select(key.alias("key")).to_series())
            ranks += parts
            descending += [down] * len(parts)
        names = [f"\0rank{place}" for place in range(len(ranks))]
        ranked = frame.with_columns(rank.alias(name) for name, rank in zip(names, ranks, strict=True))
        return ranked.sort(names, descending=descending, nulls_last=descending, maintain_order=True).drop(names)


def _repeat(frame: pl.DataFrame, names: Sequence[str]) -> bool:
    """Whether these are columns with texts of which there are few, for many records."""
    if frame.height < _MANY or not 0 < len(set(names)) < frame.width:
        return False
    kinds = [frame.schema[name] for name in names]
    # The groups of others hold what is equal and not the same: two zeros, or two ways to be no number.
    if pl.String() not in kinds or not all(kind == pl.String() or kind.is_integer() for kind in kinds):
        return False
    different = frame.select(pl.col(name).approx_n_unique() for name in dict.fromkeys(names)).row(0)
    return bool(math.prod(different) * _REPEATED <= frame.height)


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
