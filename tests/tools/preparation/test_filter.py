"""Filter."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import Any

import pytest

from openyx.errors import FormulaError, NotYet, WorkflowError
from openyx.formula.context import Context as World
from openyx.testing import run, table
from openyx.tools.base import Context
from openyx.tools.preparation.filter import Filter, Mode, Simple

NOW = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)
TODAY = Context(world=World(now=NOW, start=NOW, chance=random.Random(1)))
ROWS = table(
    "n: Int32, text: V_WString(20), day: Date, at: DateTime, yes: Bool, clock: Time",
    "1, Apple, 2026-11-23, 2026-11-23 10:00:00, True, 10:00:00",
    '2, "", 2026-11-24, 2026-11-24 23:59:59, False, 23:59:59',
    "3, , , , , ",
    "4, pineapple, 2026-12-01, 2026-12-01 00:00:00, True, 00:00:00",
    '5, "say ""it\'s""", 2025-01-01, 2025-01-01 12:00:00, False, 12:00:00',
)


def custom(expression: str) -> Filter:
    return Filter(mode=Mode.CUSTOM, custom=expression)


def simple(field: str, operator: str, operand: str = "", **more: Any) -> Filter:
    return Filter(mode=Mode.SIMPLE, simple=Simple(field=field, operator=operator, operand=operand, **more))


def kept(tool: Filter) -> list[object]:
    return [row[0] for row in run(tool, ROWS, context=TODAY).outputs["True"].rows]


def test_records_are_parted_and_keep_their_order() -> None:
    ran = run(custom("[n] > 3 OR [n] = 1"), ROWS)
    assert [row[0] for row in ran.outputs["True"].rows] == [1, 4, 5]
    assert [row[0] for row in ran.outputs["False"].rows] == [2, 3]
    assert ran.said == ["3 records were True and 2 were False"]


def test_null_is_not_true() -> None:
    ran = run(custom("[yes]"), ROWS)
    assert [row[0] for row in ran.outputs["False"].rows] == [2, 3, 5]


def test_a_written_condition_needs_an_expression() -> None:
    with pytest.raises(FormulaError):
        run(custom(""), ROWS)


@pytest.mark.parametrize(
    ("field", "operator", "operand", "numbers"),
    [
        ("n", "=", "2", [2]),
        ("n", "!=", "2", [1, 3, 4, 5]),
        ("n", "<=", " 2 ", [1, 2]),
        ("n", ">", "3.5", [4, 5]),
        ("n", "IsNull", "", []),
        ("N", "=", "1", [1]),
        ("text", "=", "APPLE", [1]),
        ("text", "!=", "apple", [2, 3, 4, 5]),
        ("text", "=", 'say "it\'s"', [5]),
        ("text", "<", "b", [1, 2]),
        ("text", "Contains", "APPLE", [1, 4]),
        ("text", "NotContains", "apple", [2, 3, 5]),
        ("text", "DoesNotContain", "apple", [2, 3, 5]),
        ("text", "IsNull", "", [3]),
        ("text", "IsNotNull", "", [1, 2, 4, 5]),
        ("text", "IsEmpty", "", [2, 3]),
        ("text", "IsNotEmpty", "", [1, 4, 5]),
        ("yes", "IsTrue", "", [1, 4]),
        ("day", "=", "2026-11-24", [2]),
        ("day", ">", "2026-11-23 12:00:00", [2, 4]),
        ("at", "=", "2026-12-01", [4]),
        ("at", "<", "2026-11-24 23:59:59", [1, 5]),
        ("at", "=", "2026-11-23 10:00", [1]),
        ("clock", "=", "10:00", [1]),
        ("clock", ">", "2026-11-23 10:00:00", [2, 5]),
    ],
)
def test_a_chosen_condition(field: str, operator: str, operand: str, numbers: list[int]) -> None:
    assert kept(simple(field, operator, operand)) == numbers


