"""Every way out of a run's folders, at every door: refused, with the tool and its setting."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import pytest

from openyx.engine import Result, run_workflow
from openyx.engine.places import Places
from openyx.errors import NotHere, WorkflowError
from openyx.messages import Kind
from openyx.testing import call, node, text_input, workflow

BROWSE = node("Browse")
SECRET = "key\nonly-for-others\n"
ONE = "<Configuration><Fields><Field name='x'/></Fields><Data><r><c>1</c></r></Data></Configuration>"

OUT = {
    "up": "../outside/secret.csv",
    "up with backslashes": "..\\outside\\secret.csv",
    "up again": "data\\..\\..\\outside\\secret.csv",
    "up in the middle of dots": "./data/./../../outside/./secret.csv",
    "up to what is not there": "../outside/gone.csv",
    "up in quotes": ' "../outside/secret.csv" ',
    "up in capitals": "../OUTSIDE/Secret.csv",
    "a folder whose name begins alike": "../files-of-another/secret.csv",
    "from the root": "{root}/outside/secret.csv",
    "from the root with backslashes": "\\outside\\secret.csv",
    "the system's": "/proc/self/environ",
    "a device": "/dev/zero",
    "a link to a file": "link.csv",
    "a link to a folder": "link/secret.csv",
    "a link in capitals": "LINK\\secret.csv",
    "a link to what is not there": "dangling.csv",
    "links in a circle": "circle/secret.csv",
    "a share": "\\\\host\\share\\secret.csv",
    "a share with slashes": "//host/share/secret.csv",
    "a long path": "\\\\?\\C:\\secret.csv",
    "a pipe": "\\\\.\\pipe\\secret.csv",
    "a drive": "C:\\secret.csv",
    "a drive's folder": "c:secret.csv",
    "a file's address": "file://{root}/outside/secret.csv",
    "a file's short address": "FILE:../outside/secret.csv",
    "an address": "https://host.invalid/secret.csv",
    "a variable of Windows": "%USERPROFILE%\\secret.csv",
    "a variable": "$HOME/secret.csv",
    "a variable in braces": "data/${{HOME}}/secret.csv",
    "a variable of PowerShell": "$env:HOME/secret.csv",
    "home": "~/secret.csv",
    "somebody's home": "~root\\secret.csv",
    "up from the workflow's folder": "%Engine.WorkflowDirectory%..\\outside\\secret.csv",
    "up from the temporary folder": "%Engine.TempFilePath%..\\secret.csv",
    "up by a constant": "%User.Out%/secret.csv",
}
CONSTANT = (
    "<Constants><Constant><Namespace>User</Namespace><Name>Out</Name><Value>../outside</Value></Constant>{}</Constants>"
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A run's folder, with links as only others can put them there, beside what is none of its business."""
    for folder in ("files/data", "outside", "files-of-another"):
        (tmp_path / folder).mkdir(parents=True)
    for folder in ("outside", "files-of-another"):
        (tmp_path / folder / "secret.csv").write_text(SECRET)
        (tmp_path / folder / "secret.yxmc").write_bytes(macro(node("TextInput", ONE)))
    files = tmp_path / "files"
    (files / "link.csv").symlink_to(tmp_path / "outside" / "secret.csv")
    (files / "link.yxmc").symlink_to(tmp_path / "outside" / "secret.yxmc")
    (files / "link").symlink_to(tmp_path / "outside")
    (files / "dangling.csv").symlink_to(tmp_path / "outside" / "new.csv")
    (files / "circle").symlink_to(files / "circle")
    (files / "own.csv").write_text("x\n1\n")
    return tmp_path


def macro(inner: str, *, properties: str = "") -> bytes:
    return workflow({1: inner, 2: node("MacroOutput", "<Name>Output</Name>")}, "1 > 2", properties=properties)


def snapshot(root: Path) -> dict[str, str]:
    """What lies outside of the run's folder."""
    found = {str(path): path.read_text() for path in (root / "outside").iterdir()}
    found |= {str(path): path.read_text() for path in (root / "files-of-another").iterdir()}
    return found | dict.fromkeys(map(str, root.iterdir()), "")


def ran(root: Path, nodes: dict[int, str], *lines: str, properties: str = "", answers: str = "") -> Result:
    given: dict[str, Any] = {"answers": {"Where": answers}} if answers else {}
    constants = CONSTANT.format("<Constant><Namespace>Question</Namespace><Name>Where</Name></Constant>")
    (root / "files" / "w.yxmd").write_bytes(workflow(nodes, *lines, properties=constants + properties))
    return run_workflow(root / "files" / "w.yxmd", folder=root / "files", **given)


def reads(path: str) -> str:
    return node("Input", f'<File FileFormat="0">{escape(path)}</File><FormatSpecificOptions/>')


def writes(path: str, more: str = "") -> str:
    file = f'<File FileFormat="0" MaxRecords="">{escape(path)}</File>'
    return node("Output", f"{file}<FormatSpecificOptions/>{more}")


