"""Keys that order texts as a dictionary does: by letters, then by their marks, then by case, then by hyphens."""

from __future__ import annotations

import unicodedata

import polars as pl

_BEFORE_DIGITS = '\t\n\v\f\r !"#$%&()*,./:;?@[\\]^_`{|}~+<=>'
_OTHER_SIGN = "/"
_ASCII = [chr(code) for code in range(0x80)]
_SIGNS = {sign: chr(rank) for rank, sign in enumerate(_BEFORE_DIGITS, 2)}
# Hyphens, apostrophes and control characters do not count at first.
_KEPT = {one: _SIGNS.get(one, one.lower() if one.isalnum() else None) for one in _ASCII}

_PLAIN, _MARKED, _UPPER = "\1", "\2", "\2"
_LATER = {"'": "\2", "-": "\3"}
_LETTERS = str.maketrans(_KEPT)
_CASE = str.maketrans({one: None if _KEPT[one] is None else _UPPER if one.isupper() else _PLAIN for one in _ASCII})
_HYPHENS = str.maketrans({one: _LATER.get(one, _PLAIN) for one in _ASCII})

# Letters that Unicode does not take apart.
_APART = {"æ": "ae", "œ": "oe", "ø": "o", "ð": "d", "đ": "d", "ħ": "h", "ł": "l", "þ": "th", "ı": "i", "ß": "ss"}


def word_sort_keys(texts: pl.Series) -> pl.Series:
    """For each text a binary key; keys compare as the texts do in a dictionary. Null stays null.

    Signs come before digits and digits before letters. Letters with marks stand behind those without where all else is
    equal, upper case behind lower, and what is written with a hyphen or an apostrophe behind what is not.

    >>> words = ["Zoë", "co-op", "coop", "Coop", "_x", "9", "zoe"]
    >>> keys = word_sort_keys(pl.Series(words)).to_list()
    >>> sorted(words, key=dict(zip(words, keys)).__getitem__)
    ['_x', '9', 'coop', 'co-op', 'Coop', 'zoe', 'Zoë']
    """
    words = texts.to_list()
    keys = {word: _key(word) for word in set(words) - {None}}
    return pl.Series([None if word is None else keys[word] for word in words], dtype=pl.String).cast(pl.Binary)


def _key(text: str) -> str:
    return _ascii_key(text) if text.isascii() else _marked_key(text)


def _ascii_key(text: str) -> str:
    letters = text.translate(_LETTERS)
    case = "" if text.islower() else text.translate(_CASE).rstrip(_PLAIN)
    hyphens = text.translate(_HYPHENS).rstrip(_PLAIN) if "-" in text or "'" in text else ""
    return f"{letters}\0\0{case}\0{hyphens}"


def _marked_key(text: str) -> str:
    letters: list[str] = []
    marks: list[str] = []
    case: list[str] = []
    for character in unicodedata.normalize("NFD", text):
        if unicodedata.combining(character):
            if marks:
                marks[-1] = marks[-1].replace(_PLAIN, _MARKED) + character
            continue
        small = character.lower()
        for letter in _APART.get(small, character.casefold()):
            rank = _rank(letter)
            if rank:
                letters.append(rank)
                marks.append(_MARKED + small if small in _APART else _PLAIN)
                case.append(_PLAIN if character == small else _UPPER)
    hyphens = "".join(_LATER.get(character, _PLAIN) for character in text)
    levels = ("".join(marks), "".join(case), hyphens)
    return "\0".join(("".join(letters), *(level.rstrip(_PLAIN) for level in levels)))


def _rank(letter: str) -> str | None:
    if letter in _KEPT:
        return _KEPT[letter]
    kind = unicodedata.category(letter)[0]
    return _OTHER_SIGN + letter if kind in "PSZ" else None if kind == "C" else letter
