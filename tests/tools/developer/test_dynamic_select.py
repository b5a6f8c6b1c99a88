"""Dynamic Select."""

from __future__ import annotations

import pytest

from openyx.document import parse
from openyx.engine import run_workflow
from openyx.errors import DocumentError, FormulaError
from openyx.relation import Anchor
from openyx.testing import node, run, table, text_input, workflow
from openyx.tools.developer.dynamic_select import DynamicSelect, Mode

KINDS = table(
    "Row: Int32, small: Int16, word: String(7), day: Date, share: Double, flag: Bool, place: SpatialObj",
    '1, 2, x, 2026-11-24, 0.5, True, "{}"',
)


def kept(tool: DynamicSelect) -> tuple[str, ...]:
    return run(tool, KINDS).table.schema.names


def where(expression: str) -> DynamicSelect:
    return DynamicSelect(mode=Mode.FORMULA, expression=expression)


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ('[IsStringOrDate] || [Name]=="Row"', ("Row", "word", "day")),
        ('[IsNumeric] || [Name]=="Row"', ("Row", "small", "share")),
        ('Type=="Bool" || [Name]=="Row"', ("Row", "flag")),
        ('[Type]=="SpatialObj" || [Name]=="Row"', ("Row", "place")),
    ],
)
def test_fields_for_which_the_formula_is_true_stay(expression: str, names: tuple[str, ...]) -> None:
    assert kept(where(expression)) == names


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        (r"regex_match([name], 's.*')", ("small", "share")),
        ("[Size] = 7", ("word",)),
        ("[FieldNumber] <= 2", ("Row", "small")),
        ("IsEmpty([Description]) AND [IsDate]", ("day",)),
        ("IIF([IsString], True, Null())", ("word",)),
    ],
)
def test_a_formula_sees_what_a_field_is(expression: str, names: tuple[str, ...]) -> None:
    assert kept(where(expression)) == names


def test_fields_of_some_types_stay_in_their_order() -> None:
    tool = DynamicSelect(mode=Mode.TYPES, types="Date,int16, Double,Blob")
    assert kept(tool) == ("small", "day", "share")
    assert run(tool, KINDS).table.rows[0][0] == 2


def test_where_no_field_is_left_the_records_still_count() -> None:
    everything = text_input("a", "1", "2", "3")
    blobs = node(
        "AlteryxBasePluginsGui.DynamicSelect.DynamicSelect", "<Mode>FieldTypes</Mode><FieldTypes>Blob</FieldTypes>"
    )
    numbered = node("AlteryxBasePluginsGui.RecordID.RecordID", "<FieldName>id</FieldName><StartValue>1</StartValue>")
    lines = ("1 > 2", "2 > 3", "3 > 4")
    content = workflow({1: everything, 2: blobs, 3: numbered, 4: node("Browse")}, *lines)
    result = run_workflow(parse(content, "w.yxmd"), keep=[Anchor(2), Anchor(3)])
    assert result.ok
    assert (result.counts[Anchor(2)], result.tables[Anchor(2)].records) == (3, 3)
    assert result.tables[Anchor(3)].column("id") == [1, 2, 3]


def test_what_cannot_be_chosen_is_an_error() -> None:
    with pytest.raises(DocumentError, match="'Word' is no field type"):
        run(DynamicSelect(mode=Mode.TYPES, types="Int16,Word"), KINDS)
    with pytest.raises(FormulaError):
        run(where("[Nmae] = 'x'"), KINDS)
