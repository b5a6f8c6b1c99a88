"""Paths as workflow files mean them."""

from __future__ import annotations

from pathlib import Path

from openyx.document import paths


def test_names_are_found_in_any_case_and_the_exact_one_wins(tmp_path: Path) -> None:
    (tmp_path / "Data").mkdir()
    (tmp_path / "Data" / "Sales.csv").touch()
    assert paths.found(tmp_path / "data" / "SALES.csv") == tmp_path / "Data" / "Sales.csv"
    (tmp_path / "Data" / "SALES.csv").touch()
    assert paths.found(tmp_path / "data" / "SALES.csv").name == "SALES.csv"


def test_a_wildcard_gives_files_by_name_and_below_only_when_asked(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    for name in ("b.csv", "A.CSV", "deep/a0.csv", "c.txt", "a[1].csv"):
        (tmp_path / name).touch()
    assert [path.name for path in paths.matching(tmp_path / "*.csv")] == ["A.CSV", "a[1].csv", "b.csv"]
    assert [path.name for path in paths.matching(tmp_path / "a?.csv", below=True)] == ["a0.csv"]
    assert [path.name for path in paths.matching(tmp_path / "a[1]*")] == ["a[1].csv"]
