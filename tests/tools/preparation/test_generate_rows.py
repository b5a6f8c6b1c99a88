"""Generate Rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO

import pytest

from openyx.document import config, xml
from openyx.errors import FormulaError, JobCancelled, WorkflowError
from openyx.fields import BYTE, DATE, DATETIME, DOUBLE, INT32, INT64, FieldType
from openyx.formula import Context as World
from openyx.relation import Relation, memory
from openyx.relation.run import Keep
from openyx.relation.run import run as run_relations
from openyx.testing import run, table
from openyx.testing.tables import Records
from openyx.tools.base import Context
from openyx.tools.preparation.generate_rows import GenerateRows

FIELDS = "a: Int32, b: Int32"
RANGES = table(FIELDS, "1, 3", "5, 4", "2, 2", "-1, 1", ", 1")


def loop(first: str, condition: str, change: str, type_: FieldType = INT32) -> GenerateRows:
    return GenerateRows(created="n", type=type_, first=first, condition=condition, change=change)


def made(tool: GenerateRows, records: Records | None = None) -> list[object]:
    return [row[-1] for row in run(tool, records).table.rows]


def test_without_an_input_there_is_one_loop() -> None:
    assert run(loop("1", "[n] <= 3", "[n] + 1"), None).table == table("n: Int32", "1", "2", "3")


def test_each_record_has_a_loop_of_its_own() -> None:
    ran = run(loop("[a]", "[n] <= [b]", "[n] + 1"), RANGES)
    assert ran.table == table(
        FIELDS + ", n: Int32", "1, 3, 1", "1, 3, 2", "1, 3, 3", "2, 2, 2", "-1, 1, -1", "-1, 1, 0", "-1, 1, 1"
    )


def test_a_field_can_be_updated() -> None:
    tool = GenerateRows(updates=True, updated="A", first="[a]", condition="[a] <= [b]", change="[a] + 1")
    assert run(tool, RANGES).table == table(FIELDS, "1, 3", "2, 3", "3, 3", "2, 2", "-1, 1", "0, 1", "1, 1")


def test_an_updated_field_stays_where_it_is() -> None:
    tool = GenerateRows(updates=True, updated="b", first="1", condition="[b] <= 2", change="[b] + 1")
    records = table("a: Int32, b: Int32, c: String", "1, 9, x", "2, , y")
    assert run(tool, records).table == table(
        "a: Int32, b: Int32, c: String", "1, 1, x", "1, 2, x", "2, 1, y", "2, 2, y"
    )


def test_a_name_that_is_taken_gets_a_number() -> None:
    tool = replace(loop("1", "[A2] < 3", "[A2] + 1"), created="A")
    assert run(tool, RANGES).table.schema.names == ("a", "b", "A2")


def test_values_are_cast_before_the_condition_sees_them() -> None:
    ran = run(loop("250", "[n] > 0", "[n] + 1", BYTE), None)
    assert [row[0] for row in ran.table.rows] == [250, 251, 252, 253, 254, 255]
    assert ran.said == ["n: 256 does not fit in the type Byte"]
    assert made(loop("0", "[n] < 10", "[n] * 1.5 + 1")) == [0, 1, 3, 6]


def test_what_goes_wrong_is_reported_once_for_each_value() -> None:
    ran = run(loop('ToNumber("1x")', "[n] < 3", '[n] + ToNumber("1y")'), None)
    assert [row[0] for row in ran.table.rows] == [1, 2]
    assert ran.said == [
        "n: 1x lost information in translation",
        "n: 1y lost information in translation",
        "n: 1y lost information in translation",
    ]


@pytest.mark.parametrize(
    ("tool", "values"),
    [
        (loop("0", "[n] < 100000", "[n] + 1"), list(range(100_000))),
        (loop("9", "[n] > -30000", "[n] - 7", INT64), list(range(9, -30_000, -7))),
        (loop("1", "[n] < 1000000", "[n] * 2"), [2**power for power in range(20)]),
        (
            loop("IIF(True, 1, 2)", "[n] < 3000", "IIF([n] = 1000, 2001, [n] + 1)"),
            [*range(1, 1_001), *range(2_001, 3_000)],
        ),
    ],
)
def test_long_loops_give_what_a_slow_one_would(tool: GenerateRows, values: list[int]) -> None:
    assert made(tool) == values


def test_doubles_are_added_one_after_the_other() -> None:
    values, value = list[float](), 0.0
    while value < 1000:
        values.append(value)
        value += 0.1
    assert made(loop("0", "[n] < 1000", "[n] + 0.1", DOUBLE)) == values


@pytest.mark.parametrize("type_", [DATE, FieldType.of("String", 10)])
def test_days_follow_each_other(type_: FieldType) -> None:
    tool = loop('"1999-12-30"', '[n] <= "2004-03-01"', 'DateTimeAdd([n], 1, "days")', type_)
    days = [date(1999, 12, 30) + timedelta(day) for day in range(1_524)]
    assert [str(day) for day in made(tool)] == [str(day) for day in days]


def test_months_follow_each_other() -> None:
    tool = loop('"2024-01-31"', '[n] < "2024-06-01"', 'DateTimeAdd([n], 1, "months")', DATE)
    assert [str(day) for day in made(tool)] == ["2024-01-31", "2024-02-29", "2024-03-29", "2024-04-29", "2024-05-29"]


def test_a_loop_that_stands_still_is_an_error() -> None:
    for records in (None, RANGES):
        with pytest.raises(WorkflowError, match='The loop never ends: "n" stays 7'):
            run(loop("7", "[n] > 0", "[n]"), records)


def test_a_loop_of_chance_may_stand_still_for_a_while() -> None:
    values = made(loop("0", "[n] < 3", "[n] + RandInt(1)"))
    assert sorted(set(map(str, values))) == ["0", "1", "2"]


def test_more_rows_than_are_allowed_are_an_error() -> None:
    world = replace(World.here(), environment={"OPENYX_GENERATED_ROWS": "1e5"})
    for records in (None, RANGES):
        with pytest.raises(WorkflowError, match="More than 100,000 rows") as caught:
            run(loop("1", "True", "[n] + 1", INT64), records, context=Context(world=world))
        assert "OPENYX_GENERATED_ROWS" in caught.value.hint


def test_more_rows_than_fit_into_memory_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "free", lambda: 1_000_000)
    with pytest.raises(WorkflowError, match="than the memory holds"):
        run(loop("1", "True", "[n] + 1", INT64), RANGES)


@pytest.mark.parametrize("records", [None, RANGES])
def test_a_run_can_be_stopped_in_the_middle(records: Records | None) -> None:
    tool = loop("1", "True", "[n] + 1", INT64)
    relation = tool.lower(records.relation if records else None, context=Context())
    assert isinstance(relation, Relation)
    asked: list[int] = []

    def stop() -> bool:
        asked.append(1)
        return len(asked) > 5

    with pytest.raises(JobCancelled):
        run_relations([Keep(relation)], cancelled=stop)


@pytest.mark.parametrize(
    ("tool", "said"),
    [
        (loop("", "True", "1"), "expression is empty"),
        (loop("1", "[gone] > 1", "1"), r"Unknown variable .*Expression #2"),
        (replace(loop("1", "True", "1"), created=" "), "has no name"),
        (replace(loop("1", "True", "1"), updates=True, updated="gone"), '"gone" is not contained'),
    ],
)
def test_what_cannot_be_computed_is_an_error(tool: GenerateRows, said: str) -> None:
    with pytest.raises((WorkflowError, FormulaError), match=said):
        run(tool, RANGES)


def test_without_an_input_there_is_no_field_to_update() -> None:
    with pytest.raises(WorkflowError, match="only where an input is connected"):
        run(replace(loop("1", "True", "1"), updates=True, updated="n"), None)


def test_settings_are_read() -> None:
    text = (
        b'<C><UpdateField value="False"/><UpdateField_Name/><CreateField_Name>At</CreateField_Name>'
        b"<CreateField_Type>DateTime</CreateField_Type><CreateField_Size>254</CreateField_Size>"
        b"<Expression_Init>1</Expression_Init><Expression_Cond>2</Expression_Cond><Expression_Loop>3</Expression_Loop>"
        b'<RecordCount value="0"/></C>'
    )
    tool, unread = config.read(GenerateRows, xml.read(BytesIO(text), "here"), place="here")
    assert unread == ()
    assert (tool.first, tool.condition, tool.change, tool.created) == ("1", "2", "3", "At")
    relation = replace(tool, first="Null()", condition="False", change="Null()").lower(None, context=Context())
    assert relation.schema["At"].type == DATETIME
