"""Test."""

from __future__ import annotations

import pytest

from openyx.errors import DocumentError, FormulaError, WorkflowError
from openyx.messages import Kind
from openyx.testing import run, table
from openyx.tools.developer import test as palette

THREE = table("n: Int32", "1", "2", "3")
NONE = table("n: Int32")


def checks(*wanted: tuple[str, str], once: bool = True, connection: str = "#1") -> palette.Test:
    return palette.Test(
        checks=tuple(
            palette.Check(name=f"t{place}", type=palette.What(type_), value=value, connection=connection)
            for place, (type_, value) in enumerate(wanted, start=1)
        ),
        once=once,
    )


def test_counts_are_compared() -> None:
    assert run(checks(("RecCountValue", "3")), THREE).said == []
    ran = run(checks(("RecCountValue", "0"), ("RecCountValue", "3"), ("RecCountValue", " 4 ")), THREE)
    assert ran.said == ['The test "t1" failed: 3 records, not 0', 'The test "t3" failed: 3 records, not 4']
    assert {message.kind for message in ran.messages} == {Kind.ERROR}


def test_no_record_can_be_wanted() -> None:
    assert run(checks(("RecCountValue", "0")), NONE).said == []


def test_two_inputs_are_compared() -> None:
    assert run(checks(("RecCountMatch", "#2")), THREE, THREE).said == []
    assert run(checks(("RecCountMatch", "#2")), THREE, NONE).said == ['The test "t1" failed: 3 records, not 0 as in #2']


def test_an_expression_must_hold_for_all_records() -> None:
    assert run(checks(("ExpAll", "[n] > 0")), THREE).said == []
    assert run(checks(("ExpAll", "[n] > 1")), THREE).said == ['The test "t1" failed: [n] > 1']
    assert run(checks(("ExpAll", "[n] > 1")), NONE).said == []


def test_every_failing_record_is_told_unless_one_is_enough() -> None:
    assert len(run(checks(("ExpAll", "[n] > 2"), once=False), THREE).said) == 2
    assert len(run(checks(("ExpAll", "[n] > 2"), once=True), THREE).said) == 1


def test_null_fails_an_expression() -> None:
    assert len(run(checks(("ExpAll", "[n] > 0")), table("n: Int32", "1", "")).said) == 1


def test_an_expression_may_be_for_the_first_record() -> None:
    assert run(checks(("ExpFirst", "[n] = 1")), THREE).said == []
    assert len(run(checks(("ExpFirst", "[n] = 2")), THREE).said) == 1


def test_an_input_that_is_not_there_is_an_error() -> None:
    with pytest.raises(WorkflowError, match="no connection is called '#3'; there are #1"):
        run(checks(("RecCountValue", "1"), connection="#3"), THREE)


def test_a_number_that_is_none_is_an_error() -> None:
    with pytest.raises(DocumentError, match="test 't1': 'many' is no number of records"):
        run(checks(("RecCountValue", "many")), THREE)


def test_an_expression_that_does_not_parse_is_an_error() -> None:
    with pytest.raises(FormulaError):
        run(checks(("ExpAll", "[n] >")), THREE)
