"""The lines of the case files, on constants and on columns."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.formula.support import Line, in_columns, read_cases

CASES = [line for path in sorted((Path(__file__).parent / "cases").glob("*.txt")) for line in read_cases(path)]


@pytest.mark.parametrize("line", CASES, ids=lambda line: line.place)
def test_a_line_gives_what_it_says(line: Line) -> None:
    line.check()


@pytest.mark.parametrize("line", [line for line in CASES if line.error is None], ids=lambda line: line.place)
def test_a_line_gives_the_same_when_its_constants_stand_in_columns(line: Line) -> None:
    line.check(in_columns)


def test_there_are_lines() -> None:
    assert len(CASES) > 200
