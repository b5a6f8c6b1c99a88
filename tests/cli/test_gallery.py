"""A gallery of one's own is checked, copied and cleared by commands, while it runs."""

from __future__ import annotations

import json
import os
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import PATIENCE, Served, Yx, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

DAY = 86400


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@contextmanager
def served(yx: Yx, data: Path, *more: str) -> Generator[Served]:
    """A gallery of its own, that the command is logged in to."""
    made = yx("keys", "create", "--data", data, "--json").json
    with serving(yx, data, *more) as address:
        gallery = Served(address, data, {"user": (made["key"], made["secret"])})
        yx.log_in(gallery)
        yield gallery


def publish(yx: Yx, folder: Path) -> None:
    assert yx("samples", folder).code == 0
    done = yx("publish", folder / "Monthly sales.yxmd")
    assert done.code == 0, done.err


def old(path: Path, *, days: int) -> None:
    at = time.time() - days * DAY
    os.utime(path, (at, at))


def test_a_gallery_that_is_whole_has_no_findings(yx: Yx, gallery: Served) -> None:
    done = yx("gallery", "check", "--deep", "--data", gallery.data, "--json")
    assert (done.code, done.json) == (0, [])
    assert "Nothing is wrong." in yx("gallery", "check", "--data", gallery.data).err


def test_what_is_wrong_is_listed_and_repaired_when_told(yx: Yx, data: Path) -> None:
    yx("keys", "create", "--data", data)
    left = data / "uploads" / "cut-off"
    left.write_bytes(b"half")
    old(left, days=2)
    found = yx("gallery", "check", "--data", data, "--json")
    text = "nobody writes to it any more"
    assert found.code == 1
    assert found.json == [{"rule": "upload_goes_on", "what": "upload cut-off", "text": text, "repaired": ""}]
    assert left.exists()
    mended = yx("gallery", "check", "--repair", "--data", data)
    assert (mended.code, mended.lines) == (0, [f"upload_goes_on\tupload cut-off\t{text}\tremoved"])
    assert "1 found, 1 repaired." in mended.err
    assert not left.exists()


def test_a_missing_key_file_is_a_finding(yx: Yx, data: Path) -> None:
    yx("keys", "create", "--data", data)
    (data / "secret.key").unlink()
    found = yx("gallery", "check", "--data", data, "--json")
    assert (found.code, [each["rule"] for each in found.json]) == (1, ["key_file"])


