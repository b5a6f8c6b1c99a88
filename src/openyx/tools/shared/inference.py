"""The smallest field type that holds texts, as Text Input and Auto Field choose it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from openyx.fields import BOOL, DATE, DATETIME, DOUBLE, FLOAT, RANGES, TIME, V_WSTRING, FieldType, Kind
from openyx.relation.evidence import Evidence, Like, evidence, units

LONGEST_FIXED = 255
DIGITS_OF_FLOAT = 6

_KINDS = {
    (False, False): Kind.STRING,
    (True, False): Kind.WSTRING,
    (False, True): Kind.V_STRING,
    (True, True): Kind.V_WSTRING,
}


def inferred(values: Sequence[str | None], *, saves_space: bool = False) -> FieldType:
    """The type of a column of texts, nulls as ``None``; *saves_space* takes Float where six digits are enough.

    >>> str(inferred(["1", "300", None])), str(inferred(["a", "bcd"])), str(inferred([None]))
    ('Int16', 'String(3)', 'Bool')
    """
    return smallest(evidence(values), saves_space=saves_space)


def smallest(seen: Evidence, *, saves_space: bool = False) -> FieldType:
    """The type of a column of which so much is known; as ``inferred``."""
    if not seen.rows:
        return V_WSTRING
    if Like.BOOL in seen.like:
        return BOOL
    if Like.WHOLE in seen.like:
        return _text(seen) if seen.huge else _whole(seen)
    real = FLOAT if saves_space and seen.digits <= DIGITS_OF_FLOAT else DOUBLE
    types = {Like.NUMBER: real, Like.DATE: DATE, Like.DATETIME: DATETIME, Like.TIME: TIME}
    types[Like.SHAPE] = FieldType.of(Kind.SPATIAL)
    return next((type_ for like, type_ in types.items() if like in seen.like), _text(seen))


def fixed_text(texts: Iterable[str]) -> FieldType:
    """The text type of fixed length that holds all *texts*; wide where a character is beyond Latin-1.

    >>> str(fixed_text(["Total", "Ω"])), str(fixed_text([]))
    ('WString(5)', 'String(1)')
    """
    known = list(texts)
    wide = any(character > "\xff" for text in known for character in text)
    return FieldType.of(_KINDS[wide, False], max([1, *map(units, known)]))


def _whole(seen: Evidence) -> FieldType:
    least, greatest = seen.least or 0, seen.greatest or 0
    return next(FieldType.of(kind) for kind, (low, high) in RANGES.items() if low <= least and greatest <= high)


def _text(seen: Evidence) -> FieldType:
    # Nulls do not count: four stored columns are fixed for that reason.
    variable = seen.units / seen.known + 5 < seen.longest or seen.longest > LONGEST_FIXED
    return FieldType.of(_KINDS[seen.wide, variable], max(seen.longest, 1))
