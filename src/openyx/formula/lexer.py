"""Cuts the text of an expression into tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from openyx.formula.source import Source, Span


class Sort(StrEnum):
    """What a token is."""

    NUMBER = "number"
    TEXT = "text"
    FIELD = "field"
    NAME = "name"
    WORD = "word"
    SIGN = "sign"
    END = "end"


WORDS = frozenset({"IF", "THEN", "ELSEIF", "ELSE", "ENDIF", "AND", "OR", "NOT", "IN", "TRUE", "FALSE"})
"""The words that are no names, in capitals."""


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of an expression.

    ``value`` is the content of a text or field without its quotes or brackets, a word in capitals, the text else.
    """

    sort: Sort
    value: str
    at: Span

    def is_sign(self, *values: str) -> bool:
        """One of these signs."""
        return self.sort is Sort.SIGN and self.value in values

    def is_word(self, *values: str) -> bool:
        """One of these words."""
        return self.sort is Sort.WORD and self.value in values


_PIECES = re.compile(
    r"""
      (?P<space>  \s+ | //[^\n]* | /\*(?s:.*?)\*/ )
    | (?P<number> (?: \d+ (?:\.\d*)? | \.\d+ ) (?: [eE][+-]?\d+ )? (?!\w) )
    | (?P<text>   "[^"]*" | '[^']*' )
    | (?P<field>  \[ [^\]]* (?: \]\] [^\]]* )* \] )
    | (?P<name>   [^\W\d]\w* )
    | (?P<sign>   == | != | <> | <= | >= | && | \|\| | [-+*/<>=!(),] )
    """,
    re.VERBOSE,
)
_OPEN = {
    '"': "A text is not closed",
    "'": "A text is not closed",
    "[": "A field name is not closed",
    "/*": "A comment is not closed",
}


def tokens(source: Source) -> Iterator[Token]:
    """The tokens of an expression, an ``END`` last; white space and comments are left out.

    Raises ``FormulaError`` where the text is no token.
    """
    place, text = 0, source.text
    while place < len(text):
        found = _PIECES.match(text, place)
        opened = text.startswith("/*", place)
        if found is None or (opened and found.lastgroup != "space"):
            raise _unreadable(source, place)
        if found.lastgroup != "space":
            yield _token(str(found.lastgroup), found.group(), Span(place, found.end()))
        place = found.end()
    yield Token(Sort.END, "", Span(len(text), len(text)))


def _token(group: str, text: str, at: Span) -> Token:
    match group:
        case "text":
            return Token(Sort.TEXT, text[1:-1], at)
        case "field":
            return Token(Sort.FIELD, text[1:-1].replace("]]", "]"), at)
        case "name" if text.upper() in WORDS:
            return Token(Sort.WORD, text.upper(), at)
        case _:
            return Token(Sort(group), text, at)


def _unreadable(source: Source, place: int) -> Exception:
    rest = source.text[place : place + 2]
    for opening, words in _OPEN.items():
        if rest.startswith(opening):
            return source.problem(words, Span(place, place + len(opening)))
    end = place + 1
    if rest[0].isdigit() or rest[0] == ".":
        bad = re.compile(r"[\w.]+").match(source.text, place)
        end = bad.end() if bad else end
        return source.problem(f'Malformed number "{source.text[place:end]}"', Span(place, end))
    return source.problem(f'Unexpected character "{rest[0]}"', Span(place, end))
