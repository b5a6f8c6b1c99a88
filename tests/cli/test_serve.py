"""A gallery says where it listens, refuses what cannot work, and ends when it is told to."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.request import urlopen

import httpx2
import pytest

from openyx.api.signing import in_query, signed
from tests.cli.conftest import PATIENCE, serving

if TYPE_CHECKING:
    from tests.cli.conftest import Served, Yx

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="what is left running is read from /proc")


def test_it_announces_its_address_in_one_line(yx: Yx, tmp_path: Path) -> None:
    command = yx.command("serve", "--port", "0", "--data", tmp_path / "d", "--workers", "0")
    with subprocess.Popen(
        command, env=yx.env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert "listening on http://127.0.0.1:" in line
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out) == (0, "")
    for event in err.splitlines():
        assert {"level", "event"} <= set(json.loads(event))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_server_and_worker(yx: Yx, tmp_path: Path, number: signal.Signals) -> None:
    command = yx.command("serve", "--json", "--port", "0", "--data", tmp_path / "d")
    with subprocess.Popen(command, env=yx.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(number)
        _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    assert b"Traceback" not in err
    assert not left(tmp_path / "d")


def test_a_tied_one_ends_well_while_its_parent_lives(yx: Yx, tmp_path: Path) -> None:
    command = yx.command("serve", "--json", "--port", "0", "--data", tmp_path / "d", "--workers", "0", "--tied")
    with subprocess.Popen(
        command, env=yx.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0


def test_it_ends_with_its_parent_when_tied(yx: Yx, tmp_path: Path) -> None:
    with serving(yx, tmp_path / "d"):
        assert left(tmp_path / "d")
    assert not left(tmp_path / "d")


def test_a_port_in_use_is_an_error(yx: Yx, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = yx("serve", "--port", port, "--data", tmp_path / "d", "--json")
    assert (refused.code, refused.error["code"]) == (2, "asked_wrongly")
    assert str(port) in refused.error["message"]


def test_a_folder_in_use_is_an_error_that_names_the_process(yx: Yx, gallery: Served) -> None:
    refused = yx("serve", "--port", "0", "--data", gallery.data, "--json")
    assert (refused.code, refused.error["code"]) == (2, "folder_in_use")


def test_an_unknown_age_is_an_error(yx: Yx, tmp_path: Path) -> None:
    refused = yx("serve", "--port", "0", "--data", tmp_path / "d", "--compat", "1999", "--json")
    assert (refused.code, refused.error["code"]) == (2, "asked_wrongly")
    assert "2021.4" in refused.error["hint"]


@pytest.mark.system
@pytest.mark.parametrize(
    ("host", "warned"), [("0.0.0.0", True), ("::", True), ("127.0.0.1", False), ("::1", False), ("localhost", False)]
)
def test_beyond_this_machine_it_warns(yx: Yx, tmp_path: Path, host: str, warned: bool) -> None:
    if ":" in host and not socket.has_dualstack_ipv6():
        pytest.skip("this machine has no IPv6")
    with serving(yx, tmp_path / "d", "--host", host, "--workers", "0"):
        pass
    events = [json.loads(line) for line in (tmp_path / "serve.log").read_text().splitlines()]
    assert [event["host"] for event in events if "without TLS" in event["event"]] == [host] * warned


@pytest.mark.postgresql
def test_it_says_that_its_files_are_not_shared_where_its_database_is(yx: Yx, tmp_path: Path) -> None:
    with serving(yx, tmp_path / "d", "--workers", "0"):
        pass
    events = [json.loads(line) for line in (tmp_path / "serve.log").read_text().splitlines()]
    (told,) = [event for event in events if "the files are not" in event["event"]]
    assert (told["folder"], "--blobs" in told["advice"]) == (str(tmp_path / "d" / "blobs"), True)
    with serving(yx, tmp_path / "e", "--workers", "0", "--blobs", str(tmp_path / "files")):
        pass
    assert "the files are not" not in (tmp_path / "serve.log").read_text()


def test_the_files_of_another_gallery_are_refused(yx: Yx, tmp_path: Path) -> None:
    files = str(tmp_path / "files")
    with serving(yx, tmp_path / "d", "--workers", "0", "--blobs", files):
        pass
    refused = yx("serve", "--data", tmp_path / "e", "--port", "0", "--workers", "0", "--blobs", files)
    assert (refused.code, "are those of another gallery" in refused.err) == (7, True), refused.err


def test_a_worker_that_dies_is_replaced(yx: Yx, tmp_path: Path) -> None:
    with serving(yx, tmp_path / "d") as address:
        while not (workers := [pid for pid in left(tmp_path / "d") if b"openyx.worker\0" in command_line(pid)]):
            time.sleep(0.01)  # a process that has just begun has no command line yet
        (worker,) = workers
        os.kill(worker, signal.SIGKILL)
        log = tmp_path / "serve.log"
        while "starting another" not in log.read_text():
            with suppress(HTTPError):
                urlopen(address)
    assert not left(tmp_path / "d")


def command_line(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def left(data: Path) -> list[int]:
    """The processes that name a data folder on their command line."""
    pids = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal()]
    return [pid for pid in pids if str(data).encode() in command_line(pid)]


def test_a_request_signed_outside_the_time_window_is_refused(yx: Yx, tmp_path: Path) -> None:
    key = yx("keys", "create", "--kind", "studio", "--data", tmp_path / "d", "--json").json
    with serving(yx, tmp_path / "d", "--workers", "0", "--time-window", "5m") as address:
        url = f"{address}api/v1/workflows/subscription/"
        for age, status in ((0, 200), (200, 200), (600, 401)):
            at = int(time.time()) - age
            oauth = signed("GET", url, key=key["key"], secret=key["secret"], nonce="n", timestamp=at)
            answer = httpx2.get(in_query(url, oauth))
            assert answer.status_code == status, answer.text
