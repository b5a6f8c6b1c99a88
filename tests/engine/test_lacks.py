"""All that is not supported yet is told before a run, whatever is known of the fields; a run ends at the first."""

from __future__ import annotations

from pathlib import Path

import pytest

from openyx.document import parse
from openyx.engine import run_workflow
from openyx.engine.check import Report, Verdict, check
from openyx.messages import Kind
from openyx.testing import call, node, text_input, workflow

ROWS = text_input("Name Age", "Ann|41", "Bob|7")
FUZZY = node("AlteryxBasePluginsGui.FuzzyMatch.FuzzyMatch")
NO_FUZZY = "the tool Fuzzy Match"
MACRO = "<RuntimeProperties>{}</RuntimeProperties>"

SUMMARIZE = node(
    "Summarize",
    "<SummarizeFields>"
    '<SummarizeField field="Name" action="SpatialObjCombine"/><SummarizeField field="Age" action="Sum"/>'
    '<SummarizeField field="Age" action="FinanceNPV"/></SummarizeFields>',
)
CROSS_TAB = node(
    "CrossTab",
    '<GroupFields/><HeaderField field="Name"/><DataField field="Age"/>'
    '<Methods><Method method="Longest"/><Method method="Sum"/><Method method="Mode"/></Methods>',
)
CLEANSING = node("DataCleansing", "<Cleanse><SetNull>True</SetNull><ModifyCase>CamelCase</ModifyCase></Cleanse>")


def details(report: Report) -> list[str]:
    return [each.detail for each in report.missing]


def checked(nodes: dict[int, str], *lines: str, folder: Path | None = None) -> Report:
    return check(parse(workflow(nodes, *lines), "w.yxmd", folder=folder), anywhere=True)


def behind(tool: str) -> list[str]:
    """What is missing of a tool that stands behind one that is missing, and of which no field is known."""
    told, *rest = details(checked({1: ROWS, 2: FUZZY, 3: tool}, "1 > 2", "2 > 3"))
    assert told == NO_FUZZY
    return rest


def macro(folder: Path, name: str, nodes: dict[int, str], *lines: str, runtime: str = "") -> None:
    kind = MACRO.format(f"<ModuleType>Macro</ModuleType>{runtime}")
    (folder / name).write_bytes(workflow(nodes, *lines, properties=kind))


def simple(operator: str, operands: str = "", mode: str = "Simple") -> str:
    chosen = f"<Field>Age</Field><Operator>{operator}</Operator><Operands>{operands}</Operands>"
    return node("Filter", f"<Expression>1 = 1</Expression><Mode>{mode}</Mode><Simple>{chosen}</Simple>")


def rename(mode: str, more: str = "") -> str:
    return node("DynamicRename", f'<RenameMode>{mode}</RenameMode><Fields><Field name="*Unknown"/></Fields>{more}')


def writes(path: str, more: str = "") -> str:
    return node("Output", f"<File>{path}</File>{more}")


SEVERAL = (
    '<FormatSpecificOptions MaxRecords="5"/><MultiFile value="True"/><MultiFileType>FileName</MultiFileType>'
    "<MultiFileField>Name</MultiFileField>"
)
SEVERAL_LACK = "a largest number of records per file, beside a file per value, in Output Data"


