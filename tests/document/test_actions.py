"""Actions: every way in which an app or macro changes its tools before it runs."""

from __future__ import annotations

from collections.abc import Mapping
from xml.sax.saxutils import escape

import pytest

from openyx.document import Document, apply_answers, parse
from openyx.document.actions import unsupported
from openyx.document.xml import fragment
from openyx.errors import DocumentError, NotYet, WorkflowError
from openyx.messages import Kind

QUESTIONS = """<Questions>
<Question><Type>TextBox</Type><Description>Word</Description><Name>Word</Name><ToolId value="20"/>
  <Default>plain</Default></Question>
<Question><Type>BooleanGroup</Type><Description>On</Description><Name>On</Name><ToolId value="21"/>
  <Default value="True"/></Question>
<Question><Type>ListBox</Type><Description>Fields</Description><Name>Fields</Name><ToolId value="22"/>
  <Multiple value="True"/><Mode>Field</Mode></Question>
</Questions>"""

SETTINGS = """<Text>Hello NAME</Text><Disabled value="False"/>
<SelectFields><SelectField field="a" selected="False"/><SelectField field="*Unknown" selected="False"/></SelectFields>
<Data><r><c>1</c><c>2</c></r><r><c>3</c><c>4</c></r></Data>"""


def line(origin: int, anchor: str, destination: int, into: str, name: str = "") -> str:
    return (
        f'<Connection name="{name}"><Origin ToolID="{origin}" Connection="{anchor}"/>'
        f'<Destination ToolID="{destination}" Connection="{into}"/></Connection>'
    )


def action(kind: str, more: str, *, tool: int = 40) -> str:
    return f'<Action><Type>{kind}</Type><Description>Not so</Description><ToolId value="{tool}"/>{more}</Action>'


def formula(expression: str, destination: str) -> str:
    return action("UpdateValueFormula", put(expression, destination) + "<Mode>Expression</Mode>")


def put(expression: str, destination: str) -> str:
    return f"<Expression>{escape(expression)}</Expression><Destination>{escape(destination)}</Destination>"


def always(*actions: str) -> str:
    return f"<NoCondition><True>{''.join(actions)}</True></NoCondition>"


def app(groups: str, *lines: str) -> Document:
    wires = lines or (line(20, "Question", 40, "Question", "#1"), line(21, "Question", 40, "Question", "Really"))
    return parse(
        f"""<AlteryxDocument><Nodes>
        <Node ToolID="1"/><Node ToolID="3"/>
        <Node ToolID="2"><Properties><Configuration>{SETTINGS}</Configuration></Properties></Node>
        <Node ToolID="40"/><Node ToolID="20"/><Node ToolID="21"/><Node ToolID="22"/></Nodes>
        <Connections>{"".join(wires)}{line(1, "Output", 2, "Input")}{line(2, "Output", 3, "Input", "#2")}</Connections>
        <Properties><RuntimeProperties><Actions>{groups}</Actions>{QUESTIONS}<ModuleType>Wizard</ModuleType>
        </RuntimeProperties></Properties></AlteryxDocument>""".encode(),
        "app.yxwz",
    )


def quoting(expression: str, values: Mapping[str, str], *, condition: bool = False) -> str:
    """Stands for the expression language: names are replaced by what they stand for."""
    for name, value in values.items():
        expression = expression.replace(f"[{name}]", value)
    if condition:
        return {"!True": "False", "!False": "True"}.get(expression, expression)
    return expression


def changed(groups: str, *lines: str, answers: Mapping[str, str] | None = None) -> Document:
    return apply_answers(app(groups, *lines), answers or {}, quoting)


def settings(document: Document) -> str:
    return "".join(map(fragment, document.by_id[2].configuration.children)).replace("\n", "").replace("  ", "")


def test_a_formula_sees_the_wires_by_their_names_and_what_stood_there() -> None:
    document = changed(always(formula("[Destination]/[#1]/[Really]/[Word]", "2/Text")), answers={"Word": "x"})
    assert document.by_id[2].configuration.words("Text") == "Hello NAME/x/True/x"


def test_a_cell_is_found_by_its_place() -> None:
    document = changed(always(formula("[#1]", "2/Data/r[2]/c[1]")))
    assert [cell.text for cell in document.by_id[2].configuration.all("Data/r/c")] == ["1", "2", "plain", "4"]


def test_a_place_beyond_the_last_is_an_error() -> None:
    with pytest.raises(DocumentError, match=r"'2/Data/r\[3\]/c' is not in the workflow"):
        changed(always(formula("[#1]", "2/Data/r[3]/c")))


def test_raw_xml_takes_the_place_of_what_is_within_an_element() -> None:
    raw = action("UpdateRawXml", put("<r><c>[#1]</c></r>", "2/Data") + '<OuterXml value="False"/>')
    assert "<Data><r><c>plain</c></r></Data>" in settings(changed(always(raw)))


def test_raw_xml_takes_the_place_of_an_element() -> None:
    raw = action("UpdateRawXml", put("<A/><B/>", "2/Data/r[1]") + '<OuterXml value="True"/>')
    assert "<Data><A /><B /><r><c>3</c>" in settings(changed(always(raw)))


