"""Text as a whole: searching, replacing, trimming, changing case, taking words and parts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace

import polars as pl

from openyx.fields import BOOL, INT64, V_WSTRING
from openyx.relation.expr import Expr, apart, literal, made
from openyx.relation.kernels.batches import batch, each, each_text
from openyx.relation.kernels.logic import chosen
from openyx.relation.kernels.texts import folded, is_ascii, mapped, mapped_where
from openyx.relation.kernels.units import units

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]*)*")
_ESCAPES = {"&": "&amp;", '"': "&quot;", "'": "&apos;", "<": "&lt;", ">": "&gt;"}


def contains(text: Expr, part: Expr, ignore_case: Expr) -> Expr:
    """Whether *part* stands in the text; false when either is null."""
    return _found(lambda one, other: one.str.contains(other, literal=True), text, part, ignore_case)


def starts_with(text: Expr, part: Expr, ignore_case: Expr) -> Expr:
    """Whether the text begins with *part*; false when either is null."""
    return _found(lambda one, other: one.str.starts_with(other), text, part, ignore_case)


def ends_with(text: Expr, part: Expr, ignore_case: Expr) -> Expr:
    """Whether the text ends with *part*; false when either is null."""
    return _found(lambda one, other: one.str.ends_with(other), text, part, ignore_case)


def _found(look: Callable[[pl.Expr, pl.Expr], pl.Expr], text: Expr, part: Expr, ignore_case: Expr) -> Expr:
    def build(one: Expr, other: Expr) -> Expr:
        return made(look(one.native, other.native).fill_null(value=False), BOOL, one, other)

    return chosen([(ignore_case, apart(build, folded(text), folded(part)))], apart(build, text, part))


def replaced(text: Expr, old: Expr, new: Expr, *, once: bool = False) -> Expr:
    """The text with *new* for each *old* (or the first), case-sensitive.

    A null text is empty; a null or empty *old* changes nothing; a null *new* removes.
    """
    if old.constant and new.constant:
        return apart(lambda one: _replaced(one, old.value(), new.value() or "", once=once), text)

    def swap(value: str | None, wanted: str | None, other: str | None) -> str:
        if not value or not wanted:
            return value or ""
        return value.replace(wanted, other or "", 1 if once else -1)

    return each(swap, V_WSTRING, text, old, new)


def _replaced(text: Expr, old: str | None, new: str, *, once: bool) -> Expr:
    value = text.native.fill_null("")
    if old:
        value = value.str.replace(old, new, literal=True) if once else value.str.replace_all(old, new, literal=True)
    return made(value, V_WSTRING)


def translated(text: Expr, characters: Expr, new: Expr) -> Expr:
    """The text with the first character of *new* for each one that is among *characters*; removed when it is empty."""

    def swap(value: str, wanted: str | None, other: str | None) -> str:
        return value.translate(dict.fromkeys(map(ord, wanted or ""), (other or "")[:1]))

    return each_text(swap, V_WSTRING, text, characters, new)


def trimmed(text: Expr, characters: Expr | None, *, left: bool = True, right: bool = True) -> Expr:
    """The text without the *characters* at its ends; white space when there are none or null."""
    wanted = characters if characters is not None else literal(None, V_WSTRING)

    def build(one: Expr, other: Expr) -> Expr:
        strings, ends = one.native.str, other.native
        strip = (
            strings.strip_chars if left and right else strings.strip_chars_start if left else strings.strip_chars_end
        )
        if other.constant:
            return made(strip(other.value()), V_WSTRING)
        return made(pl.when(ends.is_null()).then(strip(None)).otherwise(strip(ends.fill_null(""))), V_WSTRING)

    return apart(build, text, wanted)


def upper(text: Expr) -> Expr:
    """Capitals, one for one: what has no single capital (``ß``) stays (we assume)."""
    return batch(uppered, V_WSTRING, text)


def uppered(values: pl.Series) -> pl.Series:
    """A batch in capitals, as ``upper``."""
    return values.str.to_uppercase() if is_ascii(values) else mapped(lambda one: _one_for_one(str.upper, one), values)


def lower(text: Expr) -> Expr:
    """Small letters, one for one."""
    return batch(lowered, V_WSTRING, text)


def lowered(values: pl.Series) -> pl.Series:
    """A batch in small letters, as ``lower``."""
    return values.str.to_lowercase() if is_ascii(values) else mapped(lambda one: _one_for_one(str.lower, one), values)


def _one_for_one(change: Callable[[str], str], value: str) -> str:
    changed = change(value)
    if len(changed) == len(value):
        return changed
    return "".join(new if len(new := change(old)) == 1 else old for old in value)


def titled(text: Expr) -> Expr:
    """A capital for each word's first letter, small letters else; words are letters, digits and ``'`` (we assume)."""
    return batch(title_cased, V_WSTRING, text)


def title_cased(values: pl.Series) -> pl.Series:
    """A batch as ``titled``: the engine's own title case takes digits and apostrophes for the ends of words."""
    if not is_ascii(values):
        return mapped(_titled, values)
    return mapped_where(_titled, values, values.str.contains("[0-9][A-Za-z]|'"), values.str.to_titlecase())


