"""Dynamic Select."""

from __future__ import annotations

import pytest

from openyx.errors import DocumentError, FormulaError
from openyx.testing import run, table
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


def test_where_no_field_is_left_there_is_no_record() -> None:
    ran = run(DynamicSelect(mode=Mode.TYPES, types="Blob"), KINDS)
    assert (ran.table.schema.names, ran.table.rows) == ((), ())
    assert ran.said == ["No field is left, and so no record"]


def test_what_cannot_be_chosen_is_an_error() -> None:
    with pytest.raises(DocumentError, match="'Word' is no field type"):
        run(DynamicSelect(mode=Mode.TYPES, types="Int16,Word"), KINDS)
    with pytest.raises(FormulaError):
        run(where("[Nmae] = 'x'"), KINDS)
