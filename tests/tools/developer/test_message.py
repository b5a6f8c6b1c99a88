"""Message."""

from __future__ import annotations

import pytest

from openyx.errors import FormulaError
from openyx.messages import Kind
from openyx.testing import run, table
from openyx.tools.developer.message import MessageTool, Type, When

THREE = table("n: Int32, name: V_WString(9)", "1, a", "2, b", "3, c")


def of(when: str, *, expression: str = '"at " + [name]', condition: str = "", type_: str = "Message") -> MessageTool:
    return MessageTool(when=When(when), filter=condition, type=Type(type_), expression=expression)


@pytest.mark.parametrize(
    ("when", "said"),
    [("First", ["at a"]), ("Last", ["at c"]), ("All", ["at c"]), ("Filter", ["at b", "at c"])],
)
def test_the_message_is_sent_with_the_chosen_records(when: str, said: list[str]) -> None:
    assert run(of(when, condition="[n] > 1"), THREE).said == said


def test_the_records_pass() -> None:
    assert run(of("First"), THREE).table == THREE


@pytest.mark.parametrize(
    ("type_", "kind"),
    [("Message", Kind.INFO), ("Warning", Kind.WARNING), ("Error", Kind.ERROR), ("ErrorStop", Kind.ERROR)],
)
def test_the_type_decides_the_kind(type_: str, kind: Kind) -> None:
    assert [message.kind for message in run(of("First", type_=type_), THREE).messages] == [kind]


def test_a_number_is_said_as_text() -> None:
    assert run(of("First", expression="[n] + 1"), THREE).said == ["2"]


def test_no_record_gives_no_message() -> None:
    for when in ("First", "Last", "All"):
        assert run(of(when), table("n: Int32, name: V_WString(9)")).said == []


def test_an_expression_that_does_not_parse_is_an_error() -> None:
    with pytest.raises(FormulaError):
        run(of("First", expression="[gone]"), THREE)


def test_a_message_may_tell_the_record_s_number() -> None:
    said = run(of("Filter", expression='"Record " + ToString([_RecordNumber_])', condition="[n] > 1"), THREE).said
    assert said == ["Record 2", "Record 3"]


@pytest.mark.parametrize(
    ("when", "passed"),
    [("First", []), ("Filter", ["1, a"]), ("Last", ["1, a", "2, b", "3, c"]), ("All", ["1, a", "2, b", "3, c"])],
    ids=["first", "filter", "last", "all"],
)
def test_an_error_that_stops_lets_pass_only_what_came_before_it(when: str, passed: list[str]) -> None:
    result = run(of(when, condition="[n] = 2", type_="ErrorStop"), THREE)
    assert result.table == table("n: Int32, name: V_WString(9)", *passed)
    assert [message.kind for message in result.messages] == [Kind.ERROR]


def test_an_error_that_stops_is_said_once() -> None:
    result = run(of("Filter", condition="[n] > 1", type_="ErrorStop"), THREE)
    assert [message.kind for message in result.messages] == [Kind.ERROR]


@pytest.mark.parametrize(("type_", "kind"), [("FileInputV2", Kind.FILE_READ), ("FileOutputV2", Kind.FILE_WRITTEN)])
def test_a_message_may_tell_of_a_file(type_: str, kind: Kind) -> None:
    (message,) = run(of("First", expression=r'"C:\out.csv|The result"', type_=type_), THREE).messages
    assert (message.kind, message.text) == (kind, r"C:\out.csv|The result")


@pytest.mark.parametrize(("transient", "kind"), [(True, Kind.TRANSIENT), (False, Kind.INFO)])
def test_a_transient_message_is_told_as_one(transient: bool, kind: Kind) -> None:
    tool = MessageTool(when=When.FIRST, type=Type.MESSAGE, transient=transient, expression='"halfway"')
    assert [message.kind for message in run(tool, THREE).messages] == [kind]


def test_only_formulas_in_force_are_checked() -> None:
    assert list(of("Filter", condition="[n] > 1", expression='"x"').formulas()) == ["[n] > 1", '"x"']
    assert list(of("Last", condition="[n] > 1", expression='"x"').formulas()) == ['"x"']