def _titled(value: str) -> str:
    small = _one_for_one(str.lower, value)
    return _WORD.sub(lambda word: _one_for_one(str.upper, word[0][0]) + word[0][1:], small)


def is_lower(text: Expr) -> Expr:
    """Whether every letter is small; text without a letter is not (we assume)."""
    return _cased(str.islower, text)


def is_upper(text: Expr) -> Expr:
    """Whether every letter is a capital; text without a letter is not (we assume)."""
    return _cased(str.isupper, text)


def _cased(test: Callable[[str], bool], text: Expr) -> Expr:
    def ask(value: str | None) -> bool:
        return value is not None and any(map(str.isalpha, value)) and all(map(test, filter(str.isalpha, value)))

    return each(ask, BOOL, text)


def word_count(text: Expr) -> Expr:
    """The number of runs of non-blanks; 0 for null."""
    return made(text.native.str.count_matches(r"\S+").cast(pl.Int64).fill_null(0), INT64, text)


def word(text: Expr, place: Expr) -> Expr:
    """The word at *place*, counted from 0; null beyond the last."""
    return _part(r"\s+", text, place)


def _part(separator: str, text: Expr, place: Expr) -> Expr:
    def take(value: str, at: int | None) -> str | None:
        words = [one for one in re.split(separator, value) if one]
        return words[at] if at is not None and 0 <= at < len(words) else None

    return each_text(take, V_WSTRING, text, place)


def split_part(text: Expr, delimiters: Expr, place: Expr) -> Expr:
    """The part at *place* of what stands between single *delimiters*, each one character; null beyond the last."""

    def take(value: str, marks: str | None, at: int | None) -> str | None:
        parts = re.split(f"[{re.escape(marks)}]", value) if marks else [value]
        return parts[at] if at is not None and 0 <= at < len(parts) else None

    return each_text(take, V_WSTRING, text, delimiters, place)


def beside(text: Expr, delimiters: Expr, *, left: bool) -> Expr:
    """What stands before (or after) the first character that is among *delimiters*; without one: all (or nothing)."""

    def take(value: str, marks: str | None) -> str:
        place = span(value, marks or "", within=False)
        return value[:place] if left else value[place + 1 :]

    return each_text(take, V_WSTRING, text, delimiters)


def span(value: str, characters: str, *, within: bool) -> int:
    """How many of the first characters of *value* are among *characters* (or are not)."""
    return next((place for place, one in enumerate(value) if (one in characters) is not within), len(value))


def spanned(text: Expr, characters: Expr, *, within: bool) -> Expr:
    """The length in UTF-16 units of the first part of the text that has only (or none) of *characters*."""

    def measure(value: str, marks: str | None) -> int:
        return units(value[: span(value, marks or "", within=within)])

    return each_text(measure, INT64, text, characters)


def backwards(text: Expr) -> Expr:
    """The characters in the reverse order."""
    return batch(lambda values: mapped(lambda value: value[::-1], values), V_WSTRING, text)


def unquoted(text: Expr) -> Expr:
    """The text without one pair of like quotes around it."""

    def strip(value: str) -> str:
        quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
        return value[1:-1] if quoted else value

    return batch(lambda values: mapped(strip, values), V_WSTRING, text)


def escaped(text: Expr) -> Expr:
    """The text with the five characters that XML keeps for itself as entities."""
    return made(text.native.str.replace_many(list(_ESCAPES), list(_ESCAPES.values())), V_WSTRING, text)


def normalized(text: Expr, form: Expr) -> Expr:
    """The text in a Unicode normal form: NFC, NFD, NFKC or NFKD; unchanged for another word."""

    def change(value: str, name: str | None) -> str:
        match (name or "").strip().upper():
            case "NFC" | "NFD" | "NFKC" | "NFKD" as known:
                return unicodedata.normalize(known, value)
            case _:
                return value

    return each_text(change, V_WSTRING, text, form)


def plain(text: Expr) -> Expr:
    """Small letters without accents, compounds taken apart; what is still wide becomes ``?``."""

    def change(value: str) -> str:
        apart_ = unicodedata.normalize("NFKD", value.casefold())
        kept = (one for one in apart_ if not unicodedata.combining(one))
        return "".join(one if one <= "\xff" else "?" for one in kept)

    return batch(lambda values: mapped(change, values), V_WSTRING, text)


def identical(one: Expr, other: Expr) -> Expr:
    """Whether two texts are the same to the letter; two nulls are."""
    return made(replace(one, faults=()).native.eq_missing(other.native), BOOL, one, other)
