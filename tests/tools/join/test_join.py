"""Join."""

from __future__ import annotations

from io import BytesIO

import pytest

from openyx.document import xml
from openyx.document.config import read
from openyx.errors import WorkflowError
from openyx.messages import Kind
from openyx.testing import run, table
from openyx.tools.join.join import Join, JoinField, JoinInfo
from openyx.tools.shared.grid import Grid, GridRow

PEOPLE = table("id: Int32, name: V_String(10)", "3, Cid", "1, Ada", "2, Bob", ", Nil", "1, Ann")
TOWNS = table("id: Int32, town: V_String(10)", "1, Rome", "9, Oslo", ", None", "3, Bonn", "1, Lyon")


def by(*pairs: str, rows: tuple[GridRow, ...] = (), as_listed: bool = False) -> Join:
    """Pairs such as ``id=key``, or one name for both."""
    names = [pair.partition("=") for pair in pairs]
    left = tuple(JoinField(field=name) for name, _, _ in names)
    right = tuple(JoinField(field=other or name) for name, _, other in names)
    return Join(
        infos=(JoinInfo(connection="Left", fields=left), JoinInfo(connection="Right", fields=right)),
        grid=Grid(rows=rows, as_listed=as_listed),
    )


def test_records_with_equal_fields_are_put_side_by_side_sorted_by_them() -> None:
    ran = run(by("id"), PEOPLE, TOWNS)
    assert ran.outputs["Join"] == table(
        "id: Int32, name: V_String(10), Right_id: Int32, town: V_String(10)",
        "1, Ada, 1, Rome",
        "1, Ada, 1, Lyon",
        "1, Ann, 1, Rome",
        "1, Ann, 1, Lyon",
        "3, Cid, 3, Bonn",
    )


def test_records_without_partner_go_to_their_side_and_nulls_have_none() -> None:
    ran = run(by("id"), PEOPLE, TOWNS)
    assert ran.outputs["Left"] == table("id: Int32, name: V_String(10)", ", Nil", "2, Bob")
    assert ran.outputs["Right"] == table("id: Int32, town: V_String(10)", ", None", "9, Oslo")
    assert ran.said == ["5 records were joined with 2 un-joined left records and 2 un-joined right records"]


def test_several_fields_must_all_be_equal() -> None:
    left = table("a: Int32, b: String(3)", "1, x", "1, y", "2, x")
    right = table("b: String(3), c: Int32", "x, 1", "y, 2")
    ran = run(by("a=c", "b"), left, right)
    assert ran.outputs["Join"].rows == ((1, "x", "x", 1),)
    assert ran.outputs["Left"].rows == ((1, "y"), (2, "x"))
    assert ran.outputs["Right"].rows == (("y", 2),)


def test_a_pair_of_fields_may_be_chosen_twice_and_a_field_for_several() -> None:
    left = table("a: Int32, b: String(3)", "1, x", "2, y")
    right = table("a: Int32, c: Int32", "1, 1", "2, 1")
    assert run(by("a", "A", "a"), left, right).outputs["Join"].rows == ((1, "x", 1, 1), (2, "y", 2, 1))
    assert run(by("a", "a=c"), left, right).outputs["Join"].rows == ((1, "x", 1, 1),)


def test_text_is_equal_with_its_case_and_blanks() -> None:
    left = table("t: V_WString(9)", "a", "A", '"a "')
    ran = run(by("t"), left, table("t: String(1)", "a"))
    assert ran.outputs["Join"].rows == (("a", "a"),)
    assert ran.outputs["Left"].rows == (("A",), ("a ",))


def test_numbers_of_different_types_compare_as_numbers() -> None:
    large = 2**53 + 1
    left = table("n: Int64", "7", f"{large}")
    ran = run(by("n"), left, table("n: Double", "7", "7.5", f"{float(2**53)}"))
    assert ran.outputs["Join"].rows == ((7, 7.0),)
    assert ran.outputs["Left"].rows == ((large,),)
    decimals = table("n: FixedDecimal(10.3)", "7.000", "7.500")
    assert run(by("n"), left, decimals).outputs["Join"].rows[0][0] == 7
    assert run(by("n"), table("n: FixedDecimal(5.1)", "7.5"), decimals).outputs["Join"].schema.names == ("n", "Right_n")
    assert len(run(by("n"), table("n: FixedDecimal(5.1)", "7.5"), decimals).outputs["Join"].rows) == 1
    assert len(run(by("n"), table("n: Double", "7.5"), decimals).outputs["Join"].rows) == 1


