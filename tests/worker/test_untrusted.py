"""A run on a gallery sees what it is given, and nothing else: neither files, nor secrets, nor tools that lead out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from openyx.messages import Kind
from openyx.queue import Order, Queue
from openyx.store import Disposition, Job, NewVersion, NewWorkflow, PackageType, Store
from openyx.testing import node, text_input, workflow
from openyx.worker.limits import Limits, Reach
from openyx.worker.process import environment
from openyx.worker.worker import CHILD, Worker
from tests.stores import path_of

Start = Callable[..., Job]
Until = Callable[[str, Callable[[Job], bool]], Job]
Working = Callable[..., AbstractContextManager[Worker]]
Run = Callable[..., Job]

only_linux = pytest.mark.skipif(sys.platform != "linux", reason="looks into processes by what only Linux has")
BROWSE = node("Browse")
DOORS = {
    "AlteryxBasePluginsGui.RunCommand.RunCommand": "Run Command",
    "JupyterCode": "Python",
    "AlteryxRPluginGui.R": "R",
    "AlteryxBasePluginsGui.Download.Download": "Download",
    "AlteryxBasePluginsGui.Email.Email": "Email",
}
EVENTS = (
    "<Events><Enabled value='True'/><Event><Type>RunCommand</Type><When>{when}</When>"
    "<Command>/usr/bin/touch</Command><Args>{touched}</Args></Event>"
    "<Event><Type>Email</Type><When>{when}</When><SMTP>127.0.0.1</SMTP><To>a@b.example</To></Event></Events>"
)


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "in.csv").write_text("key\nsecret\n")
    return folder


@pytest.fixture
def run(store: Store, queue: Queue, until: Until, working: Working) -> Run:
    """Publishes a workflow and runs it in a real child of a worker with these settings; the job when it is over."""

    def ran(content: bytes, **settings: object) -> Job:
        blob, owner = store.blobs.add(content), store.users.owner().id
        version = NewVersion(
            file_name="W.yxmd", digest=blob.digest, size=blob.size, package_type=PackageType.MODULE, name="W"
        )
        published = store.workflows.publish(NewWorkflow(name="W", owner_id=owner), version, by=owner)
        with working(program=CHILD, **settings):
            job = queue.enqueue(Order(workflow_id=published.workflow.id, user_id=owner, answers={}))
            return until(job.id, lambda job: job.over)

    return ran


def errors(store: Store, job: Job) -> list[tuple[int, str]]:
    return [(message.tool, message.text) for message in store.messages.of(job.id) if message.kind is Kind.ERROR]


def reads(path: object) -> str:
    return node("Input", f'<File FileFormat="0">{escape(str(path))}</File><FormatSpecificOptions/>')


def writes(path: object) -> str:
    file = f'<File FileFormat="0" MaxRecords="">{escape(str(path))}</File>'
    return node("Output", f"{file}<FormatSpecificOptions/>")


@pytest.mark.parametrize(("plugin", "name"), DOORS.items())
def test_a_tool_that_leads_out_is_refused_by_its_name_and_nothing_runs(
    store: Store, run: Run, tmp_path: Path, plugin: str, name: str
) -> None:
    touched = tmp_path / "touched"
    settings = (
        f"<Command>/usr/bin/touch</Command><CommandArguments>{touched}</CommandArguments>"
        f"<CommandWorkingDir>{tmp_path}</CommandWorkingDir><Read/><URL>http://127.0.0.1:9/</URL>"
        f"<Code>open('{touched}', 'w')</Code>"
    )
    job = run(workflow({1: text_input("x", "1"), 4: node(plugin, settings), 5: writes("out.csv")}, "1 > 4", "4 > 5"))
    assert job.disposition is Disposition.ERROR
    ((tool, text),) = errors(store, job)
    assert (tool, name in text) == (4, True)
    # What no run will ever do is not said to come.
    assert ("not available here" in text) == (name in ("Run Command", "Python", "R"))
    assert not touched.exists()
    assert store.outputs.of(job.id) == []


@pytest.mark.parametrize("when", ["BeforeRun", "AfterRun", "AfterRunWithErrors", "AfterRunWithoutErrors"])
def test_events_are_never_acted_upon_and_that_is_told(store: Store, run: Run, tmp_path: Path, when: str) -> None:
    touched = tmp_path / "touched"
    events = EVENTS.format(when=when, touched=touched)
    job = run(workflow({1: text_input("x", "1"), 2: BROWSE}, "1 > 2", properties=events))
    assert job.disposition is Disposition.WARNING
    assert any("vent" in message.text for message in store.messages.of(job.id) if message.kind is Kind.WARNING)
    assert not touched.exists()


def test_a_run_sees_no_folder_that_it_is_not_given(store: Store, run: Run, outside: Path) -> None:
    job = run(workflow({3: reads(outside / "in.csv"), 4: BROWSE}, "3 > 4"))
    ((tool, text),) = errors(store, job)
    assert tool == 3
    assert "outside the folder of the workflow" in text
    assert "File" in text


def test_a_run_reads_and_writes_in_the_folders_that_the_gallery_names(store: Store, run: Run, outside: Path) -> None:
    content = workflow({3: reads(outside / "in.csv"), 4: writes(outside / "out.csv")}, "3 > 4")
    only_read = run(content, reach=Reach(readable=(outside,)))
    ((tool, text),) = errors(store, only_read)
    assert tool == 4
    assert "may read and not write" in text
    assert ":rw" in text
    assert not (outside / "out.csv").exists()
    both = run(content, reach=Reach(readable=(outside,), writable=(outside,)))
    assert both.disposition is Disposition.SUCCESS
    (output,) = store.outputs.of(both.id)
    assert path_of(store.blobs, output.digest).read_text().split() == ["key", "secret"]
    assert (outside / "out.csv").read_text().split() == ["key", "secret"]


@pytest.mark.parametrize("written", ["%temp%\\x.csv", "%TEMP%x.csv", "%Engine.TempFilePath%x.csv"])
def test_what_a_run_writes_to_its_temporary_folder_goes_with_it(
    store: Store, run: Run, folder: Path, written: str
) -> None:
    job = run(workflow({1: text_input("x", "1"), 2: writes(written), 3: writes("kept.csv")}, "1 > 2", "1 > 3"))
    assert job.disposition is Disposition.SUCCESS, errors(store, job)
    assert [each.name for each in store.outputs.of(job.id)] == ["kept.csv"]
    assert list((folder / "work").rglob("x.csv")) == []


def test_the_gallerys_own_files_cannot_be_read(store: Store, run: Run, folder: Path) -> None:
    for path in (folder / "gallery.sqlite", "../../../../gallery.sqlite", "../log", "../../../.lock"):
        job = run(workflow({3: reads(path), 4: BROWSE}, "3 > 4"))
        assert [tool for tool, _ in errors(store, job)] == [3]


@only_linux
def test_nothing_half_written_stays_in_a_folder_when_a_run_is_killed(store: Store, run: Run, outside: Path) -> None:
    others = outside / ".out.csv.tmp-0123abcd"
    others.write_text("somebody else's")
    rows = node(
        "GenerateRows",
        "<UpdateField value='False'/><CreateField_Name>n</CreateField_Name><CreateField_Type>Int64</CreateField_Type>"
        "<CreateField_Size>8</CreateField_Size><Expression_Init>1</Expression_Init>"
        "<Expression_Cond>n &lt; 10000000</Expression_Cond><Expression_Loop>n + 1</Expression_Loop>",
    )
    job = run(
        workflow({1: rows, 2: writes(outside / "out.csv")}, "1 > 2"),
        limits=Limits(output=1_000_000),
        reach=Reach(readable=(outside,), writable=(outside,)),
    )
    assert errors(store, job)[-1][1] == "The run wrote more than 1 MB and was stopped (--output-limit)."
    assert sorted(path.name for path in outside.iterdir()) == [others.name, "in.csv"]


@pytest.mark.parametrize("name", ["OPENYX_STORE_PASSWORD", "PATH", "LANG", "USER"])
def test_formulas_see_nothing_of_the_hosts_environment(
    store: Store, run: Run, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, f"{os.environ.get('PATH', '')}:do not tell")
    asked = f"GetEnvironmentVariable('{name}') + '.'"
    settings = f'<FormulaField field="found" expression="{asked}" type="V_WString" size="99"/>'
    formula = node("Formula", f"<FormulaFields>{settings}</FormulaFields>")
    job = run(workflow({1: text_input("x", "1"), 2: formula, 3: BROWSE}, "1 > 2", "2 > 3"))
    (output,) = store.outputs.of(job.id)
    assert path_of(store.blobs, output.digest).read_text().splitlines()[1] == "1,."


def test_messages_name_files_as_they_lie_in_the_jobs_folder_and_not_where_that_is(
    store: Store, run: Run, folder: Path
) -> None:
    job = run(
        workflow(
            {1: text_input("x", "1"), 2: writes("sub/out.csv"), 3: writes("%temp%\\x.csv"), 4: BROWSE},
            "1 > 2", "1 > 3", "1 > 4",
        )
    )  # fmt: skip
    told = [message.text for message in store.messages.of(job.id)]
    assert '1 records were written to "sub/out.csv"' in told
    assert '1 records were written to "%temp%/x.csv"' in told
    for wrong in (reads("gone.csv"), reads("%temp%gone.csv"), reads("%Engine.WorkflowDirectory%gone.csv")):
        told += [text for _, text in errors(store, run(workflow({3: wrong, 4: BROWSE}, "3 > 4")))]
    assert told[-3] == 'The file "gone.csv" does not exist (looked for gone.csv)'
    assert not [text for text in told if str(folder) in text.replace("\\", "/") or sys.prefix in text]


@pytest.mark.parametrize("target", ["{folder}/secret.key", "/etc/passwd"])
@pytest.mark.parametrize("do", ["give", "give a link"])
def test_no_file_from_elsewhere_becomes_an_output(
    store: Store, start: Start, until: Until, working: Working, folder: Path, do: str, target: str
) -> None:
    job = start(do, target=target.format(folder=folder))
    with working():
        job = until(job.id, lambda job: job.over)
    assert job.disposition is Disposition.ERROR
    assert "it lies where this run may not write" in errors(store, job)[-1][1]
    assert store.outputs.of(job.id) == []


def test_a_pipe_or_a_device_is_no_output(
    store: Store, start: Start, until: Until, working: Working, tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "pipe")
    job = start("give", target=str(tmp_path / "pipe"))
    with working(reach=Reach(readable=(tmp_path,), writable=(tmp_path,))):
        job = until(job.id, lambda job: job.over)
    assert "it is no regular file" in errors(store, job)[-1][1]


@only_linux
def test_no_secret_is_in_a_childs_environment_command_line_or_core(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hunter2")
    monkeypatch.setenv("FSSPEC_S3_SECRET", "hunter2")
    monkeypatch.setenv("OPENYX_STORE", "postgresql://gallery:hunter2@host/db")
    monkeypatch.setenv("OPENYX_BLOBS", "sftp://gallery:hunter2@host/files")
    # as a worker starts it; what it is to run comes over standard input
    with subprocess.Popen(
        CHILD, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=dict(environment(tmp_path)), cwd=tmp_path
    ) as child:
        assert child.stdin
        assert child.stdout
        assert json.loads(child.stdout.readline()) == {"type": "ready"}
        seen = {name: Path(f"/proc/{child.pid}", name).read_bytes() for name in ("environ", "cmdline")}
        limits = Path(f"/proc/{child.pid}/limits").read_text()
        child.stdin.close()
    assert b"hunter2" not in b"".join(seen.values())
    assert {each.partition(b"=")[0] for each in seen["environ"].split(b"\0") if each} <= {
        b"PATH", b"LANG", b"LC_ALL", b"LC_CTYPE", b"TZ", b"LD_LIBRARY_PATH", b"HOME", b"TMPDIR", b"TEMP", b"TMP",
    }  # fmt: skip
    monkeypatch.setenv("OPENYX_ANCHOR_RECORDS", "1000000")
    assert environment(tmp_path)["OPENYX_ANCHOR_RECORDS"] == "1000000"  # a bound for what runs, and no secret
    (core,) = [each for each in limits.splitlines() if each.startswith("Max core file size")]
    assert core.split()[4:6] == ["0", "0"]
