"""A tree of many splits and unions is run in stages, and nobody sees it."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl
import pytest
from polars.io.plugins import register_io_source

from openyx.fields import BOOL, INT32, Field, Schema
from openyx.relation import Anchor, Expr, Key, Relation, scan, union
from openyx.relation.lowering import Lowering
from openyx.relation.run import Keep, run
from openyx.relation.stages import Stages
from openyx.relation.tally import Tally

SCHEMA = Schema.of(Field("n", INT32))
DIAMONDS = 40


def true_where(native: pl.Expr) -> Expr:
    """A condition as the formula language hands it over."""
    return Expr(native, BOOL)


class Opened:
    """A source of 3,000 records that counts how often it is read."""

    schema = SCHEMA
    fits = True
    narrow = False

    def __init__(self) -> None:
        self.times = 0

    def frame(self) -> pl.LazyFrame:
        def batches(*_: object) -> Iterator[pl.DataFrame]:
            self.times += 1
            for start in range(0, 3000, 1000):
                yield pl.DataFrame({"n": range(start, start + 1000)}, schema={"n": pl.Int32()})

        return register_io_source(batches, schema={"n": pl.Int32()})


def diamonds(relation: Relation, count: int) -> Relation:
    """Split and put together again, *count* times; each record whose number is divided moves to the front."""
    for number in range(count):
        true, false = relation.split(true_where(pl.col("n") % (number + 2) == 0))
        relation = union([true.tap(number, "True"), false.tap(number, "False")])
    return relation


def plain(count: int) -> list[int]:
    rows = list(range(3000))
    for number in range(count):
        rows.sort(key=lambda n, divisor=number + 2: n % divisor != 0)  # type: ignore[misc] # bound at once
    return rows


def test_splits_and_unions_in_a_row_keep_records_counts_and_order() -> None:
    source = Opened()
    relation = scan(source).tap(99)
    outcome = run([Keep(diamonds(relation, DIAMONDS)), Keep(relation.sort([Key("n", descending=True)]))])
    assert source.times == 1
    assert outcome.table(0).column("n") == plain(DIAMONDS)
    assert outcome.table(1).column("n") == list(range(2999, -1, -1))
    for number in range(DIAMONDS):
        divided = len(range(0, 3000, number + 2))
        assert outcome.counts[Anchor(number, "True")] == divided
        assert outcome.counts[Anchor(number, "False")] == 3000 - divided


def test_errors_are_counted_once_over_all_stages() -> None:
    fault = pl.when(pl.col("n") % 1000 == 0).then(pl.format("{} is bad", pl.col("n")))
    start = scan(Opened()).add("m", Expr(pl.col("n"), INT32, (fault,))).tap(98)
    end = diamonds(start, DIAMONDS).add("k", Expr(pl.col("n"), INT32, (fault,))).tap(99)
    outcome = run([Keep(end, limit=0), Keep(start, limit=0)])
    assert [(one.tool, one.field, one.count) for one in outcome.faults] == [(98, "m", 3), (99, "k", 3)]


def test_what_an_early_and_a_late_stage_need_is_kept_in_between() -> None:
    source = Opened()
    relation = scan(source)
    late = union([diamonds(relation, DIAMONDS), relation])
    outcome = run([Keep(late)])
    assert source.times == 1
    assert outcome.table(0).column("n") == plain(DIAMONDS) + list(range(3000))


@pytest.mark.parametrize(("count", "several"), [(5, False), (DIAMONDS, True)])
def test_only_a_large_plan_is_cut(count: int, several: bool) -> None:
    end = diamonds(scan(Opened()), count)
    assert (Stages([(end, 1)]).count > 1) == several
    assert (Lowering([(end, 1)], Tally(listed=1), count=True).stages > 1) == several


def test_a_long_chain_is_one_plan() -> None:
    relation = scan(Opened())
    for _ in range(500):
        relation = relation.add("n", Expr(pl.col("n") + 1, INT32))
    assert Stages([(relation, 1)]).count == 1
    assert run([Keep(relation)]).table(0).column("n")[:2] == [500, 501]


def wide(count: int, source: Relation) -> list[Keep]:
    """So many ends of one relation, each with a number of its own."""
    return [Keep(source.filter(true_where(pl.col("n") % count == at)).tap(at)) for at in range(count)]


def test_many_ends_of_one_source_are_run_in_parts_and_the_source_is_read_once() -> None:
    opened = Opened()
    ends = wide(600, scan(opened).tap(9_999))
    assert Stages([(end.relation, -1) for end in ends]).count > 2
    outcome = run(ends)
    assert [outcome.table(place).rows() for place in (0, 599)] == [
        [(n,) for n in range(at, 3000, 600)] for at in (0, 599)
    ]
    assert outcome.counts == {Anchor(9_999): 3000, **{Anchor(at): 5 for at in range(600)}}
    assert opened.times == 1


def test_what_has_nothing_in_common_is_run_in_parts_that_hold_nothing() -> None:
    ends = [end for one in range(40) for end in wide(4, scan(Opened()).tap(100 + one))]
    stages = Stages([(end.relation, -1) for end in ends])
    assert stages.count > 2
    assert not any(stages.carried(stage) for stage in range(stages.count))
    outcome = run(ends)
    assert [outcome.table(place).rows()[0] for place in range(160)] == [(n,) for n in range(4)] * 40


def test_a_long_chain_is_run_in_parts() -> None:
    relation = scan(Opened()).tap(9_999)
    for number in range(2_000):
        relation = relation.filter(true_where(pl.col("n") != number)).tap(number)
    assert Stages([(relation, -1)]).count > 1
    outcome = run([Keep(relation)])
    assert outcome.table(0).rows() == [(n,) for n in range(2000, 3000)]
    assert outcome.counts[Anchor(1_999)] == 1000


def test_few_ends_are_run_at_once() -> None:
    ends = wide(30, scan(Opened()).tap(9_999))
    assert Stages([(end.relation, -1) for end in ends]).count == 1
