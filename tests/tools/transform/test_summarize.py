"""Summarize."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest

from openyx.document import config, xml
from openyx.errors import NotYet, WorkflowError
from openyx.fields import Field, FieldType, Schema
from openyx.relation import values
from openyx.testing import run, table
from openyx.tools.transform.summarize import ACTIONS, Summarize, SummarizeField

SALES = table(
    "region: String(5), amount: Int32, price: Double, who: V_WString(20)",
    "West, 5, 0.5, Ann",
    "East, 1, 0.1, Bob",
    ", 7, , ",
    "East, 2, 0.2, Cyd",
    "East, , 0.3, ",
    'West, 3, , ""',
)


def of(*fields: str) -> Summarize:
    """Fields such as ``GroupBy region`` or ``Sum amount > total``."""

    def field(text: str) -> SummarizeField:
        action, _, rest = text.partition(" ")
        name, _, rename = rest.partition(" > ")
        return SummarizeField(field=name, action=action, rename=rename)

    return Summarize(fields=tuple(map(field, fields)))


def test_groups_come_sorted_with_null_first_and_keep_their_type() -> None:
    assert run(of("GroupBy region", "Count region > n"), SALES).table == table(
        "region: String(5), n: Int64", ", 1", "East, 3", "West, 2"
    )


def test_nulls_are_left_out_of_sums_averages_and_bounds() -> None:
    ran = run(of("GroupBy region", "Sum amount", "Avg amount", "Min price", "Max amount"), SALES)
    assert ran.table == table(
        "region: String(5), Sum_amount: Int64, Avg_amount: Double, Min_price: Double, Max_amount: Int32",
        ", 7, 7, , 7",
        "East, 3, 1.5, 0.1, 2",
        "West, 8, 4, 0.5, 5",
    )


def test_doubles_are_added_in_order_of_arrival() -> None:
    (row,) = run(of("Sum price > s"), SALES).table.rows
    assert row == (0.5 + 0.1 + 0.2 + 0.3,)


def test_first_and_last_take_what_comes_null_too() -> None:
    ran = run(of("GroupBy region", "First amount", "Last amount", "Last who"), SALES)
    assert ran.table == table(
        "region: String(5), First_amount: Int32, Last_amount: Int32, Last_who: V_WString(20)",
        ", 7, 7, ",
        "East, 1, , ",
        'West, 5, 3, ""',
    )


def test_texts_are_strung_together_with_escapes_understood() -> None:
    field = SummarizeField(field="who", action="Concat", rename="all", separator="\\n", start="<", end=">")
    ran = run(Summarize(fields=(SummarizeField(field="region", action="GroupBy"), field)), SALES)
    assert ran.table.rows == ((None, None), ("East", "<Bob\nCyd>"), ("West", "<Ann\n>"))
    assert str(ran.table.schema["all"].type) == "V_WString(1073741823)"


def test_without_a_group_there_is_one_record() -> None:
    assert run(of("Count amount > n"), SALES).table == table("n: Int64", "6")


@pytest.mark.parametrize("fields", [["Count a > n"], ["GroupBy a", "Count a > n"]])
def test_no_record_gives_no_record(fields: list[str]) -> None:
    assert run(of(*fields), table("a: Int32")).table.rows == ()


def test_a_missing_field_stops() -> None:
    with pytest.raises(WorkflowError, match='"gone" is not contained'):
        run(of("Sum gone"), SALES)


def test_text_cannot_be_summed() -> None:
    with pytest.raises(WorkflowError, match="cannot be summed"):
        run(of("Sum who"), SALES)


def test_an_action_that_is_not_there_is_named() -> None:
    with pytest.raises(NotYet, match="Percentile in Summarize"):
        run(of("Percentile amount"), SALES)


def test_equal_names_are_numbered() -> None:
    assert run(of("Sum amount > x", "Max amount > X"), SALES).table.schema.names == ("x", "X2")


def test_older_files_spell_the_block_otherwise() -> None:
    configuration = xml.read(
        BytesIO(
            b"<C><Fields><Field field='a' action='GroupBy'/><Field field='b' action='Sum' rename='s'/></Fields></C>"
        ),
        "x",
    )
    settings, unread = config.read(Summarize, configuration, place="x")
    assert unread == ()
    assert [each.rename for each in settings.fields] == ["", "s"]


@pytest.mark.shared
def test_types_are_those_that_the_vendors_engine_stored(stored: Callable[[str], list[dict[str, Any]]]) -> None:
    same = total = 0
    for node in stored("Summarize"):
        arriving = node["inputs"].get("Input")
        if not arriving or "Output" not in node["outputs"]:
            continue
        settings, _ = config.read(Summarize, xml.read(BytesIO(node["settings"].encode()), "x"), place="x")
        if any(each.action.lower() not in ACTIONS for each in settings.fields):
            continue
        schema = Schema(tuple(field(each) for each in arriving))
        if any(each.field not in schema for each in settings.fields if each.field):
            continue
        leaving = settings.lower(values(schema, {name: [] for name in schema.names})).schema
        for ours, theirs in zip(leaving, node["outputs"]["Output"], strict=True):
            if "Concat" in theirs.get("source", ""):
                continue  # older versions kept the size
            total += 1
            same += (ours.name, str(ours.type)) == (theirs["name"], str(field(theirs).type))
    assert total > 150
    assert total - same <= 2


def field(stored: dict[str, str]) -> Field:
    size, scale = stored.get("size"), stored.get("scale")
    return Field(
        stored["name"], FieldType.of(stored["type"], int(size) if size else None, int(scale) if scale else None)
    )