def test_raw_xml_may_change_all_settings_as_they_stand() -> None:
    raw = action("UpdateRawXml", put("[Destination]<More/>", "2") + '<OuterXml value="False"/>')
    found = settings(changed(always(raw)))
    assert found.startswith("<Text>Hello NAME</Text>")
    assert found.endswith("<More />")


def test_raw_xml_that_is_none_is_an_error_with_its_place() -> None:
    raw = action("UpdateRawXml", put("<r>", "2/Data") + '<OuterXml value="False"/>')
    with pytest.raises(DocumentError, match=r"makes no XML of '<r>'.*action of tool 40"):
        changed(always(raw))


@pytest.mark.parametrize(("answer", "text"), [("True", "yes"), ("False", "no")])
def test_a_condition_chooses_the_actions(answer: str, text: str) -> None:
    sides = f"<True>{formula('yes', '2/Text')}</True><False>{formula('no', '2/Text')}</False>"
    group = f'<Condition><ToolId value="40"/><Expression>[Really]</Expression>{sides}</Condition>'
    document = changed(group, answers={"On": answer})
    assert document.by_id[2].configuration.words("Text") == text


def test_an_error_message_stops_with_its_text() -> None:
    stop = action("Error", "<Expression>![Really]</Expression>")
    assert changed(always(stop))
    with pytest.raises(WorkflowError, match="Not so") as caught:
        changed(always(stop), answers={"On": "False"})
    assert caught.value.tool == 40


def test_a_tool_that_is_deleted_goes_with_its_lines() -> None:
    document = changed(always(action("DeleteTool", '<DeleteTool value="2"/>')))
    assert 2 not in document.by_id
    assert [each for each in document.connections if not each.is_wiring and 2 in (each.origin, each.destination)] == []
    assert [each for each in document.connections if each.destination == 3 and not each.is_wiring] == []
    assert document.remarks == ()


def test_fields_are_chosen_in_a_select() -> None:
    chosen = action("UpdateSelect", '<Variable>Fields</Variable><SelectTool value="2"/>')
    document = changed(always(chosen), line(22, "Question", 40, "Question"), answers={"Fields": "a=True,b=True"})
    fields = document.by_id[2].configuration.all("SelectFields/SelectField")
    assert [(each.get("field"), each.get("selected")) for each in fields] == [
        ("a", "True"),
        ("*Unknown", "False"),
        ("b", "True"),
    ]


def dynamic(mapping: str, destination: str, expression: str = "{{INPUT}}") -> str:
    return action("Dynamic", put(expression, destination) + f"<Mapping>{mapping}</Mapping><Mode>Expression</Mode>")


def test_a_dynamic_action_puts_the_answer_in_place() -> None:
    document = changed(always(dynamic("Update Cell", "2/Data/r[1]/c[2]")), answers={"Word": "a < b"})
    assert [cell.text for cell in document.by_id[2].configuration.all("Data/r/c")] == ["1", "a < b", "3", "4"]


def test_a_question_that_is_true_enables_a_container() -> None:
    wire = line(21, "Question", 40, "Question", "#1")
    group = always(dynamic("Enable/Disable Container from Question", "2/Disabled/@value"))
    assert changed(group, wire, answers={"On": "True"}).by_id[2].configuration.value("Disabled") == "False"
    assert changed(group, wire, answers={"On": "False"}).by_id[2].configuration.value("Disabled") == "True"


def test_a_container_is_switched_as_the_action_says() -> None:
    group = always(dynamic("Enable/Disable Container", "2/Disabled/@value", expression="True"))
    assert changed(group).by_id[2].configuration.value("Disabled") == "True"


def test_an_action_for_a_tool_that_is_gone_is_told_and_left_aside() -> None:
    (remark,) = changed(always(formula("x", "77/Text"))).remarks
    assert (remark.kind, remark.text) == (Kind.WARNING, "The action of tool 40 is ignored: there is no tool 77")


@pytest.mark.parametrize(
    "group",
    [always(dynamic("Update Map", "2/Text")), always(action("UpdateMap", put("x", "2/Text"))), "<Loop><True/></Loop>"],
)
def test_an_unknown_kind_is_refused_by_name(group: str) -> None:
    with pytest.raises(NotYet, match=r"Map|Loop"):
        changed(group)


def test_all_that_is_not_performed_is_listed_and_nothing_else() -> None:
    astray = f"<NoCondition>{formula('[#1]', '2/Text')}{action('UpdateMap', put('x', '2/Text'))}</NoCondition>"
    found = unsupported(app(f"{astray}<Loop><True/></Loop>{always(dynamic('Update Globe', '2/Text'))}"))
    assert sorted(each.detail for each in found) == [
        "an action that stands right in its NoCondition",
        "an action that stands right in its NoCondition",
        "the action 'Update Globe'",
        "the action UpdateMap",
        "the action group Loop",
    ]


def test_an_action_outside_the_sides_of_its_group_is_refused() -> None:
    with pytest.raises(NotYet, match="stands right in its NoCondition"):
        changed(f"<NoCondition>{formula('[#1]', '2/Text')}</NoCondition>")
