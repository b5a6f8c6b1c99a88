"""Multi-Field Formula."""

from __future__ import annotations

from io import BytesIO

import pytest

from openyx.document import config, xml
from openyx.errors import FormulaError, WorkflowError
from openyx.fields import INT32, FieldType
from openyx.testing import run, table
from openyx.tools.preparation.multi_field_formula import MultiFieldFormula, Side, Types
from openyx.tools.shared.chosen import ChosenField

FIELDS = "name: V_String(5), n: Int32, m: Int32, b: Bool, d: Date"
RECORDS = table(FIELDS, "Ann, 1, 10, True, 2024-02-29", ", , 20, False, ")


def chosen(*names: str) -> tuple[ChosenField, ...]:
    return tuple(ChosenField(field=name.lstrip("-"), selected=not name.startswith("-")) for name in names)


def test_the_fields_keep_places_types_and_sizes_and_show_what_was_before() -> None:
    tool = MultiFieldFormula(types=Types.NUMERIC, fields=chosen("*Unknown"), expression="[_CurrentField_] + [n] * 100")
    assert run(tool, RECORDS).table == table(FIELDS, "Ann, 101, 110, True, 2024-02-29", ", , , False, ")


def test_name_and_type_of_the_field_are_there() -> None:
    tool = MultiFieldFormula(
        fields=chosen("*Unknown", "-b", "-d"),
        expression='[_CurrentFieldName_] + " " + [_CurrentFieldType_]',
        changes_type=True,
        type=FieldType.of("V_String", 20),
    )
    assert run(tool, RECORDS).table.rows[1] == ("name V_String", "n Int32", "m Int32", False, None)


@pytest.mark.parametrize(
    ("types", "changed"),
    [
        (Types.TEXT, ["name"]),
        (Types.NUMERIC, ["n", "m"]),
        (Types.BOOL, ["b"]),
        (Types.DATE, ["d"]),
        (Types.SPATIAL, []),
        (Types.ALL, ["name", "n", "m", "b", "d"]),
    ],
)
def test_only_fields_of_the_chosen_kind_are_changed(types: Types, changed: list[str]) -> None:
    tool = MultiFieldFormula(
        types=types, fields=chosen("*Unknown", "name"), expression="1", changes_type=True, type=INT32, copies=True
    )
    assert list(run(tool, RECORDS).table.schema.names[5:]) == [f"New_{name}" for name in changed]


def test_copies_go_to_new_fields_behind_the_others() -> None:
    tool = MultiFieldFormula(
        types=Types.NUMERIC,
        fields=chosen("M", "n"),
        expression="[_CurrentField_] / 4",
        copies=True,
        addition="_part",
        side=Side.SUFFIX,
        changes_type=True,
        type=FieldType.of("FixedDecimal", 5, 2),
    )
    ran = run(tool, table("n: Int32, m: Int32, N_part: Int32", "1, 10, 0"))
    expected = "n: Int32, m: Int32, N_part: Int32, n_part2: FixedDecimal(5.2), m_part: FixedDecimal(5.2)"
    assert ran.table == table(expected, "1, 10, 0, 0.25, 2.50")


def test_fields_that_are_not_listed_stay_unless_unknown_ones_are_chosen() -> None:
    tool = MultiFieldFormula(fields=chosen("n", "-*Unknown"), expression="7")
    assert [row[1:3] for row in run(tool, RECORDS).table.rows] == [(7, 10), (7, 20)]


def test_a_listed_field_that_is_missing_is_told() -> None:
    ran = run(MultiFieldFormula(fields=chosen("n", "gone", "-left"), expression="7"), RECORDS)
    assert ran.said == ['The field "gone" is not contained in the record']


def test_what_does_not_fit_names_the_field() -> None:
    with pytest.raises(FormulaError, match=r'"n": .*Type mismatch'):
        run(MultiFieldFormula(fields=chosen("n"), expression="Length([_CurrentField_])"), RECORDS)


def test_an_empty_expression_is_an_error() -> None:
    with pytest.raises(WorkflowError, match="expression is empty"):
        run(MultiFieldFormula(fields=chosen("n"), expression=" "), RECORDS)


def test_settings_are_read() -> None:
    text = (
        b'<C><FieldType>Numeric</FieldType><Fields orderChanged="False"><Field name="a"/>'
        b'<Field name="*Unknown" selected="False"/></Fields><CopyOutput value="True"/><Expression>1</Expression>'
        b'<NewFieldAddOn>x_</NewFieldAddOn><NewFieldAddOnPos>Prefix</NewFieldAddOnPos><ChangeFieldType value="True"/>'
        b'<OutputFieldType type="Int32" size="4" scale="1"/></C>'
    )
    tool, unread = config.read(MultiFieldFormula, xml.read(BytesIO(text), "here"), place="here")
    assert unread == ()
    assert tool == MultiFieldFormula(
        types=Types.NUMERIC,
        fields=chosen("a", "-*Unknown"),
        expression="1",
        copies=True,
        addition="x_",
        side=Side.PREFIX,
        changes_type=True,
        type=INT32,
    )
