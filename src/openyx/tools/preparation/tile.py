"""Tile."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import ClassVar

from openyx.document.config import Ignored, ignored, many, text, value
from openyx.errors import WorkflowError
from openyx.fields import INT16, INT32, INT64, folded, unique
from openyx.formula import bracketed
from openyx.relation import Key, Pick, Relation
from openyx.relation.verbs.window import Number, Running, Size
from openyx.tools.base import Approximate, Context, Tool, field_of, tool
from openyx.tools.shared.groups import groups

_NUMBER = "Tile_Num"
_SEQUENCE = "Tile_SequenceNum"


class Method(StrEnum):
    """What makes a tile."""

    EQUAL_RECORDS = "EqualRecords"
    EQUAL_SUM = "EqualSum"
    SMART = "SmartTile"
    MANUAL = "Manual"
    UNIQUE = "UniqueValue"


@tool("AlteryxBasePluginsGui.Tile.Tile")
class Tile(Tool):
    """Parts the records into tiles: ``Tile_Num`` counts the tiles, ``Tile_SequenceNum`` the records of each.

    Equal records: as many tiles as are wanted, of sizes that differ by one at most, the larger ones first; records of
    equal value may be kept together, in the tile of the first of them. Manual: by cutoffs, each of which still belongs
    to the tile below it; a null is in the first. Unique value: one tile for each.

    The records come sorted by the groups and by the field that makes the tiles, nulls first, and keep their order
    within; without such a field they stay as they are. Each group has tiles of its own.
    """

    ignores: ClassVar[tuple[Ignored, ...]] = (ignored("GroupFields@orderChanged", "how the list of fields is shown"),)
    approximate: ClassVar[tuple[Approximate, ...]] = (
        Approximate("how records of equal value are kept together is not known", when=lambda tile: bool(tile.together)),
        Approximate("the order is not known", when=lambda tile: tile.method is Method.MANUAL),
    )

    method: Method = text("Method")
    tiles: int | None = value("EqualRecords/NumTiles", default=None)
    sorted_by: str = text("EqualRecords/EqualRecordsSortField", default="")
    together: str = text("EqualRecords/EqualRecordsGroupField", default="")
    locale: int = text("EqualRecords/SortLocale", default=0)
    cut: str = text("Manual/Field", default="")
    cutoffs: str = text("Manual/Cutoffs", default="")
    values: tuple[str, ...] = many("UniqueValue/UniqueFields/Field", each="@field", default=())
    keeps_order: bool = value("UniqueValue/DontSort", default=False)
    groups: tuple[str, ...] = many("GroupFields/Field", each="@name", default=())

    def lacks(self) -> Iterable[str]:
        match self.method:
            case Method.EQUAL_SUM | Method.SMART:
                yield f"the method {self.method} in Tile"
            case Method.EQUAL_RECORDS:
                if self.sorted_by and self.together and folded(self.together) != folded(self.sorted_by):
                    yield "keeping records together by another field than they are sorted by, in Tile"
            case Method.UNIQUE:
                if self.keeps_order:
                    yield "unique values without sorting in Tile"
            case Method.MANUAL:
                pass

    def lower(self, records: Relation, *, context: Context) -> Relation:
        assert not any(self.lacks())
        names = groups(records, self.groups)
        number = unique(_NUMBER, records.schema.names)
        sequence = unique(_SEQUENCE, [*records.schema.names, number])
        ways = {
            Method.EQUAL_RECORDS: self._of_equal_size,
            Method.MANUAL: self._cut,
            Method.UNIQUE: self._of_one_value,
        }
        tiled = ways[self.method](records, names, number, context)
        counted = tiled.window((*names, number), [Number(sequence)], apart=False)
        picks: list[Pick | str] = [
            *records.schema.names,
            Pick(number, type=INT16, source=""),
            Pick(sequence, type=INT32),
        ]
        return counted.select(picks)

    def _of_equal_size(self, records: Relation, names: tuple[str, ...], number: str, context: Context) -> Relation:
        if self.tiles is None:
            raise WorkflowError(
                "The setting EqualRecords/NumTiles is missing", hint="it says how many tiles are wanted"
            )
        if self.tiles < 1:
            raise WorkflowError(f"The number of tiles is {self.tiles}, and must be 1 or more")
        key = self.sorted_by or self.together
        ordered = records.sort([*map(Key, names), self._key(records, key)]) if key else records
        taken = [*records.schema.names, number]
        place, size, first = (unique(each, taken) for each in ("Place", "Size", "First"))
        placed = ordered.window(names, [Number(place), Size(size)], apart=not key)
        at = bracketed(place)
        if self.together:
            placed = placed.window((*names, records.schema[key].name), [Number(first)], apart=False)
            at = f"({at} - {bracketed(first)} + 1)"
        return placed.add(number, context.value(_even(at, bracketed(size), self.tiles), placed, target=INT64), INT64)

    def _key(self, records: Relation, name: str) -> Key:
        field_of(records, name)
        field = records.schema[name]
        return Key(field.name, locale=self.locale if field.type.is_text and not self.together else 0)

    def _cut(self, records: Relation, names: tuple[str, ...], number: str, context: Context) -> Relation:
        if not self.cut:
            raise WorkflowError("The setting Manual/Field is missing", hint="it names the field that is cut")
        field_of(records, self.cut)
        field = records.schema[self.cut]
        if not field.type.is_number:
            raise WorkflowError(f'The field "{field.name}" is a {field.type}: it has no cutoffs')
        ordered = records.sort([*names, field.name])
        above = [f"IIF({bracketed(field.name)} > {cutoff}, 1, 0)" for cutoff in self._cutoffs()]
        return ordered.add(number, context.value(" + ".join(["1", *above]), ordered, target=INT64), INT64)

    def _cutoffs(self) -> list[float]:
        lines = [line.strip() for line in self.cutoffs.splitlines() if line.strip()]
        if not lines:
            raise WorkflowError("The setting Manual/Cutoffs is missing or empty", hint="one cutoff a line")
        try:
            return [float(line) for line in lines]
        except ValueError as error:
            raise WorkflowError(f"The cutoffs are no numbers: {error}") from error

    def _of_one_value(self, records: Relation, names: tuple[str, ...], number: str, context: Context) -> Relation:
        keys = groups(records, self.values)
        if not keys:
            raise WorkflowError("No field is selected")
        first = unique("First", [*records.schema.names, number])
        counted = records.window(dict.fromkeys((*names, *keys)), [Number(first)])
        flagged = counted.add(first, context.value(f"IIF({bracketed(first)} = 1, 1, 0)", counted, target=INT64), INT64)
        return flagged.window(names, [Running(number, first)], apart=False)


def _even(place: str, size: str, tiles: int) -> str:
    """The tile of a place among so many, as an expression."""
    least, larger = f"Floor({size} / {tiles})", f"Mod({size}, {tiles})"
    before = f"{larger} * ({least} + 1)"
    within = f"Floor(({place} - 1) / ({least} + 1))"
    return f"IIF({place} <= {before}, {within}, {larger} + Floor(({place} - 1 - {before}) / {least})) + 1"
