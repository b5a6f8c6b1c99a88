"""What a regular expression finds in texts: the groups of its first fit, all its fits, and texts without the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl

from openyx.fields import BOOL, V_STRING, V_WSTRING
from openyx.relation.expr import Expr
from openyx.relation.kernels.batches import batch
from openyx.relation.kernels.dialect import Fit, Pattern, has_anchors
from openyx.relation.kernels.patterns import fits_whole, formatted, patient, replaced
from openyx.relation.pieces import Pieces

_WHOLE = "$&"


def groups(text: Expr, pattern: Pattern) -> list[Expr]:
    """What the marked groups hold where the pattern fits first.

    Null where it fits nowhere; a group that took no part is empty (we assume).
    """
    dtype = pl.Array(pl.String(), pattern.engine.groups)
    found = text.native.map_batches(_Groups(pattern).of, return_dtype=dtype, is_elementwise=True)
    return [Expr(found.arr.get(place), text.type) for place in range(pattern.engine.groups)]


def tokens(text: Expr, pattern: Pattern) -> Pieces:
    """All fits, one after another: the first marked group of each, or the whole where there is none; none of null."""
    dtype = pl.List(pl.String())
    return Pieces(text.native.map_batches(_Tokens(pattern).of, return_dtype=dtype, is_elementwise=True), text.type)


def fitting(text: Expr, pattern: Pattern) -> Expr:
    """Whether the pattern fits the whole text; false for null."""
    return batch(lambda values: fits_whole(values, pattern).fill_null(value=False), BOOL, text)


def rewritten(text: Expr, pattern: Pattern, new: str, *, copies_unmatched: bool) -> Expr:
    """The text with *new* for each fit; null stays null. Without *copies_unmatched* only what was put in is left."""
    # A case that changes may lead out of Latin-1.
    narrow = not text.type.is_wide and max(new, default="") <= "\xff" and "\\" not in new

    def over(values: pl.Series) -> pl.Series:
        return replaced(values, pattern, new) if copies_unmatched else _only(values, pattern, new)

    return batch(over, V_STRING if narrow else V_WSTRING, text)


def _only(values: pl.Series, pattern: Pattern, new: str) -> pl.Series:
    if new == _WHOLE and pattern.native is not None and not pattern.can_be_empty:
        return _Tokens(pattern, whole=True).of(values).list.join("").zip_with(values.is_not_null(), values)
    fill = formatted(new)

    def put(value: str, timeout: float) -> str:
        return "".join(fill(fit) for fit in pattern.engine.finditer(value, timeout=timeout))

    found = [None if value is None else patient(put, pattern, value) for value in values.to_list()]
    return pl.Series(found, dtype=pl.String)


@dataclass(frozen=True, slots=True)
class _Groups:
    """The groups of the first fit in each text, as an array."""

    pattern: Pattern

    def of(self, texts: pl.Series) -> pl.Series:
        return _by_alphabet(texts, self._native if self.pattern.native is not None else None, self._slow)

    def _native(self, texts: pl.Series) -> pl.Series:
        flags, rest = (self.pattern.native or "").split(")", 1)
        whole, *found = texts.str.extract_groups(f"{flags})({rest})").struct.unnest().get_columns()
        blank = pl.select(pl.when(whole.is_not_null()).then(pl.lit(""))).to_series()
        columns = [column.zip_with(column.is_not_null(), blank) for column in found]
        count = len(columns)
        # Row by row through the columns: an array is filled several times faster so than from lists.
        places = pl.int_range(texts.len() * count, eager=True)
        order = places % count * texts.len() + places // count
        return pl.concat(columns).gather(order).reshape((-1, count))

    def _slow(self, texts: pl.Series) -> pl.Series:
        count = self.pattern.engine.groups

        def first(value: str, timeout: float) -> list[str] | None:
            fit = next(self.pattern.engine.finditer(value, timeout=timeout), None)
            return None if fit is None else [group or "" for group in fit.groups()]

        found = [None if value is None else patient(first, self.pattern, value) for value in texts.to_list()]
        return pl.Series(found, dtype=pl.Array(pl.String(), count))


@dataclass(frozen=True, slots=True)
class _Tokens:
    """All fits in each text, as a list; *whole* asks for them without regard to groups."""

    pattern: Pattern
    whole: bool = False

    def of(self, texts: pl.Series) -> pl.Series:
        return _by_alphabet(texts, self._native if self._is_native else None, self._slow)

    @property
    def _group(self) -> int:
        return 1 if self.pattern.engine.groups and not self.whole else 0

    @property
    def _is_native(self) -> bool:
        if self.pattern.native is None or self.pattern.can_be_empty:
            return False
        # What fitted once fits alone, too, unless it looks at what stands around it.
        return not self._group or not has_anchors(self.pattern.native)

    def _native(self, texts: pl.Series) -> pl.Series:
        native = self.pattern.native or ""
        found = texts.str.extract_all(native).fill_null([])
        if not self._group:
            return found
        flags, rest = native.split(")", 1)
        return found.list.eval(pl.element().str.extract(f"{flags})\\A(?:{rest})", 1).fill_null(""))

    def _slow(self, texts: pl.Series) -> pl.Series:
        def all_fits(value: str, timeout: float) -> list[str]:
            fits: Sequence[Fit] = list(self.pattern.engine.finditer(value, timeout=timeout))
            return [fit.group(self._group) or "" for fit in fits]

        found = [[] if value is None else patient(all_fits, self.pattern, value) for value in texts.to_list()]
        return pl.Series(found, dtype=pl.List(pl.String()))


def _by_alphabet(
    texts: pl.Series, native: Callable[[pl.Series], pl.Series] | None, slow: Callable[[pl.Series], pl.Series]
) -> pl.Series:
    """*native* of the texts that are ASCII, where it means the same, and *slow* of the others."""
    if native is None:
        return slow(texts)
    others = (texts.str.len_bytes() != texts.str.len_chars()).fill_null(value=False).arg_true()
    if others.is_empty():
        return native(texts)
    places = pl.int_range(texts.len(), eager=True, dtype=pl.UInt32())
    theirs = pl.int_range(texts.len(), texts.len() + others.len(), eager=True, dtype=pl.UInt32())
    return pl.concat([native(texts), slow(texts.gather(others))]).gather(places.scatter(others, theirs))
