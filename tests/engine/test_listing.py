"""The files of a folder."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from openyx.engine.listing import listed
from openyx.engine.places import Places
from openyx.errors import NotHere, WorkflowError
from openyx.tools.files import Lists


@pytest.fixture
def places(tmp_path: Path) -> Places:
    for name in ("b.csv", "A.CSV", "notes", "a[1].csv", "sub/z.csv", "sub/deep/a.csv", "Other/c.csv", "other.txt"):
        path = tmp_path / "data" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return Places(source=tmp_path / "data", target=tmp_path, temporary=tmp_path)


def names(places: Places, pattern: str, *, path: str = ".", below: bool = False) -> list[str]:
    found = listed(places, Lists(path=path, pattern=pattern, below=below))
    return [file.path.relative_to(places.source).as_posix() for file in found]


def test_files_come_in_order_of_their_names_whatever_their_case(places: Places) -> None:
    assert names(places, "*.csv") == ["A.CSV", "a[1].csv", "b.csv"]


def test_files_of_folders_below_come_after_those_of_their_own_folder(places: Places) -> None:
    below = names(places, "*.csv", below=True)
    assert below == ["A.CSV", "a[1].csv", "b.csv", "Other/c.csv", "sub/z.csv", "sub/deep/a.csv"]


@pytest.mark.parametrize("pattern", ["*.*", "*", ""])
def test_everything_is_listed_without_a_pattern(places: Places, pattern: str) -> None:
    assert names(places, pattern) == ["A.CSV", "a[1].csv", "b.csv", "notes", "other.txt"]


def test_a_question_mark_stands_for_one_character_and_a_bracket_for_itself(places: Places) -> None:
    assert names(places, "?.csv") == ["A.CSV", "b.csv"]
    assert names(places, "a[1].*") == ["a[1].csv"]


def test_a_folder_is_found_in_any_case_and_with_either_slash(places: Places) -> None:
    assert names(places, "*", path=".\\SUB\\deep\\") == ["sub/deep/a.csv"]


def test_size_and_times_are_told(places: Places) -> None:
    os.utime(places.source / "notes", (0, datetime(2026, 11, 24, 15, 30, 59, 900_000, tzinfo=UTC).timestamp()))
    (found,) = listed(places, Lists(path=".", pattern="notes"))
    assert found.size == 5
    assert found.written.astimezone(UTC) == datetime(2026, 11, 24, 15, 30, 59, tzinfo=UTC)
    assert found.accessed.astimezone(UTC) == datetime(1970, 1, 1, tzinfo=UTC)
    assert found.created <= found.written


@pytest.mark.skipif(sys.platform == "win32", reason="Windows tells the attributes itself")
def test_a_file_is_hidden_read_only_or_normal(places: Places) -> None:
    (places.source / ".secret").touch()
    (places.source / "b.csv").chmod(0o444)
    attributes = {file.path.name: set(file.attributes) for file in listed(places, Lists(path=".", pattern="*"))}
    assert (attributes[".secret"], attributes["b.csv"], attributes["notes"]) == ({"Hidden"}, {"Readonly"}, {"Normal"})


def test_a_folder_that_is_not_there_or_out_of_reach_is_an_error(places: Places) -> None:
    with pytest.raises(WorkflowError, match='The directory "gone" does not exist'):
        names(places, "*", path="gone")
    with pytest.raises(WorkflowError, match="notes"):
        names(places, "*", path="notes")
    with pytest.raises(NotHere):
        names(places, "*", path="..\\..\\..\\..\\..")