@pytest.mark.parametrize(
    ("tool", "lacks"),
    [
        (SUMMARIZE, ["SpatialObjCombine in Summarize", "FinanceNPV in Summarize"]),
        (CROSS_TAB, ["Longest in Cross Tab", "Mode in Cross Tab"]),
        (CLEANSING, ["SetNull in Data Cleansing", "the case 'camel' in Data Cleansing"]),
        (simple("SoundsLike"), ["the operator SoundsLike in Filter"]),
        (
            simple("PeriodAfter", "<PeriodType>Fortnights</PeriodType>"),
            ["the period 'Fortnights' in Filter"],
        ),
        (rename("RightDescriptionMetadata"), ["the rename mode RightDescriptionMetadata in Dynamic Rename"]),
        (
            rename("RightInputMetadata", "<NamesFromMetadata><ChangeFields>True</ChangeFields></NamesFromMetadata>"),
            ["types from the right input in Dynamic Rename"],
        ),
        (
            node("BlobConvert", '<ToBlob value="True"/><to_Field>Name</to_Field><to_Mode>Field</to_Mode>'),
            ["bytes from Field (UTF16) in Blob Convert"],
        ),
        (
            node("RecordID", '<FieldType size="1073741823">V_WString</FieldType>'),
            ["a number as a text without a size in Record ID"],
        ),
        (node("Tile", "<Method>SmartTile</Method>"), ["the method SmartTile in Tile"]),
        (
            node("TextToColumns", '<Field>Name</Field><Delimeters value=","/><Flags value="64"/>'),
            ["the flags 64 in Text To Columns"],
        ),
        (
            node(
                "DateTime",
                '<IsFrom value="False"/><InputFieldName>Name</InputFieldName><Format>dd Month</Format>'
                "<Language>Deutsch</Language>",
            ),
            ["names of days and months in the language Deutsch in DateTime"],
        ),
        (writes("out.csv", SEVERAL), [SEVERAL_LACK]),
        (writes("out.csv|||part"), ['a part of a file ("part")']),
    ],
)
def test_what_a_tool_lacks_is_told_where_its_fields_are_not_known(tool: str, lacks: list[str]) -> None:
    assert behind(tool) == lacks


def test_the_macro_lacks_each_question_that_nobody_knows_and_its_case() -> None:
    answers = {"Box 9": "True", "Box 8": "x", "Check Box (77)": "True", "Drop Down (81)": "camel"}
    assert behind(call("Cleanse.yxmc", **answers)) == [
        "the question Box 8 of Data Cleansing",
        "the question Box 9 of Data Cleansing",
        "the case 'camel' in Data Cleansing",
    ]


def test_everything_is_told_of_a_whole_workflow() -> None:
    sum_ = '<FormulaFields><FormulaField field="x" type="Double" expression="FinanceIRR([Age], 1)"/></FormulaFields>'
    nodes = {1: ROWS, 2: FUZZY, 3: SUMMARIZE, 4: CROSS_TAB, 5: CLEANSING, 6: node("Formula", sum_)}
    report = checked(nodes, "1 > 2", "2 > 3", "2 > 4", "1 > 5", "5 > 6")
    assert sorted(details(report)) == sorted(
        [
            NO_FUZZY,
            "SpatialObjCombine in Summarize",
            "FinanceNPV in Summarize",
            "Longest in Cross Tab",
            "Mode in Cross Tab",
            "SetNull in Data Cleansing",
            "the case 'camel' in Data Cleansing",
            "the formula function FinanceIRR",
        ]
    )
    assert [each.verdict for each in report.rows] == [Verdict.EXACT, *[Verdict.MISSING] * 5]


def test_a_format_is_told_beside_what_its_tool_lacks() -> None:
    spss = writes("out.sav", SEVERAL)
    assert details(checked({1: ROWS, 2: spss}, "1 > 2")) == [SEVERAL_LACK, "SPSS files"]


@pytest.mark.parametrize(
    "tool",
    [
        writes("out.csv", f"<Disable>True</Disable>{SEVERAL}"),
        simple("SoundsLike", mode="Custom"),
        node("Tile", '<Method>Manual</Method><UniqueValue><DontSort value="True"/></UniqueValue>'),
        rename("Add", "<NamesFromMetadata><ChangeFields>True</ChangeFields></NamesFromMetadata>"),
        call("Cleanse.yxmc", **{"Check Box (77)": "False", "Drop Down (81)": "camel"}),
    ],
)
def test_settings_that_are_not_in_force_lack_nothing(tool: str) -> None:
    assert behind(tool) == []


def test_tools_that_do_not_run_lack_nothing() -> None:
    box = node("Container", '<Disabled value="True"/>', inside=f'<Node ToolID="3">{SUMMARIZE}</Node>')
    assert details(checked({1: ROWS, 2: box}, "1 > 3")) == []


def test_a_tool_that_is_not_connected_is_asked_all_the_same() -> None:
    report = checked({1: SUMMARIZE})
    assert details(report) == ["SpatialObjCombine in Summarize", "FinanceNPV in Summarize"]
    assert list(report.rows[0].wrong) == ["The Input input must be connected"]


