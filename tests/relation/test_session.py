"""A run in parts computes what it held once, and counts each record once."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl
import pytest
from polars.io.plugins import register_io_source

from openyx.fields import INT64, Field, Schema
from openyx.relation import Anchor, Computed, How, Relation, Summary, drains, relation, scan
from openyx.relation.expr import Expr
from openyx.relation.run import Keep, Session, run

RECORDS = 3_000


class Opened:
    """A source of numbers that counts how often it is read."""

    schema = Schema.of(Field("n", INT64))
    fits = True
    narrow = False

    def __init__(self) -> None:
        self.times = 0

    def frame(self) -> pl.LazyFrame:
        def batches(*_: object) -> Iterator[pl.DataFrame]:
            self.times += 1
            for start in range(0, RECORDS, 1000):
                yield pl.DataFrame({"n": range(start, start + 1000)})

        return register_io_source(batches, schema={"n": pl.Int64()})


def faulty(records: Relation) -> Relation:
    """With a field that fails for each thousandth record."""
    fault = pl.when(pl.col("n") % 1000 == 0).then(pl.format("{} is bad", pl.col("n")))
    return records.add_all([Computed("m", Expr(pl.col("n"), INT64, (fault,)))])


def test_what_was_held_is_read_once_and_counted_once() -> None:
    source = Opened()
    read = scan(source).tap(1)
    made = faulty(read).tap(2)
    with Session() as session:
        session.hold([(made, 3)])
        most = session.look(made.aggregate([Summary(name="most", how=How.MAX, field="n")]))
        results = session.run([Keep(made.tap(3), tool=3)])
        outcome = session.outcome(results)
    assert most.column("most") == [RECORDS - 1]
    assert outcome.table(0).column("m") == list(range(RECORDS))
    assert outcome.counts == {Anchor(1): RECORDS, Anchor(2): RECORDS, Anchor(3): RECORDS}
    assert [(fault.tool, fault.count) for fault in outcome.faults] == [(2, 3)]
    assert source.times == 1


def test_what_two_parts_compute_is_counted_by_the_first_alone() -> None:
    made = faulty(scan(Opened()).tap(1)).tap(2)
    with Session() as session:
        session.hold([(made.limit(7), 3)])
        session.run([Keep(made, tool=3)])
        outcome = session.outcome()
    assert outcome.counts == {Anchor(1): RECORDS, Anchor(2): RECORDS}
    assert [(fault.tool, fault.count) for fault in outcome.faults] == [(2, 3)]


def test_many_records_are_held_on_disk_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drains, "HELD_IN_MEMORY", 5_000)
    made = scan(Opened())
    with Session() as session:
        session.hold([(made, 1)])
        table = session.look(made)
    assert table.column("n") == list(range(RECORDS))


def test_nothing_is_held_of_no_record() -> None:
    empty = relation.values(Schema.of(Field("n", INT64)), {"n": []}).tap(1)
    with Session() as session:
        session.hold([(empty, 2)])
        assert session.look(empty.number("i")).rows() == []


def test_all_records_before_a_limit_are_counted() -> None:
    many = relation.values(Schema.of(Field("n", INT64)), {"n": list(range(1_000_000))})
    outcome = run([Keep(many.tap(1).limit(5, skip=2).tap(2))])
    assert outcome.table(0).column("n") == [2, 3, 4, 5, 6]
    assert outcome.counts == {Anchor(1): 1_000_000, Anchor(2): 5}
