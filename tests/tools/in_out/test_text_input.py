"""Text Input: types from values."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest

from openyx.document import config, xml
from openyx.fields import FieldType
from openyx.testing import run, table
from openyx.tools.base import Context
from openyx.tools.in_out.text_input import Column, Row, TextInput


def typed(names: str, *rows: str) -> TextInput:
    return TextInput(
        columns=tuple(Column(name=name) for name in names.split()),
        rows=tuple(Row(cells=tuple(row.split("|"))) for row in rows),
    )


@pytest.mark.parametrize(
    ("cells", "type_"),
    [
        (["True", "False", ""], "Bool"),
        (["", ""], "Bool"),
        (["0", "1"], "Byte"),
        (["255"], "Byte"),
        (["256"], "Int16"),
        (["-1"], "Int16"),
        (["40000"], "Int32"),
        (["3000000000"], "Int64"),
        (["9223372036854775808"], "String(19)"),
        (["007"], "String(3)"),
        (["1", "2.5"], "Double"),
        (["1e5"], "Double"),
        (["2026-11-24"], "Date"),
        (["2026-02-30"], "String(10)"),
        (["2026-11-24 10:00:00"], "DateTime"),
        (["10:00:00"], "Time"),
        (["2026-11-24", "10:00:00"], "String(10)"),
        (['{"type": "Point", "coordinates": [1, 2]}'], "SpatialObj"),
        (["abc", "abcdef"], "String(6)"),
        (["日本", "x"], "WString(2)"),
        (["x", "x", "a long text"], "V_String(11)"),
        (["abcd", "abcdefghi", *[""] * 8], "String(9)"),
        (["x", "x", "", "日本語日本語日本語"], "V_WString(9)"),
        (["x" * 300], "V_String(300)"),
        (["9" * 5000], "V_String(5000)"),
        (['{"a": ' + "[" * 100_000], "V_String(100006)"),
        (["\U0001f3c8"], "WString(2)"),
    ],
)
def test_the_type_is_the_smallest_that_holds_all_values(cells: list[str], type_: str) -> None:
    tool = TextInput(columns=(Column(name="a"),), rows=tuple(Row(cells=(cell,)) for cell in cells))
    (field,) = run(tool).table.schema
    assert str(field.type) == type_


def test_no_rows_give_text_of_any_length() -> None:
    assert run(typed("a b")).table == table("a: V_WString(1073741823), b: V_WString(1073741823)")


def test_values_are_read_and_empty_cells_are_null() -> None:
    ran = run(typed("id name day", "1|x|2026-01-02", "2||", "3|z"))
    assert ran.table == table("id: Byte, name: String(1), day: Date", "1, x, 2026-01-02", "2, , ", "3, z, ")
    assert ran.said == []


def test_a_declared_type_is_used_as_it_is() -> None:
    tool = TextInput(
        columns=(Column(name="a", type=FieldType.of("V_WString", 50)), Column(name="b", type=FieldType.of("Int32"))),
        rows=(Row(cells=("1", "2")), Row(cells=("x", "y"))),
    )
    ran = run(tool)
    assert ran.table == table("a: V_WString(50), b: Int32", "1, 2", "x, ")
    assert ran.said == ["b: y is not a number."]


def test_names_are_made_different() -> None:
    assert run(typed("a A a", "1|2|3")).table.schema.names == ("a", "A2", "a3")


def test_cells_beyond_the_fields_are_told() -> None:
    assert run(typed("a", "1", "2|3")).said == ["Row 2 has more than 1 cells; the others are left out"]


def test_old_files_have_single_precision_where_six_digits_are_enough() -> None:
    assert run(typed("a", "1.5"), context=Context(version=(9, 0))).table == table("a: Float", "1.5")
    assert run(typed("a", "15761.78"), context=Context(version=(8, 5))).table == table("a: Double", "15761.78")
    assert run(typed("a", "1.5"), context=Context(version=(10, 0))).table == table("a: Double", "1.5")


@pytest.mark.shared
def test_types_are_those_that_the_vendors_engine_chose(stored: Callable[[str], list[dict[str, Any]]]) -> None:
    same = total = 0
    for node in stored("TextInput"):
        settings, _ = config.read(TextInput, xml.read(BytesIO(node["settings"].encode()), "x"), place="x")
        version = tuple(int(part) for part in node["version"].split("."))
        schema = run(settings, context=Context(version=version)).table.schema
        for field, expected in zip(schema, node["outputs"]["Output"], strict=False):
            size = int(expected["size"]) if "size" in expected else None
            total += 1
            same += field.name == expected["name"] and field.type == FieldType.of(expected["type"], size)
    assert total >= 700
    assert total - same <= 4
