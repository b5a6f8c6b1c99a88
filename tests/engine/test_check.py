"""Checks before a run: all that is missing is found, what is wrong has its place, and nothing is run or written."""

from __future__ import annotations

from pathlib import Path

import pytest

from openyx.document import ENDINGS, parse, read
from openyx.engine import Mirror
from openyx.engine.check import Report, Row, Verdict, check
from openyx.errors import DocumentError, NotHere, NotYet, Unknown
from openyx.testing import node, text_input, workflow

ROWS = text_input("Name Age", "Ann|41", "Bob|7")
SORT = node("Sort", '<SortInfo><Field field="Age" order="Ascending"/></SortInfo>')
BROWSE = node("Browse")
FUZZY = "AlteryxBasePluginsGui.FuzzyMatch.FuzzyMatch"


def checked(nodes: dict[int, str], *lines: str, properties: str = "", folder: Path | None = None) -> Report:
    document = parse(workflow(nodes, *lines, properties=properties), "w.yxmd", folder=folder)
    return check(document, anywhere=True)


def row(report: Report, number: int) -> Row:
    return next(each for each in report.rows if each.number == number)


def missing(report: Report) -> list[str]:
    return sorted(each.message for each in report.missing)


def formula(*expressions: str) -> str:
    fields = "".join(
        f'<FormulaField field="x{number}" type="Double" expression="{each}"/>'
        for number, each in enumerate(expressions)
    )
    return node("Formula", f"<FormulaFields>{fields}</FormulaFields>")


def remembering(content: str, *fields: tuple[str, str]) -> str:
    """A tool whose output fields the file remembers."""
    known = "".join(f'<Field name="{name}" type="{kind}"/>' for name, kind in fields)
    memory = f'<MetaInfo connection="Output"><RecordInfo>{known}</RecordInfo></MetaInfo>'
    return content.replace("</Properties>", f"{memory}</Properties>")


def reads(path: str, code: int = 0) -> str:
    options = '<FormatSpecificOptions><Delimeter>,</Delimeter><HeaderRow value="True"/></FormatSpecificOptions>'
    return node("Input", f'<Passwords/><File FileFormat="{code}">{path}</File>{options}')


def test_a_workflow_that_would_run_is_exact() -> None:
    report = checked({1: ROWS, 2: SORT, 3: BROWSE}, "1 > 2", "2 > 3")
    assert [(each.number, each.name, each.verdict) for each in report.rows] == [
        (1, "Text Input", Verdict.EXACT),
        (2, "Sort", Verdict.EXACT),
        (3, "Browse", Verdict.EXACT),
    ]
    assert not report.stops


def test_every_missing_tool_is_found_with_its_word() -> None:
    nodes = {1: ROWS, 2: node(FUZZY), 3: node("Acme.Foo"), 4: node("JupyterCode")}
    report = checked(nodes, "1 > 2", "2 > 3", "3 > 4")
    assert [type(each) for each in report.missing] == [NotYet, Unknown, NotHere]
    assert [each.verdict for each in report.rows] == [Verdict.EXACT, *[Verdict.MISSING] * 3]
    assert row(report, 2).name == "Fuzzy Match"
    assert report.stops


def test_functions_are_found_behind_a_tool_that_is_missing() -> None:
    calls = formula("FinanceIRR([a], 1)", "Mine([b]) + FinanceNPV(1, 2)")
    report = checked({1: ROWS, 2: node(FUZZY), 3: calls}, "1 > 2", "2 > 3")
    assert missing(report) == [
        "not known: the formula function Mine",
        "not supported yet: the formula function FinanceIRR",
        "not supported yet: the formula function FinanceNPV",
        "not supported yet: the tool Fuzzy Match",
    ]


def test_an_unknown_function_is_missing_and_not_wrong_too() -> None:
    report = checked({1: ROWS, 2: formula("Mine([Age])")}, "1 > 2")
    assert missing(report) == ["not known: the formula function Mine"]
    assert row(report, 2).wrong == ()


def test_what_is_wrong_has_its_place() -> None:
    report = checked({1: ROWS, 2: formula("[Agee] + 1")}, "1 > 2")
    (wrong,) = row(report, 2).wrong
    assert row(report, 2).verdict is Verdict.WRONG
    assert 'Unknown variable "Agee"' in wrong
    assert "char(0)" in wrong


def test_an_expression_that_does_not_parse_is_found_where_the_fields_are_not_known() -> None:
    report = checked({1: node(FUZZY), 2: formula("[Age] + ")}, "1 > 2")
    assert row(report, 2).verdict is Verdict.WRONG


