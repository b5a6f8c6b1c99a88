"""Append Fields."""

from __future__ import annotations

import pytest

from openyx.messages import Kind
from openyx.testing import run, table
from openyx.tools.join.append_fields import AppendFields
from openyx.tools.shared.grid import Grid, GridRow
from openyx.tools.shared.matches import CartesianMode

TARGETS = table("a: Int32, b: String(1)", "1, x", "2, y")
MANY = table("n: Int32", *map(str, range(17)))


def test_each_target_gets_every_source_record() -> None:
    ran = run(AppendFields(), TARGETS, table("c: Int32", "7", "8"))
    assert ran.table == table("a: Int32, b: String(1), c: Int32", "1, x, 7", "1, x, 8", "2, y, 7", "2, y, 8")
    assert ran.said == []


def test_a_source_field_gets_another_name_where_a_target_field_has_its() -> None:
    source = table("B: Int32, c: Int32", "7, 8")
    assert run(AppendFields(), TARGETS, source).table.schema.names == ("a", "b", "Source_B", "c")
    dropped = AppendFields(grid=Grid(rows=(GridRow(field="Target_b", selected=False), GridRow(field="*Unknown"))))
    assert run(dropped, TARGETS, source).table.schema.names == ("a", "B", "c")


def test_without_a_source_record_nothing_comes() -> None:
    assert run(AppendFields(), TARGETS, table("c: Int32")).table.rows == ()


def test_more_than_sixteen_source_records_are_an_error_and_nothing_comes() -> None:
    ran = run(AppendFields(), TARGETS, MANY)
    assert ran.table.rows == ()
    assert [(message.kind, message.text) for message in ran.messages] == [
        (Kind.ERROR, "The Source input has more than 16 records")
    ]


def test_sixteen_are_none() -> None:
    ran = run(AppendFields(), TARGETS, table("n: Int32", *map(str, range(16))))
    assert len(ran.table.rows) == 32
    assert ran.said == []


@pytest.mark.parametrize(("mode", "said"), [(CartesianMode.WARN, 1), (CartesianMode.ALLOW, 0)])
def test_more_may_be_allowed_with_or_without_a_warning(mode: CartesianMode, said: int) -> None:
    ran = run(AppendFields(mode=mode), TARGETS, MANY)
    assert len(ran.table.rows) == 34
    assert [message.kind for message in ran.messages] == [Kind.WARNING] * said
