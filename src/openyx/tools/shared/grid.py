"""The grid of fields that Select and its kin share: which are kept, in which order, under which name and type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from openyx.document.config import Ignored, attribute, block, ignored, many, value
from openyx.fields import Field, FieldType, Names, Schema, folded
from openyx.messages import Kind, Message
from openyx.relation import Pick, Relation
from openyx.tools.base import spelled_type, told
from openyx.tools.shared.chosen import UNKNOWN


@block
class GridRow:
    """A field of the grid; the row ``*Unknown`` stands for all that no row names."""

    field: str = attribute("@field")
    selected: bool = attribute("@selected", default=True)
    rename: str = attribute("@rename", default="")
    type: str = attribute("@type", default="")
    size: str = attribute("@size", default="")
    description: str | None = attribute("@description", default=None)


@block
class Grid:
    """The grid of a tool that puts several inputs side by side: it knows each field with its input in front."""

    as_listed: bool = value("OrderChanged", default=False)
    comma_decimal: bool = value("CommaDecimal", default=False)
    rows: tuple[GridRow, ...] = many("SelectFields/SelectField", of=GridRow, default=())

    def of(self, records: Relation, plain: Mapping[str, str]) -> tuple[Relation, tuple[Message, ...]]:
        """The fields that the grid keeps, and what it misses; *plain* is as in ``picked``."""
        grid = picked(records.schema, self.rows, as_listed=self.as_listed, plain=plain)
        kept = records.select(grid.picks, comma_decimal=self.comma_decimal)
        return kept, tuple(told(Kind.WARNING, f'The field "{name}" is missing') for name in grid.missing)


IGNORED: tuple[Ignored, ...] = (
    ignored("SelectConfiguration/Configuration@outputConnection", "there is one grid"),
    ignored("SelectConfiguration/Configuration/SelectFields/SelectField@input", "the field's name begins with it"),
    ignored("SelectConfiguration/Configuration/SelectFields/SelectField@forced", "a type that is given is always used"),
)


def prefixed(records: Relation, prefix: str) -> tuple[Relation, dict[str, str]]:
    """The records with *prefix* before each field's name, and what each was called."""
    names = {prefix + name: name for name in records.schema.names}
    return records.select([Pick(name, new) for new, name in names.items()]), names


@dataclass(frozen=True, slots=True)
class Picked:
    """The fields that a grid keeps, and the names of those that it lists and that are not there."""

    picks: tuple[Pick, ...]
    missing: tuple[str, ...]


def picked(
    schema: Schema, rows: Sequence[GridRow], *, as_listed: bool, plain: Mapping[str, str] | None = None
) -> Picked:
    """What a grid makes of a schema; *as_listed* takes the grid's order, else the input's.

    Where the fields of several inputs have their input in front, *plain* tells what each was called: it is called so
    again, unless a field that is kept before it, or renamed, has that name.
    """
    by_name = {folded(row.field): row for row in rows if row.field != UNKNOWN}
    unknown = next((row for row in rows if row.field == UNKNOWN), None)
    keeps_unknown = unknown is None or unknown.selected
    fields = list(_listed(schema, rows, by_name) if as_listed else schema)
    kept = [
        (field, by_name.get(folded(field.name)))
        for field in fields
        if (row.selected if (row := by_name.get(folded(field.name))) else keeps_unknown)
    ]
    renames = {field.name: row.rename if row else "" for field, row in kept}
    names = _names([field.name for field in schema if field.name in renames], renames, plain or {})
    picks = tuple(_pick(field, names[field.name], row) for field, row in kept)
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


def _names(kept: Sequence[str], renames: Mapping[str, str], plain: Mapping[str, str]) -> dict[str, str]:
    """Each field's name: a rename that was asked for wins over a field that merely has the name."""
    names = Names()
    given: dict[str, str] = {}
    for name in sorted(kept, key=lambda name: not renames[name]):
        wish = renames[name] or plain.get(name, name)
        given[name] = names.new(name if wish in names and not renames[name] else wish)
    return given


def _pick(field: Field, name: str, row: GridRow | None) -> Pick:
    if row is None:
        return Pick(field.name, name)
    return Pick(field.name, name, _type(field, row), description=row.description)


def _type(field: Field, row: GridRow) -> FieldType | None:
    kind = row.type or (field.type.kind.value if row.size.strip() and field.type.is_text else "")
    return spelled_type(kind, row.size, field=row.field) if kind else None
