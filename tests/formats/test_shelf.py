"""Formats are found by code, ending and first bytes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from openyx.errors import NotYet, Unknown
from openyx.formats.csv import FORMAT
from openyx.formats.others import OTHERS
from openyx.formats.shelf import find, formats


def test_the_shelf_holds_delimited_text() -> None:
    assert FORMAT in formats()


@pytest.mark.parametrize("name", ["a.csv", "a.TXT", "a.tsv"])
def test_a_format_is_found_by_ending(name: str) -> None:
    assert find(Path(name)).format is FORMAT


@pytest.mark.parametrize("name", ["a.sql", "a", "a.flat"])
def test_the_code_rules_whatever_the_ending(name: str) -> None:
    assert find(Path(name), 0).format is FORMAT


def test_code_minus_one_leaves_it_to_the_ending() -> None:
    assert find(Path("a.csv"), -1).format is FORMAT


@pytest.mark.parametrize(
    ("code", "said"), [(19, "yxdb files"), (25, "Excel files"), (54, "JSON files"), (57, "archives")]
)
def test_what_is_not_there_is_named(code: int, said: str) -> None:
    with pytest.raises(NotYet, match=said):
        find(Path("a.csv"), code)


def test_an_unknown_code_is_named() -> None:
    with pytest.raises(Unknown, match="not known: the file format 999"):
        find(Path("a.bin"), 999)


def test_an_unknown_ending_is_named() -> None:
    with pytest.raises(Unknown, match=r"a\.bin"):
        find(Path("a.bin"))


def test_the_first_bytes_beat_the_code_with_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"PAR1....")
    with pytest.raises(NotYet, match="Parquet files"):
        find(path, 0)


def test_a_workbook_is_known_by_its_members(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    with pytest.raises(NotYet, match="Excel files"):
        find(path, 0)
    with pytest.raises(NotYet, match="archives"):
        find(path, 57)


def test_any_other_zip_is_what_its_code_says(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with ZipFile(path, "w") as archive:
        archive.writestr("a.csv", "a")
    assert find(path, 0).format is FORMAT
    path.write_bytes(b"PK\x03\x04 and no more")
    assert find(path, 0).format is FORMAT


def test_no_two_formats_claim_the_same() -> None:
    claims = [claim for one in OTHERS for claim in (*one.codes, *one.endings, *one.magic)]
    assert len(claims) == len(set(claims))
    assert len(claims) > 40


def test_the_shelf_is_looked_over_without_the_data_engine() -> None:
    code = "import sys, openyx.formats.shelf as shelf; print(len(shelf.formats()), 'polars' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.split() == [str(len(formats())), "False"]