def door_input(root: Path, path: str) -> Result:
    return ran(root, {1: reads(path), 2: BROWSE}, "1 > 2")


def door_wildcard(root: Path, path: str) -> Result:
    return ran(root, {1: reads(path[:-5] + "*.csv" if path.endswith("t.csv") else path), 2: BROWSE}, "1 > 2")


def door_directory(root: Path, path: str) -> Result:
    folder = path.strip(' "').replace("/", "\\").rpartition("\\")[0] or path
    settings = f"<Directory>{escape(folder)}</Directory><FileSpec>*.*</FileSpec><IncludeSubDirs value='True'/>"
    return ran(root, {1: node("Directory", settings), 2: BROWSE}, "1 > 2")


def door_output(root: Path, path: str) -> Result:
    return ran(root, {2: text_input("x", "1"), 1: writes(path)}, "2 > 1")


def door_output_by_record(root: Path, path: str) -> Result:
    parted = "<MultiFile value='True'/><MultiFileType>Path</MultiFileType><MultiFileField>to</MultiFileField>"
    return ran(root, {2: text_input("x to", f"1|{escape(path)}"), 1: writes("own-out.csv", parted)}, "2 > 1")


def door_macro(root: Path, path: str) -> Result:
    return ran(root, {1: call(path.replace(".csv", ".yxmc")), 2: BROWSE}, "1 > 2")


def door_input_in_a_macro(root: Path, path: str) -> Result:
    constant = CONSTANT.format("")
    (root / "files" / "m.yxmc").write_bytes(macro(reads(path), properties=constant))
    return ran(root, {1: call("m.yxmc"), 2: BROWSE}, "1 > 2")


def door_file_exists(root: Path, path: str) -> Result:
    asked = f"FileExists('{path}')"
    settings = f"<FormulaField field='there' expression={quoteattr(asked)} type='Bool'/>"
    formula = node("Formula", f"<FormulaFields>{settings}</FormulaFields>")
    return ran(root, {2: text_input("x", "1"), 1: formula, 3: BROWSE}, "2 > 1", "1 > 3")


def door_file_exists_of_a_record(root: Path, path: str) -> Result:
    settings = "<Mode>Custom</Mode><Expression>FileExists([to])</Expression>"
    (root / "files" / "to.csv").write_text('to\n"{}"\n'.format(path.replace('"', '""')))
    return ran(root, {2: reads("to.csv"), 1: node("Filter", settings), 3: BROWSE}, "2 > 1", "1.True > 3")


def door_answer(root: Path, path: str) -> Result:
    question = (
        "<RuntimeProperties><Questions><Question><Type>TextBox</Type><Name>Where</Name><ToolId value='8'/></Question>"
        "</Questions></RuntimeProperties>"
    )
    return ran(
        root, {1: reads("%Question.Where%"), 2: BROWSE, 8: node("TextBox")}, "1 > 2", properties=question, answers=path
    )


READING: dict[str, tuple[Callable[[Path, str], Result], str]] = {
    "Input": (door_input, "File"),
    "Input of several files": (door_wildcard, "File"),
    "Directory": (door_directory, "Directory"),
    "a macro's call": (door_macro, ""),
    "Input in a macro": (door_input_in_a_macro, "File"),
    "FileExists": (door_file_exists, "FileExists"),
    "FileExists of a record": (door_file_exists_of_a_record, "FileExists"),
    "an answer": (door_answer, "File"),
}
WRITING: dict[str, tuple[Callable[[Path, str], Result], str]] = {
    "Output": (door_output, "File"),
    "Output by a field": (door_output_by_record, "MultiFileField"),
}
ELSEWHERE = {
    # a folder by itself, and not what is in it
    "Directory": {"a link to a file", "a link to what is not there"},
    # the text of a record or an expression is nobody's setting: nothing is put in
    # where links go in a circle there is nothing
    "FileExists": {"links in a circle", *(name for name in OUT if "up from" in name or "constant" in name)},
    "FileExists of a record": {
        "links in a circle",
        *(name for name in OUT if "up from" in name or "constant" in name),
    },
    "Output by a field": {name for name in OUT if "up from" in name or "constant" in name},
    "an answer": {name for name in OUT if "up from" in name or "constant" in name},
}


def matrix(doors: dict[str, tuple[Callable[[Path, str], Result], str]]) -> list[tuple[str, str]]:
    return [(door, way) for door in doors for way in OUT if way not in ELSEWHERE.get(door, ())]


@pytest.mark.parametrize(("door", "way"), matrix(READING | WRITING))
def test_no_door_leads_out(root: Path, door: str, way: str) -> None:
    opened, setting = (READING | WRITING)[door]
    before = snapshot(root)
    result = opened(root, OUT[way].format(root=root))
    errors = [message for message in result.messages if message.kind is Kind.ERROR]
    assert not result.ok
    assert errors
    assert errors[0].tool == 1, errors
    assert setting in errors[0].text
    assert "not available here" in errors[0].text or way == "links in a circle" or door == "a macro's call"
    assert not any("only-for-others" in message.text for message in result.messages)
    assert result.outputs == ()
    assert snapshot(root) == before


