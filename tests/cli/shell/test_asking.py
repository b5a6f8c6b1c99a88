"""A list is narrowed and a question answered as a person types."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import pytest

from openyx.cli.shell import asking
from openyx.cli.shell.asking import Asked
from openyx.errors import AnswerError


@dataclass(frozen=True)
class Item:
    name: str


ITEMS = [Item("Best customers"), Item("Monthly sales"), Item("Monthly sales, old"), Item("Price list")]


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Stands for the keyboard: what is typed, line by line."""

    def lines(*texts: str) -> None:
        left: Iterator[str] = iter(texts)

        def prompt(words: Sequence[str]) -> Callable[[str], str]:
            return lambda text: next(left)

        monkeypatch.setattr(asking, "_prompt", prompt)

    return lines


def check(answer: str | list[str]) -> None:
    if answer in ("bad", ["bad"]):
        raise AnswerError("that does not do")


def question(kind: str, *, default: str | None = None, choices: Sequence[str] = (), multiple: bool = False) -> Asked:
    pairs = [(choice.title(), choice) for choice in choices]
    return Asked(name="q", label="Q", kind=kind, default=default, choices=pairs, multiple=multiple, check=check)


@pytest.mark.parametrize(
    ("lines", "chosen"),
    [
        (["2"], 1),
        (["price"], 3),
        (["Monthly sales"], 1),
        (["sales", "2"], 2),
        (["nothing", "1"], 0),
        (["", "0", "9", "best"], 0),
    ],
)
def test_a_workflow_is_chosen(lines: list[str], chosen: int, typed: Callable[..., None]) -> None:
    typed(*lines)
    assert asking.choose(ITEMS) is ITEMS[chosen]


@pytest.mark.parametrize(
    ("asked", "lines", "answers"),
    [
        (question("TextBox", default="x"), [""], {}),
        (question("TextBox"), ["  hello "], {"q": "hello"}),
        (question("TextBox"), ["bad", "good"], {"q": "good"}),
        (question("Date"), ["", "2026-01-01"], {"q": "2026-01-01"}),
        (question("BooleanGroup", default="True"), ["n"], {"q": "False"}),
        (question("BooleanGroup", default="False"), ["YES"], {"q": "True"}),
        (question("ListBox", default="usd", choices=["eur", "usd"]), ["1"], {"q": "eur"}),
        (question("ListBox", default="usd", choices=["eur", "usd"]), ["EUR"], {"q": "eur"}),
        (question("ListBox", choices=["2", "1"]), ["1"], {"q": "1"}),
        (question("ListBox", choices=["eur", "usd", "gbp"], multiple=True), ["1, gbp"], {"q": ["eur", "gbp"]}),
        (question("ListBox", choices=["eur"], multiple=True), [""], {}),
    ],
)
def test_a_question_is_answered(
    asked: Asked, lines: list[str], answers: dict[str, object], typed: Callable[..., None]
) -> None:
    typed(*lines)
    if asked.kind == "Date":
        asked = Asked(name="q", label="Q", kind="Date", default=None, choices=(), multiple=False, check=_needs_a_date)
    assert asking.ask_all([asked], {}) == answers


def _needs_a_date(answer: str | list[str]) -> None:
    if not answer:
        raise AnswerError("a date such as 2026-11-24")


def test_what_has_an_answer_is_not_asked_again(typed: Callable[..., None]) -> None:
    typed()
    assert asking.ask_all([question("TextBox")], {"q": "given"}) == {"q": "given"}


def test_a_name_on_the_line_asks_only_what_has_no_default(typed: Callable[..., None]) -> None:
    typed("2026-01-01")
    asked = [question("TextBox", default="x"), question("NumericUpDown"), question("Date")]
    assert asking.ask_required(asked, {}) == {"q": "2026-01-01"}


def test_a_number_that_is_not_shown_is_a_part_of_the_name(typed: Callable[..., None]) -> None:
    many = [Item(f"Load {number}") for number in range(100)]
    typed("77")
    assert asking.choose(many).name == "Load 77"
    typed(str(asking.SHOWN))
    assert asking.choose(many) is many[asking.SHOWN - 1]