READ_ONLY = ("unshare", "-rm", "sh", "-c", 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"')


@pytest.fixture
def read_only(yx: Yx, tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs yx where a folder is on a medium that cannot be written."""

    def run(folder: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        command = (*READ_ONLY, str(folder), *yx.command(*arguments))
        environment = yx.environment(arguments)
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False)

    try:
        possible = subprocess.run((*READ_ONLY, str(tmp_path), "true"), capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        possible = False
    if not possible:
        pytest.skip("this system does not let tests mount anything")
    return run


@pytest.mark.system
@pytest.mark.sqlite
def test_a_gallery_on_a_medium_that_cannot_be_written_is_checked_and_copied(
    yx: Yx, data: Path, tmp_path: Path, read_only: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    with served(yx, data):
        publish(yx, tmp_path)
    before = sorted(data.rglob("*"))
    checked = read_only(data, "gallery", "check", "--deep", "--data", data)
    assert (checked.returncode, checked.stderr) == (0, "Nothing is wrong.\n")
    copied = read_only(data, "gallery", "backup", tmp_path / "copy", "--data", data)
    assert copied.returncode == 0, copied.stderr
    assert yx("gallery", "check", "--data", tmp_path / "copy").code == 0
    assert sorted(data.rglob("*")) == before
    refused = read_only(data, "serve", "--data", data, "--port", "0")
    assert (refused.returncode, "Read-only file system" in refused.stderr) == (2, True)


@pytest.mark.system
def test_a_copy_to_a_medium_that_cannot_be_written_is_refused(
    gallery: Served, tmp_path: Path, read_only: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    (tmp_path / "disk").mkdir()
    refused = read_only(tmp_path / "disk", "gallery", "backup", tmp_path / "disk" / "a" / "b", "--data", gallery.data)
    assert (refused.returncode, f"nothing can be written in {tmp_path / 'disk'}" in refused.stderr) == (2, True)


@pytest.mark.parametrize("command", [("check",), ("sweep",), ("backup", "copy")])
def test_a_misspelt_folder_is_not_made_a_gallery(yx: Yx, tmp_path: Path, command: tuple[str, ...]) -> None:
    refused = yx("gallery", *command, "--data", tmp_path / "TYPO", "--json", cwd=tmp_path)
    assert (refused.code, refused.error["code"]) == (4, "not_found")
    assert not (tmp_path / "TYPO").exists()


class OnSqlite(Yx):
    """The command for a gallery that has SQLite, whatever the others have."""

    def environment(self, arguments: Sequence[str | Path]) -> dict[str, str]:
        return self.env


def test_a_copy_that_was_taken_while_it_ran_is_served_and_runs_jobs(yx: Yx, data: Path, tmp_path: Path) -> None:
    copy, own = tmp_path / "copy" / "data", OnSqlite(tmp_path / "copy" / "home")
    with served(yx, data) as gallery:
        publish(yx, tmp_path / "samples")
        ran = yx("run", "Monthly sales", "--json", "--output", tmp_path / "first")
        done = yx("gallery", "backup", copy, "--data", data, "--json")
        assert (done.code, done.json["missing"]) == (0, []), done.err
    assert own("gallery", "check", "--deep", "--data", copy, "--json").json == []
    with serving(own, copy) as address:
        own.log_in(Served(address, copy, gallery.keys))
        again = own("jobs", "download", ran.json["id"], "--output", tmp_path / "second")
        assert again.code == 0, again.err
        assert files(tmp_path / "first") == files(tmp_path / "second") != []
        assert own("run", "Monthly sales").code == 0


def files(folder: Path) -> list[tuple[str, bytes]]:
    return sorted((path.name, path.read_bytes()) for path in folder.iterdir())


def test_a_folder_that_is_not_empty_is_refused(yx: Yx, gallery: Served, tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / "mine").touch()
    refused = yx("gallery", "backup", tmp_path / "copy", "--data", gallery.data, "--json")
    assert (refused.code, refused.error["code"]) == (2, "asked_wrongly")


def test_a_sweep_removes_what_is_told_and_says_how_much(yx: Yx, data: Path, tmp_path: Path) -> None:
    with served(yx, data):
        publish(yx, tmp_path / "samples")
        assert yx("run", "Monthly sales", "--output", tmp_path / "out").code == 0
        none = yx("gallery", "sweep", "--data", data, "--json")
        assert (none.code, set(none.json.values())) == (0, {0})
        for blob in (data / "blobs").rglob("*"):
            if blob.is_file():
                old(blob, days=2)
        swept = yx("gallery", "sweep", "--keep-bytes", "1", "--data", data, "--json")
        assert swept.json["outputs"] == 1
        assert swept.json["blobs"] >= 1
        assert swept.json["bytes"] >= sum(path.stat().st_size for path in (tmp_path / "out").iterdir())
        assert yx("run", "Monthly sales").code == 0
    assert yx("gallery", "check", "--deep", "--data", data, "--json").json == []


@pytest.mark.parametrize(
    ("option", "value"),
    [("--keep-jobs", "0"), ("--keep-versions", "0"), ("--keep-bytes", "-1"), ("--keep-outputs", "x")],
)
def test_what_is_no_amount_is_refused(yx: Yx, data: Path, option: str, value: str) -> None:
    refused = yx("gallery", "sweep", option, value, "--data", data, "--json")
    assert (refused.code, refused.error["code"]) == (2, "usage")
    assert "or all" in refused.error["message"]


def test_a_server_sweeps_when_it_has_started(yx: Yx, data: Path) -> None:
    yx("keys", "create", "--data", data)
    blob = data / "blobs" / "00" / ("0" * 62)
    blob.parent.mkdir()
    blob.write_bytes(b"no record speaks of it")
    old(blob, days=2)
    with serving(yx, data, "--workers", "0", "--keep-jobs", "30d", "--keep-bytes", "all"):
        until = time.monotonic() + PATIENCE
        while blob.exists():
            assert time.monotonic() < until
            time.sleep(0.05)
    events = [json.loads(line) for line in (data.parent / "serve.log").read_text().splitlines()]
    assert [event["bytes"] for event in events if event["event"] == "swept"] == [22]
