"""Sample."""

from __future__ import annotations

from io import BytesIO

import pytest

from openyx.document import config, xml
from openyx.errors import WorkflowError
from openyx.testing import run, table
from openyx.tools.preparation.sample import Mode, Sample

LETTERS = table("group: String(3), n: Int32", "b, 1", "a, 2", "b, 3", ", 4", "a, 5", "b, 6")


def kept(mode: Mode, count: int, *groups: str) -> list[object]:
    ran = run(Sample(mode=mode, count=count, groups=groups), LETTERS)
    assert ran.table.schema == LETTERS.schema
    return [row[1] for row in ran.table.rows]


@pytest.mark.parametrize(
    ("mode", "count", "numbers"),
    [
        (Mode.FIRST, 2, [1, 2]),
        (Mode.FIRST, 0, []),
        (Mode.LAST, 2, [5, 6]),
        (Mode.LAST, 9, [1, 2, 3, 4, 5, 6]),
        (Mode.SKIP, 4, [5, 6]),
        (Mode.SAMPLE, 4, [1, 5]),
        (Mode.PERCENT, 50, [1, 2, 3]),
        (Mode.PERCENT, 51, [1, 2, 3, 4]),
        (Mode.PERCENT, 100, [1, 2, 3, 4, 5, 6]),
    ],
)
def test_without_groups_all_records_count_in_their_order(mode: Mode, count: int, numbers: list[int]) -> None:
    assert kept(mode, count) == numbers


@pytest.mark.parametrize(
    ("mode", "count", "numbers"),
    [
        (Mode.FIRST, 1, [4, 2, 1]),
        (Mode.LAST, 1, [4, 5, 6]),
        (Mode.SKIP, 1, [5, 3, 6]),
        (Mode.SAMPLE, 2, [4, 2, 1, 6]),
        (Mode.PERCENT, 50, [4, 2, 1, 3]),
    ],
)
def test_with_groups_the_rule_holds_in_each_and_they_come_sorted(mode: Mode, count: int, numbers: list[int]) -> None:
    assert kept(mode, count, "GROUP") == numbers


def test_chance_draws_the_same_each_time_and_about_as_many_as_it_should() -> None:
    many = table("n: Int32", *map(str, range(20_000)))
    drawn = [run(Sample(mode=Mode.RANDOM, count=4), many).table.rows for _ in range(2)]
    assert drawn[0] == drawn[1]
    assert 4_800 < len(drawn[0]) < 5_200
    assert len(run(Sample(mode=Mode.RANDOM, count=1), many).table.rows) == 20_000


def test_a_group_that_is_missing_is_told_and_the_others_count() -> None:
    ran = run(Sample(mode=Mode.FIRST, count=1, groups=("gone", "group")), LETTERS)
    assert [row[1] for row in ran.table.rows] == [4, 2, 1]
    assert ran.said == ['The field "gone" is not contained in the record']


@pytest.mark.parametrize(("mode", "count"), [(Mode.FIRST, -1), (Mode.SAMPLE, 0), (Mode.RANDOM, 0)])
def test_a_number_that_means_nothing_is_an_error(mode: Mode, count: int) -> None:
    with pytest.raises(WorkflowError, match=f"N is {count}"):
        run(Sample(mode=mode, count=count), LETTERS)


def test_settings_are_read() -> None:
    text = b'<C><GroupFields orderChanged="False"><Field name="g"/></GroupFields><Mode>NPercent</Mode><N>5</N></C>'
    found, unread = config.read(Sample, xml.read(BytesIO(text), "here"), place="here")
    assert found == Sample(mode=Mode.PERCENT, count=5, groups=("g",))
    assert unread == ()


def test_only_what_is_not_known_counts_as_approximate() -> None:
    assert list(Sample(mode=Mode.FIRST, count=1).approximations()) == []
    assert list(Sample(mode=Mode.RANDOM, count=1).approximations()) == ["which records are drawn differs"]
