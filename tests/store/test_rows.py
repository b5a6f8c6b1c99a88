from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

import pytest

from openyx.store.rows import columns, read, values, write


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    text: str
    number: int
    truth: bool
    maybe: bool | None
    colour: Colour
    at: datetime
    never: datetime | None
    parts: tuple[Part, ...]
    pairs: dict[str, str]


THING = Thing(
    text="a",
    number=2**53 + 1,
    truth=True,
    maybe=None,
    colour=Colour.RED,
    at=datetime(2026, 3, 1, 12, 0, 0, 123_000, tzinfo=UTC),
    never=None,
    parts=(Part(name="ä"), Part(name="\n")),
    pairs={"b": "1", "a": "2"},
)


def test_a_record_comes_back_as_it_was() -> None:
    row = write(THING)
    assert read(Thing, row) == THING
    assert list(read(Thing, row).pairs) == ["b", "a"]


def test_times_are_milliseconds_and_truth_is_one() -> None:
    assert write(THING)["at"] == 1_772_366_400_123
    assert write(THING)["truth"] == 1
    assert write(THING)["colour"] == "red"


def test_a_record_may_have_a_single_field() -> None:
    assert write(Part(name="several letters")) == {"name": "several letters"}


def test_a_value_that_its_kind_does_not_know_is_named_with_it() -> None:
    with pytest.raises(ValueError, match="'blue' is not a valid Colour"):
        read(Thing, write(THING) | {"colour": "blue"})


def test_columns_carry_their_alias() -> None:
    assert columns(Part) == "name"
    assert columns(Part, "p") == 'p.name AS "p.name"'
    assert read(Part, {"p.name": "x"}, "p") == Part(name="x")


def test_more_columns_can_be_stored_than_the_record_has() -> None:
    assert values(Part, "folded") == "(name, folded) VALUES (:name, :folded)"
