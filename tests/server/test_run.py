"""Serving as a process: one line when it listens, an end when it is told to."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import httpx2
import pytest

from openyx.errors import AskedWrongly
from openyx.server import listen
from openyx.server.run import address

PROGRAM = """
import sys
from openyx.queue import Queue
from openyx.server import listen, serve
from openyx.store import open_store

with open_store(sys.argv[1]) as store, listen("127.0.0.1", 0) as bound:
    serve(store, Queue(store), bound, announce=lambda text: print(text, flush=True))
print("over", flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals on Windows")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_it_listens_and_ends_when_it_is_told_to(tmp_path: Path, number: signal.Signals) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(tmp_path / "data")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    line = process.stdout.readline().strip()
    assert line.startswith("OpenYX gallery listening on http://127.0.0.1:")
    url = line.removeprefix("OpenYX gallery listening on ")
    with httpx2.Client() as kept:
        assert kept.get(f"{url}/gallery/api/v1/workflows/subscription/").status_code == 401
        process.send_signal(number)
        rest, errors = process.communicate(timeout=30)
    assert (process.returncode, rest, errors) == (0, "over\n", "")


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such limit on Windows")
def test_more_connections_than_files_may_be_open_do_not_shut_the_gallery(tmp_path: Path) -> None:
    few = "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (220, 220))"
    command = [sys.executable, "-c", few + PROGRAM, str(tmp_path / "data")]
    log = tmp_path / "log"
    with (
        log.open("w") as written,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=written, text=True) as process,
        ExitStack() as all_,
    ):
        assert process.stdout is not None
        all_.callback(process.terminate)
        url = process.stdout.readline().strip().removeprefix("OpenYX gallery listening on ")
        where = url.removeprefix("http://").split(":")
        for _ in range(400):
            all_.enter_context(socket.create_connection((where[0], int(where[1])), timeout=60))
        for _ in range(3):
            answer = httpx2.get(f"{url}/openyx/v1/key", timeout=60)
            assert answer.status_code == 401
        assert log.read_text().splitlines() == ["fewer connections than wanted"]


def test_a_port_in_use_is_named() -> None:
    with listen("127.0.0.1", 0) as bound:
        port = bound.getsockname()[1]
        with pytest.raises(AskedWrongly, match=f"port {port} of 127.0.0.1 is in use"):
            listen("127.0.0.1", port)


@pytest.mark.parametrize("host", ["no.such.host.invalid", "203.0.113.7"])
def test_an_address_that_is_not_ours_is_named(host: str) -> None:
    with pytest.raises(AskedWrongly, match=host):
        listen(host, 0)


@pytest.mark.system
def test_an_address_is_written_as_one_types_it() -> None:
    try:
        bound = listen("::1", 0)
    except AskedWrongly:
        pytest.skip("this machine has no IPv6")
    with bound:
        assert address(bound).startswith("http://[::1]:")
