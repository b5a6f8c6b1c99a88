"""The smallest field type that holds texts, as Text Input and Auto Field choose it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, time

from openyx.fields import BOOL, DATE, DATETIME, DOUBLE, FLOAT, RANGES, TIME, V_WSTRING, FieldType, Kind
from openyx.relation.casts.others import is_shape

_INTEGER = re.compile(r"-?(0|[1-9]\d*)", re.ASCII)
_NUMBER = re.compile(r"-?((0|[1-9]\d*)(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
LONGEST_FIXED = 255
LONGEST_INTEGER = len("-9223372036854775808")
DIGITS_OF_FLOAT = 6


def inferred(values: Sequence[str | None], *, saves_space: bool = False) -> FieldType:
    """The type of a column of texts, nulls as ``None``; *saves_space* takes Float where six digits are enough.

    >>> str(inferred(["1", "300", None])), str(inferred(["a", "bcd"])), str(inferred([None]))
    ('Int16', 'String(3)', 'Bool')
    """
    if not values:
        return V_WSTRING
    known = [value for value in values if value is not None]
    if not known or all(value in ("True", "False") for value in known):
        return BOOL
    if all(map(_INTEGER.fullmatch, known)):
        return _integer(known) or _text(values, known)
    real = FLOAT if saves_space and all(_digits(value) <= DIGITS_OF_FLOAT for value in known) else DOUBLE
    for type_, holds in _candidates(real):
        if all(map(holds, known)):
            return type_
    return _text(values, known)


def _candidates(real: FieldType) -> tuple[tuple[FieldType, Callable[[str], object]], ...]:
    return (
        (real, _NUMBER.fullmatch),
        (DATE, _is_date),
        (DATETIME, _is_datetime),
        (TIME, _is_time),
        (FieldType.of("SpatialObj"), is_shape),
    )


def _digits(value: str) -> int:
    mantissa = value.lower().partition("e")[0]
    return len(mantissa.lstrip("-").replace(".", "").lstrip("0"))


def _integer(known: Sequence[str]) -> FieldType | None:
    if max(map(len, known)) > LONGEST_INTEGER:
        return None
    numbers = [int(value) for value in known]
    for kind, (least, largest) in RANGES.items():
        if least <= min(numbers) and max(numbers) <= largest:
            return FieldType.of(kind)
    return None


def _text(values: Sequence[str | None], known: Sequence[str]) -> FieldType:
    lengths = [units(value) for value in known]
    longest = max(lengths)
    wide = any(character > "\xff" for value in known for character in value)
    variable = sum(lengths) / len(values) + 5 < longest or longest > LONGEST_FIXED
    kind = {
        (False, False): Kind.STRING,
        (True, False): Kind.WSTRING,
        (False, True): Kind.V_STRING,
        (True, True): Kind.V_WSTRING,
    }[wide, variable]
    return FieldType.of(kind, max(longest, 1))


def units(value: str) -> int:
    """The length of a text in UTF-16 code units."""
    return len(value) + sum(character > "\uffff" for character in value)


def _is_date(value: str) -> bool:
    return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII)) and _exists(date.fromisoformat, value)


def _is_time(value: str) -> bool:
    return bool(re.fullmatch(r"\d\d:\d\d:\d\d", value, re.ASCII)) and _exists(time.fromisoformat, value)


def _is_datetime(value: str) -> bool:
    day, _, hour = value.partition(" ")
    return _is_date(day) and _is_time(hour)


def _exists(read: Callable[[str], object], value: str) -> bool:
    try:
        read(value)
    except ValueError:
        return False
    return True
