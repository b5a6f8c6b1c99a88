"""Long walks: what the formula confirms of a guess is what a walk from record to record gives."""

from __future__ import annotations

import random

import polars as pl
import pytest

from openyx.fields import DATE, DOUBLE, FLOAT, INT16, INT32, V_WSTRING, Field, FieldType, Schema
from openyx.formula import compile_recurrence
from openyx.relation import Expr, Relation, values
from openyx.relation.expr import null
from openyx.relation.run import Keep, run
from openyx.relation.verbs.window import Beyond
from openyx.relation.walks import Walk
from tests.formula.support import WORLD

ROWS = 6_000


def records(own: FieldType) -> Relation:
    chance = random.Random(7)
    schema = Schema.of(
        Field("g", INT32), Field("i", INT32), Field("x", DOUBLE), Field("t", V_WSTRING), Field("own", own)
    )
    columns: dict[str, list[object]] = {
        "g": [chance.randint(0, 50) for _ in range(ROWS)],
        "i": [chance.choice([None, 1, 2, 2, 3]) if chance.random() < 0.2 else 4 for _ in range(ROWS)],
        "x": [None if chance.random() < 0.001 else chance.uniform(-1e6, 1e6) for _ in range(ROWS)],
        "t": [chance.choice([None, None, "", "a", "bé"]) for _ in range(ROWS)],
        "own": [None] * ROWS,
    }
    return values(schema, columns)


def no_others(field: Field, row: int) -> Expr:
    del field, row
    return null()


@pytest.mark.parametrize("groups", [(), ("g",)])
@pytest.mark.parametrize("beyond", Beyond)
@pytest.mark.parametrize(
    ("text", "own", "is_guessed"),
    [
        ("[Row-1:own] + [x]", DOUBLE, True),
        ("[Row-1:own] + [x]", FLOAT, None),
        ("[Row-1:own] + [i]", INT32, True),
        ("[Row-1:own] + 7", INT16, None),
        ("IF [i] = 4 THEN [Row-1:own] + 1 ELSE 1 ENDIF", INT32, True),
        ("IF IsNull([Row-1:own]) THEN [i] ELSE [Row-1:own] + 1 ENDIF", INT32, None),
        ("IF IsEmpty([t]) THEN [Row-1:own] ELSE [t] ENDIF", V_WSTRING, True),
        ("IF [i] = 4 THEN [Row-1:own] ELSE '2024-02-29' ENDIF", DATE, True),
        ("IF [Row-1:own] + [i] > 100 THEN 0 ELSE [Row-1:own] + [i] ENDIF", INT32, None),
        ("[Row-1:own] * 1.01 + [x]", DOUBLE, None),
        ("[t] + Left([Row-1:own], 2)", V_WSTRING, None),
    ],
)
def test_a_long_walk_gives_what_a_slow_one_gives(
    text: str,
    own: FieldType,
    is_guessed: bool | None,
    groups: tuple[str, ...],
    beyond: Beyond,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = records(own)
    made = compile_recurrence(text, given.schema, "own", rows=no_others, reach=1, context=WORLD)
    assert not isinstance(made, Expr)
    long = given.recur(groups, given.schema["own"], made, beyond)
    slow, walks = Walk.one_by_one, list[int]()

    def counted(walk: Walk, frame: pl.DataFrame) -> pl.DataFrame:
        walks.append(frame.height)
        return slow(walk, frame)

    def doubted(walk: Walk, frame: pl.DataFrame) -> None:
        del walk, frame

    monkeypatch.setattr(Walk, "one_by_one", counted)
    quick = run([Keep(long)])
    if is_guessed is not None and beyond is Beyond.EMPTY:
        assert (not walks) is is_guessed
    monkeypatch.setattr(Walk, "confirmed", doubted)
    sure = run([Keep(long)])
    assert quick.table(0).frame.equals(sure.table(0).frame, null_equal=True)
    assert quick.faults == sure.faults
