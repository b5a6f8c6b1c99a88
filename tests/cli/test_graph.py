"""``yx graph``: a file becomes a picture, on standard output or where it was asked for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.cli.conftest import Yx


def test_the_picture_goes_to_the_file_that_is_named(yx: Yx, tmp_path: Path) -> None:
    assert yx("samples", tmp_path / "s").code == 0
    done = yx("graph", tmp_path / "s" / "Monthly sales.yxmd", "-o", tmp_path / "x.svg")
    assert (done.code, done.lines) == (0, [str(tmp_path / "x.svg")])
    picture = (tmp_path / "x.svg").read_text(encoding="utf-8")
    assert picture.startswith("<svg ")
    assert picture == yx("graph", tmp_path / "s" / "Monthly sales.yxmd").out


def test_a_file_that_is_no_workflow_is_asked_wrongly(yx: Yx, tmp_path: Path) -> None:
    (tmp_path / "x.yxmd").write_text("<html/>")
    refused = yx("graph", tmp_path / "x.yxmd", "-o", tmp_path / "x.svg")
    assert refused.code == 2
    assert not (tmp_path / "x.svg").exists()


def test_a_place_that_cannot_be_written_is_named(yx: Yx, tmp_path: Path) -> None:
    assert yx("samples", tmp_path / "s").code == 0
    refused = yx("graph", tmp_path / "s" / "Monthly sales.yxmd", "-o", tmp_path / "none" / "x.svg")
    assert refused.code == 1
    assert str(tmp_path / "none" / "x.svg") in refused.err
