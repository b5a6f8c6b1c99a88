"""Answers to an app's questions: checked, and put into the texts that the API takes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from openyx.client.questions import Answer, Answers, Choice, Question
from openyx.errors import AnswerError

_TRUTH = {"true": "True", "yes": "True", "1": "True", "false": "False", "no": "False", "0": "False"}
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_NEVER = ("Tree", "Map")
_ONLY_HERE = ("FileBrowse",)
_ASKED_FOR = ("Date", "FileBrowse", "FolderBrowse")


def texts(questions: Sequence[Question], answers: Answers, *, ours: bool) -> dict[str, str]:
    """The text of each answer, by the question's name; a question without one keeps its default.

    *ours* says that our own gallery asks: it takes paths for a File Browse, and it tells every default, so that a
    question without one needs an answer. A real Server leaves defaults out.

    Raises ``AnswerError`` for an unknown question, a wrong answer, a missing one, and a kind that cannot be answered.
    """
    asked = {question.name: question for question in questions}
    for name in answers:
        if name not in asked:
            raise _unknown(name, questions)
    given = {name: answer for name, answer in answers.items() if answer is not None}
    for question in questions:
        if question.name in given:
            _refuse(question, ours=ours)
        elif ours and _required(question):
            raise AnswerError(f"the question {question.name!r}{_label(question)} needs an answer")
    return {name: encode(asked[name], answer) for name, answer in given.items()}


def encode(question: Question, answer: Answer) -> str:
    """The text of one answer; raises ``AnswerError`` when the question cannot take it."""
    match question.kind:
        case "BooleanGroup" | "RadioGroup":
            return _truth(question, answer)
        case "NumericUpDown":
            return _number(question, answer)
        case "Date":
            return _date(question, answer)
        case "ListBox" if question.multiple:
            return _several(question, _items(question, answer))
        case "ListBox":
            return _item(question, _plain(question, answer))
        case _:
            return _plain(question, answer)


def _plain(question: Question, answer: Answer) -> str:
    match answer:
        case datetime():
            return answer.isoformat(" ", "seconds")
        case str() | bool() | int() | float() | date():
            return str(answer)
        case _:
            raise _wrong(question, answer, "one value")


def _truth(question: Question, answer: Answer) -> str:
    text = _TRUTH.get(str(answer).strip().lower())
    if text is None:
        raise _wrong(question, answer, "True or False")
    return text


def _number(question: Question, answer: Answer) -> str:
    text = str(answer).strip()
    if isinstance(answer, bool) or not _NUMBER.fullmatch(text):
        raise _wrong(question, answer, "a number")
    return f"{float(text):f}".rstrip("0").rstrip(".") if "e" in text.lower() else text


def _date(question: Question, answer: Answer) -> str:
    if isinstance(answer, date):
        return answer.strftime("%Y-%m-%d")
    text = str(answer).strip()
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return date.fromisoformat(text).isoformat()
    except ValueError:
        raise _wrong(question, answer, "a day of the calendar") from None
    raise _wrong(question, answer, "a date such as 2026-11-24")


def _item(question: Question, chosen: str) -> str:
    """What is sent for a choice, which may be named by what is sent or by what is shown."""
    if not question.choices:
        return chosen
    sent = [choice.value for choice in question.choices if choice.value == chosen]
    for value in sent or [choice.value for choice in question.choices if choice.label == chosen]:
        return value
    raise _wrong(question, chosen, f"one of {_listed(question.choices)}")


def _items(question: Question, answer: Answer) -> list[str]:
    if isinstance(answer, str):
        return [_item(question, answer)] if answer else []
    if isinstance(answer, Sequence):
        return [_item(question, str(each)) for each in answer]
    raise _wrong(question, answer, "a list of texts")


def _several(question: Question, chosen: Sequence[str]) -> str:
    """Several items as one text. How the API carries them is documented nowhere: this is the form of Designer's own
    files, ``a=True,b=False``, or its other one, ``"a","b"``, where an item would break the first."""
    known = [choice.value for choice in question.choices]
    values = [*known, *(each for each in chosen if each not in known)]
    if any(set(value) & set(',="') for value in values):
        return ",".join('"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' for value in chosen)
    return ",".join(f"{value}={value in chosen}" for value in values)


def _refuse(question: Question, *, ours: bool) -> None:
    if question.kind in _NEVER or (question.kind in _ONLY_HERE and not ours):
        raise AnswerError(
            f"the question {question.name!r} is a {question.kind}, which this API cannot carry",
            hint="leave it to its default, or give the app a text box instead",
        )


def _required(question: Question) -> bool:
    one_of_list = question.kind == "ListBox" and not question.multiple
    return question.default is None and (one_of_list or question.kind in _ASKED_FOR)


def _unknown(name: str, questions: Sequence[Question]) -> AnswerError:
    names = [question.name for question in questions]
    if not names:
        return AnswerError(f"there is no question {name!r}: the workflow asks none")
    for question in questions:
        if question.label.strip() == name.strip():
            return AnswerError(f"there is no question {name!r}", hint=f"that is the label of {question.name!r}")
    from difflib import get_close_matches

    near = get_close_matches(name, names, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"its questions: {', '.join(map(repr, names))}"
    return AnswerError(f"there is no question {name!r}", hint=hint)


def _listed(choices: Sequence[Choice]) -> str:
    shown = [repr(choice.value) for choice in choices[:20]]
    return ", ".join(shown) + (f" and {len(choices) - 20} more" if len(choices) > 20 else "")


def _label(question: Question) -> str:
    return f" ({question.label})" if question.label and question.label != question.name else ""


def _wrong(question: Question, answer: object, wanted: str) -> AnswerError:
    return AnswerError(f"{answer!r} does not answer {question.name!r}, which takes {wanted}")


Texts = Mapping[str, str]
