"""The grid of fields that Select and its kin share: which are kept, in which order, under which name and type."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from openyx.document.config import attribute, block
from openyx.errors import DocumentError
from openyx.fields import Field, FieldType, Schema, folded, unique
from openyx.relation import Pick
from openyx.tools.base import unlimited

UNKNOWN = "*Unknown"


@block
class GridRow:
    """A field of the grid; the row ``*Unknown`` stands for all that no row names."""

    field: str = attribute("@field")
    selected: bool = attribute("@selected", default=True)
    rename: str = attribute("@rename", default="")
    type: str = attribute("@type", default="")
    size: str = attribute("@size", default="")
    description: str | None = attribute("@description", default=None)


@dataclass(frozen=True, slots=True)
class Picked:
    """The fields that a grid keeps, and the names of those that it lists and that are not there."""

    picks: tuple[Pick, ...]
    missing: tuple[str, ...]


def picked(schema: Schema, rows: Sequence[GridRow], *, as_listed: bool) -> Picked:
    """What a grid makes of a schema; *as_listed* takes the grid's order, else the input's."""
    by_name = {folded(row.field): row for row in rows if row.field != UNKNOWN}
    unknown = next((row for row in rows if row.field == UNKNOWN), None)
    keeps_unknown = unknown is None or unknown.selected
    fields = list(_listed(schema, rows, by_name) if as_listed else schema)
    kept = [
        (field, by_name.get(folded(field.name)))
        for field in fields
        if (row.selected if (row := by_name.get(folded(field.name))) else keeps_unknown)
    ]
    names = _names([(field.name, row.rename if row else "") for field, row in kept])
    picks = tuple(_pick(field, name, row) for (field, row), name in zip(kept, names, strict=True))
    return Picked(picks, tuple(row.field for row in by_name.values() if row.field not in schema))


def _listed(schema: Schema, rows: Sequence[GridRow], by_name: dict[str, GridRow]) -> Iterator[Field]:
    unlisted = [field for field in schema if folded(field.name) not in by_name]
    seen: set[str] = set()
    for row in rows:
        if row.field == UNKNOWN:
            yield from unlisted
            unlisted = []
        elif row.field in schema and folded(row.field) not in seen:
            seen.add(folded(row.field))
            yield schema[row.field]
    if not any(row.field == UNKNOWN for row in rows):
        yield from unlisted


def _names(kept: Sequence[tuple[str, str]]) -> list[str]:
    """Each field's name: a rename that was asked for wins over a field that merely has the name."""
    taken: list[str] = []
    given: dict[int, str] = {}
    for renamed in (True, False):
        for place, (name, rename) in enumerate(kept):
            if bool(rename) is renamed:
                given[place] = unique(rename or name, taken)
                taken.append(given[place])
    return [given[place] for place in range(len(kept))]


def _pick(field: Field, name: str, row: GridRow | None) -> Pick:
    if row is None:
        return Pick(field.name, name)
    return Pick(field.name, name, _type(field, row), description=row.description)


def _type(field: Field, row: GridRow) -> FieldType | None:
    size, _, scale = row.size.strip().partition(".")
    kind = row.type or (field.type.kind.value if size and field.type.is_text else "")
    if not kind:
        return None
    if size.startswith("-"):
        raise DocumentError(f"{row.size!r} is no size", place=f"field {row.field}")
    try:
        return unlimited(FieldType.of(kind, int(size) if size else None, int(scale) if scale else None))
    except ValueError as error:
        raise DocumentError(str(error), place=f"field {row.field}") from error
