"""Directory."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from openyx.engine import Anchor, run_workflow
from openyx.errors import WorkflowError
from openyx.relation.run import Keep, run
from openyx.testing import node, workflow
from openyx.tools.files import Entry
from openyx.tools.in_out.directory import Directory

AT = datetime.fromisoformat("2026-11-24 15:30:00")
FILES = (
    Entry(path=Path("/data/In/a.csv"), size=7, created=AT, accessed=AT, written=AT, attributes=frozenset({"Hidden"})),
    Entry(path=Path("/b"), size=5_000_000_000, created=AT, accessed=AT, written=AT),
)


def test_each_file_is_a_record() -> None:
    found = run([Keep(Directory(path="x").lower(FILES))]).table(0)
    first, second = found.rows()
    assert first[:8] == ("\\data\\In\\a.csv", "\\data\\In\\", "a.csv", None, AT, AT, AT, 7)
    assert second[:3] == ("\\b", "\\", "b")
    assert second[7] == 5_000_000_000
    hidden = found.schema.place("AttributeHidden")
    assert hidden is not None
    assert [place for place, cell in enumerate(first) if cell is True] == [hidden]
    assert True not in second


def test_fields_are_those_of_the_product() -> None:
    schema = Directory(path="x").lower(()).schema
    assert [f"{field.name} {field.type}" for field in schema][:8] == [
        "FullPath V_WString(32767)",
        "Directory V_WString(32767)",
        "FileName V_WString(260)",
        "ShortFileName V_WString(14)",
        "CreationTime DateTime",
        "LastAccessTime DateTime",
        "LastWriteTime DateTime",
        "Size Int64",
    ]
    assert " ".join(field.name.removeprefix("Attribute") for field in list(schema)[8:]) == (
        "Archive Compressed Encrypted Hidden Normal Offline Readonly ReparsePoint SparseFile System Temporary"
    )
    assert {field.source for field in schema} == {"Directory:"}


def test_a_folder_must_be_chosen() -> None:
    with pytest.raises(WorkflowError, match="No folder is chosen"):
        Directory(path="").lists()


def test_a_workflow_lists_the_files_beside_it(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "one.txt").write_text("x")
    settings = r"<Directory>.\In</Directory><FileSpec>*.txt</FileSpec><IncludeSubDirs value='False'/>"
    file = tmp_path / "list.yxmd"
    file.write_bytes(workflow({1: node("AlteryxBasePluginsGui.Directory.Directory", settings)}))
    result = run_workflow(file, keep=[Anchor(1)])
    assert result.ok
    assert result.tables[Anchor(1)].column("FileName") == ["one.txt"]
    assert result.tables[Anchor(1)].column("FullPath") == [str(tmp_path / "in" / "one.txt").replace("/", "\\")]