@pytest.mark.parametrize(
    ("operator", "more", "numbers"),
    [
        ("=", {"operand": "2026-11-24", "ignores_time": True}, [2]),
        ("=", {"day": "today", "ignores_time": True}, [2]),
        ("=", {"day": "yesterday", "ignores_time": True}, [1]),
        (">=", {"day": "tomorrow", "ignores_time": True}, [4]),
        ("DateRange", {"start": "2026-11-23", "end": "2026-11-24", "ignores_time": True}, [1, 2]),
        ("DateRange", {"start": "2026-11-23 10:00:00", "end": "2026-11-24 23:59:58"}, [1]),
        ("PeriodAfter", {"period_day": "2026-11-23", "period": "days", "count": 1, "ignores_time": True}, [1, 2]),
        ("PeriodBefore", {"period_day": "2026-12-01", "period": "weeks", "count": 1, "ignores_time": True}, [2, 4]),
        ("PeriodAfter", {"day": "today", "period": "months", "count": 1, "ignores_time": True}, [2, 4]),
    ],
)
def test_dates_and_periods(operator: str, more: dict[str, Any], numbers: list[int]) -> None:
    assert kept(simple("at", operator, **more)) == numbers


@pytest.mark.parametrize(
    ("tool", "said"),
    [
        (simple("gone", "="), 'The field "gone" is not contained in the record'),
        (simple("", "="), "No field is chosen"),
        (Filter(mode=Mode.SIMPLE), "No field is chosen"),
        (simple("n", "=", "two"), "\"n\" is a number, and 'two' is none"),
        (simple("day", ">", "01/01/2021"), "\"day\" is a Date, and '01/01/2021' is none"),
        (simple("day", "=", "2021-1-5"), "\"day\" is a Date, and '2021-1-5' is none"),
        (simple("day", "<", "2021-02-29"), "\"day\" is a Date, and '2021-02-29' is none"),
        (simple("day", "=", ""), "\"day\" is a Date, and '' is none"),
        (simple("at", ">=", "2021-01-01T10:00:00"), "\"at\" is a DateTime, and '2021-01-01T10:00:00' is none"),
        (simple("at", "=", "10:00:00"), "\"at\" is a DateTime, and '10:00:00' is none"),
        (simple("clock", "<", "25:00:00"), "\"clock\" is a Time, and '25:00:00' is none"),
        (simple("clock", "<", "2021-01-01"), "\"clock\" is a Time, and '2021-01-01' is none"),
        (simple("at", "DateRange", start="2021-01-01", end="1/2/2021"), "\"at\" is a DateTime, and '1/2/2021' is none"),
        (simple("day", "DateRange", start="2021", end="2021-01-02"), "\"day\" is a Date, and '2021' is none"),
        (simple("day", "PeriodAfter", period_day="soon", count=1), "\"day\" is a Date, and 'soon' is none"),
        (simple("n", "Contains", "1"), '"n" is no text: Contains cannot be asked of it'),
    ],
)
def test_a_condition_that_makes_no_sense_is_an_error(tool: Filter, said: str) -> None:
    with pytest.raises(WorkflowError, match=said):
        run(tool, ROWS)


def test_a_day_that_is_not_known_by_its_word_is_named_and_not_taken_for_a_date() -> None:
    with pytest.raises(NotYet, match="a Date compared with the day 'payday' in Filter"):
        run(simple("day", "=", "2026-11-24", day="payday"), ROWS)
    with pytest.raises(NotYet, match="a Time compared with the day 'today' in Filter"):
        run(simple("clock", "=", "10:00:00", day="today"), ROWS)


def test_an_unknown_operator_is_named() -> None:
    with pytest.raises(NotYet, match="the operator SoundsLike in Filter"):
        run(simple("text", "SoundsLike", "x"), ROWS)


def test_a_field_name_may_hold_brackets() -> None:
    rows = table("a [1]: Int32", "1", "2")
    assert run(simple("a [1]", "=", "2"), rows).outputs["True"] == table("a [1]: Int32", "2")


def test_an_unknown_period_is_named() -> None:
    with pytest.raises(NotYet, match="the period 'fortnights' in Filter"):
        run(simple("at", "PeriodAfter", period_day="2026-01-01", period="fortnights", count=1), ROWS)
