"""Alteryx field types: their names, sizes and ranges, and what a schema is.

What each type is inside the data engine is told in :mod:`openyx.relation`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

LARGEST_NARROW = 2_147_483_647
LARGEST_WIDE = 1_073_741_823
LONGEST_NAME = 255
"""The characters that a field's name may have."""


class Family(StrEnum):
    """What an expression can be. Dates belong to text: the language sees ISO text."""

    NUMBER = "number"
    TEXT = "text"
    BLOB = "blob"
    SPATIAL = "spatial"


class Kind(StrEnum):
    """The names of the field types, as workflow files spell them."""

    BOOL = "Bool"
    BYTE = "Byte"
    INT16 = "Int16"
    INT32 = "Int32"
    INT64 = "Int64"
    FIXED_DECIMAL = "FixedDecimal"
    FLOAT = "Float"
    DOUBLE = "Double"
    STRING = "String"
    WSTRING = "WString"
    V_STRING = "V_String"
    V_WSTRING = "V_WString"
    DATE = "Date"
    TIME = "Time"
    DATETIME = "DateTime"
    BLOB = "Blob"
    SPATIAL = "SpatialObj"


INTEGERS = frozenset({Kind.BYTE, Kind.INT16, Kind.INT32, Kind.INT64})
NUMBERS = INTEGERS | {Kind.BOOL, Kind.FIXED_DECIMAL, Kind.FLOAT, Kind.DOUBLE}
TEXTS = frozenset({Kind.STRING, Kind.WSTRING, Kind.V_STRING, Kind.V_WSTRING})
WIDE = frozenset({Kind.WSTRING, Kind.V_WSTRING})
DATES = frozenset({Kind.DATE, Kind.TIME, Kind.DATETIME})

RANGES = {
    Kind.BYTE: (0, 255),
    Kind.INT16: (-(2**15), 2**15 - 1),
    Kind.INT32: (-(2**31), 2**31 - 1),
    Kind.INT64: (-(2**63), 2**63 - 1),
}

_DEFAULT_SIZES = {
    Kind.BOOL: 1,
    Kind.BYTE: 1,
    Kind.INT16: 2,
    Kind.INT32: 4,
    Kind.INT64: 8,
    Kind.FIXED_DECIMAL: 19,
    Kind.FLOAT: 4,
    Kind.DOUBLE: 8,
    Kind.STRING: 254,
    Kind.WSTRING: 254,
    Kind.V_STRING: LARGEST_NARROW,
    Kind.V_WSTRING: LARGEST_WIDE,
    Kind.DATE: 10,
    Kind.TIME: 8,
    Kind.DATETIME: 19,
    Kind.BLOB: LARGEST_NARROW,
    Kind.SPATIAL: LARGEST_NARROW,
}
_KINDS = {kind.value.lower(): kind for kind in Kind}


@dataclass(frozen=True, slots=True)
class FieldType:
    """A field type with its size.

    ``size`` counts code units of text (Latin-1 bytes or UTF-16 units), the characters of a FixedDecimal with sign and
    point, bytes else; ``scale`` is a FixedDecimal's number of decimals.

    >>> FieldType.of("v_wstring")
    FieldType(kind=<Kind.V_WSTRING: 'V_WString'>, size=1073741823, scale=0)
    >>> str(FieldType.of("FixedDecimal", 19, 2))
    'FixedDecimal(19.2)'
    """

    kind: Kind
    size: int
    scale: int = 0

    @classmethod
    def of(cls, name: str, size: int | None = None, scale: int | None = None) -> FieldType:
        """The type called *name* (in any case); a size that is not given is the kind's own.

        Raises ``ValueError`` for a name that is no field type, and for a size or scale below 0.
        """
        kind = _KINDS.get(name.strip().lower())
        if kind is None:
            raise ValueError(f"{name!r} is no field type")
        if min(size or 0, scale or 0) < 0:
            raise ValueError(f"{min(size or 0, scale or 0)} is no size")
        sized = kind in TEXTS or kind in (Kind.FIXED_DECIMAL, Kind.BLOB, Kind.SPATIAL, Kind.TIME, Kind.DATETIME)
        decimals = (6 if scale is None else scale) if kind is Kind.FIXED_DECIMAL else 0
        return cls(kind, size if size is not None and sized else _DEFAULT_SIZES[kind], decimals)

    @property
    def is_text(self) -> bool:
        """A text type; dates are not."""
        return self.kind in TEXTS

    @property
    def is_date(self) -> bool:
        """Date, Time or DateTime."""
        return self.kind in DATES

    @property
    def is_integer(self) -> bool:
        """Byte, Int16, Int32 or Int64."""
        return self.kind in INTEGERS

    @property
    def is_number(self) -> bool:
        """A number; Bool counts."""
        return self.kind in NUMBERS

    @property
    def is_wide(self) -> bool:
        """Text of UTF-16 units; the others hold Latin-1."""
        return self.kind in WIDE

    @property
    def family(self) -> Family:
        """What an expression of this type is to the formula language."""
        if self.is_number:
            return Family.NUMBER
        if self.is_text or self.is_date:
            return Family.TEXT
        return Family.BLOB if self.kind is Kind.BLOB else Family.SPATIAL

    def __str__(self) -> str:
        if self.kind is Kind.FIXED_DECIMAL:
            return f"{self.kind}({self.size}.{self.scale})"
        return f"{self.kind}({self.size})" if self.is_text else str(self.kind)


