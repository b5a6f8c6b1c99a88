"""Select."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest

from openyx.document import config, xml
from openyx.errors import DocumentError
from openyx.fields import Field, FieldType, Schema
from openyx.relation import values
from openyx.testing import run, table
from openyx.tools.preparation.select import Select
from openyx.tools.shared.grid import GridRow

ABC = table("a: Int32, B: V_String(20), c: Double", "1, x, 1.5", "2, , 2.5")


def grid(*rows: str, as_listed: bool = False, comma_decimal: bool = False) -> Select:
    """Rows such as ``-a``, ``b>new``, ``c:Int16``, ``b:(3)``; ``*`` is ``*Unknown``."""

    def row(text: str) -> GridRow:
        name, _, type_ = text.lstrip("-").partition(":")
        field, _, rename = name.partition(">")
        kind, _, size = type_.rstrip(")").partition("(")
        return GridRow(
            field="*Unknown" if field == "*" else field,
            selected=not text.startswith("-"),
            rename=rename,
            type=kind,
            size=size,
        )

    return Select(rows=tuple(map(row, rows)), as_listed=as_listed, comma_decimal=comma_decimal)


def names(tool: Select, *fields: str) -> tuple[str, ...]:
    return run(tool, table(", ".join(f"{field}: Int32" for field in fields))).table.schema.names


def test_fields_are_dropped_renamed_and_cast_in_the_inputs_order() -> None:
    ran = run(grid("c:Int16", "b>Name", "-a"), ABC)
    assert ran.table == table("Name: V_String(20), c: Int16", "x, 2", ", 3")


def test_fields_that_are_not_listed_stay_unless_unknown_ones_are_dropped() -> None:
    assert names(grid("a"), "a", "b") == ("a", "b")
    assert names(grid("a", "-*"), "a", "b") == ("a",)


def test_a_changed_order_is_the_lists_with_unknown_fields_at_their_place() -> None:
    assert names(grid("c", "*", "a", as_listed=True), "a", "b", "c", "d") == ("c", "b", "d", "a")
    assert names(grid("c", "-*", "a", as_listed=True), "a", "b", "c", "d") == ("c", "a")


def test_a_rename_wins_over_a_field_that_has_the_name() -> None:
    assert names(grid("full>Date"), "Date", "full") == ("Date2", "Date")
    assert names(grid("full>Date", "-Date"), "Date", "full") == ("Date",)


def test_two_renames_to_one_name_are_numbered() -> None:
    assert names(grid("a>x", "b>X"), "a", "b") == ("x", "X2")


def test_names_are_cut_to_255_characters_with_their_numbers() -> None:
    long = "x" * 300
    assert names(grid(f"a>{long}", f"b>{long}"), "a", "b") == ("x" * 255, "x" * 254 + "2")


def test_names_may_be_exchanged() -> None:
    assert names(grid("a>b", "b>a"), "a", "b") == ("b", "a")


def test_a_size_alone_is_for_text_only() -> None:
    ran = run(grid("b:(3)", "a:(2)"), table("a: Int32, b: V_WString(20)", "1, abcdef"))
    assert ran.table == table("a: Int32, b: V_WString(3)", "1, abc")
    assert ran.said == ['b: "abcdef" was truncated']


def test_a_cast_that_fails_is_told_under_the_new_name() -> None:
    ran = run(grid("b>n:Int32"), ABC)
    assert ran.table == table("a: Int32, n: Int32, c: Double", "1, , 1.5", "2, , 2.5")
    assert ran.said == ["n: x is not a number."]


def test_a_date_may_carry_the_size_of_the_type_that_was_chosen_before() -> None:
    ran = run(grid("a:DateTime(254)"), table("a: String(19)", "2024-02-29 10:00:00"))
    assert ran.table == table("a: DateTime", "2024-02-29 10:00:00")


def test_a_fixed_decimal_has_its_scale_in_the_size() -> None:
    assert run(grid("c:FixedDecimal(19.2)"), ABC).table.schema["c"].type == FieldType.of("FixedDecimal", 19, 2)


def test_a_comma_may_be_the_decimal_point() -> None:
    ran = run(grid("p:Double", comma_decimal=True), table("p: V_String(10)", '"1,5"', "2"))
    assert ran.table == table("p: Double", "1.5", "2")


def test_a_listed_field_that_is_missing_is_told() -> None:
    ran = run(grid("gone", "-lost", "a"), ABC)
    assert ran.said == ['The field "gone" is missing', 'The field "lost" is missing']
    assert ran.table == ABC


def test_a_description_is_replaced() -> None:
    tool = Select(rows=(GridRow(field="a", description="new"),))
    described = values(Schema.of(Field("a", FieldType.of("Int32"), description="old")), {"a": [1]})
    lowered = tool.lower(described)
    assert lowered.outputs["Output"].schema["a"].description == "new"


@pytest.mark.shared
def test_names_and_types_are_those_that_the_vendors_engine_stored(
    stored: Callable[[str], list[dict[str, Any]]],
) -> None:
    same = total = 0
    for node in stored("AlteryxSelect"):
        arriving = node["inputs"].get("Input")
        if not arriving or "Output" not in node["outputs"]:
            continue
        settings, _ = config.read(Select, xml.read(BytesIO(node["settings"].encode()), "x"), place="x")
        schema = Schema(tuple(field(each) for each in arriving))
        leaving = settings.lower(values(schema, {name: [] for name in schema.names})).outputs["Output"].schema
        total += 1
        same += [shown(each) for each in leaving] == [shown(field(each)) for each in node["outputs"]["Output"]]
    assert total > 150
    assert total - same <= 2


def test_a_negative_size_is_an_error() -> None:
    rows = (GridRow(field="a", type="String", size="-4"),)
    with pytest.raises(DocumentError, match="field a: -4 is no size"):
        Select(rows=rows).lower(table("a: String", "x").relation)


def field(stored: dict[str, str]) -> Field:
    size, scale = stored.get("size"), stored.get("scale")
    return Field(
        stored["name"], FieldType.of(stored["type"], int(size) if size else None, int(scale) if scale else None)
    )


def shown(field: Field) -> tuple[str, str]:
    return field.name, str(field.type)
