"""Whole runs: what is said, counted, kept and refused."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from openyx.document import parse
from openyx.engine import Anchor, Result, run_workflow
from openyx.errors import AnswerError, AskedWrongly, DocumentError, JobCancelled
from openyx.messages import Kind, Message
from openyx.testing import node, records, table, text_input, workflow

ROWS = text_input("id name", "3|c", "1|a", "2|b")
SORT = node("Sort", '<SortInfo locale="0"><Field field="id" order="Ascending"/></SortInfo>')
ODD = node("Sort", '<SortInfo odd="1"><Field field="id"/></SortInfo>')
BROWSE = node("Browse")


def count(records: int, *, name: str = "count") -> str:
    return node(
        "Test",
        f"<Tests><Test><Name>{name}</Name><Connection>#1</Connection><Type>RecCountValue</Type>"
        f'<Value>{records}</Value></Test></Tests><DontReportSubsequent value="True"/>',
    )


def ran(nodes: dict[int, str], *lines: str, properties: str = "", **given: Any) -> Result:
    return run_workflow(parse(workflow(nodes, *lines, properties=properties), "w.yxmd"), **given)


def told(messages: Sequence[Message]) -> list[tuple[int, str, str]]:
    return [(message.tool, message.kind.name, message.text) for message in messages[:-1]]


def test_a_workflow_runs_and_its_browse_keeps_the_records() -> None:
    result = ran({1: ROWS, 2: SORT, 3: node("Browse", name="Sorted")}, "1 > 2", "2 > 3")
    assert result.ok
    (output,) = result.outputs
    assert (output.tool, output.name, output.records, output.path) == (3, "Sorted", 3, None)
    assert output.table is not None
    assert records(output.table) == table("id: Byte, name: String", "1, a", "2, b", "3, c")
    assert told(result.messages) == [(3, "INFO", "3 records")]


def test_records_are_counted_per_anchor() -> None:
    result = ran({1: ROWS, 2: SORT, 3: SORT}, "1 > 2", "1 > 3")
    assert result.counts == {Anchor(1): 3, Anchor(2): 3, Anchor(3): 3}


def test_any_anchor_can_be_kept() -> None:
    result = ran({1: ROWS, 2: SORT, 3: BROWSE}, "1 > 2", "2 > 3", keep=[Anchor(1)])
    assert records(result.tables[Anchor(1)]).rows[0] == (3, "c")


def test_the_last_line_tells_how_it_went() -> None:
    result = ran({1: ROWS, 2: count(4), 3: count(3), 4: ODD}, "1 > 2", "1 > 3", "1 > 4")
    last = result.messages[-1].text
    assert last.startswith("Finished running w.yxmd in ")
    assert last.endswith(" seconds with 1 error and 1 warning")


def test_a_test_that_fails_fails_the_run() -> None:
    result = ran({1: ROWS, 2: count(4, name="four")}, "1 > 2")
    assert not result.ok
    assert told(result.messages) == [(2, "ERROR", 'The test "four" failed: 3 records, not 4')]


def test_messages_come_while_it_runs() -> None:
    heard: list[Message] = []
    result = ran({1: ROWS, 2: BROWSE}, "1 > 2", on_message=heard.append)
    assert tuple(heard) == result.messages


def test_a_missing_tool_stops_the_run_by_name_before_it_starts() -> None:
    result = ran(
        {
            1: ROWS,
            2: node("AlteryxBasePluginsGui.FuzzyMatch.FuzzyMatch"),
            3: node("Acme.Foo"),
            4: node("JupyterCode"),
            5: SORT,
        },
        "1 > 2",
        "1 > 3",
        "1 > 4",
        "2 > 5",
    )
    assert not result.ok
    assert told(result.messages) == [
        (2, "ERROR", "not supported yet: the tool Fuzzy Match"),
        (3, "ERROR", "not known: the tool Acme.Foo"),
        (4, "ERROR", "not available here: the tool Python (Python code)"),
    ]
    assert result.counts == {}


def test_every_tool_that_is_wrong_is_told_at_once() -> None:
    gone = node("Summarize", '<SummarizeFields><SummarizeField field="gone" action="Sum"/></SummarizeFields>')
    bad = node("Sort", '<SortInfo locale="here"><Field field="id"/></SortInfo>')
    none = node("Select", "<Grid/>")
    result = ran({1: ROWS, 2: gone, 3: bad, 4: none, 5: SORT}, "1 > 2", "1 > 3", "1 > 4")
    assert sorted(told(result.messages)) == [
        (2, "ERROR", 'The field "gone" is not contained in the record (fields: id, name)'),
        (3, "ERROR", "w.yxmd, tool 3 (Sort), setting SortInfo@locale: 'here' is no whole number"),
        (4, "ERROR", "w.yxmd, tool 4 (Select): no SelectFields/SelectField or Fields/Field among its settings"),
        (5, "ERROR", "The Input input must be connected"),
    ]


def test_settings_that_nobody_reads_are_told() -> None:
    odd = node("Sort", '<SortInfo locale="0" odd="1"><Field field="id"/></SortInfo><New/>')
    assert told(ran({1: ROWS, 2: odd}, "1 > 2").messages) == [
        (2, "WARNING", "Settings that are not understood are left aside: SortInfo@odd, New")
    ]


def test_a_disabled_container_takes_its_tools_and_their_connections_away() -> None:
    inside = f'<Node ToolID="3">{SORT}</Node>'
    container = node("Container", '<Disabled value="True"/>', inside=inside)
    result = ran({1: ROWS, 2: container, 4: BROWSE, 5: SORT}, "1 > 3", "3 > 4", "3 > 5", "1 > 5")
    assert not result.outputs
    assert result.counts == {Anchor(1): 3, Anchor(5): 3}
    assert result.ok


def test_an_enabled_container_changes_nothing() -> None:
    container = node("Container", '<Disabled value="False"/>', inside=f'<Node ToolID="3">{SORT}</Node>')
    assert ran({1: ROWS, 2: container, 4: BROWSE}, "1 > 3", "3 > 4").outputs[0].records == 3


def test_a_connection_to_a_missing_tool_is_told() -> None:
    result = ran({1: ROWS, 2: BROWSE}, "1 > 2", "1 > 77")
    assert told(result.messages)[0] == (
        -1,
        "WARNING",
        "A connection from tool 1 to tool 77 is ignored: there is no tool 77",
    )


def test_comments_and_questions_do_nothing() -> None:
    nodes = {1: ROWS, 2: node("Comment", "<Text>hello</Text>"), 3: node("Question"), 4: BROWSE}
    assert told(ran(nodes, "1 > 4").messages) == [(4, "INFO", "3 records")]


def test_a_global_limit_cuts_each_input() -> None:
    result = ran({1: ROWS, 2: BROWSE}, "1 > 2", properties='<GlobalRecordLimit value="2"/>')
    assert result.outputs[0].records == 2


def test_browses_can_be_switched_off() -> None:
    result = ran({1: ROWS, 2: BROWSE}, "1 > 2", properties='<DisableBrowse value="True"/>')
    assert result.ok
    assert result.outputs == ()


def test_a_browse_keeps_at_most_so_many_records_and_tells_all() -> None:
    (output,) = ran({1: ROWS, 2: BROWSE}, "1 > 2", browse_limit=2).outputs
    assert output.table is not None
    assert (output.records, len(output.table)) == (3, 2)


@pytest.mark.parametrize(("limit", "listed"), [(2, 2), (3, 3), (10, 3)])
def test_conversion_errors_are_told_up_to_the_workflows_limit(limit: int, listed: int) -> None:
    cast = node("Select", '<SelectFields><SelectField field="name" type="Int32"/></SelectFields>')
    result = ran({1: ROWS, 2: cast}, "1 > 2", properties=f'<ConvErrorLimit value="{limit}"/>')
    texts = [f"name: {name} is not a number." for name in "cab"][:listed]
    kinds = [(2, "CONVERSION_ERROR", text) for text in texts]
    end = [(2, "CONVERSION_LIMIT", "name: Field Conversion Error Limit Reached")] if limit <= 3 else []
    assert told(result.messages) == kinds + end
    assert result.ok


def test_the_limit_of_conversion_errors_can_fail_the_run() -> None:
    cast = node("Select", '<SelectFields><SelectField field="name" type="Int32"/></SelectFields>')
    properties = '<ConvErrorLimit value="2"/><ConvErrorLimit_Stop value="True"/>'
    assert not ran({1: ROWS, 2: cast}, "1 > 2", properties=properties).ok


def test_inputs_can_be_given_by_number_and_by_name() -> None:
    nodes = {1: text_input("id", "1"), 2: BROWSE, 3: node("TextInput", "<Fields/>", name="Orders"), 4: BROWSE}
    given = table("id: Int64", "7", "8")
    result = ran(nodes, "1 > 2", "3 > 4", inputs={1: given.relation, "Orders": given.relation})
    assert [output.records for output in result.outputs] == [2, 2]
    with pytest.raises(AskedWrongly, match="no input tool 'Customers'"):
        ran(nodes, "1 > 2", inputs={"Customers": given.relation})


@pytest.mark.parametrize("tool", [2, 3])
def test_only_input_tools_take_records(tool: int) -> None:
    nodes = {1: ROWS, 2: node("Filter", "<Mode>Custom</Mode><Expression>[id] &gt; 1</Expression>"), 3: BROWSE}
    with pytest.raises(AskedWrongly, match=f"tool {tool} is no input tool"):
        ran(nodes, "1 > 2", "2.True > 3", inputs={tool: table("id: Int64", "7").relation})


def test_a_workflow_can_be_given_as_text() -> None:
    result = run_workflow(workflow({1: ROWS, 2: BROWSE}, "1 > 2").decode())
    assert [output.records for output in result.outputs] == [3]
    with pytest.raises(DocumentError, match="not well-formed"):
        run_workflow("<AlteryxDocument>")


@pytest.mark.parametrize("arriving", [(), ("1 > 2",)])
def test_a_loop_without_end_is_an_error_of_its_tool(arriving: tuple[str, ...]) -> None:
    loop = node(
        "AlteryxBasePluginsGui.GenerateRows.GenerateRows",
        '<UpdateField value="False"/><CreateField_Name>n</CreateField_Name><CreateField_Type>Int32</CreateField_Type>'
        "<Expression_Init>1</Expression_Init><Expression_Cond>True</Expression_Cond>"
        "<Expression_Loop>[n]</Expression_Loop>",
    )
    result = ran({1: ROWS, 2: loop, 3: BROWSE}, *arriving, "2 > 3")
    assert (2, "ERROR", 'The loop never ends: "n" stays 1') in told(result.messages)


def test_a_run_can_be_cancelled() -> None:
    with pytest.raises(JobCancelled):
        ran({1: ROWS, 2: BROWSE}, "1 > 2", cancelled=lambda: True)


def test_a_file_that_is_no_workflow_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.yxmd").write_text("hello")
    with pytest.raises(DocumentError, match=r"a\.yxmd, line 1"):
        run_workflow(tmp_path / "a.yxmd")


def test_an_answer_without_a_question_is_refused() -> None:
    with pytest.raises(AnswerError):
        ran({1: ROWS}, answers={"Region": "East"})


def test_events_are_told_and_left_aside() -> None:
    properties = '<Events><Enabled value="True"/><Event/></Events>'
    assert "events of w.yxmd" in ran({1: ROWS}, properties=properties).messages[0].text


def test_a_second_connection_into_a_single_input_is_an_error() -> None:
    result = ran({1: ROWS, 2: ROWS, 3: SORT}, "1 > 3", "2 > 3")
    assert told(result.messages) == [(3, "ERROR", "The Input input takes one connection, and has 2")]


def test_two_inputs_of_a_test_are_told_apart_by_their_number() -> None:
    match = node(
        "Test",
        "<Tests><Test><Name>same</Name><Connection>#1</Connection><Type>RecCountMatch</Type><Value>#2</Value></Test>"
        "</Tests>",
    )
    nodes = {1: ROWS, 2: text_input("a", "1"), 3: match}
    result = ran(nodes, "1 > 3.Input #2", "2 > 3.Input #1")
    assert told(result.messages) == [(3, "ERROR", 'The test "same" failed: 1 records, not 3 as in #2')]


def test_only_kinds_that_spoil_a_run_do() -> None:
    result = ran({1: ROWS, 2: ODD}, "1 > 2")
    assert [message.kind for message in result.messages] == [Kind.WARNING, Kind.INFO]
    assert result.ok


def test_a_version_that_is_none_counts_as_unknown() -> None:
    content = workflow({1: text_input("a", "1.5"), 2: node("Browse")}, "1 > 2", version="\N{SUPERSCRIPT TWO}.1")
    assert run_workflow(parse(content, "w.yxmd")).ok


def test_a_tool_that_is_fed_by_a_comment_stops_the_run() -> None:
    result = ran({1: node("Comment", "<Text>hello</Text>"), 2: BROWSE}, "1 > 2")
    assert told(result.messages) == [(2, "ERROR", "tool 1 has no output 'Output'")]
    assert not result.ok


def test_a_tool_that_leaves_no_field_stops_the_run() -> None:
    nothing = node("Select", '<SelectFields><SelectField field="*Unknown" selected="False"/></SelectFields>')
    result = ran({1: ROWS, 2: nothing, 3: BROWSE}, "1 > 2", "2 > 3")
    ((tool, kind, text),) = told(result.messages)
    assert (tool, kind) == (2, "ERROR")
    assert text.startswith("No field is left")


NUMBER = (
    "<Constants><Constant><Namespace>User</Namespace><Name>n</Name><Value>{}</Value>"
    '<IsNumeric value="True"/></Constant></Constants>'
)


def test_a_number_that_nobody_gave_is_an_error_only_where_it_is_used() -> None:
    assert ran({1: ROWS, 2: BROWSE}, "1 > 2", properties=NUMBER.format("")).ok
    line = '<FormulaField field="x" expression="[User.n]" type="Double"/>'
    used = {1: ROWS, 2: node("Formula", f"<FormulaFields>{line}</FormulaFields>"), 3: BROWSE}
    assert "User.n" in told(ran(used, "1 > 2", "2 > 3", properties=NUMBER.format("")).messages)[0][2]


def test_a_number_that_is_none_is_an_error_of_the_document() -> None:
    with pytest.raises(DocumentError, match=r"w\.yxmd: the constant User\.n is no number: 'x'"):
        ran({1: ROWS, 2: BROWSE}, "1 > 2", properties=NUMBER.format("x"))


def test_a_run_without_counts_gives_the_same_records_and_tells_no_number() -> None:
    keep = node("Filter", "<Mode>Custom</Mode><Expression>[id] &gt; 1</Expression>")
    whole = ran({1: ROWS, 2: keep, 3: BROWSE}, "1 > 2", "2.True > 3", keep=[Anchor(2, "True")])
    quick = ran({1: ROWS, 2: keep, 3: BROWSE}, "1 > 2", "2.True > 3", keep=[Anchor(2, "True")], counts=False)
    assert quick.ok
    assert quick.counts == {}
    assert quick.tables[Anchor(2, "True")].rows() == whole.tables[Anchor(2, "True")].rows()
    assert not [message for message in quick.messages if "were True" in message.text]
