"""Aggregate, pivot and unpivot against plain Python: many batches, from memory and from a file, on both engines."""

from __future__ import annotations

import random
import statistics
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import polars as pl
import pytest

from openyx.fields import DOUBLE, INT64, V_STRING, V_WSTRING, Field, Schema
from openyx.relation import Cell, How, Part, Pick, Relation, Stacked, Summary, scan, values
from openyx.relation.lowering import Lowering
from openyx.relation.run import Keep, run
from openyx.relation.tally import Tally
from openyx.relation.types import native_schema

SCHEMA = Schema.of(Field("Key", V_WSTRING), Field("Head", INT64), Field("Value", DOUBLE))
KEYS = [None, "", "b", "a", "\uffee", "\U0001f600"]
Row = tuple[Any, ...]
Engine = Literal["streaming", "in-memory"]
Source = Callable[[list[Row]], Relation]


@dataclass(frozen=True)
class ParquetReader:
    """A reader of the kind that the engine hands in."""

    path: Path
    schema: Schema
    fits: bool = True
    narrow: bool = False

    def frame(self) -> pl.LazyFrame:
        return pl.scan_parquet(self.path)


def in_memory(rows: list[Row], _folder: Path) -> Relation:
    return values(SCHEMA, dict(zip(SCHEMA.names, map(list, zip(*rows, strict=True)), strict=True)))


def in_parquet(rows: list[Row], folder: Path) -> Relation:
    path = folder / "rows.parquet"
    pl.DataFrame(rows, schema=native_schema(SCHEMA), orient="row").write_parquet(path, row_group_size=300)
    return scan(ParquetReader(path, SCHEMA))


@pytest.fixture(params=[in_memory, in_parquet], ids=["memory", "parquet"])
def source(request: pytest.FixtureRequest, tmp_path: Path) -> Source:
    return lambda rows: request.param(rows, tmp_path)


@pytest.fixture(params=["streaming", "in-memory"])
def engine(request: pytest.FixtureRequest) -> Engine:
    return request.param  # type: ignore[no-any-return] # one of the two


@pytest.fixture(autouse=True)
def small_batches() -> Iterator[None]:
    with pl.Config(streaming_chunk_size=200):
        yield


def records(relation: Relation, engine: Engine) -> list[Row]:
    lowering = Lowering([(relation, 1)], Tally(listed=10), count=True)
    in_parts = lowering.stages > 1
    found = run([Keep(relation)]).table(0).frame if in_parts else lowering.frames(0)[0].collect(engine=engine)
    assert found.schema == native_schema(relation.schema)
    return found.rows()


def units(key: str | None) -> tuple[bool, bytes]:
    return key is not None, (key or "").encode("utf-16-be")


CHANCE = random.Random(7)
ROWS: list[Row] = [
    (CHANCE.choice(KEYS), CHANCE.choice([None, 3, 10, -1]), None if CHANCE.random() < 0.1 else CHANCE.uniform(-9, 9))
    for _ in range(3_000)
]


def added(numbers: list[float]) -> float | None:
    total = None
    for number in numbers:
        total = number if total is None else total + number
    return total


def summarised(how: How, values: list[Any]) -> Any:
    there = [value for value in values if value is not None]
    counts = Counter(there)
    match how:
        case How.COUNT_NULL | How.COUNT_BLANK:
            return len(values) - len(there)
        case How.COUNT_NON_NULL | How.COUNT_NON_BLANK:
            return len(there)
        case How.COUNT_DISTINCT:
            return len(set(values))
        case How.COUNT_DISTINCT_NON_NULL:
            return len(set(there))
        case How.VARIANCE:
            return pytest.approx(statistics.variance(there))
        case How.DEVIATION:
            return pytest.approx(statistics.stdev(there))
        case How.MEDIAN:
            return statistics.median(there)
        case How.PERCENTILE:
            return pytest.approx(statistics.quantiles(there, n=4, method="inclusive")[0])
        case How.SUM:
            return added(there)
        case _:
            return max(counts, key=lambda value: (counts[value], -there.index(value)))


