"""Macros: found, run in the place of their call, told of as the tool that calls them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from openyx.engine import Anchor, Result, run_workflow
from openyx.messages import Kind
from openyx.testing import call, node, records, table, text_input, workflow

ROWS = text_input("id name", "3|c", "1|a", "2|b")
BROWSE = node("Browse", name="Seen")
SORT = node("Sort", '<SortInfo locale="0"><Field field="id" order="Ascending"/></SortInfo>')
TEMPLATE = (
    "<TextInput><Configuration><Fields><Field name='id'/><Field name='name'/></Fields>"
    "<Data><r><c>7</c><c>x</c></r></Data></Configuration></TextInput>"
)
ASKS = """<Constants><Constant><Namespace>Question</Namespace><Name>Word</Name><IsNumeric value="False"/></Constant>
<Constant><Namespace>User</Namespace><Name>Own</Name><Value>own</Value></Constant></Constants>
<RuntimeProperties><Questions><Question><Type>TextBox</Type><Name>Word</Name><ToolId value="20"/>
<Default>default</Default></Question></Questions><Actions>{actions}</Actions></RuntimeProperties>"""


def macro_input(name: str = "Input", more: str = "", template: str = TEMPLATE) -> str:
    return node("MacroInput", f"<Name>{name}</Name><UseFileInput value='False'/>{more}{template}")


def macro_output(name: str = "Output") -> str:
    return node("MacroOutput", f"<Name>{name}</Name>")


def formula(field: str, expression: str) -> str:
    settings = f'<FormulaField field="{field}" expression="{expression}" type="V_WString" size="99"/>'
    return node("Formula", f"<FormulaFields>{settings}</FormulaFields>")


def stopper(kind: str = "Error", *, priority: str = "High") -> str:
    return node(
        "Message",
        f"<When>First</When><Type>{kind}</Type><Priority>{priority}</Priority><Transient>False</Transient>"
        "<MessageExpression>'no ' + [name]</MessageExpression>",
    )


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "place"


def written(folder: Path, name: str, nodes: dict[int, str], *lines: str, properties: str = "") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(workflow(nodes, *lines, properties=properties))
    return path


def ran(folder: Path, nodes: dict[int, str], *lines: str, **given: Any) -> Result:
    return run_workflow(written(folder, "w.yxmd", nodes, *lines, properties=given.pop("properties", "")), **given)


def simple(folder: Path, name: str = "m.yxmc", tool: str = SORT, **given: Any) -> Path:
    return written(folder, name, {1: macro_input(), 2: tool, 3: macro_output()}, "1 > 2", "2 > 3", **given)


def called(folder: Path, macro: str = "m.yxmc", *, properties: str = "", **answers: str) -> Result:
    return ran(
        folder, {1: ROWS, 5: call(macro, **answers), 9: BROWSE}, "1 > 5", "5 > 9", properties=properties, anywhere=True
    )


def seen(result: Result) -> object:
    assert [message.text for message in result.messages if message.kind is Kind.ERROR] == []
    (output,) = result.outputs
    assert output.table is not None
    return records(output.table)


def errors(result: Result) -> list[tuple[int, str]]:
    return [(message.tool, message.text) for message in result.messages if message.kind is Kind.ERROR]


def test_a_macro_runs_in_the_place_of_its_call(place: Path) -> None:
    simple(place)
    assert seen(called(place)) == table("id: Byte, name: String", "1, a", "2, b", "3, c")


def test_its_anchors_are_counted_as_those_of_the_call_and_nothing_within_is_told(place: Path) -> None:
    simple(place)
    told: set[Anchor] = set()

    def heard(anchor: Anchor, _records: int) -> None:
        told.add(anchor)

    result = ran(
        place,
        {1: ROWS, 5: call("m.yxmc"), 9: BROWSE},
        "1 > 5",
        "5 > 9",
        on_progress=heard,
    )
    assert result.counts == {Anchor(1): 3, Anchor(5): 3}
    assert set(result.schemas) == {Anchor(1), Anchor(5)}
    assert told == {Anchor(1), Anchor(5)}


def test_inputs_and_outputs_go_by_their_names(place: Path) -> None:
    nodes = {1: macro_input("Left"), 2: macro_input("Right"), 3: macro_output("Second"), 4: macro_output("First")}
    written(place, "m.yxmc", nodes, "1 > 4", "2 > 3")
    result = ran(
        place,
        {1: ROWS, 2: text_input("other", "x"), 5: call("m.yxmc"), 9: BROWSE},
        "2 > 5.Right",
        "1 > 5.Left",
        "5.Second > 9",
    )
    assert seen(result) == table("other: String", "x")
    assert result.counts[Anchor(5, "First")] == 3


def test_an_output_that_a_macro_has_not_is_an_error_of_the_tool_that_wants_it(place: Path) -> None:
    written(place, "m.yxmc", {1: macro_input(), 2: macro_output("A"), 3: macro_output("B")}, "1 > 2", "1 > 3")
    result = ran(place, {1: ROWS, 5: call("m.yxmc"), 9: BROWSE}, "1 > 5", "5.C > 9")
    assert errors(result) == [(9, "tool 5 has no output 'C'")]


def test_a_macro_may_have_no_output_at_all(place: Path) -> None:
    written(place, "m.yxmc", {1: macro_input(), 2: stopper()}, "1 > 2")
    assert errors(ran(place, {1: ROWS, 5: call("m.yxmc")}, "1 > 5")) == [(5, "no c")]


@pytest.mark.parametrize("path", [r".\sub\M.YXMC", "sub/m.yxmc", r"C:\elsewhere\m.yxmc"])
def test_a_macro_is_found_as_written_or_in_a_folder_of_macros(place: Path, path: str) -> None:
    simple(place / "sub")
    result = ran(place, {1: ROWS, 5: call(path), 9: BROWSE}, "1 > 5", "5 > 9", macros=[place / "sub"])
    assert result.ok


def test_a_folder_of_macros_may_lie_elsewhere_and_is_searched_with_all_below(place: Path, tmp_path: Path) -> None:
    simple(tmp_path / "library" / "deep")
    result = ran(place, {1: ROWS, 5: call("m.yxmc"), 9: BROWSE}, "1 > 5", "5 > 9", macros=[tmp_path / "library"])
    assert result.ok


def test_a_macro_outside_the_folders_of_the_run_is_not_read(place: Path, tmp_path: Path) -> None:
    simple(tmp_path)
    ((tool, text),) = errors(ran(place, {1: ROWS, 5: call("../m.yxmc")}, "1 > 5"))
    assert tool == 5
    assert "outside the folder" in text


def test_a_macro_that_is_nowhere_is_named_with_where_it_was_looked_for(place: Path) -> None:
    ((tool, text),) = errors(ran(place, {1: ROWS, 5: call(r"x\nobody.yxmc")}, "1 > 5"))
    assert tool == 5
    assert "the macro nobody.yxmc" in text
    assert r"x\nobody.yxmc" in text


def test_macros_within_macros_are_found_from_their_own_folder(place: Path) -> None:
    simple(place / "a" / "b", "inner.yxmc")
    simple(place / "a", "outer.yxmc", tool=call(r"b\inner.yxmc"))
    assert seen(called(place, r"a\outer.yxmc")) == table("id: Byte, name: String", "1, a", "2, b", "3, c")


def test_a_macro_that_calls_itself_is_refused_with_the_chain(place: Path) -> None:
    simple(place, "a.yxmc", tool=call("b.yxmc"))
    simple(place, "b.yxmc", tool=call("a.yxmc"))
    assert errors(called(place, "a.yxmc")) == [
        (5, "Tool #2: Tool #2: the macro a.yxmc calls itself: a.yxmc → b.yxmc → a.yxmc")
    ]


def test_macros_that_double_with_every_call_are_bounded(place: Path) -> None:
    for number in range(30):
        inner = call(f"m{number + 1}.yxmc")
        written(place, f"m{number}.yxmc", {1: macro_input(), 2: inner, 3: inner}, "1 > 2", "1 > 3")
    simple(place, "m30.yxmc")
    assert any("more than 20,000 tools" in text for _, text in errors(called(place, "m0.yxmc")))


@pytest.mark.parametrize(
    ("more", "runtime", "kind"),
    [
        (node("AlteryxGuiToolkit.Questions.ControlParam.ControlParam"), "", "batch macros"),
        (node("Comment"), "<BatchMacro><ControlParams/></BatchMacro>", "batch macros"),
        (node("Comment"), "<IterativeMacro><Input>Input</Input></IterativeMacro>", "iterative macros"),
    ],
)
def test_macros_that_run_more_than_once_are_named(place: Path, more: str, runtime: str, kind: str) -> None:
    written(
        place,
        "m.yxmc",
        {1: macro_input(), 2: macro_output(), 3: more},
        "1 > 2",
        properties=f"<RuntimeProperties>{runtime}</RuntimeProperties>",
    )
    assert errors(called(place)) == [(5, f"not supported yet: {kind}")]


def test_answers_are_those_of_the_call_else_the_defaults(place: Path) -> None:
    asks = ASKS.format(actions="")
    simple(place, tool=formula("told", "[Question.Word] + '%Question.Word%' + [User.Own]"), properties=asks)
    given = called(place, Word="x")
    fields = "id: Byte, name: String, told: V_WString(99)"
    assert seen(given) == table(fields, "3, c, xxown", "1, a, xxown", "2, b, xxown")
    assert "defaultdefaultown" in str(seen(called(place)))


def test_two_calls_have_answers_and_actions_of_their_own(place: Path) -> None:
    put = (
        '<NoCondition><True><Action><Type>UpdateValueFormula</Type><ToolId value="30"/><Mode>Expression</Mode>'
        "<Expression>'&quot;' + [Word] + '&quot;'</Expression>"
        "<Destination>2/FormulaFields/FormulaField/@expression</Destination></Action></True></NoCondition>"
    )
    simple(place, tool=formula("told", "'never'"), properties=ASKS.format(actions=put))
    nodes = {1: ROWS, 5: call("m.yxmc", Word="first"), 6: call("m.yxmc", Word="second"), 8: BROWSE, 9: BROWSE}
    result = ran(place, nodes, "1 > 5", "1 > 6", "5 > 8", "6 > 9")
    assert result.ok
    shown = {each.tool: each.table.column("told")[0] for each in result.outputs if each.table is not None}
    assert shown == {8: "first", 9: "second"}


def test_an_answer_to_no_question_is_told_as_unread(place: Path) -> None:
    simple(place, properties=ASKS.format(actions=""))
    warnings = [each for each in called(place, Odd="x").messages if each.kind is Kind.WARNING]
    assert [(each.tool, each.text) for each in warnings] == [
        (5, "Settings that are not understood are left aside: Value[@name='Odd']")
    ]


def test_an_action_that_stops_is_an_error_of_the_call(place: Path) -> None:
    stop = (
        '<NoCondition><True><Action><Type>Error</Type><Description>Say a word</Description><ToolId value="2"/>'
        "<Expression>IsEmpty([Word])</Expression></Action></True></NoCondition>"
    )
    simple(place, properties=ASKS.format(actions=stop))
    assert called(place).ok
    assert errors(called(place, Word="")) == [(5, "Say a word")]


def test_errors_within_are_told_as_those_of_the_outermost_call_with_their_place(place: Path) -> None:
    simple(place, "inner.yxmc", tool=formula("name", "[Nobody]"))
    simple(place, "outer.yxmc", tool=call("inner.yxmc"))
    ((tool, text),) = errors(called(place, "outer.yxmc"))
    assert tool == 5
    assert text.startswith("Tool #2: Tool #2: ")
    assert "Nobody" in text


def test_conversion_errors_within_are_told_as_those_of_the_call(place: Path) -> None:
    select = node("Select", '<SelectFields><SelectField field="name" selected="True" type="Int32"/></SelectFields>')
    simple(place, tool=select)
    found = [each for each in called(place).messages if each.kind is Kind.CONVERSION_ERROR]
    assert {each.tool for each in found} == {5}
    assert all(each.text.startswith("Tool #2: name: ") for each in found)
    assert len(found) == 3


def test_a_message_of_high_priority_is_told_as_it_is(place: Path) -> None:
    simple(place, tool=stopper("Warning"))
    warnings = [each for each in called(place).messages if each.kind is Kind.WARNING]
    assert [(each.tool, each.text) for each in warnings] == [(5, "no c")]


def test_an_error_that_stops_is_told_with_its_place(place: Path) -> None:
    simple(place, tool=stopper("ErrorStop"))
    assert errors(called(place)) == [(5, "Tool #2: no c")]


def test_other_messages_are_told_only_where_all_are_wanted(place: Path) -> None:
    simple(place, tool=stopper("Message", priority="Normal"))

    def told(result: Result) -> bool:
        return "Tool #2: no c" in [each.text for each in result.messages if each.tool == 5]

    assert not told(called(place))
    assert told(called(place, properties='<ShowAllMacroMessages value="True"/>'))


def test_a_test_within_a_macro_fails_the_run(place: Path) -> None:
    check = "<Name>few</Name><Connection>#1</Connection><Type>RecCountValue</Type><Value>1</Value>"
    written(place, "m.yxmc", {1: macro_input(), 2: node("Test", f"<Tests><Test>{check}</Test></Tests>")}, "1 > 2")
    assert errors(ran(place, {1: ROWS, 5: call("m.yxmc")}, "1 > 5")) == [
        (5, 'Tool #2: The test "few" failed: 3 records, not 1')
    ]


def test_a_browse_within_a_macro_shows_nothing(place: Path) -> None:
    written(place, "m.yxmc", {1: macro_input(), 2: BROWSE, 3: SORT, 4: BROWSE}, "1 > 2", "1 > 3", "3 > 4")
    result = ran(place, {1: ROWS, 5: call("m.yxmc")}, "1 > 5")
    assert result.ok
    assert result.outputs == ()


def test_files_are_read_from_the_folder_of_the_macro(place: Path) -> None:
    read = node("Input", "<File FileFormat='0'>data.csv</File><FormatSpecificOptions/>")
    written(place / "sub", "m.yxmc", {1: read, 2: macro_output()}, "1 > 2")
    (place / "sub" / "data.csv").write_text("a\n1\n", encoding="utf-8")
    result = ran(place, {5: call("sub/m.yxmc"), 9: BROWSE}, "5 > 9")
    assert result.ok
    assert [each.records for each in result.outputs] == [1]


def test_an_optional_input_that_is_not_connected_has_the_template_s_fields_and_no_record(place: Path) -> None:
    optional = macro_input(more='<Optional value="True"/>')
    written(place, "m.yxmc", {1: optional, 2: macro_output()}, "1 > 2")
    result = ran(place, {5: call("m.yxmc"), 9: BROWSE}, "5 > 9")
    assert seen(result) == table("id: Byte, name: String")


def test_an_input_that_is_not_optional_must_be_connected(place: Path) -> None:
    simple(place)
    assert errors(ran(place, {5: call("m.yxmc"), 9: BROWSE}, "5 > 9")) == [(5, "The Input input must be connected")]


def test_a_macro_that_is_run_by_itself_takes_the_template_s_records(place: Path) -> None:
    nodes = {1: macro_input(), 2: SORT, 3: macro_output(), 4: BROWSE}
    path = written(place, "m.yxmc", nodes, "1 > 2", "2 > 3", "2 > 4")
    result = run_workflow(path)
    assert seen(result) == table("id: Byte, name: String", "7, x")
    assert result.counts[Anchor(1)] == 1


def test_mapped_fields_have_the_template_s_names_within_and_their_own_outside(place: Path) -> None:
    mapped = macro_input("Rows 7", more='<ShowFieldMap value="True"/>')
    lines = ("1 > 2", "2 > 3")
    written(place, "m.yxmc", {1: mapped, 2: formula("told", "[name] + '!'"), 3: macro_output()}, *lines)
    values = {"Input.Rows 7": "name=word\nid=\n"}
    rows = text_input("id word", "1|a")
    result = ran(place, {1: rows, 5: call("m.yxmc", **values), 9: BROWSE}, "1 > 5", "5 > 9")
    assert seen(result) == table("id: Byte, word: String, told: V_WString(99)", "1, a, a!")


def test_what_hangs_on_an_output_in_a_disabled_container_does_not_run(place: Path) -> None:
    container = node("Container", '<Disabled value="True"/>', inside=f'<Node ToolID="3">{SORT}</Node>')
    nodes = {1: macro_input(), 2: container, 4: macro_output("A"), 5: macro_output("B")}
    written(place, "m.yxmc", nodes, "1 > 3", "3 > 4", "1 > 5")
    result = ran(place, {1: ROWS, 5: call("m.yxmc"), 8: BROWSE, 9: SORT}, "1 > 5", "5.A > 9", "5.B > 8")
    assert result.ok
    assert result.counts == {Anchor(1): 3, Anchor(5, "B"): 3}


def test_a_call_whose_only_input_is_cut_is_cut_too(place: Path) -> None:
    simple(place)
    container = node("Container", '<Disabled value="True"/>', inside=f'<Node ToolID="2">{SORT}</Node>')
    result = ran(place, {1: ROWS, 3: container, 5: call("m.yxmc"), 9: BROWSE}, "1 > 2", "2 > 5", "5 > 9")
    assert result.ok
    assert result.outputs == ()
