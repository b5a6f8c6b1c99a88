"""Transpose."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest

from openyx.document import config, xml
from openyx.errors import WorkflowError
from openyx.fields import Field, FieldType, Schema
from openyx.relation import values
from openyx.testing import run, table
from openyx.tools.shared.chosen import ChosenField
from openyx.tools.transform.transpose import Transpose, WhenMissing, merged_source

PEOPLE = table("id: Int32, name: String(5), age: Byte, born: Date", "1, Ann, 36, 1815-12-10", "2, , , ")


def of(*data: str, keys: tuple[str, ...] = ("id",), when_missing: WhenMissing = WhenMissing.WARN) -> Transpose:
    """Data fields by name; one that is not selected has a minus in front."""
    fields = tuple(ChosenField(field=name.lstrip("-"), selected=not name.startswith("-")) for name in data)
    return Transpose(keys=keys, data=fields, when_missing=when_missing)


def test_each_value_is_a_record_and_those_of_the_first_record_come_first() -> None:
    ran = run(of("born", "age", "name"), PEOPLE)
    assert ran.table == table(
        "id: Int32, Name: String(4), Value: V_String(10)",
        "1, name, Ann",
        "1, age, 36",
        "1, born, 1815-12-10",
        "2, name, ",
        "2, age, ",
        "2, born, ",
    )
    assert ran.said == []


def test_names_beyond_latin_1_are_wide() -> None:
    ran = run(of("Größe", "名前", keys=()), table("Größe: Int32, 名前: Int32", "1, 2"))
    assert ran.table == table("Name: WString(5), Value: Int32", "Größe, 1", "名前, 2")


def test_fields_that_no_row_names_are_data_when_unknown_ones_are() -> None:
    ran = run(of("-name", "*Unknown"), PEOPLE)
    assert [row[1] for row in ran.table.rows] == ["age", "born"] * 2
    assert [row[1] for row in run(of("name", "-*Unknown"), PEOPLE).table.rows] == ["name"] * 2
    assert [row[1] for row in run(of("name"), PEOPLE).table.rows] == ["name"] * 2


def test_key_fields_come_as_listed_and_are_no_data() -> None:
    ran = run(of("*Unknown", "ID", keys=("age", "id")), PEOPLE)
    assert ran.table.schema.names == ("age", "id", "Name", "Value")
    assert [row[2] for row in ran.table.rows] == ["name", "born"] * 2


def test_the_new_fields_get_a_number_where_their_names_are_taken() -> None:
    ran = run(of("*Unknown", keys=("name", "Value")), table("name: Byte, Value: Byte, x: Byte", "1, 2, 3"))
    assert ran.table == table("name: Byte, Value: Byte, Name2: String(1), Value2: Byte", "1, 2, x, 3")


def test_without_keys_there_are_names_and_values() -> None:
    assert run(of("*Unknown", keys=()), table("a: Int16, bb: Double", "1, 2.5")).table == table(
        "Name: String(2), Value: Double", "a, 1", "bb, 2.5"
    )


def test_without_data_there_is_no_record() -> None:
    assert run(of("-*Unknown"), PEOPLE).table == table("id: Int32, Name: String(1), Value: String(1)")


def test_shapes_win_over_all() -> None:
    ran = run(of("*Unknown", keys=()), table("a: SpatialObj, b: SpatialObj", '"{""type"":""Point""}", '))
    assert [field.type.kind.value for field in ran.table.schema] == ["String", "SpatialObj"]


def test_a_field_that_is_missing_is_told_as_the_tool_says() -> None:
    assert run(of("gone", "age", keys=("id", "lost")), PEOPLE).said == [
        'The field "lost" is not contained in the record',
        'The field "gone" is not contained in the record',
    ]
    assert run(of("gone", "age", when_missing=WhenMissing.IGNORE), PEOPLE).said == []
    with pytest.raises(WorkflowError, match='"gone" is not contained'):
        run(of("gone", "age", when_missing=WhenMissing.ERROR), PEOPLE)


def test_a_field_that_is_missing_and_not_selected_is_not_told() -> None:
    assert run(of("-gone", "age"), PEOPLE).said == []


@pytest.mark.shared
def test_names_and_types_are_those_that_the_vendors_engine_stored(
    stored: Callable[[str], list[dict[str, Any]]],
) -> None:
    same = total = 0
    for node in stored("Transpose"):
        settings, unread = config.read(Transpose, xml.read(BytesIO(node["settings"].encode()), "x"), place="x")
        assert unread == ()
        arriving, leaving = node["inputs"].get("Input"), node["outputs"].get("Output")
        if not arriving or not leaving:
            continue
        schema = Schema(tuple(map(field, arriving)))
        lowered = settings.lower(values(schema, {name: [] for name in schema.names}))
        made = [(each.name, str(each.type)) for each in lowered.outputs["Output"].schema]
        total += len(leaving)
        same += sum(one == (each["name"], str(field(each).type)) for one, each in zip(made, leaving, strict=True))
    assert total > 80
    assert same == total


@pytest.mark.parametrize(
    ("sources", "merged"),
    [
        (["TextInput:", "TextInput:"], "TextInput:"),
        (["Formula: 1", "Formula: 2"], "Formula: (Multiple Sources)"),
        (["Formula: 1", "TextInput:"], "(Multiple Sources)"),
        (["", "TextInput:"], "(Multiple Sources)"),
        ([], ""),
    ],
)
def test_the_value_tells_of_all_its_sources(sources: list[str], merged: str) -> None:
    assert merged_source(sources) == merged


def field(stored: dict[str, str]) -> Field:
    size, scale = stored.get("size"), stored.get("scale")
    return Field(
        stored["name"], FieldType.of(stored["type"], int(size) if size else None, int(scale) if scale else None)
    )
