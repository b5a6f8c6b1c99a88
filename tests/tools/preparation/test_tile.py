"""Tile."""

from __future__ import annotations

from io import BytesIO

import pytest

from openyx.document import config, xml
from openyx.errors import NotYet, WorkflowError
from openyx.relation import Key, Order, Relation
from openyx.testing import run, table
from openyx.testing.tables import Records
from openyx.tools.base import Context
from openyx.tools.preparation.tile import Method, Tile

LETTERS = table("g: String(1), v: Int32", "b, 5", "a, 3", "b, 1", "a, 4", "b, 1", "a, ", "b, 9")


def tiles(tool: Tile, records: Records = LETTERS) -> list[tuple[object, ...]]:
    """Value, tile and number in the tile."""
    return [row[1:] for row in run(tool, records).table.rows]


def equal(count: int, **settings: object) -> Tile:
    return Tile(method=Method.EQUAL_RECORDS, tiles=count, **settings)  # type: ignore[arg-type]  # any setting


def test_equal_tiles_differ_by_one_and_the_larger_come_first() -> None:
    assert tiles(equal(3)) == [(5, 1, 1), (3, 1, 2), (1, 1, 3), (4, 2, 1), (1, 2, 2), (None, 3, 1), (9, 3, 2)]
    assert tiles(equal(9))[-1] == (9, 7, 1)


def test_the_records_are_sorted_by_a_field() -> None:
    tool = equal(2, sorted_by="V")
    assert tiles(tool) == [(None, 1, 1), (1, 1, 2), (1, 1, 3), (3, 1, 4), (4, 2, 1), (5, 2, 2), (9, 2, 3)]
    lowered = tool.lower(LETTERS.relation, context=Context())
    assert isinstance(lowered, Relation)
    assert lowered.order == Order((Key("v"),))


def test_records_of_equal_value_stay_together() -> None:
    tool = equal(3, sorted_by="v", together="v")
    ones = table("g: String(1), v: Int32", *(f"a, {value}" for value in (1, 2, 2, 2, 2, 3)))
    assert [row[:2] for row in tiles(tool, ones)] == [(1, 1), (2, 1), (2, 1), (2, 1), (2, 1), (3, 3)]


def test_each_group_has_its_own_tiles() -> None:
    tool = equal(2, sorted_by="v", groups=("g",))
    assert [row[1:] for row in run(tool, LETTERS).table.rows] == [
        (None, 1, 1),
        (3, 1, 2),
        (4, 2, 1),
        (1, 1, 1),
        (1, 1, 2),
        (5, 2, 1),
        (9, 2, 2),
    ]


def test_a_cutoff_belongs_to_the_tile_below_it() -> None:
    tool = Tile(method=Method.MANUAL, cut="v", cutoffs="3\n4.5\n")
    assert tiles(tool) == [(None, 1, 1), (1, 1, 2), (1, 1, 3), (3, 1, 4), (4, 2, 1), (5, 3, 1), (9, 3, 2)]


def test_each_value_is_a_tile() -> None:
    tool = Tile(method=Method.UNIQUE, values=("v",), groups=("g",))
    assert tiles(tool) == [(None, 1, 1), (3, 2, 1), (4, 3, 1), (1, 1, 1), (1, 1, 2), (5, 2, 1), (9, 3, 1)]


def test_the_new_fields_have_their_types_and_free_names() -> None:
    ran = run(equal(1), table("tile_num: String(1)", "x"))
    assert [(field.name, str(field.type)) for field in ran.table.schema] == [
        ("tile_num", "String(1)"),
        ("Tile_Num2", "Int16"),
        ("Tile_SequenceNum", "Int32"),
    ]


@pytest.mark.parametrize(
    "tool", [Tile(method=Method.EQUAL_SUM), Tile(method=Method.SMART), equal(2, sorted_by="v", together="g")]
)
def test_what_is_not_there_is_named(tool: Tile) -> None:
    with pytest.raises(NotYet, match="in Tile"):
        run(tool, LETTERS)


@pytest.mark.parametrize(
    ("tool", "said"),
    [
        (Tile(method=Method.EQUAL_RECORDS), "The setting EqualRecords/NumTiles is missing"),
        (Tile(method=Method.MANUAL, cutoffs="1"), "The setting Manual/Field is missing"),
        (Tile(method=Method.MANUAL, cut="v"), "The setting Manual/Cutoffs is missing or empty"),
        (equal(0), "number of tiles is 0"),
        (equal(2, sorted_by="gone"), '"gone" is not contained'),
        (Tile(method=Method.MANUAL, cut="g", cutoffs="1"), "has no cutoffs"),
        (Tile(method=Method.MANUAL, cut="v", cutoffs="1\nx"), "are no numbers"),
        (Tile(method=Method.UNIQUE), "No field is selected"),
    ],
)
def test_what_makes_no_tiles_is_an_error(tool: Tile, said: str) -> None:
    with pytest.raises(WorkflowError, match=said):
        run(tool, LETTERS)


def test_settings_are_read() -> None:
    text = (
        b'<C><GroupFields orderChanged="False"/><Method>EqualRecords</Method><EqualRecords>'
        b"<EqualRecordsGroupField>a</EqualRecordsGroupField><EqualRecordsSortField>a</EqualRecordsSortField>"
        b'<SortLocale>1033</SortLocale><NumTiles value="5"/></EqualRecords></C>'
    )
    tool, unread = config.read(Tile, xml.read(BytesIO(text), "here"), place="here")
    assert unread == ()
    assert tool == equal(5, sorted_by="a", together="a", locale=1033)