@pytest.mark.parametrize(
    ("how", "field"),
    [
        (How.SUM, "Value"),
        (How.VARIANCE, "Value"),
        (How.DEVIATION, "Value"),
        (How.MEDIAN, "Value"),
        (How.PERCENTILE, "Value"),
        (How.COUNT_NULL, "Value"),
        (How.COUNT_NON_NULL, "Value"),
        (How.COUNT_BLANK, "Value"),
        (How.COUNT_NON_BLANK, "Value"),
        (How.COUNT_DISTINCT, "Head"),
        (How.COUNT_DISTINCT_NON_NULL, "Head"),
        (How.MODE, "Head"),
    ],
)
@pytest.mark.parametrize("grouped", [True, False], ids=["groups", "all"])
def test_each_summary(how: How, field: str, source: Source, engine: Engine, *, grouped: bool) -> None:
    place = SCHEMA.place(field)
    assert place is not None
    summaries = [Summary(name="made", how=how, field=field, fraction=0.25)]
    expected: list[Row]
    if grouped:
        summaries.insert(0, Summary(name="Key", how=How.GROUP, field="Key"))
        expected = [
            (key, summarised(how, [row[place] for row in ROWS if row[0] == key])) for key in sorted(KEYS, key=units)
        ]
    else:
        expected = [(summarised(how, [row[place] for row in ROWS]),)]
    assert records(source(ROWS).aggregate(summaries), engine) == expected


def test_groups_can_stay_in_the_order_of_their_first_records(source: Source, engine: Engine) -> None:
    first = Summary(name="Key", how=How.GROUP, field="Key")
    found = records(source(ROWS).aggregate([first], as_arrived=True), engine)
    assert found == [(key,) for key in dict.fromkeys(row[0] for row in ROWS)]


def test_sums_of_doubles_are_the_same_each_time(source: Source) -> None:
    summaries = [
        Summary(name="Head", how=How.GROUP, field="Head"),
        Summary(name="sum", how=How.SUM, field="Value"),
        Summary(name="variance", how=How.VARIANCE, field="Value"),
    ]
    relation = source(ROWS).aggregate(summaries)
    assert len({tuple(run([Keep(relation)]).table(0).rows()) for _ in range(5)}) == 1


def pairs() -> list[Row]:
    """The last value of each key and header."""
    return [(key, head, value) for (key, head), value in {(row[0], row[1]): row[2] for row in ROWS}.items()]


def test_pivot_puts_side_by_side_what_stood_below(source: Source, engine: Engine) -> None:
    given = [row for row in pairs() if (row[0], row[1]) != ("a", 3)]
    heads = [10, None, 3, 77]
    cells = [Cell(field=Field(f"of {head}", DOUBLE), of="Value", header=place) for place, head in enumerate(heads)]
    found = {(key, head): value for key, head, value in given}
    pivoted = source(given).pivot(["Key"], "Head", heads, cells)
    assert records(pivoted, engine) == [
        (key, *(found.get((key, head)) for head in heads)) for key in sorted(KEYS, key=units)
    ]
    assert [key.field for key in pivoted.order.keys] == ["Key"]


def test_pivot_knows_sums_and_shares(source: Source, engine: Engine) -> None:
    given = [("x", 3, 1.0), ("y", 3, 3.0), ("x", 10, 4.0), ("z", 10, None)]
    cells = [
        Cell(field=Field("value", DOUBLE), of="Value"),
        Cell(field=Field("of row", DOUBLE), of="Value", part=Part.OF_ROW),
        Cell(field=Field("of column", DOUBLE), of="Value", part=Part.OF_COLUMN),
        Cell(field=Field("row", DOUBLE), of="Value", part=Part.ROW),
    ]
    assert records(source(given).pivot(["Key"], "Head", [3, 10], cells), engine) == [
        ("x", 1.0, 20.0, 25.0, 5.0),
        ("y", 3.0, 100.0, 75.0, 3.0),
        ("z", None, None, None, None),
    ]


