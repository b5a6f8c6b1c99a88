"""Formulas that look back at their own values: record after record they give what whole columns give."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from openyx.errors import FormulaError, JobCancelled
from openyx.fields import (
    BOOL,
    BYTE,
    DATE,
    DOUBLE,
    FLOAT,
    INT16,
    INT32,
    INT64,
    V_WSTRING,
    Field,
    FieldType,
    Schema,
)
from openyx.formula import compile_recurrence
from openyx.relation import Expr, Relation, values
from openyx.relation.expr import null
from openyx.relation.recurrence import Recurrence
from openyx.relation.run import Keep, run
from openyx.relation.verbs.window import Beyond
from tests.formula.support import WORLD

SHORT, MONEY = FieldType.of("V_String", 6), FieldType.of("FixedDecimal", 12, 2)
TYPES = [BOOL, BYTE, INT16, INT32, INT64, FLOAT, DOUBLE, MONEY, SHORT, V_WSTRING, DATE]
GROUPS = 40
Draw = Callable[[random.Random], object]
VALUES: dict[str, tuple[FieldType, Draw]] = {
    "i": (INT32, lambda chance: chance.randint(-3, 3)),
    "big": (INT64, lambda chance: chance.choice([2**62, -(2**62), 2**53 + 1, 5, 0, -(2**63)])),
    "x": (DOUBLE, lambda chance: chance.choice([0.5, -1.25, 1e300, -0.0, 0.1, 2.0**53, 1e15])),
    "f": (FLOAT, lambda chance: chance.choice([0.5, -3.0, 2.0**24])),
    "m": (MONEY, lambda chance: chance.choice([Decimal("1.05"), Decimal("-20.00"), Decimal("0.10")])),
    "b": (BOOL, lambda chance: chance.random() < 0.5),
    "y": (BYTE, lambda chance: chance.choice([0, 1, 250])),
    "s": (SHORT, lambda chance: chance.choice(["", "a", "A", "Zb", "12", "abcdef", "é"])),
    "w": (V_WSTRING, lambda chance: chance.choice(["straße", "STRASSE", "\U0001f600", "\uffee", "7", "", "b"])),
    "d": (DATE, lambda chance: date(2024, 2, 28) + timedelta(chance.randint(0, 3))),
}


def table(own: FieldType, seed: int) -> Relation:
    """Groups of up to five records, with the field ``own`` beside the others."""
    chance = random.Random(seed)
    sizes = [chance.randint(1, 5) for _ in range(GROUPS)]
    groups = [group for group, size in enumerate(sizes) for _ in range(size)]
    fields = {"g": INT32, **{name: type_ for name, (type_, _) in VALUES.items()}, "own": own}
    draw = next(draw for type_, draw in VALUES.values() if type_.kind is own.kind) if own != INT16 else VALUES["i"][1]
    drawn = {
        name: [None if chance.random() < 0.15 else one(chance) for _ in groups]
        for name, one in [*((name, one) for name, (_, one) in VALUES.items()), ("own", draw)]
    }
    return values(Schema(tuple(Field(name, type_) for name, type_ in fields.items())), {"g": groups, **drawn})


class Author:
    """Writes expressions that mean something."""

    def __init__(self, seed: int, own: FieldType) -> None:
        self.chance = random.Random(seed)
        self.own_is_text = not own.is_number

    def value(self, *, text: bool, depth: int) -> str:
        return self.text(depth) if text else self.number(depth)

    def number(self, depth: int) -> str:
        pick = self.chance.choice
        leaves = ["[i]", "[big]", "[x]", "[f]", "[m]", "[b]", "[y]", "1", "0", "2.5", "-1", "1e18", "Null()"]
        if not self.own_is_text:
            leaves += ["[Row-1:own]", "[Row-2:own]"] * 5 + ["[own]"]
        if depth == 0:
            return pick(leaves)
        one, other, words = self.number(depth - 1), self.number(depth - 1), self.text(depth - 1)
        return pick(
            [
                f"({one} {pick('+-*/')} {other})",
                f"({one} {pick('+-')} {other} {pick('+-')} {self.number(0)})",
                f"-{one}",
                f"(IF {self.condition(depth - 1)} THEN {one} ELSE {other} ENDIF)",
                f"IIF({self.condition(depth - 1)}, {one}, {other})",
                self.condition(depth - 1),
                f"Max({one}, {other})",
                f"Abs({one})",
                f"Length({words})",
                f"ToNumber({words})",
                f"Coalesce({one}, {other})",
                f"Switch({words}, {one}, 'a', {other})",
            ]
        )

    def text(self, depth: int) -> str:
        pick = self.chance.choice
        leaves = ["[s]", "[w]", "[d]", '"a"', '"B"', '""', "Null()"]
        if self.own_is_text:
            leaves += ["[Row-1:own]", "[Row-2:own]"] * 3 + ["[own]"]
        if depth == 0:
            return pick(leaves)
        one, other = self.text(depth - 1), self.text(depth - 1)
        return pick(
            [
                f"({one} + {other})",
                f"(IF {self.condition(depth - 1)} THEN {one} ELSE {other} ENDIF)",
                f"Left({one}, {self.number(0)})",
                f"Uppercase({one})",
                f"ToString({self.number(depth - 1)})",
                f"DateTimeAdd({one}, 1, 'days')",
            ]
        )

    def condition(self, depth: int) -> str:
        pick = self.chance.choice
        text = pick([True, False])
        one, other = self.value(text=text, depth=max(depth - 1, 0)), self.value(text=text, depth=0)
        lists = '"a", "B", ""' if text else pick(["1, 2, 0", "0.5, 1"])
        return pick(
            [
                f"({one} {pick(['=', '!=', '<', '<=', '>', '>='])} {other})",
                f"IsNull({one})",
                f"IsEmpty({one})",
                f"({one} {pick(['IN', 'NOT IN'])} ({lists}))",
                f"!IsNull({other})",
                *([f"({self.condition(depth - 1)} {pick(['AND', 'OR'])} {self.condition(0)})"] if depth else []),
            ]
        )


def compiled(text: str, schema: Schema) -> Expr | Recurrence:
    def none(_: Field, __: int) -> Expr:
        return null()

    return compile_recurrence(text, schema, "own", rows=none, reach=2, context=WORLD)


def outcome(records: Relation, recurrence: Recurrence, beyond: Beyond) -> tuple[list[str], list[object]]:
    """The values, to the bit, and what was said."""
    made = records.recur(["g"], records.schema["own"], recurrence, beyond)
    ran = run([Keep(made)], listed=1_000)
    return [shown(value) for value in ran.table(0).column("own")], [(each.field, each.first) for each in ran.faults]


def shown(value: object) -> str:
    """A value to the bit, except for the sign of a zero: the data engine takes ``0 - x`` for ``-x`` now and then."""
    return repr(value + 0.0 if isinstance(value, float) else value)


@pytest.mark.parametrize("own", TYPES, ids=str)
def test_one_after_another_gives_what_columns_give(own: FieldType) -> None:
    looking_back = 0
    for seed in range(12):
        author = Author(seed, own)
        text = author.value(text=author.own_is_text, depth=3)
        records = table(own, seed)
        try:
            made = compiled(text, records.schema)
        except FormulaError:
            continue
        if isinstance(made, Expr):
            continue
        looking_back += 1
        beyond = list(Beyond)[seed % 3]
        together = outcome(records, replace(made, asks=True), beyond)
        assert outcome(records, replace(made, asks=False), beyond) == together, text
    assert looking_back > 3


def test_what_earlier_values_do_not_change_is_computed_at_once() -> None:
    schema = table(DOUBLE, 1).schema
    made = compiled("IF Length([s] + [w]) > 3 THEN [Row-1:own] + Max([x], [i]) ELSE 1 ENDIF", schema)
    assert isinstance(made, Recurrence)
    assert (made.depth, len(made.parts), made.asks) == (1, 2, False)


def test_a_function_of_earlier_values_is_asked() -> None:
    made = compiled("Max([Row-1:own], [x])", table(DOUBLE, 1).schema)
    assert isinstance(made, Recurrence)
    assert made.asks


def test_a_formula_that_does_not_look_back_is_an_expression() -> None:
    assert isinstance(compiled("[own] + [Row+1:own] + [Row-1:x]", table(DOUBLE, 1).schema), Expr)


def test_a_run_can_be_stopped_in_the_middle() -> None:
    records = values(Schema.of(Field("own", INT32)), {"own": [0] * 100_000})
    made = compiled("[Row-1:own] + 1", records.schema)
    assert isinstance(made, Recurrence)
    asked: list[int] = []

    def stop() -> bool:
        asked.append(1)
        return len(asked) > 3

    with pytest.raises(JobCancelled):
        run([Keep(records.recur([], records.schema["own"], made, Beyond.EMPTY))], cancelled=stop, count=False)
