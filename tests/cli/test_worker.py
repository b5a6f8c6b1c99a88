"""Server and workers as on several hosts: each with a folder of its own, they share a database and a folder of files.

On SQLite, which hosts cannot share, they are processes on one host with one folder.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from openyx import Gallery
from tests.cli.conftest import PATIENCE, serving
from tests.stores import SERVER, database_of

if TYPE_CHECKING:
    from tests.cli.conftest import Yx

LONG_PATIENCE = 600.0
RECORDS = 200_000

WORKFLOW = """<?xml version="1.0"?>
<AlteryxDocument yxmdVer="2021.4"><Nodes>
<Node ToolID="1"><GuiSettings Plugin="AlteryxBasePluginsGui.GenerateRows.GenerateRows" /><Properties><Configuration>
  <UpdateField value="False" /><UpdateField_Name /><CreateField_Name>n</CreateField_Name>
  <CreateField_Type>Int32</CreateField_Type><CreateField_Size>4</CreateField_Size><Expression_Init>1</Expression_Init>
  <Expression_Cond>n &lt;= RECORDS</Expression_Cond><Expression_Loop>n + 1</Expression_Loop>
</Configuration></Properties></Node>
<Node ToolID="2"><GuiSettings Plugin="AlteryxBasePluginsGui.Formula.Formula" /><Properties><Configuration>
  <FormulaFields>
  <FormulaField expression="RegEx_Replace(ToString(n), '(?=1)(.)', 'x')" field="a" size="20" type="V_String" />
  </FormulaFields></Configuration></Properties></Node>
<Node ToolID="3"><GuiSettings Plugin="AlteryxBasePluginsGui.DbFileOutput.DbFileOutput" /><Properties><Configuration>
  <File FileFormat="0">made.csv</File><Passwords />
  <FormatSpecificOptions><Delimeter>,</Delimeter></FormatSpecificOptions>
