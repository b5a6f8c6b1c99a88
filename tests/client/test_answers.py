"""Answers to questions: checked and put into text before anything is sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from openyx.api.v1.workflows import QuestionItem, QuestionView
from openyx.client.answers import encode, texts
from openyx.client.questions import Question, question
from openyx.errors import AnswerError
from tests.client.conftest import Place, done

ITEMS = [QuestionItem(key="East", value="E"), QuestionItem(key="West", value="W")]


def asked(kind: str, name: str = "Q", **more: Any) -> Question:
    return question(QuestionView(name=name, type=f"Question{kind}", **more))


LIST = asked("ListBox", items=ITEMS, multiple="False")
SEVERAL = asked("ListBox", items=ITEMS, multiple="True")


@pytest.mark.parametrize(
    ("of", "answer", "text"),
    [
        (asked("TextBox"), "plain", "plain"),
        (asked("TextBox"), '\\\\server\\share "x"', '\\\\server\\share "x"'),
        (asked("TextBox"), 150, "150"),
        (asked("TextBox"), "", ""),
        (asked("BooleanGroup"), True, "True"),
        (asked("BooleanGroup"), "false", "False"),
        (asked("RadioGroup"), "yes", "True"),
        (asked("NumericUpDown"), 150, "150"),
        (asked("NumericUpDown"), -2.5, "-2.5"),
        (asked("NumericUpDown"), "1e3", "1000"),
        (asked("NumericUpDown"), " 7 ", "7"),
        (asked("Date"), date(2016, 7, 10), "2016-07-10"),
        (asked("Date"), datetime(2016, 7, 10, 23, 59), "2016-07-10"),  # noqa: DTZ001 - as a user gives it
        (asked("Date"), "2024-02-29", "2024-02-29"),
        (LIST, "E", "E"),
        (LIST, "East", "E"),
        (asked("ListBox"), "whatever the data source has", "whatever the data source has"),
        (SEVERAL, ["East"], "E=True,W=False"),
        (SEVERAL, ["W", "E"], "E=True,W=True"),
        (SEVERAL, [], "E=False,W=False"),
        (SEVERAL, "West", "E=False,W=True"),
        (asked("ListBox", items=[QuestionItem(value="a,b"), QuestionItem(value='c"')], multiple="True"),
         ["a,b", 'c"'], '"a,b","c\\""'),
        (asked("FolderBrowse"), "/data/in", "/data/in"),
    ],
)  # fmt: skip
def test_an_answer_becomes_the_text_that_the_api_takes(of: Question, answer: Any, text: str) -> None:
    assert encode(of, answer) == text


@pytest.mark.parametrize(
    ("of", "answer", "why"),
    [
        (asked("BooleanGroup"), "perhaps", "True or False"),
        (asked("NumericUpDown"), "twelve", "a number"),
        (asked("NumericUpDown"), True, "a number"),
        (asked("NumericUpDown"), float("nan"), "a number"),
        (asked("NumericUpDown"), "1,5", "a number"),
        (asked("Date"), "2023-02-29", "day of the calendar"),
        (asked("Date"), "24.12.2026", "2026-11-24"),
        (asked("Date"), 20261124, "2026-11-24"),
        (LIST, "North", "one of 'E', 'W'"),
        (LIST, ["E", "W"], "one value"),
        (SEVERAL, ["E", "North"], "one of"),
        (SEVERAL, 7, "list of texts"),
        (asked("TextBox"), ["a"], "one value"),
    ],
)
def test_an_answer_of_the_wrong_kind_is_refused_with_what_is_wanted(of: Question, answer: Any, why: str) -> None:
    with pytest.raises(AnswerError, match="does not answer 'Q'") as caught:
        encode(of, answer)
    assert why in caught.value.message


def test_an_unknown_question_offers_the_near_one() -> None:
    questions = [asked("TextBox", "Title"), asked("TextBox", "Check Box (2)", description="Include closed")]
    with pytest.raises(AnswerError, match="no question 'Titel'") as caught:
        texts(questions, {"Titel": "x"}, ours=False)
    assert caught.value.hint == "did you mean 'Title'?"
    with pytest.raises(AnswerError) as caught:
        texts(questions, {"Include closed": True}, ours=False)
    assert caught.value.hint == "that is the label of 'Check Box (2)'"
    with pytest.raises(AnswerError) as caught:
        texts(questions, {"zzz": True}, ours=False)
    assert caught.value.hint == "its questions: 'Title', 'Check Box (2)'"
    with pytest.raises(AnswerError, match="asks none"):
        texts([], {"Title": "x"}, ours=False)


def test_a_required_answer_is_missed_only_where_defaults_are_told() -> None:
    questions = [asked("Date", "Since"), asked("ListBox", "Region", items=ITEMS), asked("TextBox", "Title")]
    with pytest.raises(AnswerError, match="'Since' needs an answer"):
        texts(questions, {"Region": "East"}, ours=True)
    assert texts(questions, {"Since": "2026-01-01", "Region": "East"}, ours=True) == {
        "Since": "2026-01-01",
        "Region": "E",
    }
    assert texts(questions, {}, ours=False) == {}


def test_no_answer_keeps_the_default() -> None:
    assert texts([asked("TextBox", "Title", value="Sales")], {"Title": None}, ours=True) == {}


@pytest.mark.parametrize(("kind", "ours"), [("Tree", False), ("Tree", True), ("Map", True), ("FileBrowse", False)])
def test_what_the_api_cannot_carry_is_refused_by_name(kind: str, ours: bool) -> None:
    with pytest.raises(AnswerError, match=f"'Q' is a {kind}"):
        texts([asked(kind, value="x")], {"Q": "y"}, ours=ours)
    assert texts([asked(kind, value="x")], {}, ours=ours) == {}


def test_our_gallery_takes_a_path_for_a_file_browse() -> None:
    assert texts([asked("FileBrowse")], {"Q": "in.csv"}, ours=True) == {"Q": "in.csv"}


APP: list[dict[str, Any]] = [
    {"name": "Region", "type": "QuestionListBox", "items": [{"key": "East", "value": "E"}, {"key": "W", "value": "W"}]},
    {"name": "Check Box (2)", "type": "QuestionBooleanGroup", "value": "False"},
    {"name": "Since", "type": "QuestionDate", "value": "2016-07-10"},
]


async def test_questions_read_the_same_in_every_generation(place: Place, connect: Callable[..., Any]) -> None:
    place.behind.questions = APP
    workflow = await done(connect(place.server).workflows.find("Monthly Load"))
    questions = await done(workflow.questions)
    assert [(each.name, each.kind, each.default, each.multiple) for each in questions] == [
        ("Region", "ListBox", None, False),
        ("Check Box (2)", "BooleanGroup", "False", False),
        ("Since", "Date", "2016-07-10", False),
    ]
    assert [(each.label, each.value) for each in questions[0].choices] == [("East", "E"), ("W", "W")]


async def test_answers_are_sent_as_a_list_of_texts(place: Place, connect: Callable[..., Any]) -> None:
    place.behind.questions = APP
    answers = {"Region": "East", "Check Box (2)": True, "Since": date(2026, 1, 2)}
    await done(connect(place.server).start("Monthly Load", answers))
    starts = [each for each in place.server.requests if each.method == "POST" and "/jobs" in each.path]
    assert starts[-1].json["questions"] == [
        {"name": "Region", "value": "E"},
        {"name": "Check Box (2)", "value": "True"},
        {"name": "Since", "value": "2026-01-02"},
    ]


async def test_nothing_is_started_when_an_answer_is_wrong(place: Place, connect: Callable[..., Any]) -> None:
    place.behind.questions = APP
    with pytest.raises(AnswerError):
        await done(connect(place.server).run("Monthly Load", {"Region": "North"}))
    assert place.behind.jobs == {}


@pytest.mark.parametrize("age", ["2019", "2025"])
async def test_a_server_that_asks_nothing_of_a_plain_workflow_is_not_bothered_by_it(
    of_age: Callable[[str], Place], connect: Callable[..., Any], age: str
) -> None:
    """Some servers refuse the question route for what is no app."""
    place = of_age(age)
    gallery = connect(place.server)
    workflow = await done(gallery.workflows.find("Monthly Load"))
    from tests.client.servers import said

    place.server.ill = [said({"message": "only apps"}, 400)]
    assert (await done(workflow.start())).id
