"""Cross Tab."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest

from openyx.document import config, xml
from openyx.errors import NotYet, WorkflowError
from openyx.fields import Field, FieldType, Schema
from openyx.relation import Pick, text_values, values
from openyx.relation.run import Keep
from openyx.relation.run import run as run_relations
from openyx.testing import Records, records, run, table
from openyx.tools.base import Context, KnownWhenRun
from openyx.tools.transform.cross_tab import CrossTab, Method

SALES = table(
    "region: String(9), product: V_String(20), pieces: Int32",
    "West, Pens, 2",
    "East, Ink (red), 3",
    "West, Ink (red), 5",
    "West, Pens, 4",
    ", Pens, 1",
    "East, caps, ",
)


def of(*methods: str, groups: tuple[str, ...] = ("region",), header: str = "product", data: str = "pieces") -> CrossTab:
    return CrossTab(groups=groups, header=header, data=data, methods=tuple(Method(name=name) for name in methods))


def test_each_header_is_a_field_and_each_group_a_record() -> None:
    assert run(of("Sum"), SALES).table == table(
        "region: String(9), caps: Int64, Ink__red_: Int64, Pens: Int64", ", , , 1", "East, , 3, ", "West, , 5, 6"
    )


def test_without_groups_there_is_one_record() -> None:
    assert run(of("Sum", groups=()), SALES).table == table("caps: Int64, Ink__red_: Int64, Pens: Int64", ", 8, 7")


@pytest.mark.parametrize(
    ("method", "fields", "rows"),
    [
        ("Avg", "Avg_a: Double, Avg_b: Double", ("2.5, 1",)),
        ("Count", "Count_a: Int64, Count_b: Int64", ("2, 1",)),
        ("XRow", "XRow_a: Double, XRow_b: Double", ("83.33333333333334, 16.666666666666664",)),
        ("Concat", "a: V_String(2048), b: V_String(2048)", ('"3,2", 1',)),
        ("First", "a: Byte, b: Byte", ("3, 1",)),
        ("Last", "a: Byte, b: Byte", (", 1",)),
    ],
)
def test_a_method_alone(method: str, fields: str, rows: tuple[str, ...]) -> None:
    ran = run(
        of(method, groups=(), header="h", data="v"), table("h: V_WString, v: Byte", "a, 3", "b, 1", "a, 2", "a, ")
    )
    expected = table(fields, *rows)
    assert ran.table.schema.names == expected.schema.names
    assert [str(field.type) for field in ran.table.schema] == [str(field.type) for field in expected.schema]
    for ours, wanted in zip(ran.table.rows[0], expected.rows[0], strict=True):
        assert ours == (pytest.approx(wanted) if isinstance(wanted, float) else wanted)


def test_several_methods_stand_in_front_of_the_names_and_in_their_own_order() -> None:
    ran = run(
        of("Count", "XCol", "Avg", "Sum"), table("region: Byte, product: Byte, pieces: Double", "1, 7, 30", "2, 7, 10")
    )
    assert ran.table == table(
        "region: Byte, Sum_7: Double, Avg_7: Double, XCol_7: Double, Count_7: Double",
        "1, 30, 30, 75, 1",
        "2, 10, 10, 25, 1",
    )


def test_totals_stand_in_the_last_field_and_the_last_record() -> None:
    ran = run(of("Sum", "TotCol", "TotRow"), SALES)
    assert ran.table == table(
        "region: String(9), Sum_caps: Int64, Sum_Ink__red_: Int64, Sum_Pens: Int64, Total: Double",
        ", , , 1, 1",
        "East, , 3, , 3",
        "West, , 5, 6, 11",
        "Total, , 8, 7, 15",
    )


def test_a_total_row_has_null_in_groups_that_are_no_text() -> None:
    ran = run(
        of("Sum", "TotRow", groups=("g",), header="h", data="v"), table("g: Date, h: Byte, v: Byte", "2024-01-31, 1, 5")
    )
    assert ran.table == table("g: Date, Sum_1: Int64", "2024-01-31, 5", ", 5")


def test_the_total_row_of_averages_is_the_average_of_all() -> None:
    ran = run(
        of("Avg", "TotRow", groups=("g",), header="h", data="v"),
        table("g: V_String, h: Byte, v: Byte", "a, 1, 1", "a, 1, 2", "b, 1, 6"),
    )
    assert ran.table.rows[-1] == ("Total", 3.0)


def test_headers_go_by_the_numbers_in_them_and_without_regard_to_case() -> None:
    headers = ["91 to 180", "> 180", "6 to 10", "50 & less", "7.50", "100", "b10", "B9", "a", "SUV", "Sedan"]
    ran = run(of("Sum", groups=()), table("product: V_String, pieces: Byte", *(f"{header}, 1" for header in headers)))
    assert ran.table.schema.names == (
        *("6_to_10", "7_50", "50___less", "91_to_180", "100", "__180"),
        *("a", "B9", "b10", "Sedan", "SUV"),
    )


def test_headers_that_are_numbers_or_dates_go_by_value() -> None:
    ran = run(of("Sum", groups=()), table("product: Double, pieces: Byte", "10, 1", "-2, 1", "1.5, 1", ", 1"))
    assert ran.table.schema.names == ("_Null_", "_2", "1_5", "10")
    ran = run(of("Sum", groups=()), table("product: Date, pieces: Byte", "2024-10-02, 1", "2024-09-30, 1"))
    assert ran.table.schema.names == ("2024_09_30", "2024_10_02")


def test_names_that_become_equal_get_a_number() -> None:
    ran = run(
        of("Sum", groups=("a_b",)),
        table("a_b: Byte, product: V_WString, pieces: Byte", "1, a b, 2", "1, A-B, 3", '1, "", 4'),
    )
    assert ran.table == table("a_b: Byte, _: Int64, a_b2: Int64, A_B3: Int64", "1, 4, 2, 3")


def test_texts_are_cut_at_the_field_size_and_separated_by_what_was_written() -> None:
    tool = CrossTab(groups=(), header="h", data="t", methods=(Method(name="Concat"),), separator="\\n", size=5)
    ran = run(tool, table("h: Byte, t: WString(9)", "1, abc", "1, def", "2, ", "2, x"))
    assert [str(field.type) for field in ran.table.schema] == ["V_WString(5)", "V_WString(5)"]
    assert ran.table.rows == (("abc\nd", "x"),)


def test_fields_tell_what_they_were_made_of() -> None:
    ran = run(of("Sum", "Count", "TotCol", "TotRow"), SALES)
    assert [field.source for field in ran.table.schema] == [
        "CrossTab:Group:Sum:Count:TotCol:",
        *(
            f"CrossTab:Header:product:{header}:{method}:"
            for header in ("caps", "Ink (red)", "Pens")
            for method in ("Sum", "CountNonNulls")
        ),
        "CrossTab:Total:",
    ]


def test_no_record_gives_the_groups_alone() -> None:
    assert run(of("Sum"), table("region: Byte, product: Byte, pieces: Byte")).table == table("region: Byte")


def test_what_is_asked_for_and_not_there_is_told() -> None:
    with pytest.raises(NotYet, match="Longest in Cross Tab"):
        run(of("Longest"), SALES)
    with pytest.raises(WorkflowError, match="No method is selected that gives values"):
        run(of("TotRow"), SALES)
    with pytest.raises(WorkflowError, match='"gone" is not contained'):
        run(of("Sum", header="gone"), SALES)
    with pytest.raises(WorkflowError, match="cannot be summed"):
        run(of("Sum", data="region"), SALES)


def test_headers_are_not_known_before_the_run() -> None:
    with pytest.raises(KnownWhenRun):
        of("Sum").lower(SALES.relation, context=Context())


def test_the_plain_spelling_of_other_files_is_read() -> None:
    settings, unread = config.read(
        CrossTab,
        xml.read(
            BytesIO(
                b"<C><GroupByFields><Field field='Region'/></GroupByFields><HeaderField field='a'/>"
                b"<DataField field='b'/><Method>Sum</Method><Separator>_</Separator></C>"
            ),
            "x",
        ),
        place="x",
    )
    assert unread == ()
    assert (settings.groups, settings.methods, settings.separator) == (("Region",), (Method(name="Sum"),), "_")


@pytest.mark.shared
def test_names_types_and_order_are_those_that_the_vendors_engine_stored(
    stored: Callable[[str], list[dict[str, Any]]],
) -> None:
    same = total = 0
    for node in stored("CrossTab"):
        arriving, leaving = node["inputs"].get("Input"), node["outputs"].get("Output")
        settings, unread = config.read(CrossTab, xml.read(BytesIO(node["settings"].encode()), "x"), place="x")
        assert unread == ()
        if not arriving or not leaving:
            continue
        given = with_headers(Schema(tuple(map(field, arriving))), settings, leaving)
        if given is None:
            continue
        made = run(settings, given).table.schema
        ours = [(each.name, str(each.type), each.source) for each in made]
        theirs = [(each["name"], str(field(each).type), each.get("source", "")) for each in leaving]
        total += len(theirs)
        same += sum(one == two for one, two in zip(ours, theirs, strict=False))
    assert total > 500
    assert same == total


def with_headers(schema: Schema, settings: CrossTab, leaving: list[dict[str, str]]) -> Records | None:
    """A record for each header that the stored fields tell of, the last one first; nothing where they do not tell."""
    pattern = re.compile(rf"CrossTab:Header:{re.escape(settings.header)}:(.*):\w+:", re.DOTALL)
    found = [match[1] for each in leaving if (match := pattern.fullmatch(each.get("source", "")))]
    if not found or any(each not in schema for each in (*settings.groups, settings.header, settings.data)):
        return None
    wide = values(schema, {name: [] for name in schema.names}).select(
        [Pick(field.name, type=field.type) for field in schema]
    )
    rows = [
        [header if name == schema[settings.header].name else None for name in schema.names] for header in found[::-1]
    ]
    return records(run_relations([Keep(text_values(wide.schema, rows))]).table(0))


def field(stored: dict[str, str]) -> Field:
    size, scale = stored.get("size"), stored.get("scale")
    type_ = FieldType.of(stored["type"], int(size) if size else None, int(scale) if scale else None)
    return Field(stored["name"], type_, stored.get("source", ""))


def test_what_is_assumed_is_told() -> None:
    assert [*of("Sum", "TotCol").approximations()] == []
    assert len([*of("count", "TotRow").approximations()]) == 2
    assert len([*of("Last").approximations()]) == 1
