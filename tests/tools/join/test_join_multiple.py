"""Join Multiple."""

from __future__ import annotations

import pytest

from openyx.errors import WorkflowError
from openyx.messages import Kind
from openyx.testing import run, table
from openyx.tools.base import Context
from openyx.tools.join.join_multiple import JoinInfo, JoinMultiple
from openyx.tools.shared.grid import Grid, GridRow
from openyx.tools.shared.matches import CartesianMode

ONE = table("k: Int32, a: String(1)", "2, x", "1, y", ", z")
TWO = table("k: Int64, b: String(1)", "3, p", "1, q", "1, r")
THREE = table("key: Int32, a: Int32", "3, 7", "2, 8")


def by(*fields: str, joined_only: bool = False, mode: CartesianMode = CartesianMode.ERROR) -> JoinMultiple:
    infos = tuple(JoinInfo(connection=f"#{place}", fields=tuple(each.split())) for place, each in enumerate(fields, 1))
    return JoinMultiple(infos=infos, joined_only=joined_only, mode=mode)


def test_by_position_there_are_as_many_records_as_the_longest_input_has() -> None:
    ran = run(JoinMultiple(by_position=True), ONE, THREE)
    assert ran.table == table(
        "k: Int32, a: String(1), key: Int32, Input_#2_a: Int32", "2, x, 3, 7", "1, y, 2, 8", ", z, ,"
    )


def test_by_position_only_what_all_inputs_have_may_come() -> None:
    assert len(run(JoinMultiple(by_position=True, joined_only=True), ONE, THREE).table.rows) == 2


def test_by_fields_every_record_comes_sorted_by_them() -> None:
    ran = run(by("k", "k", "key"), ONE, TWO, THREE)
    assert ran.table == table(
        "k: Int32, a: String(1), Input_#2_k: Int64, b: String(1), key: Int32, Input_#3_a: Int32",
        ", z, , , ,",
        "1, y, 1, q, ,",
        "1, y, 1, r, ,",
        "2, x, , , 2, 8",
        ", , 3, p, 3, 7",
    )


def test_by_fields_only_what_all_inputs_have_may_come() -> None:
    ran = run(by("k", "k", joined_only=True), ONE, TWO)
    assert ran.table.rows == ((1, "y", 1, "q"), (1, "y", 1, "r"))


def test_several_fields_must_all_be_equal() -> None:
    ran = run(by("k a", "k b", joined_only=True), ONE, table("k: Int32, b: String(1)", "1, y", "2, y"))
    assert ran.table.rows == ((1, "y", 1, "y"),)


def test_the_inputs_come_in_the_order_in_which_their_fields_are_listed() -> None:
    tool = JoinMultiple(infos=(JoinInfo(connection="#2", fields=("k",)), JoinInfo(connection="#1", fields=("k",))))
    assert run(tool, ONE, TWO).table.schema.names == ("k", "b", "Input_#1_k", "a")


def test_the_grid_names_the_fields_with_their_input() -> None:
    rows = (GridRow(field="Input_#2_a", rename="second"), GridRow(field="*Unknown", selected=False))
    tool = JoinMultiple(by_position=True, grid=Grid(rows=rows))
    assert run(tool, ONE, THREE).table.schema.names == ("second",)


@pytest.mark.parametrize(
    ("mode", "records", "kinds"),
    [
        (CartesianMode.ERROR, 0, [Kind.ERROR]),
        (CartesianMode.WARN, 25, [Kind.WARNING]),
        (CartesianMode.ALLOW, 25, []),
    ],
)
def test_one_key_that_several_inputs_repeat_often_is_told(mode: CartesianMode, records: int, kinds: list[Kind]) -> None:
    five = table("k: Int32", *["1"] * 5)
    ran = run(by("k", "k", mode=mode), five, five)
    assert len(ran.table.rows) == records
    assert [message.kind for message in ran.messages] == kinds


def test_inputs_may_be_called_anything() -> None:
    tool = JoinMultiple(infos=(JoinInfo(connection="a] b", fields=("k",)), JoinInfo(connection="#2", fields=("k",))))
    lowered = tool.lower({"a] b": ONE.relation, "#2": TWO.relation}, context=Context())
    assert lowered.outputs["Output"].schema.names[:2] == ("k", "a")


def test_a_key_that_one_input_repeats_is_none() -> None:
    ran = run(by("k", "k"), table("k: Int32", *["1"] * 50), table("k: Int32", "1"))
    assert len(ran.table.rows) == 50
    assert ran.said == []


def test_an_input_without_fields_is_an_error() -> None:
    with pytest.raises(WorkflowError, match="No fields to join by are selected for input #2"):
        run(by("k"), ONE, TWO)
    with pytest.raises(WorkflowError, match="different numbers of fields"):
        run(by("k", "k b"), ONE, TWO)


def test_a_field_that_an_only_input_has_not_is_an_error() -> None:
    with pytest.raises(WorkflowError, match='"nobody" is not contained'):
        run(by("nobody"), ONE)
