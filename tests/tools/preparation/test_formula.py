"""Formula."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest

from openyx.document import config, xml
from openyx.errors import FormulaError, WorkflowError
from openyx.fields import INT16, INT32, V_WSTRING, FieldType
from openyx.testing import run, table
from openyx.tools.base import Context, meant
from openyx.tools.preparation.formula import Formula, FormulaField

PEOPLE = table("name: String(5), age: Int16", "Ann, 30", "Bob, ")


def of(*lines: FormulaField) -> Formula:
    return Formula(lines=lines)


def line(field: str, expression: str, type_: FieldType = V_WSTRING, *, enabled: bool = True) -> FormulaField:
    return FormulaField(field=field, expression=expression, type=type_, enabled=enabled)


def test_a_new_field_is_added_at_the_end_with_its_type() -> None:
    ran = run(of(line("next", "[age] + 1", INT32)), PEOPLE)
    assert ran.table == table("name: String(5), age: Int16, next: Int32", "Ann, 30, 31", "Bob, , ")


def test_an_existing_field_keeps_place_type_and_size() -> None:
    ran = run(of(line("NAME", '[name] + " Miller"', FieldType.of("V_WString", 100)), line("age", "[age] * 2")), PEOPLE)
    assert ran.table == table("name: String(5), age: Int16", "Ann M, 60", "Bob M, ")
    assert ran.said == ['name: "Ann Miller" was truncated', 'name: "Bob Miller" was truncated']


def test_a_line_sees_what_the_lines_above_it_made() -> None:
    ran = run(of(line("a", "1", INT32), line("a", "[a] + 1"), line("b", "[a] * 10", INT32)), PEOPLE)
    assert [row[2:] for row in ran.table.rows] == [(2, 20), (2, 20)]


def test_a_line_that_is_switched_off_is_skipped() -> None:
    assert run(of(line("a", "1 +", enabled=False)), PEOPLE).table == PEOPLE


@pytest.mark.parametrize(
    ("type_", "size"),
    [
        ("V_WString", {500_000_000: 1_073_741_823, 536_870_911: 1_073_741_823, 99_999_999: 99_999_999, 64: 64}),
        ("V_String", {536_870_911: 2_147_483_647, 2_147_483_647: 2_147_483_647}),
    ],
)
def test_half_a_billion_means_no_limit(type_: str, size: dict[int, int]) -> None:
    for written, found in size.items():
        ran = run(of(line("a", '"x"', FieldType.of(type_, written))), PEOPLE)
        assert ran.table.schema["a"].type.size == found


def test_a_value_that_does_not_fit_is_told() -> None:
    ran = run(of(line("a", "[age] * 10000", INT16)), PEOPLE)
    assert ran.table.rows[0][2] is None
    assert ran.said == ["a: 300000 does not fit in the type Int16"]


def test_constants_are_there() -> None:
    context = Context(constants={"User.Greeting": "hello", "Engine.IterationNumber": 0})
    ran = run(
        of(line("a", "[User.Greeting]"), line("b", "[engine.iterationnumber] + 1", INT32)), PEOPLE, context=context
    )
    assert ran.table.rows[0][2:] == ("hello", 1)


def test_an_error_tells_the_line_and_the_place() -> None:
    with pytest.raises(FormulaError, match=r'char\(4\): Unknown variable "agee" \(Expression #2\)') as caught:
        run(of(line("a", "1", INT32), line("b", "1 + [agee]", INT32)), PEOPLE)
    assert caught.value.position == 4


def test_a_line_without_a_field_is_an_error() -> None:
    with pytest.raises(WorkflowError, match="Expression #1 has no output field"):
        run(of(line("", "1")), PEOPLE)


@pytest.mark.shared
def test_new_fields_have_the_types_that_the_vendors_engine_stored(
    stored: Callable[[str], list[dict[str, Any]]],
) -> None:
    same = total = 0
    for node in stored("Formula"):
        settings, _ = config.read(Formula, xml.read(BytesIO(node["settings"].encode()), "x"), place="x")
        arriving = by_name(node["inputs"].get("Input") or [])
        leaving = by_name(node["outputs"].get("Output") or [])
        for each in settings.lines if arriving else ():
            theirs = leaving.get(each.field.lower())
            if theirs is not None and each.field.lower() not in arriving and each.enabled:
                total += 1
                same += meant(each.type) == theirs
    assert total > 300
    assert total - same <= 2


def by_name(fields: list[dict[str, str]]) -> dict[str, FieldType]:
    return {
        field["name"].lower(): FieldType.of(
            field["type"],
            int(field["size"]) if "size" in field else None,
            int(field["scale"]) if "scale" in field else None,
        )
        for field in fields
    }
