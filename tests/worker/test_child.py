from __future__ import annotations

import json
import os
import select
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest

from openyx.messages import Kind, Message
from openyx.worker.child import LONGEST_TEXT, Voice
from openyx.worker.process import death
from openyx.worker.protocol import LONGEST_LINE, Said, Task, event, line

HANGING = """
import os, signal, subprocess, sys
from openyx.messages import Kind
from openyx.worker import child
from openyx.worker.protocol import Said

def run(task, voice):
    print("stray words of somebody's library")
    other = subprocess.Popen([sys.executable, "-S", "-c", "import signal; signal.pause()"])
    voice.say(Said(kind=Kind.INFO, text=f"{os.getpid()} {other.pid}"))
    signal.pause()

child.run = run
child.main()
"""


PANICKING = """
from openyx.worker import child

class Panic(BaseException):
    pass

def run_workflow(*_, **__):
    raise Panic("index out of bounds")

child.run_workflow = run_workflow
child.main()
"""


def test_what_breaks_inside_is_said_and_leaves_its_trace_to_the_log() -> None:
    asked = line(Task(job="1", workflow="a.yxmd", folder=".", answers={}))
    with subprocess.Popen(
        [sys.executable, "-c", PANICKING],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdin.write(asked)
        process.stdin.flush()
        assert json.loads(process.stdout.readline()) == {"type": "ready"}
        assert json.loads(process.stdout.readline()) == {"type": "taken"}
        said = json.loads(process.stdout.readline())
        assert process.wait() == 1
        assert b"Traceback" in process.stderr.read()
    assert (said["kind"], said["text"]) == (3, "Something unexpected went wrong: Panic: index out of bounds")


@pytest.mark.skipif(sys.platform != "linux", reason="watches processes by what only Linux has")
def test_a_child_dies_with_its_worker_and_all_that_it_started() -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", HANGING],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    with process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(line(Task(job="1", workflow="a.yxmd", folder=".", answers={})))
        process.stdin.flush()
        assert json.loads(process.stdout.readline()) == {"type": "ready"}
        assert json.loads(process.stdout.readline()) == {"type": "taken"}
        said = json.loads(process.stdout.readline())
        assert said["type"] == "said"
        own, other = (int(pid) for pid in said["text"].split())
        assert own == process.pid
        watched = os.pidfd_open(other)
        process.stdin.close()
        assert select.select([watched], [], [], 60)[0]
        os.close(watched)
    assert process.returncode == -9


def test_a_child_ends_by_itself_after_its_task(tmp_path: Path) -> None:
    workflow = tmp_path / "a.yxmd"
    workflow.write_text("no workflow")
    process = subprocess.Popen(
        [sys.executable, "-m", "openyx.worker.child"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(line(Task(job="1", workflow=str(workflow), folder=str(tmp_path), answers={})))
        process.stdin.flush()
        last = process.stdout.read().splitlines()[-1]
        assert json.loads(last) == {"type": "ended", "well": False, "products": []}
        assert process.wait() == 0


def test_a_message_as_long_as_a_file_is_cut() -> None:
    out = BytesIO()
    Voice(out).message(Message(kind=Kind.CONVERSION_ERROR, text="x" * LONGEST_LINE, tool=3))
    said = event(out.getvalue())
    assert isinstance(said, Said)
    assert said.text == "x" * LONGEST_TEXT + "…"


def test_a_text_is_cut_once_its_paths_are_worded_and_no_half_of_one_is_left() -> None:
    out = BytesIO()
    voice = Voice(out)
    voice.wording = lambda text: text.replace("/srv/gallery", "…")
    begins = "x" * (LONGEST_TEXT - 5)
    voice.warn(f"{begins}/srv/gallery/a.csv", tool=1)
    said = event(out.getvalue())
    assert isinstance(said, Said)
    assert said.text == f"{begins}…/a.c…"


def test_a_child_without_a_task_ends_quietly() -> None:
    command = [sys.executable, "-m", "openyx.worker.child"]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b'{"type":"ready"}\n', b"")


def test_a_death_is_told_in_words() -> None:
    assert death(3) == "it ended with status 3"
    assert death(-15) == "it was killed by SIGTERM"
    assert death(-9).startswith("it was killed by SIGKILL")
    assert death(-64) == "it was killed by SIGRTMAX"
    assert death(-99) == "it was killed by signal 99"
