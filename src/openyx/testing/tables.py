"""Tables written as text.

>>> table("a: Int32, b: String", "1, x", "2, ") == table("A: Int32, b: String", "1, x")
False
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from openyx.fields import Field, FieldType, Kind, Schema
from openyx.relation import Relation, values
from openyx.relation.table import Table

_FIELD = re.compile(r"\s*(?P<name>.+?)\s*:\s*(?P<kind>\w+)(?:\((?P<size>\d+)(?:\.(?P<scale>\d+))?\))?\s*")
_CELL = re.compile(r'\s*(?:"((?:[^"]|"")*)"|([^,"]*?))\s*(?:,|$)')
_READ: dict[Kind, Callable[[str], object]] = {
    Kind.BOOL: lambda text: {"True": True, "False": False}[text],
    Kind.BYTE: int,
    Kind.INT16: int,
    Kind.INT32: int,
    Kind.INT64: int,
    Kind.FIXED_DECIMAL: Decimal,
    Kind.FLOAT: float,
    Kind.DOUBLE: float,
    Kind.DATE: date.fromisoformat,
    Kind.TIME: time.fromisoformat,
    Kind.DATETIME: datetime.fromisoformat,
    Kind.BLOB: bytes.fromhex,
}


@dataclass(frozen=True, slots=True, eq=False)
class Records:
    """A table's fields and records. Two are equal when names, types and records are, in order.

    A size that was not written is equal to any.
    """

    schema: Schema
    rows: tuple[tuple[object, ...], ...]
    unsized: frozenset[int] = frozenset()

    @property
    def relation(self) -> Relation:
        """The records to be given to a tool."""
        return values(self.schema, {field.name: [row[n] for row in self.rows] for n, field in enumerate(self.schema)})

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Records) or self.schema.names != other.schema.names or self.rows != other.rows:
            return False
        free = self.unsized | other.unsized
        return all(
            one.type == two.type or (place in free and one.type.kind is two.type.kind)
            for place, (one, two) in enumerate(zip(self.schema, other.schema, strict=True))
        )

    __hash__ = None  # type: ignore[assignment]  # equality is not transitive

    def __repr__(self) -> str:
        fields = ", ".join(f"{field.name}: {field.type}" for field in self.schema)
        return f"table({', '.join(map(repr, (fields, *(_shown(row) for row in self.rows))))})"


def table(fields: str, *rows: str) -> Records:
    """A table from text: fields as ``name: Type`` or ``name: Type(size)``, and a text for each record.

    Cells are parted by commas, blanks around them do not count. An empty cell is null, ``""`` an empty text; quotes
    keep commas and blanks.
    """
    found = [_FIELD.fullmatch(part) for part in re.split(r",(?![^(]*\))", fields)]
    matches = [match for match in found if match is not None]
    if len(matches) != len(found):
        raise ValueError(f"{fields!r} is no list of fields")
    typed = [
        Field(match["name"], FieldType.of(match["kind"], _number(match["size"]), _number(match["scale"])))
        for match in matches
    ]
    unsized = frozenset(place for place, match in enumerate(matches) if match["size"] is None)
    return Records(Schema(tuple(typed)), tuple(_row(row, typed) for row in rows), unsized)


def records(found: Table) -> Records:
    """A table that a run kept, to be compared."""
    return Records(found.schema, tuple(found.rows()))


def _row(text: str, fields: Sequence[Field]) -> tuple[object, ...]:
    cells: list[object] = []
    place = 0
    for field in fields:
        cell = _CELL.match(text, place)
        if cell is None or place > len(text):
            raise ValueError(f"{text!r} has no {field.name}")
        place = cell.end() + (1 if cell.end() == len(text) and not cell[0].endswith(",") else 0)
        quoted, bare = cell[1], cell[2]
        if quoted is None and not bare:
            cells.append(None)
        else:
            content = bare if quoted is None else quoted.replace('""', '"')
            cells.append(_READ.get(field.type.kind, str)(content))
    if place <= len(text):
        raise ValueError(f"{text!r} has more than {len(fields)} cells")
    return tuple(cells)


def _shown(row: Sequence[object]) -> str:
    return ", ".join("" if cell is None else '""' if cell == "" else str(cell) for cell in row)


def _number(text: str | None) -> int | None:
    return None if text is None else int(text)