@pytest.mark.parametrize("door", [*READING, *WRITING])
def test_the_same_doors_lead_to_what_is_inside(root: Path, door: str) -> None:
    (root / "files" / "own.yxmc").write_bytes(macro(text_input("x", "1")))
    (root / "files" / "data" / "own.csv").write_text("x\n1\n")
    result = (READING | WRITING)[door][0](root, "data/own.csv" if door != "a macro's call" else "own.csv")
    assert result.ok, [message.text for message in result.messages]


@pytest.mark.parametrize("there", ["secret.csv", "gone.csv"])
def test_nobody_is_told_what_is_there(root: Path, there: str) -> None:
    told = [message.text for message in door_input(root, f"../outside/{there}").messages]
    assert told[0].replace(there, "it") == (
        'not available here: "../outside/it" lies outside the folder of the workflow, where this run may not go '
        "(see the setting File)"
    )


def test_a_folder_is_not_listed_through_a_link_in_it(root: Path) -> None:
    result = door_directory(root, "data/x.csv")
    assert result.ok
    (root / "files" / "data" / "link.csv").symlink_to(root / "outside" / "secret.csv")
    (root / "files" / "data" / "folder").symlink_to(root / "outside")
    assert not door_directory(root, "data/x.csv").ok
    (root / "files" / "data" / "link.csv").unlink()
    (listed,) = door_directory(root, "data/x.csv").outputs
    assert listed.records == 0


@pytest.mark.parametrize("written", ["a\0.csv", "../outside/secret.csv\0.txt", "\0"])
def test_a_nul_is_no_part_of_a_path(root: Path, written: str) -> None:
    places = Places(source=root / "files", target=root / "files", temporary=root / "files")
    for ask in (places.inputs, places.folder, places.output):
        with pytest.raises(WorkflowError):
            ask(written)
    assert not places.exists("a\0.csv")


def given(root: Path, *, readable: str = "", writable: str = "") -> Places:
    return Places(
        source=root / "files",
        target=root / "files",
        temporary=root / "files",
        readable=(root / readable,) if readable else (),
        writable=(root / writable,) if writable else (),
    )


def test_a_folder_that_may_be_read_is_not_written(root: Path) -> None:
    places = given(root, readable="outside")
    assert places.inputs(f"{root}\\outside\\secret.csv") == (root / "outside" / "secret.csv",)
    assert places.inputs("../outside/secret.csv") == (root / "outside" / "secret.csv",)
    assert places.folder("link") == root / "files" / "link"
    assert places.exists(f"{root}/outside/secret.csv")
    for written in (f"{root}/outside/new.csv", "../outside/new.csv", "link/new.csv", "dangling.csv"):
        with pytest.raises(NotHere, match=r"may read and not write.*--folder DIR:rw"):
            places.output(written)
    with pytest.raises(NotHere, match="lies outside the folder"):
        places.output(f"{root}/files-of-another/new.csv")


def test_a_folder_that_may_be_written_may_be_read_and_is_no_way_further(root: Path) -> None:
    places = given(root, writable="outside")
    assert places.output(f"{root}/outside/new.csv") == root / "outside" / "new.csv"
    assert places.inputs(f"{root}/outside/secret.csv") == (root / "outside" / "secret.csv",)
    (root / "outside" / "on").symlink_to(root / "files-of-another")
    for written in (f"{root}/outside/on/x.csv", f"{root}/outside/../files-of-another/x.csv", f"{root}/x.csv"):
        with pytest.raises(NotHere):
            places.output(written)
        with pytest.raises(NotHere):
            places.inputs(written)


def test_a_workflow_reads_and_writes_in_the_folders_that_it_is_given(root: Path) -> None:
    source, target = f"{root}/files-of-another/secret.csv", f"{root}/outside/new.csv"
    (root / "files" / "w.yxmd").write_bytes(workflow({1: reads(source), 2: writes(target)}, "1 > 2"))
    result = run_workflow(
        root / "files" / "w.yxmd",
        folder=root / "files",
        readable=(root / "files-of-another",),
        writable=(root / "outside",),
    )
    assert result.ok, [message.text for message in result.messages]
    assert (root / "outside" / "new.csv").read_text().split() == SECRET.split()


@pytest.mark.parametrize(
    "name", ["5 % of 10 %.csv", "Sheet1$.csv", "$a$.csv", "a~1.csv", "~$book.csv", "%odd%.csv", "$X"]
)
def test_names_that_only_look_like_others_are_names(root: Path, name: str) -> None:
    (root / "files" / name).write_text("x\n1\n")
    assert given(root).inputs(name) == (root / "files" / name,)