def test_pivot_without_groups_gives_one_record_or_none(source: Source, engine: Engine) -> None:
    cells = [Cell(field=Field("ten", DOUBLE), of="Value", header=0)]
    one = source([("a", 3, 1.0), ("b", 10, 2.0)])
    assert records(one.pivot([], "Head", [10], cells), engine) == [(2.0,)]
    assert records(one.limit(0).pivot([], "Head", [10], cells), engine) == []
    assert records(one.limit(0).pivot(["Key"], "Head", [10], cells), engine) == []


def test_unpivot_puts_below_what_stood_side_by_side(source: Source, engine: Engine) -> None:
    doubles = source(ROWS).select(["Key", "Value", Pick("Head", type=DOUBLE)])
    stacked = [
        Stacked(Field("Name", V_STRING), texts=("v", None, "h")),
        Stacked(Field("Made", DOUBLE), fields=("Value", None, "Head")),
    ]
    assert records(doubles.unpivot(["Key"], stacked), engine) == [
        row for key, head, value in ROWS for row in ((key, "v", value), (key, None, None), (key, "h", head))
    ]


def test_unpivot_without_keys_and_fields_repeats_texts(source: Source, engine: Engine) -> None:
    stacked = [Stacked(Field("Name", V_STRING), texts=("a", "b"))]
    assert records(source(ROWS[:3]).unpivot([], stacked), engine) == [("a",), ("b",)] * 3


def test_unpivot_wants_columns_of_one_height_and_fields_of_one_type(source: Source) -> None:
    given = source(ROWS)
    with pytest.raises(ValueError, match="has 1 values, others have 2"):
        given.unpivot([], [Stacked(Field("a", V_STRING), texts=("", "")), Stacked(Field("b", V_STRING), texts=("",))])
    with pytest.raises(ValueError, match="'Head' is a Int64, not a Double"):
        given.unpivot([], [Stacked(Field("a", DOUBLE), fields=("Head",))])


@pytest.mark.parametrize("at_once", [1, 700, 1_000_000])
def test_summaries_that_are_kept_up_have_the_same_bits_however_the_records_come(
    at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("openyx.relation.folding.AT_ONCE", at_once)
    schema = Schema.of(Field("k", V_WSTRING), Field("n", INT64), Field("x", DOUBLE))
    table = values(schema, dict(zip(("k", "n", "x"), zip(*ROWS, strict=True), strict=True)))
    hows = [How.SUM, How.AVG, How.COUNT, How.COUNT_NULL, How.COUNT_NON_NULL, How.MIN, How.MAX, How.FIRST, How.LAST]
    summaries = [Summary(name=f"{how} {of}", how=how, field=of) for how in hows for of in ("n", "x")]
    grouped = table.aggregate([Summary(name="k", how=How.GROUP, field="k"), *summaries])
    found = run([Keep(grouped)]).table(0)
    expected: dict[str | None, list[Row]] = {}
    for row in ROWS:
        expected.setdefault(row[0], []).append(row)
    for row in found.rows():
        told = dict(zip(found.schema.names, row, strict=True))
        rows = expected.pop(told["k"])
        assert told["sum x"] == added([x for _, _, x in rows if x is not None])
        assert told["avg x"] == (added([x for *_, x in rows if x is not None]) or 0) / sum(
            x is not None for *_, x in rows
        )
        assert told["sum n"] == sum(n for _, n, _ in rows if n is not None)
        assert (told["count n"], told["count null n"]) == (len(rows), sum(n is None for _, n, _ in rows))
        assert (told["first x"], told["last x"]) == (rows[0][2], rows[-1][2])
        assert told["min x"] == min(x for *_, x in rows if x is not None)
        assert told["max n"] == max(n for _, n, _ in rows if n is not None)
    assert not expected