def test_a_setting_that_cannot_be_understood_is_wrong() -> None:
    report = checked({1: ROWS, 2: node("Sort", "<Keys/>")}, "1 > 2")
    (wrong,) = row(report, 2).wrong
    assert wrong.startswith("w.yxmd, tool 2 (Sort): ")


def test_what_is_only_nearly_the_same_is_told_where_the_settings_ask_for_it() -> None:
    dictionary = node("Sort", '<SortInfo locale="1033"><Field field="Name" order="Ascending"/></SortInfo>')
    report = checked({1: ROWS, 2: SORT, 3: dictionary}, "1 > 2", "2 > 3")
    assert [each.verdict for each in report.rows] == [Verdict.EXACT, Verdict.EXACT, Verdict.APPROXIMATE]
    (how,) = row(report, 3).approximate
    assert how.startswith("the dictionary's order")
    assert not report.stops


def test_settings_that_nobody_read_are_listed() -> None:
    sort = node("Sort", '<SortInfo><Field field="Age" colour="red"/></SortInfo><Mood/>')
    report = checked({1: ROWS, 2: sort}, "1 > 2")
    assert set(row(report, 2).unread) == {"SortInfo/Field@colour", "Mood"}
    assert row(report, 2).verdict is Verdict.EXACT


def test_fields_that_the_file_remembers_stand_for_those_of_a_missing_tool() -> None:
    lost = remembering(node(FUZZY), ("City", "V_WString"))
    report = checked({1: ROWS, 2: lost, 3: formula("Length([City])"), 4: SORT}, "1 > 2", "2 > 3", "3 > 4")
    assert row(report, 3).verdict is Verdict.EXACT
    doubt = row(report, 4)
    assert doubt.verdict is Verdict.EXACT
    assert "by the fields that the file remembers" in doubt.remarks[0]
    assert '"Age"' in doubt.remarks[0]


def test_a_tool_whose_input_is_not_known_says_so() -> None:
    report = checked({1: ROWS, 2: node(FUZZY), 3: SORT}, "1 > 2", "2 > 3")
    assert row(report, 3).remarks == (
        "its input is not known before a run: only its settings and formulas were checked",
    )


def test_tools_whose_fields_depend_on_records_are_no_error() -> None:
    settings = (
        '<GroupFields/><HeaderField field="Name"/><DataField field="Age"/><Methods><Method method="Sum"/></Methods>'
    )
    cross = node("AlteryxBasePluginsGui.CrossTab.CrossTab", settings)
    report = checked({1: ROWS, 2: cross, 3: SORT}, "1 > 2", "2 > 3")
    assert row(report, 2).verdict is Verdict.EXACT
    assert row(report, 2).remarks == ("its fields are known when it runs",)
    assert not report.stops


def test_a_file_that_is_not_there_is_no_matter_of_the_verdict(tmp_path: Path) -> None:
    report = checked({1: remembering(reads("none.csv"), ("Age", "Int32")), 2: SORT}, "1 > 2", folder=tmp_path)
    assert row(report, 1).verdict is Verdict.EXACT
    assert report.files == ("none.csv",)
    assert report.missing == ()
    assert row(report, 2).remarks == ()
    assert report.stops


def test_a_drive_is_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert checked({1: reads("C:\\data\\x.csv")}, folder=tmp_path).files == ("C:\\data\\x.csv",)


def test_a_format_is_missing_whether_its_file_is_there_or_not(tmp_path: Path) -> None:
    (tmp_path / "there.sav").write_bytes(b"$FL2")
    for name in ("there.sav", "none.sav"):
        report = checked({1: reads(name, -1)}, folder=tmp_path)
        assert missing(report) == ["not supported yet: SPSS files"], name
    assert report.files == ("none.sav",)


