"""The verb that sees each record among those of its group, against plain Python on both engines."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import groupby
from typing import Any, Literal

import polars as pl
import pytest

from openyx.fields import DATE, DOUBLE, INT32, INT64, V_STRING, Field, Schema
from openyx.relation import Key, Order, Relation, values
from openyx.relation.lowering import Lowering
from openyx.relation.run import Keep, run
from openyx.relation.tally import Tally
from openyx.relation.types import native_schema
from openyx.relation.verbs.window import Beyond, Neighbour, Number, Running, Size, Windowed

SCHEMA = Schema.of(Field("Key", V_STRING), Field("Number", INT32), Field("Value", DOUBLE))
Row = tuple[Any, ...]
Engine = Literal["streaming", "in-memory"]


@pytest.fixture(params=["streaming", "in-memory"])
def engine(request: pytest.FixtureRequest) -> Engine:
    return request.param  # type: ignore[no-any-return] # one of the two


@pytest.fixture(autouse=True)
def small_batches() -> Iterator[None]:
    with pl.Config(streaming_chunk_size=500):
        yield


def rows(count: int) -> list[Row]:
    chance = random.Random(count)
    return [
        (
            chance.choice([None, "", "a", "B", "b"]) if number % 7 else f"k{number}",
            None if chance.random() < 0.1 else chance.randint(-50, 50),
            None if chance.random() < 0.1 else chance.uniform(-1e6, 1e6),
        )
        for number in range(count)
    ]


def relation(records: list[Row]) -> Relation:
    return values(SCHEMA, dict(zip(SCHEMA.names, map(list, zip(*records, strict=True)), strict=True)))


def computed(relation: Relation, engine: Engine) -> list[Row]:
    found = Lowering([(relation, 1)], Tally(listed=10), count=True).frames(0)[0].collect(engine=engine)
    assert found.schema == native_schema(relation.schema)
    return found.rows()


def grouped(records: list[Row]) -> list[list[Row]]:
    ordered = sorted(records, key=lambda row: (row[0] is not None, row[0] or ""))
    return [list(group) for _, group in groupby(ordered, key=lambda row: row[0])]


ROWS = rows(2_000)


@pytest.mark.parametrize("groups", [("key",), ()])
def test_a_record_knows_its_number_and_the_size_of_its_group(groups: tuple[str, ...], engine: Engine) -> None:
    window = relation(ROWS).window(groups, [Number("n"), Size("of")])
    parts = grouped(ROWS) if groups else [ROWS]
    assert computed(window, engine) == [
        (*row, place, len(part)) for part in parts for place, row in enumerate(part, start=1)
    ]


@pytest.mark.parametrize("groups", [("Key",), ()])
@pytest.mark.parametrize("offset", [-1, 1, -3, 2])
@pytest.mark.parametrize("beyond", Beyond)
def test_a_record_sees_its_neighbours(groups: tuple[str, ...], offset: int, beyond: Beyond, engine: Engine) -> None:
    window = relation(ROWS).window(groups, [Neighbour("there", "number", offset, beyond)])
    expected: list[Row] = []
    for part in grouped(ROWS) if groups else [ROWS]:
        for place, row in enumerate(part):
            outside = {Beyond.NULL: None, Beyond.EMPTY: 0, Beyond.NEAREST: part[0 if offset < 0 else -1][1]}[beyond]
            expected.append((*row, part[place + offset][1] if 0 <= place + offset < len(part) else outside))
    assert computed(window, engine) == expected


@pytest.mark.parametrize("groups", [("Key",), ()])
def test_running_totals_add_in_order_and_nulls_add_nothing(groups: tuple[str, ...], engine: Engine) -> None:
    window = relation(ROWS).window(groups, [Running("whole", "Number"), Running("total", "Value")])
    assert [str(field.type) for field in window.schema][3:] == ["Int64", "Double"]
    expected: list[Row] = []
    for part in grouped(ROWS) if groups else [ROWS]:
        whole, total = 0, 0.0
        for row in part:
            whole, total = whole + (row[1] or 0), total + (row[2] or 0.0)
            expected.append((*row, whole, total))
    assert computed(window, engine) == expected


def test_a_total_that_is_too_large_is_null_and_reported() -> None:
    large = values(Schema.of(Field("n", INT64)), {"n": [2**63 - 1, 1, -1]})
    outcome = run([Keep(large.window([], [Running("sum", "n")]))])
    assert outcome.table(0).column("sum") == [2**63 - 1, None, 2**63 - 1]
    assert [(each.field, each.first) for each in outcome.faults] == [
        ("sum", ((1, "9223372036854775808 does not fit in the type Int64"),))
    ]


def test_there_is_no_empty_date() -> None:
    days = values(Schema.of(Field("d", DATE)), {"d": [None]})
    window = days.window([], [Neighbour("before", "d", -1, Beyond.EMPTY)])
    assert run([Keep(window)]).table(0).rows() == [(None, None)]


@pytest.mark.parametrize("column", [Number("n"), Size("n"), Neighbour("n", "Value", -1), Running("n", "Value")])
def test_without_records_there_is_nothing_to_see(column: Windowed, engine: Engine) -> None:
    empty = values(SCHEMA, {name: [] for name in SCHEMA.names})
    assert computed(empty.window(["Key"], [column]), engine) == []


def test_the_records_are_sorted_by_the_groups() -> None:
    assert relation(ROWS).window(["KEY"], [Number("n")]).order == Order((Key("Key"),))