BOOL = FieldType.of("Bool")
BYTE = FieldType.of("Byte")
INT16 = FieldType.of("Int16")
INT32 = FieldType.of("Int32")
INT64 = FieldType.of("Int64")
FLOAT = FieldType.of("Float")
DOUBLE = FieldType.of("Double")
V_STRING = FieldType.of("V_String")
V_WSTRING = FieldType.of("V_WString")
DATE = FieldType.of("Date")
TIME = FieldType.of("Time")
DATETIME = FieldType.of("DateTime")


@dataclass(frozen=True, slots=True)
class Field:
    """A named, typed column; ``source`` and ``description`` are the notes that travel with it."""

    name: str
    type: FieldType
    source: str = ""
    description: str = ""

    def named(self, name: str) -> Field:
        """The same field under another name."""
        return replace(self, name=name)

    def typed(self, type: FieldType) -> Field:  # noqa: A002 - the field's own word
        """The same field with another type."""
        return replace(self, type=type)


@dataclass(frozen=True)
class Schema:
    """The fields of a table in order. Names are unique and found without regard to case.

    >>> schema = Schema.of(Field("Id", INT32), Field("Name", V_WSTRING))
    >>> schema["NAME"].type.kind.value
    'V_WString'
    """

    fields: tuple[Field, ...] = ()

    @classmethod
    def of(cls, *fields: Field) -> Schema:
        """A schema of these fields."""
        return cls(tuple(fields))

    @cached_property
    def _places(self) -> dict[str, int]:
        places: dict[str, int] = {}
        for place, field in enumerate(self.fields):
            if places.setdefault(folded(field.name), place) != place:
                raise ValueError(f"two fields are called {field.name!r}")
        return places

    @property
    def names(self) -> tuple[str, ...]:
        """The fields' names, in order."""
        return tuple(field.name for field in self.fields)

    def find(self, name: str) -> Field | None:
        """The field called *name* in any case, or nothing."""
        place = self._places.get(folded(name))
        return None if place is None else self.fields[place]

    def place(self, name: str) -> int | None:
        """Where the field called *name* stands, from 0."""
        return self._places.get(folded(name))

    def __getitem__(self, name: str) -> Field:
        field = self.find(name)
        if field is None:
            raise KeyError(name)
        return field

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and folded(name) in self._places

    def __iter__(self) -> Iterator[Field]:
        return iter(self.fields)

    def __len__(self) -> int:
        return len(self.fields)


def folded(name: str) -> str:
    """A field's name as it is compared: full Unicode folding, as the vendor's library does."""
    return name.casefold()


class Names:
    """Names of fields that are given out, each once; those in *taken* are given already.

    >>> names = Names(["date", "Date2"])
    >>> names.new("Date"), names.new("Day"), "DAY" in names
    ('Date3', 'Day', True)
    """

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = {folded(name) for name in taken}

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and folded(name) in self._taken

    def new(self, name: str) -> str:
        """*name*, or with the suffix 2, 3, … that makes it new; cut to as many characters as a name may have."""
        given, number = name[:LONGEST_NAME], 2
        while given in self:
            given = f"{name[: LONGEST_NAME - len(str(number))]}{number}"
            number += 1
        self._taken.add(folded(given))
        return given


def unique(name: str, taken: Iterable[str]) -> str:
    """The new name among *taken* that ``Names`` gives for *name*; for one name alone.

    >>> unique("Date", ["date", "Date2"])
    'Date3'
    """
    return Names(taken).new(name)
