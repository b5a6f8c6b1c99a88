"""How a tree is run: once, counted, watched, the same each time."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from polars.io.plugins import register_io_source

from openyx.errors import JobCancelled, NotYet, WorkflowError
from openyx.fields import BOOL, DOUBLE, INT32, INT64, V_STRING, Field, FieldType, Schema
from openyx.formats.csv import CsvOutput
from openyx.formats.delimited.writer import CsvWriter
from openyx.relation import Anchor, Computed, Expr, How, Key, Pick, Relation, Summary, scan, text_values, values
from openyx.relation.run import Keep, Write, run

NUMBERS = Schema.of(Field("n", INT32))


def true_where(native: pl.Expr) -> Expr:
    """A condition as the formula language hands it over."""
    return Expr(native, BOOL)


def numbers(count: int) -> Relation:
    return values(NUMBERS, {"n": range(count)})


@pytest.fixture(autouse=True)
def small_batches() -> Iterator[None]:
    with pl.Config(streaming_chunk_size=500):
        yield


class Opened:
    """A source that counts how often it is read."""

    schema = NUMBERS
    fits = True
    narrow = False

    def __init__(self, count: int) -> None:
        self.count = count
        self.times = 0

    def frame(self) -> pl.LazyFrame:
        def batches(
            with_columns: list[str] | None, predicate: pl.Expr | None, n_rows: int | None, size: int | None
        ) -> Iterator[pl.DataFrame]:
            self.times += 1
            for start in range(0, self.count, 1000):
                frame = pl.DataFrame({"n": range(start, min(start + 1000, self.count))}, schema={"n": pl.Int32()})
                yield frame if with_columns is None else frame.select(with_columns)

        return register_io_source(batches, schema={"n": pl.Int32()})


class Collected:
    """A writer that tells what happened to it."""

    def __init__(self, *, fails: bool = False) -> None:
        self.rows: list[int] = []
        self.end = ""
        self.fails = fails

    def write(self, batch: pl.DataFrame) -> None:
        if self.fails and self.rows:
            raise OSError("disk full")
        self.rows.extend(batch["n"].to_list())

    def close(self) -> None:
        self.end += "closed"

    def abort(self) -> None:
        self.end += "aborted"


def even(relation: Relation) -> tuple[Relation, Relation]:
    return relation.split(true_where(pl.col("n") % 2 == 0))


def bad(every: int) -> Expr:
    """Numbers of which some are errors."""
    fault = pl.when(pl.col("n") % every == 0).then(pl.format("{} is bad", pl.col("n")))
    return Expr(pl.col("n"), INT32, (fault,))


def test_results_stand_as_the_sinks_were_given() -> None:
    outcome = run([Keep(numbers(3)), Keep(numbers(2))])
    assert (outcome.table(0).rows(), outcome.table(1).column("N")) == ([(0,), (1,), (2,)], [0, 1])


def test_a_table_of_nothing_has_its_fields() -> None:
    table = run([Keep(numbers(0))]).table(0)
    assert (table.rows(), table.frame.schema) == ([], {"n": pl.Int32()})


def test_a_kept_table_may_end_early_and_still_counts() -> None:
    table = run([Keep(numbers(5000), limit=7)]).table(0)
    assert (len(table), table.column("n"), table.records) == (7, list(range(7)), 5000)


def test_a_table_hands_itself_over() -> None:
    table = run([Keep(numbers(3))]).table(0)
    assert pl.DataFrame(table).rows() == [(0,), (1,), (2,)]


def test_a_source_is_read_once_however_many_sinks_it_reaches() -> None:
    source = Opened(20_000)
    relation = scan(source).tap(1)
    true, false = even(relation)
    ordered = relation.sort([Key("n", descending=True)])
    outcome = run([Keep(true.tap(2, "True")), Keep(false.tap(2, "False")), Keep(ordered), Keep(relation)])
    assert source.times == 1
    assert [len(outcome.table(place)) for place in range(4)] == [10_000, 10_000, 20_000, 20_000]
    assert outcome.counts == {Anchor(1): 20_000, Anchor(2, "True"): 10_000, Anchor(2, "False"): 10_000}


def test_every_anchor_is_counted_even_with_nothing() -> None:
    nothing = numbers(10).filter(true_where(pl.col("n") < 0)).tap(1)
    count = Summary(name="c", how=How.COUNT, field="n")
    assert run([Keep(nothing.aggregate([count]).tap(2))]).counts == {Anchor(1): 0, Anchor(2): 0}


def test_counting_can_be_left_out() -> None:
    outcome = run([Keep(numbers(10).tap(1))], count=False)
    assert outcome.counts == {}


def test_errors_are_counted_exactly_and_the_first_are_listed_in_record_order() -> None:
    relation = numbers(50_000).tap(1).add("m", bad(7)).tap(2)
    for _ in range(20):
        (faulted,) = run([Keep(relation, limit=0)], listed=3).faults
        assert (faulted.tool, faulted.field, faulted.count) == (2, "m", len(range(0, 50_000, 7)))
        assert faulted.first == ((0, "0 is bad"), (7, "7 is bad"), (14, "14 is bad"))


def test_errors_belong_to_the_tool_whose_anchors_they_lie_between() -> None:
    first = numbers(100).tap(1).add("a", bad(10)).add("b", bad(50)).tap(2)
    second = first.select([Pick("a", "c", V_STRING)]).add("d", Expr(pl.col("c"), V_STRING), INT32).tap(3)
    third = first.add("e", bad(25)).tap(4)
    outcome = run([Keep(second), Keep(third)])
    assert [(one.tool, one.field, one.count) for one in outcome.faults] == [(2, "a", 10), (2, "b", 2), (4, "e", 4)]


def test_errors_behind_the_last_anchor_belong_to_the_sink() -> None:
    relation = numbers(10).tap(1).add("m", bad(5))
    (faulted,) = run([Keep(relation, tool=9)]).faults
    assert (faulted.tool, faulted.count) == (9, 2)


def test_errors_before_a_fork_are_counted_once() -> None:
    relation = numbers(100).add("m", bad(10)).tap(1)
    true, false = even(relation)
    outcome = run([Keep(true.tap(2, "True")), Keep(false.tap(2, "False"))])
    assert [(one.tool, one.count) for one in outcome.faults] == [(1, 10)]


def test_records_that_a_later_filter_drops_are_counted_too() -> None:
    condition = Expr(pl.col("n") < 5, BOOL, bad(10).faults)
    true, _ = numbers(100).tap(1).split(condition)
    outcome = run([Keep(true.tap(2, "True"))])
    assert outcome.counts[Anchor(2, "True")] == 5
    assert [(one.field, one.count) for one in outcome.faults] == [("", 10)]


def test_a_cast_reports_under_the_new_name() -> None:
    rows = text_values(Schema.of(Field("a", V_STRING)), [["1"], ["x"], [None], ["2.5"]])
    picked = rows.select([Pick("a", "b", INT32)]).tap(5)
    outcome = run([Keep(picked)])
    table = outcome.table(0)
    assert table.column("b") == [1, None, None, 2]
    (faulted,) = outcome.faults
    assert (faulted.field, faulted.first) == (
        "b",
        ((1, "x is not a number."), (3, "2.5 lost information in translation")),
    )


class Texts:
    """A source of texts for a field that may have no room for them."""

    schema = Schema.of(Field("a", FieldType.of("V_String", 3)))
    fits = False

    def __init__(self, *texts: str | None, narrow: bool) -> None:
        self.narrow = narrow
        self._texts = texts

    def frame(self) -> pl.LazyFrame:
        return pl.LazyFrame({"a": self._texts}, schema={"a": pl.String()})


@pytest.mark.parametrize("narrow", [False, True])
def test_values_longer_than_their_field_are_cut_on_the_way_in(narrow: bool) -> None:
    outcome = run([Keep(scan(Texts("abc", "ébcd", None, "éé", narrow=narrow)).tap(1))])
    assert outcome.table(0).column("a") == ["abc", "ébc", None, "éé"]
    assert [(one.field, one.first) for one in outcome.faults] == [("a", ((1, '"ébcd" was truncated'),))]


def test_characters_that_a_field_has_not_are_replaced_on_the_way_in() -> None:
    outcome = run([Keep(scan(Texts("é", "Ā", None, narrow=False)).tap(1))])
    assert outcome.table(0).column("a") == ["é", "A", None]


def test_a_sum_beyond_int64_is_null_and_an_error() -> None:
    relation = values(Schema.of(Field("n", INT64)), {"n": [2**63 - 1, 1]})
    outcome = run([Keep(relation.aggregate([Summary(name="s", how=How.SUM, field="n")]).tap(1))])
    table = outcome.table(0)
    assert table.rows() == [(None,)]
    assert outcome.faults[0].first == ((0, "9223372036854775808 does not fit in the type Int64"),)


def test_a_writer_gets_all_records_in_order_and_is_closed() -> None:
    writer = Collected()
    outcome = run([Write(scan(Opened(10_000)), writer)])
    assert (outcome.results, writer.rows, writer.end) == ((10_000,), list(range(10_000)), "closed")


def test_a_failing_writer_fails_the_run_and_all_writers_are_aborted() -> None:
    failing, other = Collected(fails=True), Collected()
    relation = scan(Opened(300_000)).tap(1)
    with pytest.raises(OSError, match="disk full"):
        run([Write(relation, other), Write(relation, failing)])
    assert (failing.end, other.end) == ("aborted", "aborted")


def test_a_file_is_there_only_after_a_run_that_went_well(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    shown = numbers(3).as_text(narrow=True)
    run([Write(shown, CsvWriter(path, shown.schema, CsvOutput(), print))])
    assert path.read_bytes() == b"n\r\n0\r\n1\r\n2\r\n"
    path.unlink()
    with pytest.raises(OSError, match="disk full"):
        run(
            [
                Write(shown, CsvWriter(path, shown.schema, CsvOutput(), print)),
                Write(scan(Opened(300_000)), Collected(fails=True)),
            ]
        )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("count", [True, False])
def test_a_run_can_be_cancelled_while_it_goes_on(count: bool) -> None:
    asked = threading.Event()
    seen: list[int] = []

    def cancelled() -> bool:
        seen.append(1)
        return len(seen) > 5

    writer = Collected()
    with pytest.raises(JobCancelled):
        run([Write(scan(Opened(500_000)).tap(1), writer)], count=count, cancelled=cancelled)
    assert writer.end == "aborted"
    assert not asked.is_set()


def test_progress_is_told_while_the_run_goes_on() -> None:
    told: list[int] = []
    run([Keep(scan(Opened(20_000)).tap(7))], progress=lambda anchor, records: told.append(records))
    assert max(told) == 20_000
    assert len(told) > 1


def test_what_a_function_raises_comes_out_as_it_is() -> None:
    def broken(batch: pl.DataFrame) -> pl.DataFrame:
        raise ZeroDivisionError("here")

    with pytest.raises(ZeroDivisionError, match="here"):
        run([Keep(numbers(10).map_batches(broken, NUMBERS))])


@pytest.mark.parametrize("error", [WorkflowError("no pattern"), NotYet("the unit of time")])
def test_what_an_expression_raises_is_told_without_the_plan(error: WorkflowError) -> None:
    def broken(_: pl.Series) -> pl.Series:
        raise error

    relation = numbers(10)
    failing = true_where(relation.field("n").native.map_batches(broken, return_dtype=pl.Boolean()))
    with pytest.raises(type(error)) as caught:
        run([Keep(relation.filter(failing))])
    assert caught.value.message == str(caught.value) == error.message


def test_what_the_engine_refuses_is_an_error_of_the_workflow() -> None:
    large = FieldType.of("FixedDecimal", 38, 0)
    relation = values(Schema.of(Field("n", large)), {"n": [9 * 10**37] * 12})
    with pytest.raises(WorkflowError, match="overflow in decimal addition"):
        run([Keep(relation.aggregate([Summary(name="s", how=How.SUM, field="n")]))])


def test_two_fields_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="two fields are called 'N'"):
        numbers(1).select(["n", Pick("n", "N")])


def test_an_odd_name_is_just_a_name() -> None:
    names = ["*", "^n.*$", "a b", "\0", "ß"]
    relation = values(Schema(tuple(Field(name, INT32) for name in names)), {name: [1, 2] for name in names})
    picked = relation.select([*names[::-1]]).add_all(
        [Computed(name, Expr(relation.field(name).native + 1, INT32)) for name in names]
    )
    ordered = picked.sort([Key("*", descending=True)]).filter(relation_true())
    grouped = ordered.aggregate(
        [Summary(name="*", how=How.GROUP, field="*"), Summary(name="s", how=How.SUM, field="^n.*$")]
    )
    table = run([Keep(grouped.tap(1))]).table(0)
    assert table.rows() == [(2, 2), (3, 3)]


def relation_true() -> Expr:
    return true_where(pl.lit(value=True))


SUMS = """
import random, sys
import polars as pl
from openyx.fields import DOUBLE, INT32, Field, Schema
from openyx.relation import How, Summary, values
from openyx.relation.run import Keep, run

