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
from openyx.tools.transform.summarize import Summarize, SummarizeField

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


@pytest.mark.parametrize(
    "action", ["FinanceNPV", "SpatialObjCombine", "RptText", "CountNo0", "GroupByNo0", "No0", "SumNo0No0"]
)
def test_an_action_that_is_not_there_is_named(action: str) -> None:
    with pytest.raises(NotYet, match=f"{action} in Summarize"):
        run(of(f"{action} amount"), SALES)


def test_records_are_counted_by_whether_they_are_null_blank_or_alike() -> None:
    ran = run(
        of(
            "Count who",
            "CountNull who",
            "CountNonNull who",
            "CountBlank who",
            "CountNonBlank who",
            "CountDistinct who",
            "CountDistinctNonNull who",
            "CountBlank amount > none",
        ),
        table("who: V_WString(9), amount: Byte", "Ann, 1", ", ", '"", 0', "ann, 3", "Ann, 4", ", 5"),
    )
    assert ran.table.rows == ((6, 2, 4, 3, 3, 4, 3, 1),)
    assert {str(field.type) for field in ran.table.schema} == {"Int64"}


def test_deviation_and_variance_are_those_of_a_sample() -> None:
    ran = run(
        of("GroupBy g", "StdDev x", "Variance x", "Var x"),
        table(
            "g: Byte, x: Int16", "1, 2", "1, 4", "1, ", "1, 4", "1, 4", "1, 5", "1, 5", "1, 7", "1, 9", "2, 3", "3, "
        ),
    )
    first, *others = ran.table.rows
    assert first == (1, pytest.approx(2.138089935299395), pytest.approx(32 / 7), pytest.approx(32 / 7))
    assert others == [(2, None, None, None), (3, None, None, None)]
    assert [str(field.type) for field in ran.table.schema] == ["Byte", "Double", "Double", "Double"]


def test_a_deviation_of_large_numbers_that_lie_close_together_is_exact() -> None:
    ran = run(of("Var x"), table("x: Double", "1000000001", "1000000002", "1000000003"))
    assert ran.table.rows == ((1.0,),)


def test_median_and_percentile_lie_between_two_values() -> None:
    percentile = SummarizeField(field="x", action="Percentile", rename="p", percentile=0.9)
    fields = (SummarizeField(field="x", action="Median", rename="m"), percentile)
    ran = run(Summarize(fields=fields), table("x: Int32", "4", "1", "", "2", "10"))
    assert ran.table.rows == ((3.0, pytest.approx(8.2)),)


def test_a_percentile_is_from_0_to_1() -> None:
    with pytest.raises(WorkflowError, match="must be from 0 to 1"):
        run(Summarize(fields=(SummarizeField(field="amount", action="Percentile", percentile=90),)), SALES)


def test_zeros_are_left_out_when_asked() -> None:
    ran = run(of("AvgNo0 x", "MedianNo0 x", "MinNo0 x", "StdDevNo0 x"), table("x: Int32", "0", "2", "", "4", "0"))
    assert ran.table == table(
        "AvgNo0_x: Double, MedianNo0_x: Double, MinNo0_x: Int32, StdDevNo0_x: Double", f"3, 3, 2, {2**0.5!r}"
    )


def test_the_first_of_equals_is_the_mode_the_longest_and_the_shortest() -> None:
    ran = run(
        of("Mode t", "Longest t", "Shortest t"),
        table("t: WString(9)", "", "bb", "", "", "cc", "cc", "bb", "dddd", "eeee", "f", "g"),
    )
    assert ran.table == table("Mode_t: WString(9), Longest_t: WString(9), Shortest_t: WString(9)", "bb, dddd, f")


def test_lengths_are_counted_in_utf16_units() -> None:
    assert run(of("Longest t"), table("t: V_WString", "abc", "\U0001d11e\U0001d11e")).table.rows == (
        ("\U0001d11e" * 2,),
    )


def test_a_group_of_nulls_alone_has_no_mode_and_no_length() -> None:
    ran = run(of("GroupBy g", "Mode t", "Longest t", "Median x"), table("g: Byte, t: String(3), x: Byte", "1, , "))
    assert ran.table.rows == ((1, None, None, None),)


def test_numbers_have_no_length() -> None:
    with pytest.raises(WorkflowError, match="no length"):
        run(of("Longest amount"), SALES)


def test_fields_tell_what_they_were_made_of() -> None:
    ran = run(of("GroupBy region", "CountDistinct who", "Max amount", "Count  > n"), SALES)
    assert [field.source for field in ran.table.schema] == [
        "Summarize: GroupBy - region",
        "Summarize: CountDistinct - who",
        "",
        "Summarize: Count",
    ]


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
        if any("Spatial" in each.action for each in settings.fields):
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


def test_what_is_assumed_is_told() -> None:
    assert [*of("GroupBy region", "Sum amount").approximations()] == []
    assert len([*of("StdDevNo0 amount", "Mode who", "Concat who").approximations()]) == 3
