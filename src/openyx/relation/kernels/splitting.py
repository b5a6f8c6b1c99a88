"""Text parted at delimiter characters."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

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
    between, mark = text.native, delimiters[0]
    one = _any_of(delimiters)
    if whole:
        mark = _MARK
        part = rf"(?s)((?:{'|'.join(map(_closed, whole))}|[^{one}])*)[{one}]"
        between = (between + delimiters[0]).str.replace_all(part, "${1}" + mark).str.strip_suffix(mark)
    elif len(delimiters) > 1:
        between = between.str.replace_all(f"[{one}]", _literal(mark))
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
    if skips_empty:
        rest = pieces.native.list.slice(count - 1).list.join(keeps_rest[0])
    else:
        before = [part.native.str.len_chars() for part in parts[:-1]]
        rest = text.native.str.slice(pl.sum_horizontal([pl.lit(count - 1), *before]).cast(pl.Int64))
    last = pl.when(pieces.more_than(count).native).then(rest).otherwise(parts[-1].native)
    return [*parts[:-1], made(last, text.type)]


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
