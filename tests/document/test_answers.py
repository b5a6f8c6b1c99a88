"""The questions of an app, the answers to them, and what its actions do with them."""

from __future__ import annotations

from datetime import date

import pytest

from openyx.document import Answer, Document, answer_texts, apply_answers, constants, parse, substitute, write
from openyx.errors import AnswerError, DocumentError, NotHere, NotYet

QUESTIONS = """
<Question><Type>Tab</Type><Name>Tab (9)</Name><ToolId value="9"/><Questions>
 <Question><Type>TextBox</Type><Description>Whom to greet</Description><Name>Text Box (20)</Name><ToolId value="20"/>
   <Default>World</Default><Password value="False"/><Multiline value="True"/><Hidden value="False"/></Question>
 <Question><Type>NumericUpDown</Type><Description>How many</Description><Name>Count</Name><ToolId value="21"/>
   <Minimum value="0"/><Maximum value="10"/><Increment value="1"/><Default value="5"/><Decimals value="1"/></Question>
 <Question><Type>LabelGroup</Type><Name>Group</Name><ToolId value="30"/><Questions>
  <Question><Type>BooleanGroup</Type><Description>All</Description><Name>Check Box (22)</Name><ToolId value="22"/>
   <Default value="True"/><Questions>
     <Question><Type>Date</Type><Description>Since</Description><Name>Since</Name><ToolId value="23"/></Question>
   </Questions></Question></Questions></Question>
 <Question><Type>ListBox</Type><Description>Region</Description><Name>Region</Name><ToolId value="24"/>
   <Multiple value="False"/><Default>Whole East</Default><Mode>Manual</Mode>
   <Manual_Values>Whole East:East\nWest\n</Manual_Values></Question>
 <Question><Type>ListBox</Type><Description>Fields</Description><Name>Fields</Name><ToolId value="25"/>
   <Multiple value="True"/><Multiple_Custom value="True"/><Multiple_Start>"</Multiple_Start>
   <Multiple_Separator>","</Multiple_Separator><Multiple_End>"</Multiple_End><Multiple_Default value="False"/>
   <Mode>Field</Mode></Question>
 <Question><Type>ListBox</Type><Description>Reports</Description><Name>Reports</Name><ToolId value="26"/>
   <Multiple value="True"/><Multiple_Custom value="False"/><Multiple_Default value="True"/>
   <Mode>Manual</Mode><Manual_Values>One:1\nTwo:2\n</Manual_Values></Question>
 <Question><Type>RadioGroup</Type><Description>Up</Description><Name>Up</Name><ToolId value="27"/>
   <Default value="True"/></Question>
 <Question><Type>RadioGroup</Type><Description>Down</Description><Name>Down</Name><ToolId value="28"/>
   <Default value="False"/></Question>
 <Question><Type>MacroInput</Type><Name>Input</Name><ToolId value="29"/></Question>
</Questions></Question>"""

SELECT = """<Node ToolID="6"><GuiSettings Plugin="X.Select"/><Properties><Configuration>
  <Greeting>Hello NAME, dear NAME</Greeting>
  <SelectFields><SelectField field="a" rename="x"/><SelectField field="b" rename="y"/></SelectFields>
  <Folder>%Question.Region%\\%User.Kind%\\%Engine.Version%\\%unknown%</Folder></Configuration></Properties></Node>"""


def action(destination: str, *, tool: int = 40, kind: str = "UpdateValue", mode: str = "Simple", more: str = "") -> str:
    return (
        f'<Action><Type>{kind}</Type><ToolId value="{tool}"/><Mode>{mode}</Mode>{more}'
        f"<Destination>{destination}</Destination></Action>"
    )


def app(actions: str = "", *, wired: int = 20, raw_actions: str = "") -> Document:
    body = raw_actions or f"<NoCondition><Type>NoCondition</Type><True>{actions}</True></NoCondition>"
    return parse(
        f"""<AlteryxDocument><Nodes>{SELECT}<Node ToolID="40"/>
        {"".join(f'<Node ToolID="{n}"/>' for n in range(20, 29))}</Nodes>
        <Connections><Connection><Origin ToolID="{wired}" Connection="Question"/>
          <Destination ToolID="40" Connection="Action"/></Connection></Connections>
        <Properties><Constants>
          <Constant><Namespace>Question</Namespace><Name>Region</Name><Value>?</Value></Constant>
          <Constant><Namespace>Question</Namespace><Name>Since</Name><Value>2020-01-01</Value></Constant>
          <Constant><Namespace>User</Namespace><Name>Kind</Name><Value>kind</Value></Constant></Constants>
        <RuntimeProperties><Actions>{body}</Actions><Questions>{QUESTIONS}</Questions>
        <ModuleType>Wizard</ModuleType></RuntimeProperties></Properties></AlteryxDocument>""".encode(),
        "app.yxwz",
    )


