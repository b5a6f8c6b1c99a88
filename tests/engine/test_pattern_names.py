"""Fields whose names the data engine would take for patterns: ``^a$`` finds ``a``, ``*`` all."""

from __future__ import annotations

from pathlib import Path

import pytest

from openyx.engine import Anchor, run_workflow
from openyx.testing import node, workflow

GROUP = '<GroupFields><Field field="^a$"/></GroupFields>'
TOOLS = {
    "Formula": (
        (
            '<FormulaFields><FormulaField field="t" type="V_WString" size="9" '
            'expression="Uppercase([^a$]) + PadLeft([*], 2, [a])"/></FormulaFields>'
        ),
        [("x", "1", "2", "X12"), ("y", "3", "4", "Y34"), ("x", "5", "6", "X56")],
    ),
    "Sort": (
        '<SortInfo locale="0"><Field field="^a$" order="Descending"/></SortInfo>',
        [("y", "3", "4"), ("x", "1", "2"), ("x", "5", "6")],
    ),
    "Summarize": (
        (
            '<SummarizeFields><SummarizeField field="^a$" action="GroupBy" rename="^a$"/>'
            '<SummarizeField field="*" action="Concat" rename="*"/></SummarizeFields>'
        ),
        [("x", "2,6"), ("y", "4")],
    ),
    "Select": (
        (
            '<OrderChanged value="False"/><SelectFields>'
            '<SelectField field="^a$" rename="^b$" type="V_WString" size="1"/>'
            '<SelectField field="*Unknown" selected="False"/></SelectFields>'
        ),
        [("x",), ("y",), ("x",)],
    ),
    "AlteryxBasePluginsGui.Transpose.Transpose": (
        '<KeyFields><Field field="^a$"/></KeyFields><DataFields><Field field="*"/></DataFields>',
        [("x", "*", "2"), ("y", "*", "4"), ("x", "*", "6")],
    ),
    "AlteryxBasePluginsGui.CrossTab.CrossTab": (
        f'{GROUP}<HeaderField field="a"/><DataField field="*"/><Methods><Method method="Concat"/></Methods>',
        [("x", "2", None, "6"), ("y", None, "4", None)],
    ),
    "AlteryxBasePluginsGui.MultiRowFormula.MultiRowFormula": (
        (
            '<UpdateField value="True"/><UpdateField_Name>^a$</UpdateField_Name><OtherRows>Nearest</OtherRows>'
            "<Expression>[Row-1:^a$] + [*]</Expression>"
        ),
        [("x2", "1", "2"), ("x24", "3", "4"), ("x246", "5", "6")],
    ),
    "AlteryxBasePluginsGui.GenerateRows.GenerateRows": (
        (
            '<UpdateField value="True"/><UpdateField_Name>^a$</UpdateField_Name>'
            "<Expression_Init>[^a$]</Expression_Init>"
            "<Expression_Cond>Length([^a$]) &lt; 3 AND [*] = '4'</Expression_Cond>"
            "<Expression_Loop>[^a$] + [a]</Expression_Loop>"
        ),
        [("y", "3", "4"), ("y3", "3", "4")],
    ),
    "AlteryxBasePluginsGui.AutoField.AutoField": (
        '<Fields><Field field="*Unknown" selected="True"/></Fields>',
        [("x", 1, 2), ("y", 3, 4), ("x", 5, 6)],
    ),
    "AlteryxBasePluginsGui.RecordID.RecordID": (
        "<FieldName>^id$</FieldName><StartValue>1</StartValue><FieldType>Int32</FieldType><Position>0</Position>",
        [(1, "x", "1", "2"), (2, "y", "3", "4"), (3, "x", "5", "6")],
    ),
}


SPREAD = (
    '<GroupFields><Field field="a"/></GroupFields><HeaderField field="*"/><DataField field="^a$"/>'
    '<Methods><Method method="{}"/></Methods>'
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "in.csv").write_text("^a$,a,*\nx,1,2\ny,3,4\nx,5,6\n")
    return tmp_path


def write(home: Path, tool: str, settings: str) -> Path:
    source = node("Input", '<File FileFormat="0">in.csv</File>')
    path = home / "names.yxmd"
    path.write_bytes(workflow({1: source, 2: node(tool, settings)}, "1 > 2"))
    return path


@pytest.mark.parametrize("tool", TOOLS)
def test_a_name_that_looks_like_a_pattern_is_a_name(home: Path, tool: str) -> None:
    settings, rows = TOOLS[tool]
    result = run_workflow(write(home, tool, settings), keep=[Anchor(2)])
    assert result.ok
    assert result.tables[Anchor(2)].rows() == rows


@pytest.mark.parametrize("method", ["First", "Concat"])
def test_values_of_such_a_field_are_spread(home: Path, method: str) -> None:
    path = write(home, "AlteryxBasePluginsGui.CrossTab.CrossTab", SPREAD.format(method))
    result = run_workflow(path, keep=[Anchor(2)])
    assert result.tables[Anchor(2)].rows() == [
        ("1", "x", None, None),
        ("3", None, "y", None),
        ("5", None, None, "x"),
    ]


def test_files_are_parted_by_such_a_field(home: Path) -> None:
    parted = "<MultiFile value='True'/><MultiFileType>Suffix</MultiFileType><MultiFileField>^a$</MultiFileField>"
    assert run_workflow(write(home, "Output", f'<File FileFormat="0">out.csv</File>{parted}')).ok
    assert (home / "outx.csv").read_bytes() == b"a,*\r\n1,2\r\n5,6\r\n"
    assert (home / "outy.csv").read_bytes() == b"a,*\r\n3,4\r\n"
