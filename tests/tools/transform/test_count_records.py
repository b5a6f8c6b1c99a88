"""Count Records."""

from __future__ import annotations

from openyx.testing import run, table
from openyx.tools.transform.count_records import CountRecords


def test_the_records_are_counted() -> None:
    assert run(CountRecords(), table("a: String", "x", "", "y")).table == table("Count: Int64", "3")


def test_no_record_is_counted_too() -> None:
    assert run(CountRecords(), table("a: String")).table == table("Count: Int64", "0")
