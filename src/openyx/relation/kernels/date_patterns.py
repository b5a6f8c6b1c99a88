"""A date format as a regular expression: what each specifier takes, and what may stand behind."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

import polars as pl

from openyx.relation.kernels.date_formats import Part

MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
SHORTEST = 3

_NUMBERS = frozenset("dmyYHIMSj")
_PADDED = frozenset("dmHI")
_TIMES = frozenset("HIMSp")
_CLOCK = r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:\s*[AaPp][Mm])?"
_SIGN = r"[^\w\s*]"
_SIGNS = re.compile(f"{_SIGN}{{2,}}")
_ZONE = r"(?:\s*(?:[Zz]|[Uu][Tt][Cc]|[+-][0-9]{2}:?[0-9]{2}))?"


def pattern(pieces: Sequence[Part]) -> tuple[Mapping[str, str], str]:
    """The names of the groups by specifier, and the expression; blanks at the ends of a text do not count (we assume).

    Of a specifier that comes twice the last one counts (we assume). The names of days and zones have no group. A text
    may end before the seconds that end a format, as one workflow's answers show.
    """
    groups: dict[str, str] = {}
    made: list[str] = []
    for place, (part, after) in enumerate(pairwise([*pieces, Part()])):
        if not part.specifier:
            made.append(_plain(part.text))
        elif part.specifier in "azZ":
            made.append(f"(?:{_form(part, closed=False)})")
        else:
            groups[part.specifier] = f"part{place}"
            closed = _is_number(after)
            blank = "" if closed or part.specifier not in _PADDED else r"\s*"
            made.append(f"{blank}(?P<part{place}>{_form(part, closed=closed)})")
    if _ends_in_seconds(pieces):
        made[-2:] = [f"(?:{made[-2]}{made[-1]})?"]
    return groups, rf"^\s*{''.join(made)}{_left_over(pieces)}\s*$"


def _ends_in_seconds(pieces: Sequence[Part]) -> bool:
    specifiers = [part.specifier for part in pieces]
    return specifiers[-3:] == ["M", "", "S"] and not {"H", "I"}.isdisjoint(specifiers)


def _is_number(part: Part) -> bool:
    return bool(part.digits) or part.specifier in _NUMBERS


def _form(part: Part, *, closed: bool) -> str:
    """What a specifier takes; a number directly before another one has all its digits."""
    if part.digits:
        return f"[0-9]{{{part.digits}}}"
    match part.specifier:
        case "Y" | "y" if closed:
            return "[0-9]{4}" if part.specifier == "Y" else "[0-9]{2}"
        case "Y" | "y":
            return "[0-9]{4}|[0-9]{2}"
        case "d" | "m" | "H" | "I" | "M" | "S":
            return "[0-9]{2}" if closed else "[0-9]{1,2}"
        case "j":
            return "[0-9]{3}"
        case "b":
            return _names(MONTHS)
        case "a":
            return _names(DAYS)
        case "p":
            return "[AaPp][Mm]"
        case "z":
            return "[Zz]|[+-][0-9]{2}:?[0-9]{2}"
        case "Z":
            return "[A-Za-z][A-Za-z0-9/_+-]*"
        case _:
            return "[0-9]{2}"


def _names(names: Sequence[str]) -> str:
    """The names and what they are shortened to: three letters or more, and a point (we assume)."""
    return "(?i:" + "|".join(_shortened(name) for name in names) + r")\.?"


def _shortened(name: str) -> str:
    rest = ""
    for letter in reversed(name[SHORTEST:]):
        rest = f"(?:{letter}{rest})?"
    return name[:SHORTEST] + rest


def _plain(between: str) -> str:
    """Text must be as it is, but white space may be any, and ``*`` is anything.

    Several signs in a row stand for any of them: ``/-`` and ``.-`` read a ``-``, as two workflows' answers show.
    """
    pieces = re.split(rf"(\s+|\*|{_SIGN}{{2,}})", between)
    return "".join(map(_piece, pieces))


def _piece(text: str) -> str:
    if text.isspace():
        return r"\s+"
    if text == "*":
        return "(?s:.*?)"
    return f"[{pl.escape_regex(text)}]+" if _SIGNS.fullmatch(text) else pl.escape_regex(text)


def _left_over(pieces: Sequence[Part]) -> str:
    """What may stand behind: a time, or the rest of one, and a zone (we assume); anything else is an error.

    But no AM or PM behind a time that was read: it would be another time.
    """
    if pieces and pieces[-1].text.endswith("*"):
        return "(?s:.*)"
    if any(part.digits or part.specifier in _TIMES for part in pieces):
        return r"(?::[0-9]{2}){0,2}(?:\.[0-9]+)?" + _ZONE
    return rf"(?:(?:\s*[Tt]|\s)\s*{_CLOCK}{_ZONE})?"
