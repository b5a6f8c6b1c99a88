"""Answers to an app's questions: checked, put into its constants, and written into its tools by its actions."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from difflib import get_close_matches

from openyx.document import actions, model
from openyx.document.model import Document
from openyx.document.questions import Question
from openyx.document.xml import Element
from openyx.errors import AnswerError, NotHere

Answer = str | bool | int | float | date | Sequence[str]
"""What a question takes: its text, or a value that is turned into it; a list for a list box of many."""

_UNWRITABLE = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")


def apply_answers(
    document: Document, answers: Mapping[str, Answer], evaluate: actions.Evaluate = actions.unable
) -> Document:
    """The document as these answers change it; questions without one keep their defaults.

    *evaluate* gives the values of the expressions in its actions.

    Raises ``AnswerError`` for an unknown question, a missing or a wrong answer, ``NotYet`` for an action that is not
    supported, ``WorkflowError`` where an action refuses the answers. A workflow without questions comes back as it is.
    """
    return answered(document, answer_texts(document.questions, answers), evaluate)


def answered(document: Document, texts: Mapping[str, str], evaluate: actions.Evaluate) -> Document:
    """The document as answers change it that are texts already, as its questions send them."""
    if not document.questions and document.root.find("Properties/RuntimeProperties/Actions") is None:
        return document
    root = document.root.copy()
    _set_constants(root, texts)
    changed = model.from_tree(root, document.name, folder=document.folder)
    remarks = actions.perform(changed, texts, evaluate)
    done = model.from_tree(root, document.name, folder=document.folder)
    return replace(done, remarks=(*done.remarks, *remarks))


def answer_texts(questions: Sequence[Question], answers: Mapping[str, Answer]) -> dict[str, str]:
    """The text of every question's answer, given or by default; a question that has neither is left out."""
    asked = {question.name: question for question in questions}
    for name in answers:
        if name not in asked:
            raise _unknown(name, list(asked))
    texts: dict[str, str] = {}
    for name, question in asked.items():
        if name in answers:
            texts[name] = answer_text(question, answers[name])
        elif question.default is not None:
            texts[name] = question.default
        elif question.required:
            raise AnswerError(f"the question {name!r} ({question.description}) needs an answer")
        elif question.multiple:
            texts[name] = _all_or_none(question)
    _check_one_radio_button(questions, answers, texts)
    return texts


def call_texts(document: Document, given: Mapping[str, str]) -> dict[str, str]:
    """The answers to a macro's questions: *given* in its call as they are sent, by default otherwise."""
    texts: dict[str, str] = {}
    for question in document.questions:
        if question.name in given:
            texts[question.name] = given[question.name]
        elif question.default is not None:
            texts[question.name] = question.default
        elif question.multiple:
            texts[question.name] = _all_or_none(question)
    return texts


def answer_text(question: Question, answer: Answer) -> str:
    """The text of one answer; raises ``AnswerError`` when the question cannot take it."""
    match question.kind:
        case "BooleanGroup" | "RadioGroup":
            return _truth(question, answer)
        case "NumericUpDown":
            return _number(question, answer)
        case "Date":
            return _date(question, answer)
        case "ListBox":
            return _chosen(question, answer)
        case "Tree" | "Map":
            raise NotHere(f"answers to a {question.kind} question ({question.name})")
        case _:
            return _plain(question, answer)


def _plain(question: Question, answer: Answer) -> str:
    if not isinstance(answer, str | int | float | date):
        raise _wrong(question, answer, "a text")
    if _UNWRITABLE.search(str(answer)):
        raise _wrong(question, answer, "a text without control characters")
    return str(answer)


def _truth(question: Question, answer: Answer) -> str:
    words = {"true": "True", "1": "True", "false": "False", "0": "False"}
    text = words.get(str(answer).strip().lower())
    if text is None:
        raise _wrong(question, answer, "True or False")
    return text


def _number(question: Question, answer: Answer) -> str:
    text = str(answer).strip()
    if isinstance(answer, bool) or not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)", text, re.ASCII):
        raise _wrong(question, answer, "a number")
    number = float(text)
    if question.minimum is not None and number < question.minimum:
        raise _wrong(question, answer, f"at least {question.minimum:g}")
    if question.maximum is not None and number > question.maximum:
        raise _wrong(question, answer, f"at most {question.maximum:g}")
    if question.decimals is not None and len(text.partition(".")[2].rstrip("0")) > question.decimals:
        raise _wrong(question, answer, f"a number with at most {question.decimals} decimals")
    return text


