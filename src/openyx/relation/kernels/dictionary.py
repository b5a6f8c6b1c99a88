"""The order of words in a dictionary, where numbers in them count by value."""

from __future__ import annotations

import re
import unicodedata
from itertools import zip_longest

_PIECES = re.compile(r"(?:(?:^|(?<=\s))-)?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?|.", re.DOTALL)
_NUMBER = re.compile(r"-?[\d.]")


def dictionary_order(one: str | None, other: str | None) -> int | None:
    """-1, 0 or 1: case does not count, numbers compare by value, letters with marks come after all without.

    >>> dictionary_order("2", "10"), dictionary_order("minus-2", "minus-10"), dictionary_order("o", "ñ")
    (-1, -1, -1)
    """
    if one is None or other is None:
        return None
    for left, right in zip_longest(_pieces(one), _pieces(other)):
        if left is None or right is None:
            return -1 if left is None else 1
        if order := _order(left, right):
            return order
    return 0


def _pieces(value: str) -> list[str]:
    return _PIECES.findall(unicodedata.normalize("NFC", value).casefold())


def _order(left: str, right: str) -> int:
    if _is_number(left) and _is_number(right):
        return _sign((float(left), len(left)), (float(right), len(right)))
    return _sign(_rank(left), _rank(right))


def _is_number(piece: str) -> bool:
    return bool(_NUMBER.match(piece)) and piece not in (".", "-")


def _rank(piece: str) -> tuple[bool, str]:
    """Letters with marks stand behind all others."""
    return unicodedata.normalize("NFD", piece) != piece, piece


def _sign(left: tuple[float, int] | tuple[bool, str], right: tuple[float, int] | tuple[bool, str]) -> int:
    return (left > right) - (left < right)  # type: ignore[operator] # both are of the one or of the other kind
