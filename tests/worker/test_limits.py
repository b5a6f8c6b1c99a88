"""What a job takes too much of ends it, with all that it started, and is told."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from openyx.errors import AskedWrongly
from openyx.store import Disposition, Job, State, Store, open_store
from openyx.worker.limits import Limits, Reach, keep_apart, lacking
from openyx.worker.options import arguments, run_options
from openyx.worker.worker import Worker
from tests.worker.processes import gone

Start = Callable[..., Job]
Until = Callable[[str, Callable[[Job], bool]], Job]
Working = Callable[..., AbstractContextManager[Worker]]

only_linux = pytest.mark.skipif(sys.platform != "linux", reason="watches processes by what only Linux has")
MEMORY = "The run took more than 100 MB of memory and was stopped (--memory-limit)."
OUTPUT = "The run wrote more than 2 MB and was stopped (--output-limit)."


def over(job: Job) -> bool:
    return job.over


@only_linux
@pytest.mark.parametrize(
    ("what", "limits", "said"),
    [
        ("time", Limits(time=10), "The run took more than 10 s and was stopped (--time-limit)."),
        ("memory of a deserter", Limits(memory=100_000_000), MEMORY),
        ("many files", Limits(output=2_000_000), OUTPUT),
        ("one file", Limits(output=2_000_000), OUTPUT),
    ],
)
def test_a_job_that_takes_too_much_is_stopped_with_all_that_it_started(
    store: Store, start: Start, until: Until, working: Working, what: str, limits: Limits, said: str
) -> None:
    job, following = start("exceed", what=what), start("succeed")
    with working(limits=limits):
        done = until(job.id, over)
        told = [message.text for message in store.messages.of(job.id)]
        assert all(gone(pid) for pid in json.loads(told[0]))
        assert until(following.id, over).disposition is Disposition.SUCCESS
    assert (done.state, done.disposition, told[1:]) == (State.FINISHED, Disposition.ERROR, [said])
    assert store.outputs.of(job.id) == []


@only_linux
def test_who_wrote_too_much_and_ended_before_anybody_looked_is_told_all_the_same(
    store: Store, start: Start, until: Until, working: Working
) -> None:
    job = start("write much and end")
    with working(limits=Limits(output=2_000_000)):
        done = until(job.id, over)
    assert (done.disposition, [message.text for message in store.messages.of(job.id)]) == (Disposition.ERROR, [OUTPUT])
    assert store.outputs.of(job.id) == []


def test_what_came_with_the_workflow_is_not_what_it_wrote(
    store: Store, start: Start, until: Until, working: Working
) -> None:
    job = start("succeed", content=b"<AlteryxDocument>" + b" " * 3_000_000 + b"</AlteryxDocument>")
    with working(limits=Limits(output=2_000_000)):
        assert until(job.id, over).disposition is Disposition.SUCCESS


def test_a_job_within_its_limits_ends_well(store: Store, start: Start, until: Until, working: Working) -> None:
    job = start("succeed")
    with working(limits=Limits(time=600, memory=10**9, output=10**6)):
        done = until(job.id, over)
    assert (done.disposition, len(store.outputs.of(job.id))) == (Disposition.SUCCESS, 2)


def test_limits_that_a_system_lacks_have_names() -> None:
    assert lacking("linux") == ()
    assert "memory" in " ".join(lacking("darwin"))
    assert "memory" in " ".join(lacking("win32"))
    assert "single file" in " ".join(lacking("win32"))


@click.command()
@run_options
def shows(*, limits: Limits, reach: Reach) -> None:
    click.echo(f"{limits}\n{reach}\n{arguments(limits, reach)}")


def shown(*options: str) -> str:
    return CliRunner().invoke(shows, options).output


def test_limits_and_folders_are_said_by_options_and_handed_on_as_they_are(tmp_path: Path) -> None:
    for name in ("in", "out"):
        (tmp_path / name).mkdir()
    options = ("--time-limit", "1h30m", "--memory-limit", "4GB", "--output-limit", "10 GB")
    folders = ("--folder", str(tmp_path / "in"), "--folder", f"{tmp_path / 'out'}:rw")
    limits, reach, handed_on = shown(*options, *folders).splitlines()
    assert limits == str(Limits(time=5400.0, memory=4_000_000_000, output=10_000_000_000))
    assert reach == str(Reach(readable=(tmp_path / "in", tmp_path / "out"), writable=(tmp_path / "out",)))
    again = [each.strip("'") for each in handed_on.strip("[]").split(", ")]
    assert shown(*again).splitlines()[:2] == [limits, reach.replace("in'), PosixPath", "in'), PosixPath")]


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--memory-limit", "4 cows", "'4 cows' is no size"),
        ("--memory-limit", "0", "nothing at all"),
        ("--memory-limit", "1", "too little for any job: at least 100 MB"),
        ("--memory-limit", "99MB", "too little for any job: at least 100 MB"),
        ("--time-limit", "soon", "'soon' is no duration"),
        ("--folder", "/no/such/folder", "there is no folder"),
    ],
)
def test_what_is_no_limit_is_refused(option: str, value: str, said: str) -> None:
    assert said in shown(option, value)


@pytest.mark.parametrize("given", ["", "data", "data/blobs"])
def test_jobs_are_not_given_the_gallerys_own_files(tmp_path: Path, given: str) -> None:
    (tmp_path / "data" / "blobs").mkdir(parents=True)
    with pytest.raises(AskedWrongly, match="own files"):
        keep_apart(Reach(readable=(tmp_path / given,)), tmp_path / "data")
    keep_apart(Reach(readable=(tmp_path / "other",)), tmp_path / "data")


@pytest.mark.parametrize("given", ["", "other", "other/blobs", "other/work/host-1/1/files"])
def test_jobs_are_not_given_another_gallerys_files(tmp_path: Path, given: str) -> None:
    with open_store(tmp_path / "other"):
        (tmp_path / "other" / "work" / "host-1" / "1" / "files").mkdir(parents=True)
    with pytest.raises(AskedWrongly, match=f"the files of the gallery in {tmp_path / 'other'}"):
        keep_apart(Reach(readable=(tmp_path / given,)), tmp_path.parent / "data")


@pytest.mark.parametrize("given", ["", "shared", "shared/ab"])
def test_jobs_are_not_given_the_shared_files_of_another_gallery(tmp_path: Path, given: str) -> None:
    with open_store(tmp_path / "apart" / "other", blobs=str(tmp_path / "in" / "shared")):
        (tmp_path / "in" / "shared" / "ab").mkdir()
    with pytest.raises(AskedWrongly, match=f"the files of the gallery in {tmp_path / 'in' / 'shared'}"):
        keep_apart(Reach(readable=(tmp_path / "in" / given,)), tmp_path.parent / "data")


def test_a_file_that_is_called_like_a_gallerys_is_no_gallery(tmp_path: Path) -> None:
    (tmp_path / "secret.key").touch()
    keep_apart(Reach(readable=(tmp_path,)), tmp_path.parent / "data")