def _date(question: Question, answer: Answer) -> str:
    text = str(answer).strip()
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise _wrong(question, answer, f"a day of the calendar ({error})") from error
    raise _wrong(question, answer, "a date such as 2026-11-24")


def _chosen(question: Question, answer: Answer) -> str:
    if not question.multiple:
        chosen = _plain(question, answer)
        return _item(question, chosen) if question.mode == "Manual" else chosen
    items = _several(answer) if isinstance(answer, str) else list(answer) if isinstance(answer, Sequence) else None
    if items is None:
        raise _wrong(question, answer, "a list")
    return _listed(question, [_item(question, item) for item in items] if question.mode == "Manual" else items)


def _item(question: Question, chosen: str) -> str:
    """What is sent for a choice, which may be named by what is shown or by what is sent."""
    sent = [value for _, value in question.items if value == chosen] or [
        value for label, value in question.items if label == chosen
    ]
    if not sent:
        raise _wrong(question, chosen, "one of " + ", ".join(value for _, value in question.items))
    return sent[0]


def _several(text: str) -> list[str]:
    """The items of a list that came as one text.

    How the REST API carries several is not documented: both forms of the product's own files are understood,
    ``a=True,b=False`` and ``"a","b"``, a JSON list, and a single item as it stands.
    """
    text = text.strip()
    if not text:
        return []
    if text.startswith(('"', "[")):
        try:
            listed = json.loads(text if text.startswith("[") else f"[{text}]")
        except (ValueError, RecursionError):
            listed = None
        if isinstance(listed, list):
            return [str(item) for item in listed]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType] - any JSON
    if re.search(r"=(True|False)$", text):
        return [name for name, truth in re.findall(r"(.*?)=(True|False)(?:,|$)", text) if truth == "True"]
    return [text]


def _listed(question: Question, chosen: Sequence[str]) -> str:
    wrapping = question.wrapping
    if wrapping is None:
        known = [value for _, value in question.items]
        return ",".join(f"{value}={value in chosen}" for value in [*known, *(c for c in chosen if c not in known)])
    return wrapping.start + wrapping.separator.join(chosen) + wrapping.end if chosen else ""


def _all_or_none(question: Question) -> str:
    return _listed(question, [sent for _, sent in question.items] if question.selected else [])


def _check_one_radio_button(
    questions: Sequence[Question], answers: Mapping[str, Answer], texts: dict[str, str]
) -> None:
    """Choosing one radio button lets go of its neighbours' defaults; choosing two is an error."""
    for group in _radio_groups(questions):
        given = [name for name in group if name in answers and texts[name] == "True"]
        if len(given) > 1:
            raise AnswerError("only one of these can be chosen: " + ", ".join(given))
        if given:
            texts.update({name: str(name == given[0]) for name in group})


def _radio_groups(questions: Sequence[Question]) -> list[list[str]]:
    groups: list[list[str]] = []
    follows = False
    for question in questions:
        if question.kind == "RadioGroup":
            if not follows:
                groups.append([])
            groups[-1].append(question.name)
        follows = question.kind == "RadioGroup"
    return groups


def _set_constants(root: Element, texts: Mapping[str, str]) -> None:
    for constant in root.all("Properties/Constants/Constant"):
        if constant.words("Namespace") != "Question" or constant.words("Name") not in texts:
            continue
        value = constant.find("Value")
        if value is None:
            value = Element("Value", line=constant.line)
            constant.children.append(value)
        value.text = texts[constant.words("Name")]


def _unknown(name: str, asked: list[str]) -> AnswerError:
    near = get_close_matches(name, asked, n=1)
    hint = f"did you mean {near[0]!r}?" if near else "its questions: " + ", ".join(map(repr, asked)) if asked else ""
    return AnswerError(f"there is no question {name!r}", hint=hint)


def _wrong(question: Question, answer: object, wanted: str) -> AnswerError:
    shown = "the answer" if question.password else repr(answer)
    return AnswerError(f"{shown} does not answer {question.name!r}, which takes {wanted}")