def test_doubles_are_joined_with_a_warning() -> None:
    ran = run(by("n"), table("n: Double", "1.5"), table("n: Double", "1.5"))
    assert ran.outputs["Join"].rows == ((1.5, 1.5),)
    assert ran.messages[0].kind is Kind.WARNING
    assert ran.said[0] == 'Joining on Double or Float is not recommended due to rounding: "n"'


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("String", "Int32"),
        ("Date", "DateTime"),
        ("Date", "String"),
        ("Bool", "Byte"),
        ("Blob", "Blob"),
        ("SpatialObj", "SpatialObj"),
    ],
)
def test_types_that_cannot_be_equal_are_an_error_that_names_the_fields(left: str, right: str) -> None:
    with pytest.raises(WorkflowError, match=r'The fields "a" \(.*\) and "b" \(.*\) cannot be joined'):
        run(by("a=b"), table(f"a: {left}"), table(f"b: {right}"))


def test_a_field_that_is_not_there_is_an_error() -> None:
    with pytest.raises(WorkflowError, match='"gone" is not contained'):
        run(by("id=gone"), PEOPLE, TOWNS)


def test_nothing_to_join_by_is_an_error() -> None:
    with pytest.raises(WorkflowError, match="No fields to join by"):
        run(by(), PEOPLE, TOWNS)
    half = Join(infos=(JoinInfo(connection="Left", fields=(JoinField(field="id"),)),))
    with pytest.raises(WorkflowError, match="1 left fields to join by and 0 right ones"):
        run(half, PEOPLE, TOWNS)


def test_a_right_field_keeps_its_name_where_the_left_one_is_dropped() -> None:
    rows = (GridRow(field="Left_id", selected=False), GridRow(field="*Unknown"))
    assert run(by("id", rows=rows), PEOPLE, TOWNS).outputs["Join"].schema.names == ("name", "id", "town")


def test_the_grid_orders_renames_and_casts_and_leaves_the_other_outputs_alone() -> None:
    rows = (
        GridRow(field="Right_town", rename="name"),
        GridRow(field="Left_id", type="String", size="4"),
        GridRow(field="*Unknown", selected=False),
    )
    ran = run(by("id", rows=rows, as_listed=True), PEOPLE, TOWNS)
    assert ran.outputs["Join"] == table(
        "name: V_String(10), id: String(4)", "Rome, 1", "Lyon, 1", "Rome, 1", "Lyon, 1", "Bonn, 3"
    )
    assert ran.outputs["Left"].schema.names == ("id", "name")


def test_by_position_the_rest_goes_to_its_side_in_order() -> None:
    tool = Join(by_position=True)
    ran = run(tool, PEOPLE, table("t: Int32", "7", ""))
    assert ran.outputs["Join"] == table("id: Int32, name: V_String(10), t: Int32", "3, Cid, 7", "1, Ada,")
    assert ran.outputs["Left"] == table("id: Int32, name: V_String(10)", "2, Bob", ", Nil", "1, Ann")
    assert ran.outputs["Right"] == table("t: Int32")
    swapped = run(tool, table("t: Int32"), PEOPLE)
    assert swapped.outputs["Right"] == PEOPLE
    assert swapped.outputs["Join"].rows == ()


@pytest.mark.parametrize(
    "settings",
    [
        '<JoinByRecordPos Value="False"/><JoinFields><JoinField LeftField="id" RightField="key"/></JoinFields>',
        '<JoinByRecordPos value="False"/><JoinInfo connection="Left"><Field left="id" right="key"/></JoinInfo>',
        (
            '<JoinInfo connection="Left"><Field field="id"/></JoinInfo>'
            '<JoinInfo connection="Right"><Field field="key"/></JoinInfo>'
        ),
    ],
)
def test_the_fields_may_be_written_in_several_ways(settings: str) -> None:
    written = xml.read(BytesIO(f"<Configuration>{settings}</Configuration>".encode()), "x")
    tool, unread = read(Join, written, place="x")
    assert tool.pairs() == [("id", "key")]
    assert unread == ()
