"""A gallery whose files are at an address: server, worker and commands as processes, and a real FTP server."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from openyx import Gallery
from openyx.errors import OpenYXError, ServerError
from tests.cli.conftest import PATIENCE, Served, Yx, serving
from tests.cli.test_worker import LONG_PATIENCE, WORKFLOW, until
from tests.ftp import PASSWORD, Ftp, ftp_server

if TYPE_CHECKING:
    from collections.abc import Sequence

MADE = b"n,a\r\n1,x\r\n2,2\r\n3,3\r\n"
DAY = 86400


class Alone(Yx):
    """One for a gallery that needs no other host."""

    def environment(self, arguments: Sequence[str | Path]) -> dict[str, str]:
        """That of its home alone."""
        return self.env


@pytest.fixture
def ftp(tmp_path: Path) -> Generator[Ftp]:
    with ftp_server(tmp_path / "ftp") as server:
        yield server


@contextmanager
def working(yx: Yx, data: Path) -> Generator[None]:
    """A worker of the same gallery, which is no child of the server."""
    command = yx.command("worker", "--data", data, "--tied")
    with (data.parent / "worker.log").open("wb") as log:
        process = subprocess.Popen(command, env=yx.environment(["--data", data]), stdin=subprocess.PIPE, stderr=log)
    try:
        yield
    finally:
        process.communicate(timeout=PATIENCE)


@contextmanager
def served(yx: Yx, data: Path, *more: str) -> Generator[tuple[Gallery, Served]]:
    made = yx("keys", "create", "--data", data, "--json").json
    with serving(yx, data, *more) as url, Gallery(url, made["key"], made["secret"]) as gallery:
        told = Served(url, data, {"user": (made["key"], made["secret"])})
        yx.log_in(told)
        yield gallery, told


def write(folder: Path, name: str) -> Path:
    file = folder / f"{name}.yxmd"
    file.write_text(WORKFLOW.replace("RECORDS", "3"))
    return file


def worked(yx: Yx, data: Path) -> subprocess.CompletedProcess[bytes]:
    """A worker that does not start."""
    command = [sys.executable, "-m", "openyx.worker", "--data", str(data)]
    env = yx.environment(["--data", data])
    return subprocess.run(command, env=env, capture_output=True, timeout=PATIENCE, check=False)


def test_it_is_published_run_downloaded_checked_copied_and_swept(yx: Yx, ftp: Ftp, tmp_path: Path) -> None:
    data, copy = tmp_path / "data", tmp_path / "copy" / "data"
    yx.env["OPENYX_BLOBS"] = ftp.address
    with served(yx, data, "--workers", "0") as (gallery, told), working(yx, data):
        gallery.publish(write(tmp_path, "small"))
        job = gallery.run("small")
        assert [output.bytes() for output in job.outputs] == [MADE]
        assert len(list(ftp.folder.glob("gallery/??/*"))) == 2
        assert not (data / "blobs").exists()
        assert list((data / "uploads").iterdir()) == []

        status = yx("status")
        assert (status.code, [line for line in status.lines if line.startswith("Files")]) == (0, ["Files\tunknown"])
        assert yx("gallery", "check", "--deep", "--data", data, "--json").json == []
        done = yx("gallery", "backup", copy, "--data", data, "--json")
        assert (done.code, done.json["files"], done.json["missing"]) == (0, 2, []), done.err

        digest = hashlib.sha256(b"alone").hexdigest()
        alone = ftp.folder / "gallery" / digest[:2] / digest[2:]
        alone.parent.mkdir(exist_ok=True)
        alone.write_bytes(b"alone")
        old = time.time() - 3 * DAY
        os.utime(alone, (old, old))
        swept = yx("gallery", "sweep", "--data", data, "--json").json
        assert (swept["blobs"], swept["bytes"], alone.exists()) == (1, 5, False)
        assert [output.bytes() for output in job.outputs] == [MADE]
    assert PASSWORD not in (tmp_path / "serve.log").read_text()

    own = Alone(tmp_path / "copy" / "home")
    with serving(own, copy) as address:
        own.log_in(Served(address, copy, told.keys))
        again = own("jobs", "download", job.id, "--output", tmp_path / "second")
        assert again.code == 0, again.err
        assert [path.read_bytes() for path in (tmp_path / "second").iterdir()] == [MADE]


def test_while_it_is_away_uploads_are_refused_and_jobs_wait(yx: Yx, ftp: Ftp, tmp_path: Path) -> None:
    yx.env["OPENYX_BLOBS"] = ftp.address
    with served(yx, tmp_path / "data") as (gallery, _):
        gallery.publish(write(tmp_path, "small"))
        assert gallery.run("small").outputs  # the worker is there
        ftp.stop()
        with pytest.raises(ServerError, match="cannot reach its store"):
            gallery.publish(write(tmp_path, "another"))
        job = gallery.start("small")
        log = tmp_path / "serve.log"
        until(lambda: "a run waits for the gallery" in log.read_text())
        assert not job.refresh().over
        ftp.start()
        job.wait(timeout=LONG_PATIENCE)
        assert [output.bytes() for output in job.outputs] == [MADE]
        assert len(gallery.openyx.jobs.attempts(job.id)) == 1
    told = log.read_text()
    assert "The files at ftp://***@127.0.0.1" in told
    assert PASSWORD not in told


def test_a_server_and_a_worker_say_that_it_is_away_without_its_password(yx: Yx, ftp: Ftp, tmp_path: Path) -> None:
    data = tmp_path / "data"
    yx.env["OPENYX_BLOBS"] = ftp.address
    with served(yx, data, "--workers", "0") as (gallery, _):
        gallery.publish(write(tmp_path, "small"))
    ftp.stop()
    for command in (("serve", "--port", "0"), ("gallery", "check"), ("gallery", "sweep")):
        refused = yx(*command, "--data", data, "--json")
        assert (refused.code, refused.error["code"], PASSWORD in refused.err) == (7, "store_unreachable", False)
    worker = worked(yx, data)
    assert (worker.returncode, PASSWORD.encode() in worker.stderr) == (7, False)


def test_another_place_is_not_taken_for_that_of_the_gallery(yx: Yx, ftp: Ftp, tmp_path: Path) -> None:
    data = tmp_path / "data"
    yx.env["OPENYX_BLOBS"] = ftp.address
    with served(yx, data, "--workers", "0") as (gallery, _):
        gallery.publish(write(tmp_path, "small"))
    yx.env["OPENYX_BLOBS"] = ftp.address.removesuffix("gallery") + "elsewhere"
    (found,) = json.loads(yx("gallery", "check", "--data", data, "--json").out)
    assert (found["rule"], found["what"].startswith("ftp://***@")) == ("files_are_there", True)
    worker = worked(yx, data)
    assert (worker.returncode, b"does not hold the gallery's files" in worker.stderr) == (2, True)
    with served(yx, data, "--workers", "0") as (gallery, _), pytest.raises(OpenYXError, match="cannot reach its store"):
        gallery.publish(write(tmp_path, "another"))