def settings(document: Document) -> dict[str, str]:
    configuration = document.by_id[6].configuration
    renames = {f.get("field"): f.get("rename") for f in configuration.all("SelectFields/SelectField")}
    return {"greeting": configuration.words("Greeting"), **renames}


def test_questions_are_flat_and_in_interface_order() -> None:
    document = app()
    assert [(question.name, question.type, question.default) for question in document.questions] == [
        ("Text Box (20)", "QuestionTextBox", "World"),
        ("Count", "QuestionNumericUpDown", "5"),
        ("Check Box (22)", "QuestionBooleanGroup", "True"),
        ("Since", "QuestionDate", "2020-01-01"),
        ("Region", "QuestionListBox", "East"),
        ("Fields", "QuestionListBox", None),
        ("Reports", "QuestionListBox", None),
        ("Up", "QuestionRadioGroup", "True"),
        ("Down", "QuestionRadioGroup", "False"),
    ]
    assert document.module_type == "Wizard"
    assert document.package_type == "App"


def test_a_question_knows_its_choices_and_bounds() -> None:
    by_name = {question.name: question for question in app().questions}
    assert by_name["Region"].items == (("Whole East", "East"), ("West", "West"))
    count = by_name["Count"]
    assert (count.minimum, count.maximum, count.increment, count.decimals) == (0, 10, 1, 1)
    assert by_name["Text Box (20)"].multiline
    assert by_name["Fields"].multiple


def test_questions_without_an_answer_keep_their_defaults() -> None:
    assert answer_texts(app().questions, {}) == {
        "Text Box (20)": "World",
        "Count": "5",
        "Check Box (22)": "True",
        "Since": "2020-01-01",
        "Region": "East",
        "Fields": "",
        "Reports": "1=True,2=True",
        "Up": "True",
        "Down": "False",
    }


@pytest.mark.parametrize(
    ("name", "answer", "text"),
    [
        ("Count", 7, "7"),
        ("Count", "2.5", "2.5"),
        ("Check Box (22)", False, "False"),
        ("Check Box (22)", "true", "True"),
        ("Since", date(2026, 11, 24), "2026-11-24"),
        ("Region", "West", "West"),
        ("Region", "Whole East", "East"),
        ("Fields", ["a", "b"], '"a","b"'),
        ("Fields", '"a","b"', '"a","b"'),
        ("Fields", "a=True,b=False,c=True", '"a","c"'),
        ("Fields", "a", '"a"'),
        ("Fields", [], ""),
        ("Reports", ["Two"], "1=False,2=True"),
        ("Reports", "1=True,2=False", "1=True,2=False"),
    ],
)
def test_an_answer_becomes_the_text_of_its_kind(name: str, answer: Answer, text: str) -> None:
    assert answer_texts(app().questions, {name: answer})[name] == text


@pytest.mark.parametrize(
    ("name", "answer", "said"),
    [
        ("Count", "many", "'many' does not answer 'Count', which takes a number"),
        ("Count", True, "takes a number"),
        ("Count", "11", "takes at most 10"),
        ("Count", "-1", "takes at least 0"),
        ("Count", "1.25", "at most 1 decimals"),
        ("Check Box (22)", "maybe", "takes True or False"),
        ("Since", "24.11.2026", "takes a date such as 2026-11-24"),
        ("Since", "2026-02-30", "day of the calendar"),
        ("Region", "North", "takes one of East, West"),
        ("Reports", ["3"], "takes one of 1, 2"),
        ("Region", ["East"], "takes a text"),
        ("Text Box (20)", ["a"], "takes a text"),
    ],
)
def test_an_answer_of_the_wrong_kind_is_refused(name: str, answer: Answer, said: str) -> None:
    with pytest.raises(AnswerError, match=said.replace("(", r"\(").replace(")", r"\)")):
        answer_texts(app().questions, {name: answer})


def test_an_unknown_question_is_refused_with_a_proposal() -> None:
    with pytest.raises(AnswerError) as caught:
        answer_texts(app().questions, {"region": "East"})
    assert caught.value.hint == "did you mean 'Region'?"


def test_a_question_without_default_must_be_answered() -> None:
    text = write(app().root).decode().replace("2020-01-01", "")
    with pytest.raises(AnswerError, match=r"'Since' \(Since\) needs an answer"):
        answer_texts(parse(text.encode(), "app.yxwz").questions, {})


def test_a_tree_question_is_refused_by_name() -> None:
    text = write(app().root).decode().replace("<Type>TextBox</Type>", "<Type>Tree</Type>")
    with pytest.raises(NotHere, match="Tree question"):
        answer_texts(parse(text.encode(), "app.yxwz").questions, {"Text Box (20)": "x"})


