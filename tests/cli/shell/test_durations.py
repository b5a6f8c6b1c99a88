"""Durations are read and written as people do."""

from __future__ import annotations

import pytest

from openyx.cli.shell.durations import seconds, spoken


@pytest.mark.parametrize(
    ("text", "expected"),
    [("90", 90), ("90s", 90), ("15m", 900), ("2h", 7200), ("1h30m", 5400), ("2d", 172_800), (" 0.5H ", 1800)],
)
def test_a_duration_is_read(text: str, expected: float) -> None:
    assert seconds(text) == expected


@pytest.mark.parametrize("text", ["", "h", "2 h", "-1", "1x", "1h-2m", "inf", "nan", "1e3"])
def test_what_is_no_duration_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="no duration"):
        seconds(text)


@pytest.mark.parametrize(
    ("duration", "expected"),
    [(0, "0.0 s"), (9.94, "9.9 s"), (59.9, "59 s"), (60, "1 min 00 s"), (3599, "59 min 59 s"), (3600, "1 h 00 min")],
)
def test_a_duration_is_spoken(duration: float, expected: str) -> None:
    assert spoken(duration) == expected
