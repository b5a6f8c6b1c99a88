"""Many keys, looked for in a batch of texts in one pass."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import product

import polars as pl

_TEXT, _KEY, _VALUE, _FOLDED, _FOUND = "text", "key", "value", "folded", "found"
_MOST_MARKED = 4

_MARK = "\ufdd0"
"""No character: no text has it."""


class Where(StrEnum):
    """Where in the text a key is looked for; ``WHOLE`` means that the text is the key."""

    ANYWHERE = "anywhere"
    BEGINNING = "beginning"
    WHOLE = "whole"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """How keys are looked for.

    ``words`` finds a key that begins or ends with a letter, digit or underscore only where no other touches it there.
    ``every`` finds all that do not overlap, from left to right, and not only the first. Without ``case`` a key that
    has more than four letters beyond ASCII is found with these all small, all large or as they are.
    """

    where: Where = Where.ANYWHERE
    case: bool = True
    words: bool = False
    every: bool = False


class Keys:
    """Keys with the text that replaces each.

    Of equal keys the first counts, of those that are found at one place the longest. An empty or null key is never
    found; a null replacement is empty.
    """

    def __init__(self, keys: pl.Series, values: pl.Series, how: Finding) -> None:
        self._how = how
        given = pl.DataFrame({_KEY: keys, _VALUE: values.fill_null("")}).filter(pl.col(_KEY).str.len_bytes() > 0)
        looked_for = given.with_columns(self._marked(_KEY).alias(_FOUND)).with_columns(self._folded(_FOUND))
        looked_for = looked_for.unique(_FOLDED, keep="first", maintain_order=True)
        self._table = looked_for.drop(_FOUND)
        spelled = looked_for.with_columns(
            pl.Series(_FOUND, list(map(self._spellings, looked_for[_FOUND])), dtype=pl.List(pl.String))
        ).explode(_FOUND)
        # The engine takes the first of those that begin at one place.
        spelled = spelled.sort(pl.col(_FOUND).str.len_chars(), descending=True, maintain_order=True)
        self._spelled, self._values = (pl.lit(spelled[each]).implode() for each in (_FOUND, _VALUE))

    def found(self, texts: pl.Series) -> pl.Series:
        """The first key that is found in each text, or null."""
        return self._first(texts)[_KEY]

    def replaced(self, texts: pl.Series) -> pl.Series:
        """Each text with what was found replaced."""
        if self._how.every and self._how.where is Where.ANYWHERE:
            all_replaced = pl.col(_TEXT).str.replace_many(
                self._spelled, self._values, ascii_case_insensitive=not self._how.case, leftmost=True
            )
            return self._given(texts).select(self._unmarked(all_replaced)).to_series()
        parts = pl.col(_TEXT).str.splitn(pl.col(_FOUND), 2)
        rebuilt = parts.struct[0] + pl.col(_VALUE) + parts.struct[1]
        text = pl.when(pl.col(_KEY).is_null()).then(pl.col(_TEXT)).otherwise(rebuilt)
        return self._first(texts).select(self._unmarked(text)).to_series()

    def _first(self, texts: pl.Series) -> pl.DataFrame:
        """Each text, what stands in it of the first key that is found, the key and its replacement."""
        looked = self._given(texts).with_columns(self._first_piece().alias(_FOUND)).with_columns(self._folded(_FOUND))
        return looked.join(self._table, on=_FOLDED, how="left", maintain_order="left")

    def _given(self, texts: pl.Series) -> pl.DataFrame:
        return texts.to_frame(_TEXT).select(self._marked(_TEXT))

    def _first_piece(self) -> pl.Expr:
        text = pl.col(_TEXT)
        if self._how.where is Where.WHOLE:
            return text
        pieces = text.str.extract_many(self._spelled, ascii_case_insensitive=not self._how.case, leftmost=True)
        first = pieces.list.first()
        return first if self._how.where is Where.ANYWHERE else pl.when(text.str.starts_with(first)).then(first)

    def _marked(self, name: str) -> pl.Expr:
        """With a mark where a word begins or ends: then a key that ends with one is found only at the end of a word."""
        text = pl.col(name)
        return text.str.replace_all(r"\b", _MARK) if self._how.words else text

    def _unmarked(self, text: pl.Expr) -> pl.Expr:
        return text.str.replace_all(_MARK, "", literal=True) if self._how.words else text

    def _folded(self, name: str) -> pl.Expr:
        text = pl.col(name)
        return (text if self._how.case else text.str.to_lowercase()).alias(_FOLDED)

    def _spellings(self, key: str) -> list[str]:
        """The engine knows the two cases of ASCII letters only: the others are spelled out."""
        if self._how.case or key.isascii():
            return [key]
        choices = [_cases(character) for character in key]
        if sum(len(each) > 1 for each in choices) <= _MOST_MARKED:
            return ["".join(each) for each in product(*choices)]
        return list({key, "".join(each[0] for each in choices), "".join(each[-1] for each in choices)})


def _cases(character: str) -> list[str]:
    """Small and large, where those are one character each."""
    cases = dict.fromkeys((character.lower(), character.upper()))
    return [character] if character.isascii() or any(len(case) > 1 for case in cases) else list(cases)
