"""A folder of workflow files is scored: a table for people, one object for programs, a page for both."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from openyx.cli.scoring.crew import Limits, judged
from openyx.cli.scoring.files import group, workflow_files
from openyx.cli.scoring.page import page
from openyx.cli.scoring.telling import aims
from openyx.cli.scoring.verdict import About, Finding, Verdict
from openyx.testing.workflows import node, text_input, workflow
from tests.cli.conftest import PATIENCE

if TYPE_CHECKING:
    from tests.cli.conftest import Yx

MEMBERS = [
    *("path", "group", "read", "missing", "inputs", "ran", "checks", "held"),
    *("fields", "fields_equal", "anchors_ordered", "order_equal", "reason"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "work"
    test = "<Test><Name>t</Name><Connection>#1</Connection><Type>RecCountValue</Type><Value>2</Value></Test>"
    counted = f"<Tests>{test}</Tests>"
    tools = {1: text_input("n", "1", "2"), 2: node("Test", counted), 3: node("Output", "<File>out.csv</File>")}
    for name, content in {
        "good/a.yxmd": workflow(tools, "1 > 2 #1", "1 > 3"),
        "good/b.yxmd": workflow({1: text_input("n", "1"), 2: node("Test", counted)}, "1 > 2 #1"),
        "bad/c.yxwz": b"<AlteryxDocument>",
        "d.yxmd": workflow({1: text_input("n", "1"), 2: node("Acme.Unheard")}, "1 > 2"),
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
    return root


def test_programs_get_one_object_with_every_file_and_the_totals(yx: Yx, folder: Path) -> None:
    done = yx("score", folder, "--json")
    assert done.code == 0, done.err
    score = json.loads(done.out)
    files = {each["path"]: each for each in score["files"]}
    assert list(files) == ["bad/c.yxwz", "d.yxmd", "good/a.yxmd", "good/b.yxmd"]
    assert all(list(each) == MEMBERS for each in files.values())
    assert [files[name]["group"] for name in files] == ["bad", ".", "good", "good"]
    assert [(each["read"], each["ran"], each["checks"], each["held"]) for each in files.values()] == [
        (False, False, 0, 0),
        (True, False, 0, 0),
        (True, True, 1, 1),
        (True, True, 1, 0),
    ]
    assert files["d.yxmd"]["missing"] == ["not known: the tool Acme.Unheard"]
    assert {name: score["totals"][name] for name in ("files", "read", "ran", "checks", "held")} == {
        "files": 4,
        "read": 3,
        "ran": 2,
        "checks": 2,
        "held": 1,
    }


def test_everything_that_is_missing_in_a_file_is_listed(yx: Yx, tmp_path: Path) -> None:
    actions = "".join(f'<SummarizeField field="n" action="{each}"/>' for each in ("SpatialObjCombine", "FinanceNPV"))
    methods = "<Method method='Longest'/><Method method='Mode'/>"
    line = '<FormulaField field="x" type="Double" expression="FinanceIRR([n], 1)"/>'
    tools = {
        1: text_input("n", "1"),
        2: node("Acme.Unheard"),
        3: node("Summarize", f"<SummarizeFields>{actions}</SummarizeFields>"),
        4: node("CrossTab", f'<HeaderField field="n"/><DataField field="n"/><Methods>{methods}</Methods>'),
        5: node("DataCleansing", "<Cleanse><SetNull>True</SetNull><ModifyCase>CamelCase</ModifyCase></Cleanse>"),
        6: node("Formula", f"<FormulaFields>{line}</FormulaFields>"),
        7: node("Output", "<File>out.sav</File>"),
    }
    (tmp_path / "w.yxmd").write_bytes(workflow(tools, "1 > 2", *(f"2 > {each}" for each in (3, 4, 5, 6, 7))))
    expected = {
        "not known: the tool Acme.Unheard",
        "not supported yet: SpatialObjCombine in Summarize",
        "not supported yet: FinanceNPV in Summarize",
        "not supported yet: Longest in Cross Tab",
        "not supported yet: Mode in Cross Tab",
        "not supported yet: SetNull in Data Cleansing",
        "not supported yet: the case 'camel' in Data Cleansing",
        "not supported yet: the formula function FinanceIRR",
        "not supported yet: SPSS files",
    }
    (file,) = json.loads(yx("score", tmp_path, "--json").out)["files"]
    assert set(file["missing"]) == expected
    assert set(json.loads(yx("check", tmp_path / "w.yxmd", "--json").out)["missing"]) == expected


def test_a_table_by_group_and_the_reasons_by_their_number(yx: Yx, folder: Path, tmp_path: Path) -> None:
    done = yx("score", folder, "--html", tmp_path / "page.html", "--details", tmp_path / "lines.tsv")
    assert [line.split("\t")[:3] for line in done.lines] == [
        [".", "1", "1"],
        ["bad", "1", "0"],
        ["good", "2", "2"],
        ["all", "4", "3"],
    ]
    assert "Check not held" in done.err
    assert "good/b.yxmd\tcheck not held\t2\ttest: it failed" in (tmp_path / "lines.tsv").read_text(encoding="utf-8")
    assert "good/b.yxmd" in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_the_aims_count_the_files_that_are_ready(yx: Yx, folder: Path, tmp_path: Path) -> None:
    done = yx("score", folder, "--html", tmp_path / "page.html")
    for told in (done.err, (tmp_path / "page.html").read_text(encoding="utf-8")):
        assert "Files read, or refused with a place: 4/4 (100.0 %)" in told
        assert "Ready files that ran, or failed as they must: 2/2 (100.0 %)" in told
        assert "Checks held in ready files: 1/2 (50.0 %)" in told


def test_a_part_is_never_rounded_up_to_the_whole() -> None:
    almost = [Verdict(path=str(n), group="g", read=True, inputs=True, ran=n > 0) for n in range(10_000)]
    assert "Ready files that ran, or failed as they must: 9999/10000 (99.9 %)" in aims(almost)


def test_nothing_in_the_folder_is_changed(yx: Yx, folder: Path) -> None:
    before = sorted(folder.rglob("*"))
    assert yx("score", folder).code == 0
    assert sorted(folder.rglob("*")) == before


def test_a_folder_without_workflows_is_asked_wrongly(yx: Yx, tmp_path: Path) -> None:
    refused = yx("score", tmp_path, "--json")
    assert (refused.code, refused.error["code"]) == (2, "asked_wrongly")


def test_a_file_that_takes_too_long_is_ended_and_named(folder: Path) -> None:
    (verdict,) = judged([folder / "d.yxmd"], folder, jobs=1, limits=Limits(seconds=0))
    assert not verdict.ran
    assert verdict.reason == "it had not ended after 0 seconds"


@pytest.mark.skipif(sys.platform != "linux", reason="what it started is read from /proc")
@pytest.mark.parametrize("end", [os.kill, os.killpg], ids=["it alone", "all that it started"])
def test_interrupted_as_it_begins_it_says_so_and_no_more(yx: Yx, folder: Path, end: Callable[[int, int], None]) -> None:
    # A short path: processes are forked only where a socket's path can stand in it.
    with tempfile.TemporaryDirectory(dir="/tmp") as short:
        command = yx.command("score", folder)
        env = yx.env | {"TMPDIR": short}
        with subprocess.Popen(command, env=env, stderr=subprocess.PIPE, start_new_session=True) as process:
            _wait_for_server(process.pid)
            end(process.pid, signal.SIGINT)
            _, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, err.decode().strip()) == (130, "yx: interrupted")


def _wait_for_server(pid: int) -> None:
    """Until the process from which others are forked loads the engine."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    until = time.monotonic() + PATIENCE
    while not any(
        b"forkserver" in Path(f"/proc/{each}/cmdline").read_bytes()
        and b"polars" in Path(f"/proc/{each}/maps").read_bytes()
        for each in children.read_text().split()
    ):
        assert time.monotonic() < until
        time.sleep(0.01)


def test_a_package_that_lies_expanded_beside_itself_is_one_workflow(tmp_path: Path) -> None:
    (tmp_path / "g" / "x.yxzp.d").mkdir(parents=True)
    for name in ("g/x.yxzp", "g/x.yxzp.d/x.yxmd", "g/y.YXZP", "z.yxmc", "data.csv"):
        (tmp_path / name).write_bytes(b"")
    found = [path.relative_to(tmp_path).as_posix() for path in workflow_files(tmp_path)]
    assert found == ["g/x.yxzp.d/x.yxmd", "g/y.YXZP", "z.yxmc"]
    assert [group(tmp_path / name, tmp_path) for name in found] == ["g", "g", "."]


def test_what_files_say_cannot_steer_the_page() -> None:
    finding = Finding(about=About.CHECK, what="<b>what</b>", detail='"><script>alert(1)</script>')
    made = page("<i>", [Verdict(path="<img src=x>", group="&", findings=(finding,), reason="<u>")], tolerance=1e-6)
    for text in ("<b>what", "<script>alert", "<img", "<u>", "<i>&lt;", "of <i>"):
        assert text not in made
    assert "&lt;img src=x&gt;" in made