</Configuration></Properties></Node></Nodes><Connections>
<Connection><Origin ToolID="1" Connection="Output" /><Destination ToolID="2" Connection="Input" /></Connection>
<Connection><Origin ToolID="2" Connection="Output" /><Destination ToolID="3" Connection="Input" /></Connection>
</Connections></AlteryxDocument>
"""


class Hosts:
    """A server without workers, and workers that come and go."""

    def __init__(self, yx: Yx, folder: Path, stack: ExitStack) -> None:
        self._yx, self._folder, self._stack = yx, folder, stack
        self.shared: tuple[str, ...] = ()
        where: dict[str, str] = {}
        if SERVER:
            database, files = database_of(folder / "shared"), folder / "files"
            files.mkdir(parents=True)
            self.shared = ("--store", database, "--blobs", str(files))
            where = {"OPENYX_STORE": database, "OPENYX_BLOBS": str(files)}
        key = yx("keys", "create", "--data", self.data("server"), "--json", env=where).json
        url = stack.enter_context(serving(yx, self.data("server"), "--workers", "0", *self.shared))
        self.gallery = stack.enter_context(Gallery(url, key["key"], key["secret"]))

    def data(self, host: str) -> Path:
        """The data folder on a host."""
        return self._folder / (host if SERVER else "all")

    def worker(self, host: str, *more: str) -> subprocess.Popen[bytes]:
        """A worker on a host, which ends with the test."""
        before = len(self.workers)
        return self._started(self._stack.enter_context(self._worker(host, more)), before)

    @property
    def workers(self) -> list[str]:
        """Those that are listed."""
        return [each.name for each in self.gallery.openyx.status.get().workers]

    def publish(self, name: str, records: int) -> None:
        """A workflow that makes so many records."""
        file = self._folder / f"{name}.yxmd"
        file.write_text(WORKFLOW.replace("RECORDS", str(records)))
        self.gallery.publish(file)

    @contextmanager
    def _worker(self, host: str, more: tuple[str, ...]) -> Generator[subprocess.Popen[bytes]]:
        command = self._yx.command("worker", "--data", self.data(host), "--tied", *self.shared, *more)
        with (self._folder / f"{host}.log").open("wb") as log:
            process = subprocess.Popen(command, env=self._yx.env, stdin=subprocess.PIPE, stderr=log)
        try:
            yield process
        finally:
            process.communicate(timeout=PATIENCE)

    def _started(self, process: subprocess.Popen[bytes], before: int) -> subprocess.Popen[bytes]:
        until(lambda: len(self.workers) > before or process.poll() is not None)
        assert process.poll() is None
        return process


def until(condition: Callable[[], object]) -> None:
    """Wait for a condition."""
    limit = time.monotonic() + LONG_PATIENCE
    while not condition():
        assert time.monotonic() < limit
        time.sleep(0.05)


@pytest.fixture
def hosts(yx: Yx, tmp_path: Path) -> Generator[Hosts]:
    with ExitStack() as stack:
        yield Hosts(yx, tmp_path / "hosts", stack)


def test_jobs_run_once_each_on_whichever_host_and_their_results_come_back(hosts: Hosts) -> None:
    hosts.publish("small", 3)
    for host in ("one", "two"):
        hosts.worker(host)
    ran: Counter[str] = Counter()
    jobs = [hosts.gallery.start("small") for _ in range(20)]
    for job in jobs:
        job.wait(timeout=LONG_PATIENCE)
        assert [output.bytes() for output in job.outputs] == [b"n,a\r\n1,x\r\n2,2\r\n3,3\r\n"]
        (attempt,) = hosts.gallery.openyx.jobs.attempts(job.id)
        assert attempt.ending == "finished"
        ran[attempt.worker] += 1
        if len(jobs) == sum(ran.values()) and len(ran) < len(hosts.workers):
            jobs.append(hosts.gallery.start("small"))  # the other one has not got ready yet
    assert ran.keys() == set(hosts.workers)
    assert len(ran) == 2
    if SERVER:
        assert not any(list(hosts.data(host).glob("blobs/*")) for host in ("one", "two"))


def test_the_job_of_a_worker_that_is_killed_runs_on_another_host(hosts: Hosts) -> None:
    hosts.publish("long", RECORDS)
    first = hosts.worker("one", "--lease", "5")
    job = hosts.gallery.start("long")
    until(lambda: [each.started for each in hosts.gallery.openyx.jobs.attempts(job.id)] not in ([], [None]))
    first.kill()
    assert not job.refresh().over
    hosts.worker("two", "--lease", "5")
    job.wait(timeout=LONG_PATIENCE)
    lost, finished = hosts.gallery.openyx.jobs.attempts(job.id)
    assert (lost.ending, finished.ending) == ("lost", "finished")
    assert lost.worker != finished.worker
    seen = hosts.gallery.openyx.jobs.get(job.id)
    assert (seen.attempt, seen.lost) == (2, 1)
    (made,) = [output.bytes().split(b"\r\n") for output in job.outputs]
    assert (len(made), made[0], made[-2]) == (RECORDS + 2, b"n,a", b"200000,200000")


def test_a_worker_that_is_told_to_ends_well_and_is_listed_no_longer(hosts: Hosts) -> None:
    worker = hosts.worker("one", "--slots", "2")
    assert [each.slots for each in hosts.gallery.openyx.status.get().workers] == [2]
    os.kill(worker.pid, signal.SIGTERM)
    assert worker.wait(PATIENCE) == 0
    assert hosts.workers == []


def test_without_a_gallery_there_is_nothing_to_work_for(yx: Yx, tmp_path: Path) -> None:
    refused = yx("worker", "--data", tmp_path / "absent", env={"OPENYX_STORE": ""})
    assert (refused.code, "there is no gallery in" in refused.err) == (4, True)
    assert not (tmp_path / "absent").exists()


@pytest.mark.parametrize(
    ("more", "word"),
    [
        (("--store", "postgresql://u:p@127.0.0.1:1/x"), "--blobs"),
        (("--blobs", "."), "--store"),
        (("--store", "postgresql://u:p@127.0.0.1:1/x", "--blobs", "absent"), "absent"),
        (("--store", "mysql://u:p@127.0.0.1:1/x", "--blobs", "."), "mysql"),
    ],
)
def test_what_does_not_go_together_is_an_error_that_names_it(
    yx: Yx, tmp_path: Path, more: tuple[str, ...], word: str
) -> None:
    refused = yx("worker", "--data", tmp_path / "d", *more, env={"OPENYX_STORE": ""}, cwd=tmp_path)
    assert (refused.code, word in refused.err, "u:p" in refused.err) == (2, True, False), refused.err


@pytest.mark.postgresql
def test_a_folder_that_does_not_hold_the_files_of_the_gallery_is_refused(hosts: Hosts, yx: Yx, tmp_path: Path) -> None:
    hosts.publish("small", 3)
    (tmp_path / "not mounted").mkdir()
    refused = yx("worker", "--data", tmp_path / "d", *hosts.shared[:3], tmp_path / "not mounted")
    assert (refused.code, "does not hold the gallery's files" in refused.err) == (2, True), refused.err
