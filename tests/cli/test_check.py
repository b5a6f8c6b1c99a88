"""``yx check``: what a file needs, tool by tool; what the files of a folder need, ranked."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from openyx.cli.checking.gallery import refusals
from openyx.testing import call, node, text_input, workflow

if TYPE_CHECKING:
    from tests.cli.conftest import Yx

ROWS = text_input("a", "1")
FUZZY = node("AlteryxBasePluginsGui.FuzzyMatch.FuzzyMatch")
MONGO = node("AlteryxConnectorGui.MongoInput.MongoInput")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    flows = {
        "good": workflow({1: ROWS, 2: node("Browse"), 3: node("Comment")}, "1 > 2"),
        "fuzzy": workflow({1: ROWS, 2: FUZZY, 4: FUZZY}, "1 > 2"),
        "both": workflow({1: ROWS, 2: FUZZY, 3: MONGO}, "1 > 2"),
        "broken": b"<html/>",
    }
    (tmp_path / "w" / "deep").mkdir(parents=True)
    for name, content in flows.items():
        (tmp_path / "w" / ("deep" if name == "both" else "") / f"{name}.yxmd").write_bytes(content)
    return tmp_path / "w"


def test_a_file_that_would_run_is_no_failure(yx: Yx, folder: Path) -> None:
    done = yx("check", folder / "good.yxmd")
    assert done.code == 0, done.err
    assert done.lines == ["1\tText Input\texact\t", "2\tBrowse\texact\t"]
    assert "good: 2 exact. It would run." in done.err


def test_a_file_that_needs_what_is_missing_is_one(yx: Yx, folder: Path) -> None:
    done = yx("check", folder / "fuzzy.yxmd")
    assert done.code == 1
    assert "2\tFuzzy Match\tmissing\tnot supported yet: the tool Fuzzy Match" in done.lines
    assert "It would not run." in done.err


@pytest.fixture
def carried(tmp_path: Path) -> Path:
    """A workflow that runs here: of what it reads and writes, one file each would go with it."""
    folder = tmp_path / "carried"
    folder.mkdir()
    for path in (folder / "in.csv", tmp_path / "other.csv"):
        path.write_text("a\n1\n")
    tools = {
        1: node("Input", "<File>in.csv</File>"),
        2: node("Input", "<File>..\\other.csv</File>"),
        3: node("Input", f"<File>{folder / 'in.csv'}</File>"),
        4: node("Output", "<File>out.csv</File>"),
        5: node("Output", f"<File>{tmp_path / 'out.csv'}</File>"),
    }
    (folder / "w.yxmd").write_bytes(workflow(tools, "1 > 4", "1 > 5"))
    return folder / "w.yxmd"


def test_what_only_a_gallery_refuses_is_told(yx: Yx, carried: Path) -> None:
    done = yx("check", carried)
    assert done.code == 0, done.err
    summary, *refused = done.err.strip().splitlines()
    assert summary == "w: 5 exact. It runs here, but not in a gallery:"
    unless = "unless the gallery is started with --folder for it"
    outside = "lies outside the folder of the workflow, where this run may not go"
    assert [each.strip() for each in refused] == [
        f'tool 2 (Input Data): setting File: "..\\other.csv" {outside}',
        f'tool 3 (Input Data): setting File: "{carried.parent / "in.csv"}" leads elsewhere there; write it as "in.csv"',
        f'tool 5 (Output Data): setting File: "{carried.parent.parent / "out.csv"}" {outside}, {unless}',
    ]
    assert [each.split(":")[0] for each in yx("check", carried, "--json").json["galleryRefuses"]] == [
        "tool 2 (Input Data)",
        "tool 3 (Input Data)",
        "tool 5 (Output Data)",
    ]
    assert sorted(path.name for path in carried.parent.iterdir()) == ["in.csv", "w.yxmd"]


def test_a_package_has_in_a_gallery_what_is_in_it(tmp_path: Path) -> None:
    package = tmp_path / "w.yxzp"
    tools = {1: node("Input", "<File>in.csv</File>"), 2: node("Output", "<File>made/out.csv</File>")}
    (tmp_path / "in.csv").write_text("a\n1\n")
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("sub/w.yxmd", workflow(tools, "1 > 2"))
    assert refusals(package) == ['tool 1 (Input Data): setting File: The file "in.csv" does not exist']
    with zipfile.ZipFile(package, "a") as archive:
        archive.writestr("sub/in.csv", "a\n1\n")
    assert refusals(package) == []


def test_a_macro_may_be_there_where_the_jobs_run(tmp_path: Path) -> None:
    (tmp_path / "w.yxmd").write_bytes(workflow({1: ROWS, 2: call("acme.yxmc")}, "1 > 2"))
    (reason,) = refusals(tmp_path / "w.yxmd")
    assert reason.endswith("not known: the macro acme.yxmc, unless OPENYX_MACROS leads to it where the jobs run")


def test_a_report_as_json(yx: Yx, folder: Path) -> None:
    done = yx("check", folder / "deep" / "both.yxmd", "--json")
    assert done.code == 1
    assert done.json["missing"] == [
        "not supported yet: the tool Fuzzy Match",
        "not available here: the tool MongoDB Input (a connector to MongoDB)",
    ]
    assert done.json["counts"] == {"exact": 1, "approximate": 0, "missing": 2, "wrong": 0, "idle": 0}
    assert done.json["tools"][2] == {
        "tool": 3,
        "name": "MongoDB Input",
        "title": "",
        "verdict": "missing",
        "missing": [{"code": "not_here", "detail": "the tool MongoDB Input (a connector to MongoDB)"}],
        "wrong": [],
        "approximate": [],
        "files": [],
        "unread": [],
        "remarks": [],
    }


def test_a_folder_is_told_file_by_file_and_what_is_missing_is_ranked(yx: Yx, folder: Path) -> None:
    done = yx("check", folder)
    assert done.code == 1
    assert [line.split("\t")[:4] for line in done.lines] == [
        ["broken.yxmd", "", "", ""],
        ["deep/both.yxmd", "1", "0", "2"],
        ["fuzzy.yxmd", "1", "0", "2"],
        ["good.yxmd", "2", "0", "0"],
    ]
    assert "4 files: 1 would run, 2 would not, 1 cannot be read." in done.err
    ranked = [line.split(maxsplit=1) for line in done.err.splitlines() if line.startswith("     ")]
    assert ranked == [
        ["2", "not supported yet: the tool Fuzzy Match  (3 tools)"],
        ["1", "not available here: the tool MongoDB Input (a connector to MongoDB)"],
    ]


def test_a_folder_as_json(yx: Yx, folder: Path) -> None:
    done = yx("check", folder, "--json")
    assert done.code == 1
    assert [Path(each["path"]).name for each in done.json["files"]] == [
        "broken.yxmd",
        "both.yxmd",
        "fuzzy.yxmd",
        "good.yxmd",
    ]
    assert "html" in done.json["files"][0]["refused"]
    totals = done.json["totals"]
    assert (totals["files"], totals["refused"], totals["stops"]) == (4, 1, 3)
    assert totals["missing"][0] == {"what": "not supported yet: the tool Fuzzy Match", "files": 2, "tools": 3}


def test_a_file_that_is_no_workflow_is_asked_wrongly(yx: Yx, folder: Path) -> None:
    refused = yx("check", folder / "broken.yxmd", "--json")
    assert (refused.code, refused.error["code"]) == (2, "document_error")


def test_a_folder_without_workflows_is_asked_wrongly(yx: Yx, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    refused = yx("check", tmp_path / "empty", "--json")
    assert (refused.code, refused.error["code"]) == (2, "asked_wrongly")
