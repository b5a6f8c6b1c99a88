"""Asking a person: which workflow, and what an app wants to know. Only ever on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

import click

from openyx.cli.shell.answers import Answers
from openyx.cli.shell.output import cell, clean
from openyx.errors import AnswerError

if TYPE_CHECKING:
    from prompt_toolkit import PromptSession

SHOWN = 20
TRUE, FALSE = "True", "False"


class Named(Protocol):
    """What can be chosen from a list."""

    @property
    def name(self) -> str:
        """What it is called."""
        ...


N = TypeVar("N", bound=Named)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question as it is asked: ``choices`` are pairs of what is shown and what is sent.

    ``check`` raises ``AnswerError`` for an answer that does not do.
    """

    name: str
    label: str
    kind: str
    default: str | None
    choices: Sequence[tuple[str, str]]
    multiple: bool
    check: Callable[[str | list[str]], object]

    @property
    def required(self) -> bool:
        """Nobody but the user can say it."""
        if self.kind == "ListBox":
            return self.default is None and not self.multiple
        return self.default is None and self.kind in ("Date", "FileBrowse", "FolderBrowse")


def choose(items: Sequence[N]) -> N:
    """One of *items*: by a number that is shown, its name, or a part of the name, which makes the list shorter."""
    asking = _prompt([item.name for item in items])
    shown = list(items)
    while True:
        _list(shown)
        text = asking("Which one? (number, or a part of the name) ").strip()
        if text.isdecimal() and 0 < int(text) <= min(len(shown), SHOWN):
            return shown[int(text) - 1]
        exact = [item for item in items if item.name == text]
        if len(exact) == 1:
            return exact[0]
        found = [item for item in items if text.casefold() in item.name.casefold()]
        if len(found) == 1:
            return found[0]
        if not found:
            click.echo(f"No name holds {text!r}.", err=True)
        shown = found or list(items)


def ask_all(questions: Sequence[Asked], given: Mapping[str, str | list[str]]) -> Answers:
    """Ask all questions that have no answer yet, one by one; all answers."""
    return _ask([each for each in questions if each.name not in given], given)


def ask_required(questions: Sequence[Asked], given: Mapping[str, str | list[str]]) -> Answers:
    """Ask only what has neither an answer nor a default; all answers."""
    return _ask([each for each in questions if each.required and each.name not in given], given)


def _ask(questions: Sequence[Asked], given: Mapping[str, str | list[str]]) -> Answers:
    answers = dict(given)
    for question in questions:
        answer = _ask_one(question)
        if answer is not None:
            answers[question.name] = answer
    return answers


def _ask_one(question: Asked) -> str | list[str] | None:
    """The answer; None leaves the default."""
    _introduce(question)
    asking = _prompt([sent for _, sent in question.choices])
    while True:
        text = asking(f"{cell(question.label or question.name)}{_expected(question)}: ").strip()
        if not text and not question.required:
            return None
        answer = _meant(question, text)
        try:
            question.check(answer)
        except AnswerError as error:
            click.echo(clean(error.message), err=True)
        else:
            return answer


def _introduce(question: Asked) -> None:
    for number, (shown, sent) in enumerate(question.choices, start=1):
        click.echo(f"  {number:>3}  {cell(shown)}" + (f"  ({cell(sent)})" if shown != sent else ""), err=True)


def _expected(question: Asked) -> str:
    if question.kind in ("BooleanGroup", "RadioGroup"):
        return " [Y/n]" if question.default == TRUE else " [y/N]"
    several = "several, with commas" if question.multiple else ""
    form = "yyyy-mm-dd" if question.kind == "Date" else several
    parts = [part for part in (form, cell(question.default)) if part]
    return f" [{'; '.join(parts)}]" if parts else ""


def _meant(question: Asked, text: str) -> str | list[str]:
    """What was typed as an answer: y for True, a number for the choice that has it."""
    if question.kind in ("BooleanGroup", "RadioGroup"):
        return {"y": TRUE, "yes": TRUE, "n": FALSE, "no": FALSE}.get(text.lower(), text)
    if question.multiple:
        return [_choice(question, part.strip()) for part in text.split(",") if part.strip()]
    return _choice(question, text)


def _choice(question: Asked, text: str) -> str:
    for number, (shown, sent) in enumerate(question.choices, start=1):
        if text.casefold() in (sent.casefold(), shown.casefold()):
            return sent
        if text == str(number) and text not in (each for pair in question.choices for each in pair):
            return sent
    return text


def _list(items: Sequence[Named]) -> None:
    for number, item in enumerate(items[:SHOWN], start=1):
        click.echo(f"{number:>4}  {cell(item.name)}", err=True)
    if len(items) > SHOWN:
        click.echo(f"      … and {len(items) - SHOWN} more", err=True)


def _prompt(words: Sequence[str]) -> Callable[[str], str]:
    """A line editor that completes any part of these words; it speaks on standard error."""
    from prompt_toolkit import PromptSession
    from prompt_toolkit.completion import FuzzyWordCompleter
    from prompt_toolkit.output import create_output

    completer = FuzzyWordCompleter([cell(word) for word in words]) if words else None
    session: PromptSession[str] = PromptSession(completer=completer, output=create_output(sys.stderr))
    return session.prompt
