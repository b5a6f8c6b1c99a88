"""Auto Field."""

from __future__ import annotations

import pytest

from openyx.testing import run, table
from openyx.tools.preparation.auto_field import AutoField
from openyx.tools.shared.chosen import ChosenField


def auto(*names: str) -> AutoField:
    """The fields called so are selected, those with a minus in front are not."""
    return AutoField(fields=tuple(ChosenField(field=name.lstrip("-"), selected=name[0] != "-") for name in names))


ALL = auto("*Unknown")


@pytest.mark.parametrize(
    ("cells", "type_"),
    [
        (["True", "", "False"], "Bool"),
        (["T", "f"], "Bool"),
        (["Y", "N"], "String(1)"),
        (["", ""], "Bool"),
        (["0", "255", ""], "Byte"),
        (["-1"], "Int16"),
        (["40000", "-7"], "Int32"),
        (["9223372036854775807"], "Int64"),
        (["9223372036854775808"], "String(19)"),
        (["007"], "String(3)"),
        (["1", "-.5", "2e-3"], "Double"),
        (["2026-11-24", "1400-01-01"], "Date"),
        (["2026-02-29"], "String(10)"),
        (["1399-12-31"], "String(10)"),
        (["2026-11-24 23:59:59"], "DateTime"),
        (["2026-11-24 24:00:00"], "String(19)"),
        (["10:00:00"], "Time"),
        (["1", "x"], "String(1)"),
        (['""', "1"], "String(1)"),
        (["x", "x", "a long text"], "V_String(11)"),
        (["日本", "x"], "WString(2)"),
        (["\U0001f3c8"], "WString(2)"),
        (["1\n"], "String(2)"),
    ],
)
def test_a_text_field_gets_the_smallest_type(cells: list[str], type_: str) -> None:
    quoted = [cell if cell in ("", '""') else f'"{cell}"' for cell in cells]
    (field,) = run(ALL, table("t: V_WString(100)", *quoted)).table.schema
    assert str(field.type) == type_


def test_values_are_converted_and_nothing_is_lost() -> None:
    given = table("t: V_String(99), d: V_String(99), e: V_String(99)", '12, 2026-11-24, ""', ", , a")
    assert run(ALL, given).table == table("t: Byte, d: Date, e: String(1)", '12, 2026-11-24, ""', ", , a")
    assert run(ALL, given).said == []


def test_other_fields_and_those_that_are_not_selected_stay() -> None:
    given = table("n: Int64, a: V_String(9), b: V_String(9)", "1, 1, 1")
    kinds = "n: Int64, a: V_String(9), b: Byte"
    assert run(auto("-A", "b", "-*Unknown"), given).table == table(kinds, "1, 1, 1")
    assert run(auto("-a", "*Unknown"), given).table == table(kinds, "1, 1, 1")
    assert run(auto("b", "-*Unknown"), given).table == table(kinds, "1, 1, 1")


def test_without_records_nothing_changes() -> None:
    assert run(ALL, table("a: V_String(9)")).table == table("a: V_String(9)")


def test_a_field_that_is_missing_is_told() -> None:
    ran = run(auto("gone", "*Unknown"), table("a: V_String(9)", "1"))
    assert ran.said == ['The field "gone" is missing']
    assert str(ran.table.schema["a"].type) == "Byte"


def test_all_batches_count() -> None:
    rows = ["1"] * 300_000 + ["70000"] + ["2"] * 10
    found = run(ALL, table("a: V_String(9)", *rows)).table
    assert str(found.schema["a"].type) == "Int32"
    assert len(found.rows) == len(rows)
