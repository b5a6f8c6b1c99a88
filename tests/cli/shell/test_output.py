"""What a server says cannot steer a terminal or break a line of data."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import pytest

from openyx.cli.shell.output import cell, clean, plain, put_facts, put_table


def test_escape_sequences_are_taken_out() -> None:
    assert clean("\x1b[31mred\x1b]0;title\x07\x9b2J\r\nline\ttab\x00") == "[31mred]0;title2J\nline\ttab"


def test_a_cell_is_one_line() -> None:
    assert cell("two\nlines\tand\r\na tab") == "two lines and a tab"
    assert cell(None) == ""
    assert cell(0) == "0"


def test_in_a_pipe_a_table_is_its_rows_between_tabs(capsys: pytest.CaptureFixture[str]) -> None:
    at = datetime(2026, 8, 11, 16, 49, 40, tzinfo=UTC)
    put_table(("Name", "At"), [("Monthly\tLoad", at), ("Zoë", None)])
    assert capsys.readouterr().out == "Monthly Load\t2026-08-11T16:49:40Z\nZoë\t\n"


def test_facts_without_a_value_are_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    put_facts([("Id", "1"), ("Owner", ""), ("Version", 0)])
    assert capsys.readouterr().out == "Id\t1\nVersion\t0\n"


@pytest.mark.parametrize("columns", [40, 60, 80, 200])
def test_on_a_terminal_ids_are_never_broken(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", str(columns))
    job, key = "6b083c0725392b5202e48f0e", "A702A64ACCEF197e3008e048" * 3
    put_table(("Id", "Workflow", "Started"), [(job, "Best customers of the month", "2026-11-26 13:43:00")])
    put_table(("Key", "Kind", "User", "Created"), [(key, "user", job, "2026-11-26 13:43:00"), ("none", "", "", "")])
    shown = capsys.readouterr().out
    assert (shown.count(job), shown.count(key)) == (2, 1)
    assert "Best customers of the month" in shown or columns < 80
    assert all(len(line) <= max(columns, 72 + 4 + 24 + 10 + 3 * 3) for line in shown.splitlines() if job in line)


def test_a_record_has_the_names_of_the_wire() -> None:
    from openyx.api.v1.jobs import OutputView

    assert plain(OutputView(id="1", formats=["Raw"], name="a.csv")) == {"id": "1", "formats": ["Raw"], "name": "a.csv"}
