"""A file runs here, with the gallery's exit statuses or the vendor's."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Yx


@pytest.fixture
def samples(yx: Yx, tmp_path: Path) -> Path:
    assert yx("samples", tmp_path / "s").code == 0
    return tmp_path / "s"


def test_the_files_that_it_writes_are_the_data(yx: Yx, samples: Path, tmp_path: Path) -> None:
    done = yx("exec", samples / "Monthly sales.yxmd", "--output", tmp_path / "out")
    assert done.code == 0, done.err
    assert sorted(done.lines) == [
        str(tmp_path / "out" / "monthly sales.csv"),
        str(tmp_path / "out" / "sales to check.csv"),
    ]
    assert not (samples / "monthly sales.csv").exists()


@pytest.mark.parametrize(
    ("name", "code", "end"), [("Best customers", 0, ""), ("Stock check", 2, " with 1 error and 2 warnings")]
)
def test_the_vendor_codes_and_last_line(yx: Yx, samples: Path, name: str, code: int, end: str) -> None:
    done = yx("exec", samples / f"{name}.yxmd", "--engine-codes")
    assert done.code == code, done.err
    last = done.lines[-1]
    assert last.startswith("Finished in ")
    assert last.endswith(f" seconds{end}")


@pytest.mark.parametrize(
    ("content", "code"),
    [("<html></html>", "document_error"), ("", "document_error"), ("<AlteryxDocument>", "document_error")],
)
def test_a_file_that_is_no_workflow_is_asked_wrongly(yx: Yx, tmp_path: Path, content: str, code: str) -> None:
    (tmp_path / "x.yxmd").write_text(content)
    refused = yx("exec", tmp_path / "x.yxmd", "--json")
    assert (refused.code, refused.error["code"]) == (2, "document_error")
    assert "x.yxmd" in refused.error["message"]


def test_a_file_that_is_not_there_is_a_usage_error(yx: Yx, tmp_path: Path) -> None:
    refused = yx("exec", tmp_path / "none.yxmd", "--json")
    assert (refused.code, refused.error["code"]) == (2, "usage")


def test_a_missing_input_is_an_error_of_the_run(yx: Yx, samples: Path) -> None:
    (samples / "data" / "sales.csv").unlink()
    failed = yx("exec", samples / "Monthly sales.yxmd", "--json")
    assert (failed.code, failed.error["code"]) == (1, "job_failed")
    assert "sales.csv" in failed.error["message"]
    assert "failed: tool " in failed.error["message"]
