"""Files that workflows read and write."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from openyx.document import pack
from openyx.engine import Result, run_workflow
from openyx.errors import JobCancelled
from openyx.messages import Kind
from openyx.testing import node, records, table, text_input, workflow

BROWSE = node("Browse")
NO_RECORDS = node(
    "Test",
    "<Tests><Test><Name>t</Name><Connection>#1</Connection><Type>RecCountValue</Type><Value>0</Value></Test></Tests>",
)
ROWS = text_input("id name", "3|c", "1|é", "2|日本")


def reads(path: str, options: str = "", attributes: str = 'FileFormat="0"') -> str:
    return node("Input", f"<File {attributes}>{path}</File><FormatSpecificOptions>{options}</FormatSpecificOptions>")


def writes(path: str, options: str = "<CodePage>65001</CodePage>", more: str = "") -> str:
    file = f'<File FileFormat="0" MaxRecords="">{path}</File>'
    return node("Output", f"{file}<FormatSpecificOptions>{options}</FormatSpecificOptions>{more}")


def ran(home: Path, nodes: dict[int, str], *lines: str, properties: str = "", **given: Any) -> Result:
    (home / "w.yxmd").write_bytes(
        workflow(nodes, *lines, properties=properties, version=given.pop("version", "2021.4"))
    )
    return run_workflow(home / "w.yxmd", **given)


def errors(result: Result) -> list[tuple[int, str]]:
    return [(message.tool, message.text) for message in result.messages if message.kind is Kind.ERROR]


def warnings(result: Result) -> list[tuple[int, str]]:
    return [(message.tool, message.text) for message in result.messages if message.kind is Kind.WARNING]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A workflow's folder with some data."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "in.csv").write_text('id,name\n1,Ann\n2,\n3,""\n')
    (tmp_path / "data" / "b.csv").write_text("ID,Name\n4,Bob\n")
    (tmp_path / "data" / "c.csv").write_text("id,other\n5,Cyd\n")
    return tmp_path


def test_a_csv_is_read_as_text(home: Path) -> None:
    result = ran(home, {1: reads("data\\in.csv"), 2: BROWSE}, "1 > 2")
    assert result.ok
    (output,) = result.outputs
    assert output.table is not None
    assert records(output.table) == table("id: V_String(254), name: V_String(254)", "1, Ann", "2, ", '3, ""')
    told = [message for message in result.messages if message.kind is Kind.FILE_READ]
    assert [(message.tool, message.text) for message in told] == [(1, f'3 records were read from "{home}/data/in.csv"')]


def test_several_files_are_read_by_name_and_one_with_other_fields_is_skipped(home: Path) -> None:
    result = ran(home, {1: reads("data\\*.csv"), 2: BROWSE}, "1 > 2")
    assert result.ok
    assert [row[0] for row in result.outputs[0].table.rows()] == ["4", "1", "2", "3"]  # type: ignore[union-attr]  # it has a table
    assert warnings(result) == [
        (1, f'"{home}/data/c.csv" has a different schema than the 1st file in the set and will be skipped')
    ]


@pytest.mark.parametrize(("kind", "name"), [("FileName", "in.csv"), ("Path", "data/in.csv")])
def test_the_name_of_the_file_may_be_a_field(home: Path, kind: str, name: str) -> None:
    attributes = f'FileFormat="0" OutputFileName="{kind}"'
    result = ran(home, {1: reads("data/in.csv", attributes=attributes), 2: BROWSE}, "1 > 2")
    found = result.outputs[0].table
    assert found is not None
    assert str(found.schema["FileName"].type) == "V_WString(254)"
    path = str(home / name).replace("/", "\\")
    assert {row[2] for row in found.rows()} == {name if kind == "FileName" else path}


def test_only_the_first_records_may_be_wanted(home: Path) -> None:
    result = ran(home, {1: reads("data/in.csv", attributes='FileFormat="0" RecordLimit="2"'), 2: BROWSE}, "1 > 2")
    assert result.outputs[0].records == 2


def test_options_are_read_and_unknown_ones_are_told(home: Path) -> None:
    options = "<HeaderRow>False</HeaderRow><FieldLen>10</FieldLen><Sparkle>True</Sparkle><NoProgress>True</NoProgress>"
    result = ran(home, {1: reads("data/b.csv", options), 2: BROWSE}, "1 > 2")
    found = result.outputs[0].table
    assert found is not None
    assert records(found) == table("Field_1: V_String(10), Field_2: V_String(10)", "ID, Name", "4, Bob")
    assert warnings(result) == [(1, "Settings that are not understood are left aside: FormatSpecificOptions/Sparkle")]


def test_a_field_size_is_capped_in_newer_files_only(home: Path) -> None:
    options = "<FieldLen>99999999</FieldLen>"
    for version, size in (("2021.4", 16_777_216), ("11.0", 99_999_999)):
        result = ran(home, {1: reads("data/b.csv", options), 2: BROWSE}, "1 > 2", version=version)
        found = result.outputs[0].table
        assert found is not None
        assert found.schema["id"].type.size == size


@pytest.mark.parametrize(
    ("input_", "said"),
    [
        (reads("gone.csv"), 'The file "gone.csv" does not exist'),
        (reads(""), "No file is chosen"),
        (reads("C:\\data\\in.csv"), "not available here: the drive C:"),
        (
            reads("odbc:DSN=x|||SELECT 1", attributes='FileFormat="23"'),
            "not available here: the database connection odbc:",
        ),
        (reads("data/in.csv|||part"), 'not supported yet: a part of a file ("part")'),
        (reads("data/in.xlsx|||`Sheet1$`", attributes='FileFormat="25"'), "not supported yet: Excel files"),
        (reads("data/in.csv", attributes='FileFormat="19"'), "not supported yet: yxdb files"),
        (reads("w.yxmd", attributes='FileFormat="999"'), "not known: the file format 999"),
        (reads("data/in.csv", "<CodePage>1</CodePage>"), "FormatSpecificOptions: option CodePage"),
        (reads("../secret.csv"), "lies outside the folder of the workflow"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_before_the_run(home: Path, input_: str, said: str) -> None:
    (home.parent / "secret.csv").write_text("a\n1\n")
    result = ran(home, {1: input_, 2: BROWSE}, "1 > 2")
    assert not result.ok
    ((tool, text),) = errors(result)
    assert tool == 1
    assert said in text
    assert result.counts == {}


def test_records_that_do_not_fit_fail_the_run_and_name_the_tool(home: Path) -> None:
    (home / "bad.csv").write_text("a,b\n1,2\n3\n")
    result = ran(home, {1: reads("bad.csv"), 2: BROWSE, 3: writes("out.csv")}, "1 > 2", "1 > 3")
    assert not result.ok
    ((tool, text),) = errors(result)
    assert tool == 1
    assert "bad.csv" in text
    assert not (home / "out.csv").exists()


def test_a_csv_is_written_as_the_product_writes_it(home: Path) -> None:
    result = ran(home, {1: ROWS, 2: writes("out.csv")}, "1 > 2")
    assert result.ok
    assert (home / "out.csv").read_bytes() == "\ufeffid,name\r\n3,c\r\n1,é\r\n2,日本\r\n".encode()
    (output,) = result.outputs
    assert (output.tool, output.name, output.records, output.path) == (2, "out.csv", 3, home / "out.csv")
    assert (2, Kind.FILE_WRITTEN, f'3 records were written to "{home}/out.csv"') in [
        (message.tool, message.kind, message.text) for message in result.messages
    ]


def test_what_a_code_page_lacks_is_told(home: Path) -> None:
    result = ran(home, {1: ROWS, 2: writes("out.csv", "")}, "1 > 2")
    assert result.ok
    assert (home / "out.csv").read_bytes() == "id,name\r\n3,c\r\n1,é\r\n2,??\r\n".encode("latin-1")
    told = [message for message in result.messages if message.kind is Kind.CONVERSION_ERROR]
    assert [(message.tool, message.text) for message in told] == [
        (2, 'name: "日本" could not be fully converted from a WString to a String.')
    ]


def test_outputs_go_to_the_folder_that_is_given(home: Path) -> None:
    result = ran(home, {1: ROWS, 2: writes("deep\\out.csv")}, "1 > 2", folder=home / "results")
    assert result.ok
    assert (home / "results" / "deep" / "out.csv").is_file()


def test_a_missing_folder_beside_the_workflow_is_an_error(home: Path) -> None:
    result = ran(home, {1: ROWS, 2: writes("deep\\out.csv")}, "1 > 2")
    assert "Unable to open file for write" in errors(result)[0][1]


def test_a_file_outside_is_written_only_where_that_is_allowed(home: Path) -> None:
    target = home / "elsewhere" / "out.csv"
    target.parent.mkdir()
    (home / "flow").mkdir()
    nodes = {1: ROWS, 2: writes("..\\elsewhere\\out.csv")}
    assert "lies outside" in errors(ran(home / "flow", nodes, "1 > 2"))[0][1]
    assert ran(home / "flow", nodes, "1 > 2", anywhere=True).ok
    assert target.is_file()


def test_two_tools_cannot_write_one_file(home: Path) -> None:
    result = ran(home, {1: ROWS, 2: writes("out.csv"), 3: writes("OUT\\..\\out.csv")}, "1 > 2", "1 > 3")
    assert errors(result) == [(3, f'"{home}/out.csv" is written by tool 2 and tool 3')]


def test_a_file_cannot_be_read_and_written_in_one_run(home: Path) -> None:
    result = ran(home, {1: reads("data/in.csv"), 2: writes("data/in.csv")}, "1 > 2")
    assert errors(result) == [(1, f'"{home}/data/in.csv" is read here and written by tool 2 in one run')]


def test_outputs_can_be_switched_off(home: Path) -> None:
    assert ran(home, {1: ROWS, 2: writes("a.csv", more="<Disable>True</Disable>")}, "1 > 2").ok
    assert ran(home, {1: ROWS, 2: writes("a.csv")}, "1 > 2", properties='<DisableAllOutput value="True"/>').ok
    assert not (home / "a.csv").exists()


def test_a_failed_test_still_leaves_the_files(home: Path) -> None:
    result = ran(home, {1: ROWS, 2: writes("a.csv"), 3: NO_RECORDS}, "1 > 2", "1 > 3")
    assert not result.ok
    assert (home / "a.csv").is_file()


def test_a_workflow_may_stop_at_the_first_error_and_leave_no_file(home: Path) -> None:
    properties = '<CancelOnError value="True"/>'
    result = ran(home, {1: ROWS, 2: writes("a.csv"), 3: NO_RECORDS}, "1 > 2", "1 > 3", properties=properties)
    assert not result.ok
    assert result.outputs == ()
    assert [path.name for path in home.iterdir() if "a.csv" in path.name] == []


@pytest.mark.parametrize(("cancels", "left"), [("False", "\ufeffname,id\r\n"), ("True", "old")])
def test_what_is_behind_a_join_that_is_refused_is_written_unless_errors_cancel_the_run(
    home: Path, cancels: str, left: str
) -> None:
    (home / "a.csv").write_text("old")
    append = node("AlteryxBasePluginsGui.AppendFields.AppendFields", "<CartesianMode>Error</CartesianMode>")
    nodes = {1: text_input("name", "x"), 2: text_input("id", *map(str, range(17))), 3: append, 4: writes("a.csv")}
    lines = ("1 > 3.Targets", "2 > 3.Source", "3 > 4")
    result = ran(home, nodes, *lines, properties=f'<CancelOnError value="{cancels}"/>')
    assert errors(result) == [(3, "The Source input has more than 16 records")]
    assert not result.ok
    assert (home / "a.csv").read_bytes().decode() == left
    assert [path.name for path in home.iterdir() if "a.csv" in path.name] == ["a.csv"]


def test_a_run_that_is_cancelled_leaves_the_old_file(home: Path) -> None:
    (home / "out.csv").write_text("old")
    with pytest.raises(JobCancelled):
        ran(home, {1: ROWS, 2: writes("out.csv")}, "1 > 2", cancelled=lambda: True)
    assert (home / "out.csv").read_text() == "old"
    assert [path.name for path in home.iterdir() if "out.csv" in path.name] == ["out.csv"]


def test_the_temporary_folder_is_the_runs_own(home: Path) -> None:
    result = ran(home, {1: ROWS, 2: writes("%temp%out.csv")}, "1 > 2")
    assert result.ok
    assert not (home / "%temp%out.csv").exists()


def test_constants_are_put_into_paths(home: Path) -> None:
    constants = (
        "<Constants><Constant><Namespace>User</Namespace><Name>Folder</Name><Value>data</Value></Constant></Constants>"
    )
    nodes = {1: reads("%Engine.WorkflowDirectory%%User.Folder%\\in.csv"), 2: BROWSE}
    assert ran(home, nodes, "1 > 2", properties=constants).outputs[0].records == 3


def portions(home: Path, most: str, rows: str = ROWS) -> Result:
    file = f'<File FileFormat="0" MaxRecords="{most}">a.csv</File>'
    options = "<CodePage>65001</CodePage><WriteBOM>False</WriteBOM><LineEndStyle>LF</LineEndStyle>"
    output = node("Output", f"{file}<FormatSpecificOptions>{options}</FormatSpecificOptions>")
    return ran(home, {1: rows, 2: output}, "1 > 2")


def test_a_file_may_take_so_many_records_and_the_next_ones_go_to_another(home: Path) -> None:
    result = portions(home, "2")
    assert [(output.name, output.records) for output in result.outputs] == [("a.csv", 2), ("a_1.csv", 1)]
    assert (home / "a.csv").read_text() == "id,name\n3,c\n1,é\n"
    assert (home / "a_1.csv").read_text() == "id,name\n2,日本\n"


def test_a_file_that_is_just_full_is_followed_by_none(home: Path) -> None:
    assert [output.name for output in portions(home, "3").outputs] == ["a.csv"]
    assert [output.records for output in portions(home, "1").outputs] == [1, 1, 1]


def test_without_records_there_is_still_one_file(home: Path) -> None:
    assert [output.name for output in portions(home, "2", text_input("id")).outputs] == ["a.csv"]
    assert (home / "a.csv").read_text() == "id\n"


def test_what_cannot_be_written_yet_is_named(home: Path) -> None:
    parted = "<MultiFile value='True'/><MultiFileType>Suffix</MultiFileType><MultiFileField>id</MultiFileField>"
    several = node("Output", f'<File FileFormat="0" MaxRecords="100">a.csv</File>{parted}')
    result = ran(home, {1: ROWS, 2: several}, "1 > 2")
    assert "beside a file per value, in Output Data" in errors(result)[0][1]


def test_a_connection_to_a_database_is_named_and_its_user_is_not(home: Path) -> None:
    said = (1, "not available here: the database connection odbc: (see the setting File)")
    path = "odbc:DSN=Sales;UID=Me;PWD=__EncPwd1__|||Orders"
    assert errors(ran(home, {1: reads(path, attributes='FileFormat="23"'), 2: BROWSE}, "1 > 2"))[0] == said
    assert errors(ran(home, {2: ROWS, 1: writes(path)}, "2 > 1"))[0] == said


def test_other_programs_spellings_of_a_file_are_understood(home: Path) -> None:
    output = node("Output", '<File FileFormat="csv" OutputFileName="sum.dat"/><WriteMode>Overwrite</WriteMode>')
    result = ran(home, {1: text_input("id", "1"), 2: output}, "1 > 2")
    assert (home / "sum.dat").read_bytes() == b"id\r\n1\r\n"
    assert warnings(result) == []


def test_a_package_runs_with_its_data(home: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    import zipfile

    content = workflow({1: reads("data\\in.csv"), 2: writes("out.csv")}, "1 > 2")
    folder = tmp_path_factory.mktemp("package")
    with zipfile.ZipFile(folder / "p.yxzp", "w") as archive:
        archive.writestr("flow/w.yxmd", content)
        archive.writestr("flow/data/in.csv", (home / "data" / "in.csv").read_bytes())
    result = run_workflow(folder / "p.yxzp")
    assert result.ok, result.messages
    assert (folder / "out.csv").read_bytes() == b'\xef\xbb\xbfid,name\r\n1,Ann\r\n2,\r\n3,""\r\n'


def test_a_packed_workflow_runs_like_the_bare_one(tmp_path: Path) -> None:
    (tmp_path / "w.yxzp").write_bytes(pack(workflow({1: ROWS, 2: BROWSE}, "1 > 2"), "w.yxmd"))
    result = run_workflow(tmp_path / "w.yxzp")
    assert result.outputs[0].records == 3
    assert result.messages[-1].text.startswith("Finished running w.yxmd")


PARTED = text_input("kind id", "b|1", "a|2", "b|3")


def parted(path: str, naming: str, *, keeps: bool = False) -> str:
    return writes(
        path,
        "<CodePage>65001</CodePage><WriteBOM>False</WriteBOM>",
        f'<MultiFile value="True"/><MultiFileType>{naming}</MultiFileType><MultiFileField>KIND</MultiFileField>'
        f'<KeepField value="{keeps}"/>',
    )


@pytest.mark.parametrize(
    ("naming", "names"),
    [("FileName", ["b.csv", "a.csv"]), ("Suffix", ["outb.csv", "outa.csv"]), ("Prefix", ["bout.csv", "aout.csv"])],
)
def test_each_value_of_a_field_may_have_a_file(home: Path, naming: str, names: list[str]) -> None:
    result = ran(home, {1: PARTED, 2: parted("data\\out.csv", naming)}, "1 > 2")
    assert result.ok, result.messages
    assert [(output.name, output.records) for output in result.outputs] == list(zip(names, [2, 1], strict=True))
    assert (home / "data" / names[0]).read_bytes() == b"id\r\n1\r\n3\r\n"


def test_the_value_may_be_the_path_and_the_field_may_be_kept(home: Path) -> None:
    rows = text_input("kind id", "data\\x.csv|1", "y.csv|2")
    result = ran(home, {1: rows, 2: parted("", "Path", keeps=True)}, "1 > 2")
    assert result.ok, result.messages
    assert (home / "data" / "x.csv").read_bytes() == b"kind,id\r\ndata\\x.csv,1\r\n"
    assert (home / "y.csv").is_file()


@pytest.mark.parametrize(
    ("naming", "value", "said"),
    [
        ("Path", "../out.csv", "lies outside the folder"),
        ("Path", "/tmp/out.csv", "lies outside the folder"),
        ("FileName", "a/b", "Record 3, \"kind\": 'a/b' cannot be part of a file's name"),
        ("FileName", "", 'Record 3, "kind": a record without a value belongs to no file'),
    ],
)
def test_a_value_that_is_no_file_fails_the_run_and_leaves_nothing(
    home: Path, naming: str, value: str, said: str
) -> None:
    before = set(home.rglob("*"))
    result = ran(
        home, {1: text_input("kind id", "ok.csv|1", "ok.csv|3", f"{value}|2"), 2: parted("out.csv", naming)}, "1 > 2"
    )
    assert said in errors(result)[0][1]
    assert set(home.rglob("*")) - before == {home / "w.yxmd"}


def test_a_path_that_has_no_name_cannot_be_given_one(home: Path) -> None:
    result = ran(home, {1: text_input("kind id", "x|1"), 2: parted("/", "FileName")}, "1 > 2")
    assert errors(result) == [(2, 'Record 1, "kind": \'x\' makes no file name of "/"')]


def test_two_values_cannot_lead_to_one_file(home: Path) -> None:
    rows = text_input("kind id", "x.csv|1", ".\\x.csv|2")
    assert "both lead to the file" in errors(ran(home, {1: rows, 2: parted("", "Path")}, "1 > 2"))[0][1]


def test_tools_whose_records_name_one_file_fail_the_run(home: Path) -> None:
    rows = text_input("kind id", "x.csv|1")
    result = ran(home, {1: rows, 2: parted("", "Path"), 3: writes("x.csv")}, "1 > 2", "1 > 3")
    assert errors(result) == [(3, f'"{home / "x.csv"}" is written by tool 2 and tool 3')]
    assert not (home / "x.csv").exists()


def test_there_may_be_more_values_than_files_that_can_be_open(home: Path) -> None:
    resource = pytest.importorskip("resource", reason="the limit is POSIX's")
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (100, before[1]))
    try:
        rows = text_input("kind id", *(f"{number}|{number}" for number in range(200)))
        result = ran(home, {1: rows, 2: parted("data\\out.csv", "FileName")}, "1 > 2")
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
    assert result.ok, errors(result)
    assert len(result.outputs) == 200


def test_a_value_cannot_name_a_part_of_a_file(home: Path) -> None:
    line = '<FormulaField field="kind" type="V_String" size="20" expression="&quot;x.csv|||a&quot;"/>'
    tools = {1: text_input("id", "1"), 2: node("Formula", f"<FormulaFields>{line}</FormulaFields>")}
    result = ran(home, {**tools, 3: parted("", "Path")}, "1 > 2", "2 > 3")
    assert errors(result) == [(3, 'not supported yet: a part of a file ("a")')]


def test_a_file_that_is_not_written_for_want_of_records_is_no_output(home: Path) -> None:
    (home / "out.csv").write_text("old")
    tools = {
        1: ROWS,
        2: node("Filter", "<Mode>Custom</Mode><Expression>[id] &gt; 9</Expression>"),
        3: writes("out.csv", "<SuppressBlankFile>True</SuppressBlankFile>"),
    }
    result = ran(home, tools, "1 > 2", "2.True > 3")
    assert result.ok, errors(result)
    assert result.outputs == ()
    assert Kind.FILE_WRITTEN not in [message.kind for message in result.messages]
    assert (home / "out.csv").read_text() == "old"


def test_where_one_file_cannot_be_made_whole_all_stay_as_they_were(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []

    def full(descriptor: int) -> None:
        synced.append(descriptor)
        if len(synced) > 1:
            raise OSError(28, "No space left on device")

    for name in ("a.csv", "b.csv"):
        (home / name).write_text("old")
    monkeypatch.setattr(os, "fsync", full)
    result = ran(home, {1: ROWS, 2: writes("a.csv"), 3: writes("b.csv")}, "1 > 2", "1 > 3")
    ((_, text),) = errors(result)
    assert text.startswith("Unable to write")
    assert "No space left on device" in text
    assert [(home / name).read_text() for name in ("a.csv", "b.csv")] == ["old", "old"]
    assert sorted(path.name for path in home.iterdir()) == ["a.csv", "b.csv", "data", "w.yxmd"]


def test_a_file_that_cannot_be_put_in_its_place_leaves_nothing_beside_it(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, target: Path) -> Path:
        raise PermissionError(13, "Permission denied", str(self), None, str(target))

    monkeypatch.setattr(Path, "replace", refuse)
    before = set(home.rglob("*"))
    result = ran(home, {1: ROWS, 2: writes("out.csv")}, "1 > 2")
    ((tool, text),) = errors(result)
    assert (tool, "Unable to write" in text, "Permission denied" in text) == (2, True, True)
    assert set(home.rglob("*")) - before == {home / "w.yxmd"}
