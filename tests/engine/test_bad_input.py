"""Input that is wrong, endless or far too large: an end in good time, with the tool that is to blame, and no file."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest

from openyx.document import parse
from openyx.engine import Anchor, Result, run_workflow
from openyx.errors import DocumentError, JobCancelled
from openyx.messages import Kind
from openyx.testing import call, node, text_input, workflow

ROWS = text_input("id name", "1|a", "2|b")
OUT = '<File FileFormat="0">{}</File>'
JOIN = "AlteryxBasePluginsGui.Join.Join"
GENERATE = "AlteryxBasePluginsGui.GenerateRows.GenerateRows"
APPEND = "AlteryxBasePluginsGui.AppendFields.AppendFields"
BY_K = "".join(f'<JoinInfo connection="{side}"><Field field="k"/></JoinInfo>' for side in ("Left", "Right"))


def formula(expression: str, *, name: str = "new") -> str:
    line = f'<FormulaField field="{name}" type="V_WString" size="100" expression="{expression}"/>'
    return node("Formula", f"<FormulaFields>{line}</FormulaFields>")


def made(name: str, condition: str, change: str) -> str:
    created = f"<CreateField_Name>{name}</CreateField_Name><CreateField_Type>Int64</CreateField_Type>"
    loop = f"<Expression_Cond>{condition}</Expression_Cond><Expression_Loop>{change}</Expression_Loop>"
    return node(GENERATE, f'<UpdateField value="False"/>{created}<Expression_Init>1</Expression_Init>{loop}')


def written(home: Path, nodes: dict[int, str], *lines: str) -> Path:
    path = home / "w.yxmd"
    path.write_bytes(workflow(nodes, *lines))
    return path


def ran(home: Path, nodes: dict[int, str], *lines: str) -> Result:
    return run_workflow(written(home, nodes, *lines))


def errors(result: Result) -> list[tuple[int, str]]:
    return [(each.tool, each.text) for each in result.messages if each.kind is Kind.ERROR]


def blamed(result: Result) -> tuple[int, str]:
    assert not result.ok
    (error,) = errors(result)
    return error


def shortly() -> Callable[[], bool]:
    """Asked from 0.3 seconds on it says that the run is to stop."""
    until = time.monotonic() + 0.3
    return lambda: time.monotonic() > until


def test_macros_that_call_each_other_in_a_circle_are_refused_at_the_first_call(tmp_path: Path) -> None:
    for name, next_ in (("a", "b"), ("b", "c"), ("c", "a")):
        (tmp_path / f"{name}.yxmc").write_bytes(workflow({7: call(f"{next_}.yxmc")}))
    tool, said = blamed(ran(tmp_path, {1: ROWS, 2: call("a.yxmc")}))
    assert tool == 2
    assert "a.yxmc → b.yxmc → c.yxmc → a.yxmc" in said


def test_rows_without_end_stop_when_the_run_is_cancelled(tmp_path: Path) -> None:
    path = written(tmp_path, {1: made("n", "n &gt; 0", "n + 1"), 2: node("Output", OUT.format("out.csv"))}, "1 > 2")
    with pytest.raises(JobCancelled):
        run_workflow(path, cancelled=shortly())
    assert [each.name for each in tmp_path.iterdir()] == ["w.yxmd"]


def test_rows_without_end_stop_at_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENYX_GENERATED_ROWS", "100000")
    result = ran(tmp_path, {1: made("n", "n &gt; 0", "n + 1"), 2: node("Output", OUT.format("out.csv"))}, "1 > 2")
    tool, said = blamed(result)
    assert tool == 1
    assert "100,000 rows" in said
    assert [each.name for each in tmp_path.iterdir()] == ["w.yxmd"]


EXPLODING = [
    (JOIN, BY_K, ("Left", "Right", "Join")),
    (APPEND, "<CartesianMode>Allow</CartesianMode>", ("Targets", "Source", "Output")),
]


def exploding(folder: Path, tool: str, settings: str, ends: tuple[str, ...]) -> Path:
    """200,000 records joined with 200,000, all with all."""
    left, right, out = ends
    many = made("n", "n &lt;= 200000", "n + 1")
    nodes = {1: many, 2: formula("'1'", name="k"), 3: many, 4: formula("'1'", name="k"), 5: node(tool, settings)}
    nodes[6] = node("Output", OUT.format("out.csv"))
    return written(folder, nodes, "1 > 2", "3 > 4", f"2 > 5.{left}", f"4 > 5.{right}", f"5.{out} > 6")


@pytest.mark.parametrize(("tool", "settings", "ends"), EXPLODING)
def test_a_join_that_explodes_can_be_cancelled(tmp_path: Path, tool: str, settings: str, ends: tuple[str, ...]) -> None:
    path = exploding(tmp_path, tool, settings, ends)
    with pytest.raises(JobCancelled):
        run_workflow(path, cancelled=shortly())
    assert [each.name for each in tmp_path.iterdir()] == ["w.yxmd"]


@pytest.mark.parametrize(("tool", "settings", "ends"), EXPLODING)
def test_a_join_that_explodes_stops_at_a_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tool: str, settings: str, ends: tuple[str, ...]
) -> None:
    monkeypatch.setenv("OPENYX_ANCHOR_RECORDS", "1e6")
    number, said = blamed(run_workflow(exploding(tmp_path, tool, settings, ends)))
    assert number == 5
    assert f"More than 1,000,000 records leave by {ends[2]}" in said
    assert [each.name for each in tmp_path.iterdir()] == ["w.yxmd"]


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("1" + "+1" * 500_000, "more than"),
        ("[id] = 1" + " OR [id] = 1" * 80_000, "more than"),
        ("Abs(" * 5_000 + "1" + ")" * 5_000, "deep"),
        ("(" * 10_000 + "1", "not closed"),
        ("-" * 10_000 + "1", "deep"),
        ("IF [id] = 1 THEN 1 ELSE " * 5_000 + "1" + " ENDIF" * 5_000, "more than"),
        ("'" + "x" * 1_000_000, "not closed"),
        ("é" * 1_000_000, "Unknown variable"),
    ],
    ids=["sum", "conditions", "calls", "open", "signs", "ifs", "text", "name"],
)
def test_an_expression_without_measure_is_an_error_of_its_tool(tmp_path: Path, expression: str, said: str) -> None:
    tool, text = blamed(ran(tmp_path, {1: ROWS, 2: formula(expression)}, "1 > 2"))
    assert tool == 2
    assert said in text
    assert len(text) < 1_500


@pytest.mark.parametrize("expression", ["(" * 10_000 + "[id]" + ")" * 10_000, f"'{'x' * 1_000_000}'"])
def test_a_long_expression_that_says_little_is_computed(tmp_path: Path, expression: str) -> None:
    assert ran(tmp_path, {1: ROWS, 2: formula(expression)}, "1 > 2").ok


def test_a_chain_of_many_tools_runs(tmp_path: Path) -> None:
    last = 600
    nodes = {1: ROWS} | {number: formula(f"'{number}'") for number in range(2, last + 1)}
    path = written(tmp_path, nodes, *(f"{number} > {number + 1}" for number in range(1, last)))
    result = run_workflow(path, keep=[Anchor(last)])
    assert result.tables[Anchor(last)].rows() == [(1, "a", "600"), (2, "b", "600")]


@pytest.mark.parametrize("shared", [True, False])
def test_many_tools_side_by_side_run(tmp_path: Path, *, shared: bool) -> None:
    many = range(2, 200)
    nodes = {1: ROWS} | {number: formula("[name]") if shared else ROWS for number in many}
    result = ran(tmp_path, nodes, *(f"1 > {number}" for number in many if shared))
    assert result.ok
    assert all(result.counts[Anchor(number)] == 2 for number in many)


def test_a_text_input_may_have_hundreds_of_fields(tmp_path: Path) -> None:
    names = " ".join(f"f{number}" for number in range(500))
    nodes = {1: text_input(names, "|".join("1" * 500)), 2: node("Browse")}
    result = run_workflow(written(tmp_path, nodes, "1 > 2"))
    assert result.outputs[0].table is not None
    assert len(result.outputs[0].table.schema) == 500


@pytest.mark.parametrize("name", ["^a.*$", "*", "", "n" * 300, "%User.x%", "\\", '"', "a]b", " "])
def test_a_field_may_be_called_anything(tmp_path: Path, name: str) -> None:
    fields = f"<Fields><Field name={quoteattr(name)}/><Field name='a'/></Fields>"
    typed = node("TextInput", f"{fields}<Data><r><c>2</c><c>y</c></r><r><c>1</c><c>x</c></r></Data>")
    sort = node("Sort", f"<SortInfo><Field field={quoteattr(name)} order='Ascending'/></SortInfo>")
    result = ran(tmp_path, {1: typed, 2: sort, 3: node("Browse"), 4: node("Output", OUT.format("out.csv"))},
                 "1 > 2", "2 > 3", "2 > 4")  # fmt: skip
    if result.ok:
        (browsed,) = [each.table for each in result.outputs if each.table is not None]
        assert browsed.rows() == [(1, "x"), (2, "y")]
    else:
        assert {tool for tool, _ in errors(result)} <= {1, 2}


def test_a_file_with_a_character_that_xml_has_not_is_refused_with_its_place() -> None:
    content = workflow({1: ROWS}).replace(b'name="id"', b'name="i\x00d"')
    with pytest.raises(DocumentError, match=r"w\.yxmd, line 1, column"):
        parse(content, "w.yxmd")


@pytest.mark.parametrize(
    "path", ["../out.csv", "/etc/out.csv", "C:\\out.csv", "\\\\host\\share\\out.csv", "w.yxmd/out.csv"]
)
def test_an_output_that_leads_nowhere_is_an_error_of_its_tool(tmp_path: Path, path: str) -> None:
    home = tmp_path / "home"
    home.mkdir()
    tool, said = blamed(ran(home, {1: ROWS, 2: node("Output", OUT.format(path))}, "1 > 2"))
    assert tool == 2
    assert path.rpartition("/")[2] in said or path in said
    assert [each.name for each in home.iterdir()] == ["w.yxmd"]
    assert [each.name for each in tmp_path.iterdir()] == ["home"]


@pytest.mark.parametrize(
    ("other", "lines", "tool"),
    [
        ({3: node("Output", OUT.format("one.csv"))}, ("1 > 3",), 3),
        ({3: node("Output", OUT.format("sub/../ONE.csv"))}, ("1 > 3",), 3),
        ({3: formula("[nobody]")}, ("1 > 3",), 3),
        ({3: node("Sort", '<SortInfo><Field field="id" order="Odd"/></SortInfo>')}, ("1 > 3",), 3),
        ({3: node("Acme.Nothing.Nothing")}, ("1 > 3",), 3),
        ({3: node("Input", OUT.format("nothing.csv"))}, (), 3),
        ({3: node("Input", OUT.format("late.csv")), 4: node("Output", OUT.format("two.csv"))}, ("3 > 4",), 3),
    ],
)
def test_nothing_is_written_where_another_tool_fails(
    tmp_path: Path, other: dict[int, str], lines: tuple[str, ...], tool: int
) -> None:
    # A record that does not fit comes when the others have long been written.
    (tmp_path / "late.csv").write_text("a,b\n" + "1,2\n" * 300_000 + "1,2,3\n")
    (tmp_path / "one.csv").write_text("as it was\n")
    before = sorted([*(each.name for each in tmp_path.iterdir()), "w.yxmd"])
    result = ran(tmp_path, {1: ROWS, 2: node("Output", OUT.format("one.csv")), **other}, "1 > 2", *lines)
    assert blamed(result)[0] == tool
    assert not result.ended
    assert sorted(each.name for each in tmp_path.iterdir()) == before
    assert (tmp_path / "one.csv").read_text() == "as it was\n"


def test_a_cell_that_cannot_be_converted_is_told_with_its_field_and_becomes_null(tmp_path: Path) -> None:
    select = node("Select", '<SelectFields><SelectField field="name" selected="True" type="Int32"/></SelectFields>')
    result = run_workflow(written(tmp_path, {1: ROWS, 2: select}, "1 > 2"), keep=[Anchor(2)])
    told = [(each.tool, each.text) for each in result.messages if each.kind is Kind.CONVERSION_ERROR]
    assert told[0][0] == 2
    assert told[0][1].startswith("name: ")
    assert '"a"' in told[0][1] or "a " in told[0][1]
    assert [row[1] for row in result.tables[Anchor(2)].rows()] == [None, None]


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("IIF(REGEX_Match([name], '(' + [name]), 1, 0)", "is not a regular expression"),
        ("DateTimeParse('1', '%9' + [name])", "not supported yet: DateTimeParse with %9"),
    ],
)
def test_what_goes_wrong_in_a_record_is_told_of_the_tool_whose_expression_it_is(
    tmp_path: Path, expression: str, said: str
) -> None:
    sort = node("Sort", '<SortInfo><Field field="new" order="Ascending"/></SortInfo>')
    result = ran(tmp_path, {1: ROWS, 2: node("Browse"), 3: formula(expression), 4: sort}, "1 > 2", "1 > 3", "3 > 4")
    tool, text = blamed(result)
    assert tool == 3
    assert said in text
