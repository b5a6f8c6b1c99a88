"""Text parted at delimiter characters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from openyx.relation.casts.kernel import mapped, where
from openyx.relation.expr import Expr, made
from openyx.relation.pieces import Pieces

_DEEPEST = 3
# Unicode keeps this code point out of texts.
_MARK = "\U0010ffff"


def split(text: Expr, delimiters: str, *, whole: Sequence[str] = (), skips_empty: bool = False) -> Pieces:
    """The parts of a text between *delimiters*, each a character.

    Delimiters inside a pair of characters among *whole*, such as ``()`` or ``""``, are text like any other; a pair that
    is not closed is none. Brackets may stand inside each other three deep. *skips_empty* leaves out empty parts, but
    for the one part of a text that has nothing else.
    """
    mark = _MARK if whole else delimiters[0]
    between = text.native
    if whole:
        between = mapped(between, _Marker(delimiters, tuple(whole)).marked, pl.String())
    elif len(delimiters) > 1:
        between = between.str.replace_all(f"[{_any_of(delimiters)}]", _literal(mark))
    if skips_empty:
        between = between.str.replace_all(f"(?:{pl.escape_regex(mark)})+", _literal(mark)).str.strip_chars(mark)
    return Pieces(between.str.split(mark), text.type)


def laid_out(text: Expr, pieces: Pieces, count: int, *, keeps_rest: str = "", skips_empty: bool = False) -> list[Expr]:
    """The first *count* parts of a *text* that was ``split``; null where there are fewer.

    With *keeps_rest*, the delimiters, the last one is all the rest of the text.
    """
    parts = [pieces.at(place) for place in range(count)]
    if not keeps_rest:
        return parts
    if skips_empty or len(keeps_rest) == 1:
        rest = pieces.native.list.slice(count - 1).list.join(keeps_rest[0])
    else:
        # Of what several parts share, the engine computes only the lists themselves once.
        before = pieces.native.list.head(count - 1).list.join(keeps_rest[0]).str.len_chars()
        rest = text.native.str.slice(before + min(count - 1, 1))
    last = pl.when(pieces.more_than(count).native).then(rest).otherwise(parts[-1].native)
    return [*parts[:-1], made(last, text.type)]


@dataclass(frozen=True, slots=True)
class _Marker:
    """Puts a mark in the place of each delimiter outside the pairs; texts without a pair need no close look."""

    delimiters: str
    pairs: tuple[str, ...]

    def marked(self, texts: pl.Series) -> pl.Series:
        paired = texts.str.contains_any([pair[0] for pair in self.pairs])
        return where(paired, texts, self._outside, texts.str.replace_all(f"[{_any_of(self.delimiters)}]", _MARK))

    def _outside(self, texts: pl.Series) -> pl.Series:
        one = _any_of(self.delimiters)
        part = rf"(?s)((?:{'|'.join(map(_closed, self.pairs))}|[^{one}])*)[{one}]"
        ended = texts + self.delimiters[0]
        return ended.str.replace_all(part, "${1}" + _MARK).str.strip_suffix(_MARK)


def _any_of(characters: str) -> str:
    return "".join(pl.escape_regex(character) for character in characters)


def _literal(text: str) -> str:
    return text.replace("$", "$$")


def _closed(pair: str) -> str:
    """What stands between a pair of characters, with the pair."""
    first, last = (pl.escape_regex(character) for character in pair)
    other = f"[^{first}{last}]"
    if first == last:
        return f"{first}{other}*{last}"
    inner = f"{first}{other}*{last}"
    for _ in range(_DEEPEST - 1):
        inner = f"{first}(?:{other}|{inner})*{last}"
    return inner
