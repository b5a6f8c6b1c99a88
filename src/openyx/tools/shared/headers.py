"""Field names that are made of values: how they are spelled, and in which order they stand."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

OF_NULL = "_Null_"
OF_NOTHING = "_"
"""What an empty text is called; how the product calls it is not known."""

_BEYOND_BMP = 0x10000
_DIGITS = re.compile("([0-9]+)")


@dataclass(frozen=True, slots=True)
class Header:
    """A value that fields are called by, and its text."""

    value: object
    text: str | None

    @property
    def name(self) -> str:
        """The text with ``_`` for every character that is no letter and no digit.

        >>> Header(None, "50 & less").name
        '50___less'
        """
        if self.text is None:
            return OF_NULL
        return "".join(_spelled(character) for character in self.text) or OF_NOTHING


def ordered(headers: Iterable[Header]) -> list[Header]:
    """Null first, numbers and dates by value, texts without regard to case and with the numbers in them by value.

    >>> [header.text for header in ordered(Header(text, text) for text in ("a10", "B", "a9", "> 1", "7.5"))]
    ['7.5', '> 1', 'a9', 'a10', 'B']
    """
    known = list(headers)
    nulls = [header for header in known if header.value is None]
    others = [header for header in known if header.value is not None]
    return nulls + sorted(others, key=_rank)


def _spelled(character: str) -> str:
    """A character of two UTF-16 units is two that are no letters."""
    if ord(character) >= _BEYOND_BMP:
        return "__"
    return character if character.isalnum() else "_"


def _rank(header: Header) -> tuple[object, ...]:
    if not isinstance(header.value, str):
        return (header.value,)
    return _natural(header.value), header.value


def _natural(text: str) -> list[tuple[str, int, str]]:
    """A number stands where its first digit would, and shorter ones are smaller."""
    parts = enumerate(_DIGITS.split(text.upper()))
    return [token for place, part in parts for token in (_number(part) if place % 2 else _characters(part))]


def _number(digits: str) -> list[tuple[str, int, str]]:
    significant = digits.lstrip("0")
    return [("0", len(significant), significant)]


def _characters(text: str) -> list[tuple[str, int, str]]:
    return [(character, 0, "") for character in text]
