"""A disk that is full here is told as that, with the folder that lies on it."""

from __future__ import annotations

import subprocess
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Served, Yx

pytestmark = pytest.mark.system


@pytest.fixture
def full(tmp_path: Path) -> Generator[Path]:
    """A folder on a disk of its own that has no room."""
    folder = tmp_path / "full"
    folder.mkdir()
    try:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4k", "tmpfs", folder], capture_output=True, check=True)
    except (FileNotFoundError, subprocess.CalledProcessError):
        pytest.skip("this system does not let tests mount anything")
    try:
        (folder / "filling").write_bytes(b"x" * 4096)
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


def test_the_job_is_named_with_the_way_to_its_files(yx: Yx, gallery: Served, full: Path, tmp_path: Path) -> None:
    yx.log_in(gallery)
    ended = yx("run", "Best customers", "--output", full, "--json")
    assert (ended.code, ended.error["code"]) == (1, "disk_full")
    assert (ended.json["disposition"], ended.json["saved"]) == ("Success", [])
    assert f"{full}: the disk is full" in ended.error["message"]
    assert f"yx jobs download {ended.json['id']}" in ended.error["hint"]
    assert yx("jobs", "wait", ended.json["id"], "--output", full, "--json").error == ended.error
    assert yx("jobs", "download", ended.json["id"], "--output", full, "--json").error == ended.error
    assert yx("jobs", "download", ended.json["id"], "--output", tmp_path / "elsewhere").code == 0


def test_samples_say_that_they_have_no_room(yx: Yx, full: Path) -> None:
    ended = yx("samples", full, "--json")
    assert (ended.code, ended.error["code"]) == (1, "disk_full")
    assert str(full) in ended.error["message"]


def test_a_backup_speaks_of_its_own_folder(yx: Yx, gallery: Served, full: Path) -> None:
    ended = yx("gallery", "backup", full / "copy", "--data", gallery.data, "--json")
    assert (ended.code, ended.error["code"]) == (1, "disk_full")
    assert f"the backup's folder {full / 'copy'} is full" in ended.error["message"]
    assert not (full / "copy").exists()
