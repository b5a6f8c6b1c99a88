"""Field Info."""

from __future__ import annotations

from openyx.fields import Field, FieldType, Schema
from openyx.relation import values
from openyx.testing import Records, run, table
from openyx.tools.developer.field_info import FieldInfo

FIELDS = (
    "Name: V_String(8), Type: String(12), Size: Int32, Scale: Int32, Source: V_WString(27), Description: V_WString(4)"
)
DESCRIBED = Records(
    Schema.of(
        Field("Price", FieldType.of("FixedDecimal", 19, 2), "Formula: [Amount] * [Units]"),
        Field("Größe 😀", FieldType.of("V_WString", 40), "", "long"),
        Field("n", FieldType.of("Int16"), "TextInput:"),
        Field("at", FieldType.of("DateTime")),
        Field("shape", FieldType.of("SpatialObj")),
    ),
    (),
)


def test_each_field_gives_a_record_in_order() -> None:
    assert run(FieldInfo(), DESCRIBED).table == table(
        FIELDS,
        'Price, FixedDecimal, 19, 2, Formula: [Amount] * [Units], ""',
        'Größe 😀, V_WString, 40, , "", long',
        'n, Int16, 2, , TextInput:, ""',
        'at, DateTime, 19, , "", ""',
        'shape, SpatialObj, 2147483647, , "", ""',
    )


def test_sizes_are_those_of_the_longest_text_and_at_least_one() -> None:
    found = run(FieldInfo(), table("id: Int32", "1")).table.schema
    sizes = {field.name: field.type.size for field in found if field.type.is_text}
    assert sizes == {"Name": 2, "Type": 5, "Source": 1, "Description": 1}
    assert {field.source for field in found} == {"FieldInfo"}


def test_records_do_not_matter() -> None:
    described = values(DESCRIBED.schema, {field.name: [] for field in DESCRIBED.schema})
    assert FieldInfo().lower(described).outputs["Output"].schema.names == (
        "Name",
        "Type",
        "Size",
        "Scale",
        "Source",
        "Description",
    )