def test_nothing_is_written_and_no_folder_made(tmp_path: Path) -> None:
    output = node("Output", '<File FileFormat="0">out/x.csv</File><FormatSpecificOptions/>')
    report = checked({1: ROWS, 2: output}, "1 > 2", folder=tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert report.files == ("out/x.csv",)
    (tmp_path / "out").mkdir()
    assert not checked({1: ROWS, 2: output}, "1 > 2", folder=tmp_path).stops
    assert list((tmp_path / "out").iterdir()) == []


def test_a_format_that_cannot_be_written_is_missing(tmp_path: Path) -> None:
    output = node("Output", '<File FileFormat="-1">x.sav</File><FormatSpecificOptions/>')
    assert missing(checked({1: ROWS, 2: output}, "1 > 2", folder=tmp_path)) == ["not supported yet: SPSS files"]


def test_with_a_mirror_only_what_is_below_its_folder_is_looked_at(tmp_path: Path) -> None:
    for name in ("mirrored/inside.csv", "outside.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("a,b\n1,2\n")
    home = tmp_path / "mirrored" / "home"
    home.mkdir()
    tools = {1: reads("../inside.csv"), 2: reads("../../outside.csv"), 3: node("Output", "<File>x.csv</File>")}
    document = parse(workflow(tools, "1 > 3"), "w.yxmd", folder=home)
    report = check(document, mirror=Mirror(tmp_path / "mirrored", tmp_path / "written"))
    assert list(report.files) == ["../../outside.csv"]
    assert not (tmp_path / "written").exists()


def test_a_format_that_cannot_be_written_is_missing_before_its_fields_are_known(tmp_path: Path) -> None:
    tools = {1: ROWS, 2: node("AutoField", '<Fields><Field field="*Unknown"/></Fields>')}
    tools[3] = node("Output", '<File FileFormat="19">x.csv</File>')
    assert missing(checked(tools, "1 > 2", "2 > 3", folder=tmp_path)) == ["not supported yet: yxdb files"]


def test_tools_that_have_nothing_to_do_say_why() -> None:
    box = node("Container", '<Disabled value="True"/>', inside=f'<Node ToolID="2">{node("Acme.Foo")}</Node>')
    report = checked({1: box, 3: SORT, 4: node("Comment")}, "2 > 3")
    assert {each.number: each.idle for each in report.rows} == {
        1: "it has nothing to do",
        2: "it is in a disabled container",
        3: "what feeds it is disabled",
        4: "it has nothing to do",
    }
    assert not report.stops


def test_every_action_that_is_missing_is_found() -> None:
    actions = "".join(
        f'<Action><Type>{kind}</Type><ToolId value="{tool}"/><Destination>1/x</Destination></Action>'
        for kind, tool in (("Levitate", 5), ("Evaporate", 6))
    )
    runtime = (
        f"<RuntimeProperties><Actions><NoCondition><True>{actions}</True></NoCondition></Actions></RuntimeProperties>"
    )
    nodes = {1: ROWS, 5: node("Action"), 6: node("Action")}
    report = checked(nodes, properties=runtime)
    assert missing(report) == ["not supported yet: the action Evaporate", "not supported yet: the action Levitate"]
    assert row(report, 5).verdict is Verdict.MISSING


def test_what_is_missing_in_a_macro_is_told_at_its_call(tmp_path: Path) -> None:
    inside = {
        1: node("AlteryxBasePluginsGui.TextInput.TextInput", "<Fields/>"),
        2: node(FUZZY),
        3: node("AlteryxBasePluginsGui.MacroOutput.MacroOutput", "<Name>Out</Name><Abbrev/>"),
    }
    kind = "<RuntimeProperties><ModuleType>Macro</ModuleType></RuntimeProperties>"
    (tmp_path / "lost.yxmc").write_bytes(workflow(inside, "1 > 2", "2 > 3", properties=kind))
    call = '<Properties><Configuration/></Properties><EngineSettings Macro="lost.yxmc"/>'
    report = checked({7: call, 8: BROWSE}, "7.Out > 8", folder=tmp_path)
    assert missing(report) == ["not supported yet: the tool Fuzzy Match"]
    assert row(report, 7).verdict is Verdict.MISSING
    assert {each.number for each in report.rows} == {7, 8}


def test_a_macro_that_is_nowhere_is_unknown(tmp_path: Path) -> None:
    call = '<Properties><Configuration/></Properties><EngineSettings Macro="Gone.yxmc"/>'
    report = checked({1: call}, folder=tmp_path)
    assert missing(report) == ["not known: the macro Gone.yxmc"]
    assert report.missing[0].hint.endswith("nor is it beside the workflow; OPENYX_MACROS names folders of macros")
    report = check(parse(workflow({1: call}), "w.yxmd", folder=tmp_path), anywhere=True, macros=[tmp_path])
    assert report.missing[0].hint.endswith(f"nor is it beside the workflow or in the macro folders ({tmp_path})")


def test_a_file_that_is_no_workflow_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.yxmd").write_text("<html/>")
    with pytest.raises(DocumentError):
        check(tmp_path / "x.yxmd")


@pytest.mark.shared
def test_every_real_workflow_is_checked(shared: Path) -> None:
    reports = 0
    for path in sorted((shared / "corpus" / "eduardohl").rglob("*")):
        if path.suffix.lower() in ENDINGS:
            report = check(path, anywhere=True)
            known = {each.number for each in report.rows} - {-1}
            assert known == {each.id for each in read(path).nodes}, path
            reports += 1
    assert reports > 50