def test_a_run_ends_at_the_first_and_names_its_tool(tmp_path: Path) -> None:
    nodes = {1: ROWS, 2: SUMMARIZE, 3: CROSS_TAB, 4: writes("out.csv")}
    result = run_workflow(parse(workflow(nodes, "1 > 2", "1 > 3", "1 > 4"), "w.yxmd", folder=tmp_path))
    assert [(each.tool, each.text) for each in result.messages if each.kind is Kind.ERROR] == [
        (2, "not supported yet: SpatialObjCombine in Summarize"),
        (3, "not supported yet: Longest in Cross Tab"),
    ]
    assert list(tmp_path.iterdir()) == []


def test_every_type_that_cannot_be_held_is_told() -> None:
    fields = "".join(
        f'<SelectField field="{name}" selected="True" type="FixedDecimal" size="{size}"/>'
        for name, size in (("Name", "50.2"), ("Age", "60.2"))
    )
    report = checked({1: ROWS, 2: node("Select", f"<SelectFields>{fields}</SelectFields>")}, "1 > 2")
    assert details(report) == [
        "FixedDecimal(50.2) (more than 38 digits)",
        "FixedDecimal(60.2) (more than 38 digits)",
    ]


def test_every_line_of_a_formula_tool_is_asked() -> None:
    lines = "".join(
        f'<FormulaField field="x{place}" type="Double" expression="{expression}"/>'
        for place, expression in enumerate(
            ["DateTimeParse('1', '%9')", "FinanceIRR([Age], 1)", "DateTimeAdd('2026-01-01', 1, 'ns')", "[Gone]"]
        )
    )
    report = checked({1: ROWS, 2: node("Formula", f"<FormulaFields>{lines}</FormulaFields>")}, "1 > 2")
    assert details(report) == [
        "the formula function FinanceIRR",
        "DateTimeParse with %9 (more than 6 fractional digits)",
        'the unit of time "ns" (more than 6 fractional digits)',
    ]
    assert any("[Gone]" in each for each in report.rows[1].wrong)


def test_what_is_missing_inside_a_macro_that_does_not_run_is_told(tmp_path: Path) -> None:
    deep = {1: node("AlteryxGuiToolkit.Questions.ControlParam.ControlParam"), 2: node("JupyterCode"), 3: SUMMARIZE}
    macro(tmp_path, "deep.yxmc", deep)
    lines = '<FormulaFields><FormulaField field="x" type="Double" expression="FinanceIRR(1, 1)"/></FormulaFields>'
    box = node("Container", '<Disabled value="True"/>', inside=f'<Node ToolID="6">{node("Acme.Foo")}</Node>')
    nodes = {1: ROWS, 2: FUZZY, 3: node("Formula", lines), 4: call("deep.yxmc"), 5: box}
    macro(tmp_path, "batch.yxmc", nodes, "1 > 2", "2 > 3", runtime="<BatchMacro/>")
    report = checked({1: ROWS, 7: call("batch.yxmc")}, "1 > 7.Control", folder=tmp_path)
    assert sorted(details(report)) == sorted(
        [
            "batch macros",
            NO_FUZZY,
            "the formula function FinanceIRR",
            "the tool Python (Python code)",
            "SpatialObjCombine in Summarize",
            "FinanceNPV in Summarize",
        ]
    )
    assert {each.number for each in report.rows if each.missing} == {7}
    assert not any(each.wrong for each in report.rows)
    calling = parse(workflow({1: ROWS, 7: call("batch.yxmc")}, "1 > 7.Control"), "w.yxmd", folder=tmp_path)
    told = [(each.tool, each.text) for each in run_workflow(calling).messages if each.kind is Kind.ERROR]
    assert told == [(7, "not supported yet: batch macros")]


def test_what_is_missing_inside_a_macro_with_actions_that_are_missing_is_told(tmp_path: Path) -> None:
    actions = "".join(
        f'<Action><Type>{kind}</Type><ToolId value="5"/><Destination>1/x</Destination></Action>'
        for kind in ("Levitate", "Evaporate")
    )
    runtime = f"<Actions><NoCondition><True>{actions}</True></NoCondition></Actions>"
    macro(tmp_path, "app.yxmc", {1: ROWS, 2: FUZZY, 5: node("Action")}, "1 > 2", runtime=runtime)
    report = checked({7: call("app.yxmc")}, folder=tmp_path)
    assert details(report) == ["the action Levitate", "the action Evaporate", NO_FUZZY]
    assert {each.number for each in report.rows if each.missing} == {7}
