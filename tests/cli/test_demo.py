"""The demo shows everything for real, ends by itself, and leaves nothing running."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from openyx.store import DataFolder
from tests.cli.conftest import PATIENCE
from tests.cli.terminal import Terminal

if TYPE_CHECKING:
    from tests.cli.conftest import Yx

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="what is left running is read from /proc")


def left(yx: Yx) -> list[int]:
    """The processes that still work in a folder of the demo."""
    found: list[int] = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdecimal() and str(yx.home / "tmp").encode() in (entry / "cmdline").read_bytes():
                found.append(int(entry.name))
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


@pytest.fixture
def ended(yx: Yx) -> Path:
    """The folder of a demo that somebody killed a while ago, with what came out of one."""
    folder = yx.home / "tmp" / "openyx-demo-killed"
    for name in ("gallery/work", "results/oauth1"):
        (folder / name).mkdir(parents=True)
    os.utime(folder, (0, 0))
    return folder


def test_it_runs_once_for_each_authentication(yx: Yx) -> None:
    done = yx("demo", "--json")
    assert done.code == 0, done.err
    assert set(done.json) == {"runs"}
    oauth1, oauth2 = done.json["runs"]
    assert [oauth1["auth"], oauth2["auth"]] == ["oauth1", "oauth2"]
    assert oauth1["jobId"] != oauth2["jobId"]
    for run in (oauth1, oauth2):
        assert set(run) == {
            "auth", "name", "workflowId", "jobId", "status", "disposition", "rows", "output", "seconds",
        }  # fmt: skip
        assert (run["name"], run["status"], run["disposition"]) == ("Price list", "Completed", "Success")
        with Path(run["output"]).open(encoding="utf-8-sig", newline="") as file:
            assert len(list(csv.reader(file))) == 1 + run["rows"] == 7
        assert run["seconds"] > 0
    assert oauth1["output"] != oauth2["output"]
    assert not left(yx)


def test_it_tells_what_it_does_and_what_to_try_next(yx: Yx) -> None:
    with Terminal(yx.command("demo"), yx.env) as terminal:
        for text in ("OAuth 1.0a", "find", "Café Zoë", "Completed: Success", "Espresso No. 5", "saved"):
            terminal.expect(text)
        for text in ("OAuth 2", "Harbour Hotel", "Completed: Success", "saved", "Next", "yx demo --keep"):
            terminal.expect(text)
        assert terminal.end() == 0
    assert not left(yx)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_runs_on_when_it_is_ended(yx: Yx, number: signal.Signals) -> None:
    with subprocess.Popen(yx.command("demo"), env=yx.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        while b"publish" not in process.stdout.readline():
            assert process.poll() is None
        process.send_signal(number)
        _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode in (130, 143, -signal.SIGKILL)
    assert b"Traceback" not in err
    for pid in left(yx):  # after a kill the gallery notices by itself, in its own time
        _gone(pid)
    if number is not signal.SIGKILL:
        assert not list((yx.home / "tmp").iterdir())


def _gone(pid: int) -> None:
    """Wait until a process that is not our child has ended."""
    import select

    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        assert select.select([handle], [], [], PATIENCE)[0]
    finally:
        os.close(handle)


def test_kept_it_can_be_played_with_until_it_is_stopped(yx: Yx) -> None:
    kept = yx("demo", "--keep", "--json")
    assert kept.code == 0, kept.err
    try:
        assert len(yx("list").lines) == 5
        assert yx("run", "Best customers", "--output", yx.home).code == 0
        assert yx("login", "--status", "--profile", "demo").code == 0
        refused = yx("demo", "--keep", "--json")
        assert (refused.code, refused.error["code"]) == (2, "conflict")
    finally:
        stopped = yx("demo", "--stop")
    assert stopped.code == 0, stopped.err
    assert not left(yx)
    assert yx("list").code == 2
    assert all(Path(run["output"]).is_file() for run in kept.json["runs"])
    again = yx("demo", "--stop", "--json")
    assert (again.code, again.error["code"]) == (4, "not_found")


def test_what_ended_demos_have_left_goes_when_the_next_one_begins(yx: Yx, ended: Path) -> None:
    young = yx.home / "tmp" / "openyx-demo-young"
    young.mkdir()
    other = yx.home / "tmp" / "openyx-else"
    other.mkdir()
    served = ended.with_name("openyx-demo-served")
    shutil.copytree(ended, served)
    lock = DataFolder(served / "gallery").server_lock()
    with lock.held():
        os.utime(served, (0, 0))
        done = yx("demo", "--json")
    assert done.code == 0, done.err
    assert not ended.exists()
    assert all(each.is_dir() for each in (young, other, served / "results"))
    assert Path(done.json["runs"][0]["output"]).is_file()


def test_a_kept_one_that_was_killed_is_forgotten(yx: Yx) -> None:
    assert yx("demo", "--keep", "--json").code == 0
    note = json.loads((yx.home / "state" / "openyx" / "demo.json").read_text())
    server = int((Path(note["folder"]) / "gallery" / "server.lock").read_text())
    os.kill(server, signal.SIGKILL)
    _gone(server)
    for pid in left(yx):
        _gone(pid)
    assert yx("demo", "--stop").code == 0


def test_a_profile_of_that_name_is_not_taken_over(yx: Yx) -> None:
    yx.profiles.parent.mkdir(parents=True)
    yx.profiles.write_text('default = "demo"\n\n[profile.demo]\nurl = "https://alteryx.example.com"\nkey = "k"\n')
    refused = yx("demo", "--keep", "--json")
    assert (refused.code, refused.error["code"]) == (2, "conflict")
    assert "alteryx.example.com" in yx.profiles.read_text()


def test_keys_and_secrets_stand_on_no_command_line(yx: Yx) -> None:
    with subprocess.Popen(
        yx.command("demo", "--keep"), env=yx.env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as demo:
        assert demo.stdout is not None
        while b"publish" not in demo.stdout.readline():
            assert demo.poll() is None
        lines = b"".join((Path("/proc") / str(pid) / "cmdline").read_bytes() for pid in left(yx))
        demo.stdout.read()
    secrets = [file.read_text().strip() for file in yx.home.rglob("*.secret")]
    assert yx("demo", "--stop").code == 0
    assert len(secrets) == 1
    assert secrets[0].encode() not in lines