chance = random.Random(4)
count = 200_000
table = values(
    Schema.of(Field("k", INT32), Field("v", DOUBLE)),
    {"k": [chance.randint(0, 50) for _ in range(count)], "v": [chance.uniform(-1e9, 1e9) for _ in range(count)]},
)
both = [Summary(name="s", how=How.SUM, field="v"), Summary(name="a", how=How.AVG, field="v")]
grouped = table.aggregate([Summary(name="k", how=How.GROUP, field="k"), *both])
outcome = run([Keep(grouped), Keep(table.aggregate(both))])
print([[value.hex() for value in row[-2:]] for found in outcome.results for row in found.rows()])
"""


def test_sums_have_the_same_bits_on_any_number_of_threads() -> None:
    said = {
        subprocess.run(
            [sys.executable, "-c", SUMS],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "POLARS_MAX_THREADS": threads},
        ).stdout
        for threads in ("1", "2", "8")
    }
    assert len(said) == 1
    assert len(said.pop()) > 1000


def test_sums_have_the_same_bits_a_hundred_times_and_are_added_in_order_of_arrival() -> None:
    chance = random.Random(5)
    rows = [(chance.randint(0, 9), chance.uniform(-1e9, 1e9)) for _ in range(20_000)]
    schema = Schema.of(Field("k", INT32), Field("v", DOUBLE))
    table = values(schema, {"k": [row[0] for row in rows], "v": [row[1] for row in rows]})
    grouped = table.aggregate([Summary(name="k", how=How.GROUP, field="k"), Summary(name="s", how=How.SUM, field="v")])
    expected = [0.0] * 10
    for key, value in rows:
        expected[key] += value
    for _ in range(100):
        found = run([Keep(grouped)]).table(0)
        assert [total.hex() for total in found.column("s")] == [total.hex() for total in expected]


def test_only_fields_that_somebody_wants_are_read() -> None:
    asked: list[list[str] | None] = []

    class Wide:
        schema = Schema.of(Field("a", INT32), Field("b", INT32), Field("c", INT32))
        fits = True
        narrow = False

        def frame(self) -> pl.LazyFrame:
            def batches(with_columns: list[str] | None, *_: object) -> Iterator[pl.DataFrame]:
                asked.append(with_columns)
                whole = pl.DataFrame({name: [1, 2] for name in "abc"}, schema=dict.fromkeys("abc", pl.Int32()))
                yield whole if with_columns is None else whole.select(with_columns)

            return register_io_source(batches, schema=dict.fromkeys("abc", pl.Int32()))

    records = scan(Wide()).tap(1).add("d", Expr(pl.col("b") + 1, INT32)).tap(2)
    totals = records.filter(true_where(pl.col("d") > 0)).tap(3)
    summary = totals.aggregate([Summary(name="most", how=How.MAX, field="d")]).tap(4)
    outcome = run([Keep(summary), Keep(totals, limit=0)])
    assert outcome.table(0).rows() == [(3,)]
    assert outcome.counts == {Anchor(1): 2, Anchor(2): 2, Anchor(3): 2, Anchor(4): 1}
    assert asked == [["b"]]


def test_what_nobody_wants_is_still_reported() -> None:
    fault = pl.when(pl.col("n") == 1).then(pl.lit("bad"))
    records = numbers(3).add("m", Expr(pl.col("n"), INT32, (fault,))).tap(1)
    outcome = run([Keep(records.aggregate([Summary(name="most", how=How.MAX, field="n")]))])
    assert [(each.field, each.count) for each in outcome.faults] == [("m", 1)]
