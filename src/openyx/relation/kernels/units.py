"""Text by position. Positions and lengths count UTF-16 units: a character beyond U+FFFF is two."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from openyx.fields import INT64, V_WSTRING
from openyx.relation import memory
from openyx.relation.casts.kernel import even
from openyx.relation.expr import Expr, apart, literal, made
from openyx.relation.kernels.batches import batch, each_text
from openyx.relation.kernels.texts import is_ascii, mapped

_FAR = 2**31
_LONGEST = 1_073_741_823
_LONG = 10_000_000
# A text stands in memory as the kernel makes it, in its column, and where it is cut or written.
_COPIES = 3


def units(value: str) -> int:
    """The number of UTF-16 units of a text.

    >>> units("a🏈")
    3
    """
    return len(value) + sum(character > "\uffff" for character in value)


def length(text: Expr) -> Expr:
    """How long the text is; null is null."""
    return batch(_lengths, INT64, text)


def window(text: Expr, start: Expr, end: Expr) -> Expr:
    """The text from *start* up to and without *end*, cut to the text; empty where the end is not after the start."""
    return apart(_window, text, start, end)


def prefix(text: Expr, count: Expr) -> Expr:
    """The first *count* units; the whole text when that is negative, nothing when it is null."""
    return apart(lambda one, many: _window(one, literal(0), _count(many)), text, count)


def suffix(text: Expr, count: Expr) -> Expr:
    """The last *count* units; the whole text when that is negative, nothing when it is null."""

    def build(one: Expr, many: Expr, all_: Expr) -> Expr:
        start = made(all_.native - _count(many).native, INT64)
        return _window(one, start, all_)

    return apart(build, text, count, length(text))


def _count(count: Expr) -> Expr:
    native = pl.when(count.native < 0).then(_FAR).otherwise(count.native.fill_null(0))
    return made(native.clip(0, _FAR).cast(pl.Int64), INT64, count)


def _window(text: Expr, start: Expr, end: Expr) -> Expr:
    first, last = start.native.clip(0, _FAR), end.native.clip(0, _FAR)
    native = pl.map_batches(
        [text.native, first, pl.max_horizontal(last - first, 0)], _slices, return_dtype=pl.String(), is_elementwise=True
    )
    return made(native, V_WSTRING, text, start, end)


def _slices(given: Sequence[pl.Series]) -> pl.Series:
    values, start, count = even(given)
    if not _has_pairs(values):
        return values.str.slice(start, count)
    return pl.Series([_sliced(*row) for row in zip(values, start, count, strict=True)], dtype=pl.String)


def _sliced(value: str | None, start: int | None, count: int | None) -> str | None:
    if value is None or start is None or count is None:
        return None
    cut = value.encode("utf-16-le")[2 * start : 2 * (start + count)]
    return cut.decode("utf-16-le", errors="replace")


def _lengths(values: pl.Series) -> pl.Series:
    if not _has_pairs(values):
        return values.str.len_chars().cast(pl.Int64)
    return pl.Series([None if value is None else units(value) for value in values.to_list()], dtype=pl.Int64)


def _has_pairs(values: pl.Series) -> bool:
    return not is_ascii(values) and bool(values.str.contains("[\U00010000-\U0010ffff]").any())


def found(text: Expr, wanted: Expr, number: Expr | None = None) -> Expr:
    """Where *wanted* stands in the text for the *number*-th time, counted from 1; -1 where it does not."""
    if number is None and wanted.constant and wanted.value():
        sought: str = wanted.value()
        return batch(lambda values: _first_place(values, sought), INT64, text)
    return each_text(_found, INT64, text, wanted, literal(1) if number is None else number)


def _first_place(values: pl.Series, wanted: str) -> pl.Series:
    if is_ascii(values):
        place = values.str.find(wanted, literal=True).cast(pl.Int64)
        return place.fill_null(-1).set(values.is_null(), None)
    return pl.Series([None if one is None else _found(one, wanted, 1) for one in values.to_list()], dtype=pl.Int64)


def _found(value: str, wanted: str | None, number: float | None) -> int | None:
    if wanted is None or number is None:
        return -1
    place = -1
    for _ in range(int(max(0, min(number, len(value) + 1)))):
        place = value.find(wanted, place + 1)
        if place < 0:
            return -1
    return units(value[:place]) if place >= 0 else -1


def _check_room(characters: int) -> None:
    if characters > _LONG:
        memory.check(_COPIES * characters, f"Filling up texts with {characters:,} characters")


def padded(text: Expr, count: Expr, character: Expr, *, left: bool) -> Expr:
    """The text, filled up to *count* units with the first character of *character*.

    Null and a fault for a count of more units than a field of text can hold.
    """

    def pad(value: str, many: int | None, fill: str | None) -> Any:
        if many is None or many > _LONGEST:
            return None
        missing = max(0, many - units(value))
        _check_room(missing)
        filling = fill[0] * missing if fill else ""
        return filling + value if left else value + filling

    if count.constant and character.constant and 0 <= (count.value() or -1) <= _LONGEST and character.value():
        size, fill = int(count.value()), str(character.value())[0]

        def fill_up(values: pl.Series) -> pl.Series:
            _check_room(size * (values.len() - values.null_count()))
            if _has_pairs(values) or units(fill) > 1:
                return mapped(lambda value: pad(value, size, fill), values)
            return values.str.pad_start(size, fill) if left else values.str.pad_end(size, fill)

        return batch(fill_up, V_WSTRING, text)
    too_long = text.native.is_not_null() & (count.native > _LONGEST)
    said = pl.when(too_long).then(pl.lit(f"No text holds more than {_LONGEST} characters"))
    return each_text(pad, V_WSTRING, text, count, character).failing(said)