def test_choosing_a_radio_button_lets_go_of_the_other() -> None:
    texts = answer_texts(app().questions, {"Down": True})
    assert (texts["Up"], texts["Down"]) == ("False", "True")
    with pytest.raises(AnswerError, match="only one of these can be chosen: Up, Down"):
        answer_texts(app().questions, {"Up": True, "Down": True})


def test_an_action_puts_the_answer_of_the_wired_question_in_place() -> None:
    document = app(action("6/Greeting"))
    assert settings(apply_answers(document, {"Text Box (20)": "Hi & <bye>"}))["greeting"] == "Hi & <bye>"
    assert settings(document)["greeting"] == "Hello NAME, dear NAME"


def test_an_action_may_replace_every_occurrence_of_a_part() -> None:
    document = app(action("6/Greeting", more='<Replace value="True"/><ReplaceText>NAME</ReplaceText>'))
    assert settings(apply_answers(document, {}))["greeting"] == "Hello World, dear World"


def test_an_action_finds_an_attribute_of_one_of_several_elements() -> None:
    document = app(action("6/SelectFields/SelectField[@field='b']/@rename"))
    assert settings(apply_answers(document, {"Text Box (20)": "z"})) | {"greeting": ""} == {
        "greeting": "",
        "a": "x",
        "b": "z",
    }


def test_an_action_may_name_its_question() -> None:
    document = app(action("6/Greeting", more="<Variable>Region</Variable>"))
    assert settings(apply_answers(document, {"Region": "West"}))["greeting"] == "West"


def test_actions_run_in_order() -> None:
    part = '<Replace value="True"/><ReplaceText>NAME</ReplaceText>'
    second = '<Replace value="True"/><ReplaceText>NAME</ReplaceText><Variable>Region</Variable>'
    document = app(action("6/Greeting", more=part) + action("6/Greeting", more=second))
    assert settings(apply_answers(document, {"Text Box (20)": "NAME!"}))["greeting"] == "Hello East!, dear East!"


def test_an_action_that_was_never_set_up_does_nothing() -> None:
    document = app(action("", kind="UpdateSelect"))
    assert settings(apply_answers(document, {})) == settings(document)


@pytest.mark.parametrize("destination", ["6/Nowhere", "6/SelectFields/SelectField[@field='q']", "x", "6/a[b"])
def test_a_destination_that_is_not_there_is_an_error_with_its_place(destination: str) -> None:
    with pytest.raises(DocumentError, match=r"app\.yxwz, line \d+, action of tool 40"):
        apply_answers(app(action(destination)), {})


@pytest.mark.parametrize(
    "actions",
    [
        f"<NoCondition><True>{action('6/Greeting', kind='UpdateValueFormula', mode='Expression')}</True></NoCondition>",
        f"<NoCondition><True>{action('6/Greeting', kind='Dynamic', mode='Expression')}</True></NoCondition>",
        "<Condition><Type>Condition</Type><Expression>[#1]</Expression><True/><False/></Condition>",
    ],
)
def test_other_kinds_of_action_are_refused_by_name(actions: str) -> None:
    with pytest.raises(NotYet):
        apply_answers(app(raw_actions=actions), {})


def test_constants_and_engine_values_are_put_into_every_setting() -> None:
    changed = apply_answers(app(), {"Region": "West"})
    values = constants(changed, {"Version": "9"})
    folder = substitute(changed.by_id[6].configuration, values).words("Folder")
    assert folder == "West\\kind\\9\\%unknown%"


def test_a_workflow_without_questions_takes_no_answers() -> None:
    plain = parse(b"<AlteryxDocument><Nodes/></AlteryxDocument>", "x.yxmd")
    assert apply_answers(plain, {}) is plain
    with pytest.raises(AnswerError, match="no question 'a'"):
        apply_answers(plain, {"a": "b"})


def test_a_password_is_not_shown_in_an_error() -> None:
    text = write(app().root).decode().replace('Password value="False"', 'Password value="True"')
    with pytest.raises(AnswerError) as caught:
        answer_texts(parse(text.encode(), "app.yxwz").questions, {"Text Box (20)": ["hunter2"]})
    assert "hunter2" not in str(caught.value)


def test_an_answer_that_no_file_can_hold_is_refused() -> None:
    with pytest.raises(AnswerError, match="without control characters"):
        answer_texts(app().questions, {"Text Box (20)": "a\0b"})


@pytest.mark.parametrize("answer", ["[" * 100_000, "[" + "9" * 5000 + "]"], ids=["deep", "long"])
def test_a_list_that_no_reader_takes_is_one_item(answer: str) -> None:
    assert answer_texts(app().questions, {"Fields": answer})["Fields"] == f'"{answer}"'


def test_a_constant_without_a_value_takes_an_answer() -> None:
    text = write(app().root).decode().replace("<Value>?</Value>", "")
    changed = apply_answers(parse(text.encode(), "app.yxwz"), {"Region": "West"})
    assert constants(changed)["question.region"] == "West"
