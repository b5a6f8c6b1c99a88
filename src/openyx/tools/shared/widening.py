"""The one type that the values of several fields fit in, as Union and Transpose need it."""

from __future__ import annotations

from collections.abc import Sequence

from openyx.fields import DOUBLE, LARGEST_NARROW, LARGEST_WIDE, TEXTS, FieldType, Kind

_VARIABLE = frozenset({Kind.V_STRING, Kind.V_WSTRING})
_WHOLE = (Kind.BOOL, Kind.BYTE, Kind.INT16, Kind.INT32, Kind.INT64)
_DIGITS = {Kind.BOOL: 1, Kind.BYTE: 3, Kind.INT16: 5, Kind.INT32: 10, Kind.INT64: 19}
_WIDTHS = {
    Kind.BOOL: len("False"),
    Kind.BYTE: len("255"),
    Kind.INT16: len("-32768"),
    Kind.INT32: len("-2147483648"),
    Kind.INT64: len("-9223372036854775808"),
    Kind.FLOAT: len("-1.1754944e-38"),
    Kind.DOUBLE: len("-2.2250738585072014e-308"),
    Kind.DATE: len("2000-12-31"),
    Kind.TIME: len("23:59:59"),
    Kind.DATETIME: len("2000-12-31 23:59:59"),
}


def common(types: Sequence[FieldType]) -> FieldType:
    """The type for the values of all *types*, of which there is at least one.

    One kind stays, with the largest size. Numbers take the widest kind, whole ones beside floating ones Double. A
    number, a date or a Bool beside text becomes text of variable length, wide if any text is. A shape or a Blob wins
    over all. A FixedDecimal beside other numbers, dates of several kinds, and dates beside numbers are not known.

    >>> from openyx.fields import BYTE, V_WSTRING
    >>> str(common([BYTE, FieldType.of("String", 2)]))
    'V_String(3)'
    """
    kinds = {type_.kind for type_ in types}
    for winner in (Kind.SPATIAL, Kind.BLOB):
        if winner in kinds:
            return next(type_ for type_ in types if type_.kind is winner)
    if kinds == {Kind.FIXED_DECIMAL}:
        return _decimal(types)
    if len(kinds) == 1:
        return max(types, key=lambda type_: type_.size)
    if all(type_.is_number for type_ in types):
        return _number(types, kinds)
    if kinds == {Kind.DATE, Kind.DATETIME}:
        return max(types, key=lambda type_: type_.size)
    return _text(types, kinds)


def _number(types: Sequence[FieldType], kinds: set[Kind]) -> FieldType:
    if kinds <= set(_WHOLE):
        return FieldType.of(max(kinds, key=_WHOLE.index))
    if Kind.FIXED_DECIMAL in kinds and not kinds & {Kind.FLOAT, Kind.DOUBLE}:
        return _decimal(types)
    return DOUBLE


def _decimal(types: Sequence[FieldType]) -> FieldType:
    """Room for the sign and the point, for the longest whole part and the longest fraction."""
    scale = max(type_.scale for type_ in types)
    room = max(_DIGITS.get(type_.kind, type_.size - type_.scale - (type_.scale > 0)) for type_ in types)
    return FieldType(Kind.FIXED_DECIMAL, room + scale + (scale > 0), scale)


def _text(types: Sequence[FieldType], kinds: set[Kind]) -> FieldType:
    wide = any(type_.is_wide for type_ in types)
    variable = bool(kinds & _VARIABLE) or not kinds <= TEXTS
    size = max(max(type_.size, _WIDTHS.get(type_.kind, 0)) for type_ in types)
    of_variable = Kind.V_WSTRING if wide else Kind.V_STRING
    of_fixed = Kind.WSTRING if wide else Kind.STRING
    return FieldType(of_variable if variable else of_fixed, min(size, LARGEST_WIDE if wide else LARGEST_NARROW))
