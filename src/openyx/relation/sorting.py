"""Sorting: of texts that repeat one of each is compared, and short texts as whole numbers, many bytes at once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import polars as pl

_WORDS = {4: pl.UInt32(), 8: pl.UInt64(), 16: pl.UInt128()}
"""Bytes that are compared at once."""

_LONGEST = 4 * max(_WORDS)
_size = pl.col("key").bin.size()

_AT_ONCE = 8
"""Bytes that the processor compares at once: for such short texts nothing is faster."""

PIECE = 500_000
"""Records whose texts one thread makes into numbers at a time."""

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
        ranked = pl.DataFrame([rank.alias(str(place)) for place, rank in enumerate(ranks)])
        order = pl.arg_sort_by(ranked.columns, descending=descending, nulls_last=descending, maintain_order=True)
        return frame[ranked.select(order).to_series()]


def _repeat(frame: pl.DataFrame, names: Sequence[str]) -> bool:
    """Whether these are columns with texts of which there are few, for many records."""
    if frame.height < _MANY or not 0 < len(set(names)) < frame.width:
        return False
    kinds = [frame.schema[name] for name in names]
    # The groups of others hold what is equal and not the same: two zeros, or two ways to be no number.
    if pl.String() not in kinds or not all(kind == pl.String() or kind.is_integer() for kind in kinds):
        return False
    texts = [name for name, kind in zip(names, kinds, strict=True) if kind == pl.String()]
    if max(frame.select(pl.col(texts).str.len_bytes().max().fill_null(0)).row(0)) <= _AT_ONCE:
        return False
    different = frame.select(pl.col(name).approx_n_unique() for name in dict.fromkeys(names)).row(0)
    return bool(math.prod(different) * _REPEATED <= frame.height)


def _compared(values: pl.Series) -> list[pl.Series]:
    """What to compare instead of *values*: they are equal and ordered as these are, one after the other."""
    if not isinstance(values.dtype, pl.String | pl.Binary):
        return [values]
    encoded = values.cast(pl.Binary)
    shortest, longest = encoded.to_frame("key").select(_size.min().alias("min"), _size.max()).row(0)
    even = shortest == longest
    # Of texts of several lengths one may be another one with what they are padded with.
    if longest is None or longest > _LONGEST or (not even and encoded.bin.ends_with(b"\0").any()):
        return [encoded]
    words = partial(_words, longest=longest, even=even)
    pieces = [encoded.slice(start, PIECE) for start in range(0, max(len(encoded), 1), PIECE)]
    if len(pieces) == 1:
        return words(encoded)
    with ThreadPoolExecutor(pl.thread_pool_size()) as threads:
        return [pl.concat(parts, rechunk=True) for parts in zip(*threads.map(words, pieces), strict=True)]


def _words(texts: pl.Series, *, longest: int, even: bool) -> list[pl.Series]:
    """The bytes of texts, of one length where they are *even*, as numbers: the first ones, the next ones and so on."""
    word = next((size for size in _WORDS if longest <= size), max(_WORDS))
    whole = -(-max(longest, 1) // word) * word
    # Texts of one length need only what is missing; others are padded and cut without memory of their own.
    padding = bytes(whole - longest if even else whole)
    padded = texts.to_frame("key").select(pl.col("key") + pl.lit(padding)).to_series() if padding else texts
    parts = [padded] if even and whole == word else [padded.bin.slice(start, word) for start in range(0, whole, word)]
    return [part.bin.reinterpret(dtype=_WORDS[word], endianness="big") for part in parts]
