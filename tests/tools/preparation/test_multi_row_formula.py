"""Multi-Row Formula."""

from __future__ import annotations

from io import BytesIO

import pytest

from openyx.document import config, xml
from openyx.errors import FormulaError, WorkflowError
from openyx.fields import BYTE, DATETIME, DOUBLE, INT32, FieldType
from openyx.testing import run, table
from openyx.tools.preparation.multi_row_formula import MultiRowFormula, Others

FIELDS = "g: String(3), v: Int32, d: Date"
RECORDS = table(FIELDS, "b, 1, 2024-01-01", "a, 2, ", "b, , 2024-01-03", "a, 9, 2024-01-04")


def created(expression: str, type_: FieldType = INT32, **settings: object) -> list[object]:
    """The values of a new field, whose type may be of another kind."""
    ran = run(MultiRowFormula(expression=expression, created="new", type=type_, **settings), RECORDS)  # type: ignore[arg-type]  # any setting
    assert ran.table.schema.names == ("g", "v", "d", "new")
    return [row[3] for row in ran.table.rows]


def updated(expression: str, **settings: object) -> list[object]:
    ran = run(MultiRowFormula(expression=expression, updates=True, updated="V", **settings), RECORDS)  # type: ignore[arg-type]  # any setting
    assert [field.type for field in ran.table.schema] == [field.type for field in RECORDS.schema]
    return [row[1] for row in ran.table.rows]


def test_a_new_field_comes_at_the_end_with_its_type_and_its_formula_as_source() -> None:
    ran = run(MultiRowFormula(expression="[v]", created="new", type=DOUBLE), RECORDS)
    assert str(ran.table.schema["new"].type) == "Double"
    assert ran.table.schema["new"].source == "Formula: [v]"


def test_the_records_before_and_after_are_seen() -> None:
    assert created("[Row+1:v]") == [2, None, 9, 0]
    assert created("[Row-2:v]", reach=2) == [0, 0, 1, 2]


def test_records_that_do_not_exist_are_empty_null_or_the_nearest() -> None:
    assert created("[Row-1:v]", others=Others.EMPTY) == [0, 1, 2, None]
    assert created("[Row-1:v]", others=Others.NULL) == [None, 1, 2, None]
    assert created("[Row-2:v]", others=Others.NEAREST, reach=2) == [1, 1, 1, 2]
    text = FieldType.of("String", 5)
    assert created('[Row-1:g] + "!"', text, others=Others.EMPTY) == ["!", "b!", "a!", "b!"]
    assert created("IsNull([Row-1:g])", others=Others.NULL) == [1, 0, 0, 0]
    assert created("IsNull([Row-1:d])") == [1, 0, 1, 0]


def test_a_new_field_sees_its_own_earlier_values() -> None:
    assert created("[Row-1:new] + 1") == [1, 2, 3, 4]
    assert created("[Row-1:new] + [v]") == [1, 3, None, None]
    assert created("IF IsNull([v]) THEN [Row-1:new] ELSE [Row-1:new] + [v] ENDIF", DOUBLE) == [1, 3, 3, 12]
    assert created("[Row-1:new] + [g]", FieldType.of("String", 3)) == ["b", "ba", "bab", "bab"]


def test_a_field_that_exists_shows_new_values_before_and_old_ones_after() -> None:
    assert updated("IF IsNull([v]) THEN [Row-1:v] ELSE [v] ENDIF") == [1, 2, 2, 9]
    assert updated("[Row-1:v] + [Row+1:v]") == [2, None, None, None]
    assert updated("[Row+1:v]") == [2, None, 9, 0]
    assert updated("[Row-1:v] + 1", others=Others.NEAREST) == [2, 3, 4, 5]


def test_with_groups_the_records_are_sorted_and_others_do_not_exist() -> None:
    ran = run(
        MultiRowFormula(expression="[Row-1:n] + 1", created="n", groups=("G",), others=Others.EMPTY),
        RECORDS,
    )
    assert ran.table == table(
        FIELDS + ", n: Int32", "a, 2, , 1", "a, 9, 2024-01-04, 2", "b, 1, 2024-01-01, 1", "b, , 2024-01-03, 2"
    )
    assert created("[Row+1:v]", groups=("g",), others=Others.NULL) == [9, None, None, None]


def test_each_value_is_cast_before_the_next_one_sees_it() -> None:
    ran = run(MultiRowFormula(expression="[Row-1:n] + 100", created="n", type=BYTE), RECORDS)
    assert [row[3] for row in ran.table.rows] == [100, 200, None, None]
    assert ran.said == ["n: 300 does not fit in the type Byte"]
    assert created("[Row-1:new] * 1.5 + 1") == [1, 3, 6, 10]


def test_functions_of_earlier_values_are_computed() -> None:
    assert created("Max([Row-1:new], [v])") == [1, 2, 2, 9]
    dates = created(
        'IF IsEmpty([Row-1:new]) THEN "2024-01-31" ELSE DateTimeAdd([Row-1:new], 1, "months") ENDIF',
        FieldType.of("Date"),
    )
    assert [str(day) for day in dates] == ["2024-01-31", "2024-02-29", "2024-03-29", "2024-04-29"]


def test_a_record_that_is_too_far_away_is_not_known() -> None:
    with pytest.raises(FormulaError, match="Row-2:v"):
        created("[Row-2:v]", reach=1)
    with pytest.raises(FormulaError, match="Row-2:new"):
        created("[Row-2:new]", reach=1)


def test_a_name_that_is_taken_gets_a_number() -> None:
    ran = run(MultiRowFormula(expression="[Row-1:v]", created="V"), RECORDS)
    assert ran.table.schema.names == ("g", "v", "d", "V2")


def test_half_a_billion_means_no_limit_and_a_date_has_no_size() -> None:
    sizes = [
        run(MultiRowFormula(expression="Null()", created="n", type=type_), RECORDS).table.schema["n"].type
        for type_ in (FieldType.of("V_WString", 536_870_911), FieldType.of("DateTime", 254))
    ]
    assert sizes == [FieldType.of("V_WString"), DATETIME]


@pytest.mark.parametrize(
    ("tool", "said"),
    [
        (MultiRowFormula(expression="", created="n"), "expression is empty"),
        (MultiRowFormula(expression="1"), "has no name"),
        (MultiRowFormula(expression="1", updates=True, updated="gone"), '"gone" is not contained'),
        (MultiRowFormula(expression="1", created="n", groups=("gone",)), '"gone" is not contained'),
        (MultiRowFormula(expression="[Row-1:gone]", created="n"), "Unknown variable"),
    ],
)
def test_what_cannot_be_computed_is_an_error(tool: MultiRowFormula, said: str) -> None:
    with pytest.raises(WorkflowError, match=said):
        run(tool, RECORDS)


def test_settings_are_read() -> None:
    text = (
        b'<C><UpdateField value="False"/><UpdateField_Name>x</UpdateField_Name><CreateField_Name>n</CreateField_Name>'
        b"<CreateField_Type>V_String</CreateField_Type><CreateField_Size>64</CreateField_Size>"
        b'<OtherRows>NULL</OtherRows><NumRows value="2"/><Expression>1</Expression>'
        b'<GroupByFields><Field field="g"/></GroupByFields></C>'
    )
    tool, unread = config.read(MultiRowFormula, xml.read(BytesIO(text), "here"), place="here")
    assert unread == ()
    assert tool == MultiRowFormula(
        updated="x",
        created="n",
        type=FieldType.of("V_String", 64),
        others=Others.NULL,
        reach=2,
        expression="1",
        groups=("g",),
    )
