"""Date Time Now."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest

from openyx.errors import NotYet
from openyx.formula.context import Context as World
from openyx.testing import run, table
from openyx.tools.base import Context
from openyx.tools.in_out.date_time_now import DateTimeNow
from openyx.tools.shared.answers import Answer

NOW = datetime(2026, 3, 5, 14, 7, 9, tzinfo=UTC)
CONTEXT = Context(world=World(now=NOW, start=NOW, chance=random.Random(1)))


def now(*answers: str) -> DateTimeNow:
    return DateTimeNow(answers=tuple(Answer(name=f"Drop Down ({n})", text=text) for n, text in enumerate(answers)))


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("HH:mm:ss", "14:07:09"),
        ("day, dd Month, yyyy", "Thursday, 05 March, 2026"),
        ("dd-MM-yy", "05-03-26"),
        ("dd-Mon.-yy", "05-Mar.-26"),
        ("dd Month, yyyy", "05 March, 2026"),
        ("dd/MM/yyyy", "05/03/2026"),
        ("dy., Month dd, yyyy", "Thu., March 05, 2026"),
        ("Mon dd", "Mar 05"),
        ("Month, yyyy", "March, 2026"),
        ("yyyyMMdd", "20260305"),
        ("yyyy-MM-dd hh:mm:ss", "2026-03-05 14:07:09"),
        ("d Month yyyy", "5 March 2026"),
        ("yyyy'年'M'月'd'日'", "2026年3月5日"),
        ("ahh:mm", "PM02:07"),
    ],
)
def test_the_format_decides_the_text(form: str, text: str) -> None:
    assert run(now("English", form), context=CONTEXT).table == table("DateTimeNow: V_WString", f'"{text}"')


def test_a_language_without_names_here_is_named() -> None:
    with pytest.raises(NotYet, match="Deutsch"):
        run(now("Deutsch", "dd.Month yyyy"), context=CONTEXT)


@pytest.mark.parametrize("answers", [(), ("English",), ("dd/MM/yy", "MM/dd/yy"), ("whenever",)])
def test_a_format_that_cannot_be_told_is_named(answers: tuple[str, ...]) -> None:
    with pytest.raises(NotYet, match="finding the format among the answers to Date Time Now"):
        run(now(*answers), context=CONTEXT)
