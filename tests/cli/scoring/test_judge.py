"""One file is judged by what it holds: its assertions, the answers beside its results, the fields it remembers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from openyx.cli.scoring.judge import judge
from openyx.cli.scoring.verdict import About, Verdict
from openyx.testing.workflows import node, text_input, workflow

Judge = Callable[..., Verdict]
SORT = node("Sort", '<SortInfo><Field field="n" order="Ascending"/></SortInfo>')
PASSING = "<Tests><Test><Name>two</Name><Connection>#1</Connection><Type>RecCountValue</Type><Value>2</Value></Test>"
FAILING = "<Test><Name>one</Name><Connection>#1</Connection><Type>RecCountValue</Type><Value>1</Value></Test></Tests>"


@pytest.fixture
def judged(tmp_path: Path) -> Judge:
    def judged(content: bytes, name: str = "group/work.yxmd", **others: bytes) -> Verdict:
        root = tmp_path / "root"
        for path, what in {name: content, **{key.replace("__", "/"): value for key, value in others.items()}}.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(what)
        before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
        scratch = tmp_path / "scratch"
        scratch.mkdir()
        told: list[Verdict] = []
        judge(root / name, root, scratch, told.append)
        assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before
        return told[-1]

    return judged


def remembers(tool: str, fields: str, order: str = "", anchor: str = "Output") -> str:
    sorted_by = f"<SortInfo>{order}</SortInfo>" if order else ""
    meta = f'<MetaInfo connection="{anchor}"><RecordInfo>{fields}</RecordInfo>{sorted_by}</MetaInfo></Properties>'
    return tool.replace("</Properties>", meta)


def test_a_file_that_is_no_workflow_is_refused_with_its_place(judged: Judge) -> None:
    verdict = judged(b"<AlteryxDocument>")
    assert (verdict.read, verdict.ran) == (False, False)
    assert "work.yxmd, line 1" in verdict.reason


def test_each_test_of_a_test_tool_is_a_check(judged: Judge) -> None:
    verdict = judged(workflow({1: text_input("n", "1", "2"), 2: node("Test", PASSING + FAILING)}, "1 > 2 #1"))
    assert (verdict.ran, verdict.checks, verdict.held) == (True, 2, 1)
    assert verdict.reason.startswith("test: it failed")


def test_a_test_that_nothing_reaches_is_none(judged: Judge) -> None:
    verdict = judged(workflow({1: text_input("n", "1"), 2: SORT, 3: node("Test", PASSING + FAILING)}, "1 > 2"))
    assert (verdict.checks, verdict.held) == (0, 0)


def test_a_table_beside_with_the_fields_of_the_result_is_an_expected_answer(judged: Judge) -> None:
    tools = {1: text_input("n", "2", "1"), 2: SORT, 3: node("Browse"), 4: text_input("n", "1", "2"), 5: node("Browse")}
    verdict = judged(workflow(tools, "1 > 2", "2 > 3", "4 > 5"))
    assert (verdict.checks, verdict.held) == (1, 1)


def test_a_table_beside_with_other_records_is_an_answer_that_does_not_hold(judged: Judge) -> None:
    tools = {1: text_input("n", "2", "1"), 2: SORT, 3: node("Browse"), 4: text_input("n", "1", "3")}
    verdict = judged(workflow(tools, "1 > 2", "2 > 3"))
    assert (verdict.ran, verdict.checks, verdict.held) == (True, 1, 0)
    assert "expected table: other values" in verdict.reason


def test_a_table_beside_that_is_like_nothing_is_no_answer_unless_it_is_called_so(judged: Judge) -> None:
    tools = {1: text_input("n", "2", "1"), 2: SORT, 3: text_input("x y", "1|2")}
    assert judged(workflow(tools, "1 > 2")).checks == 0


def test_a_table_that_is_called_expected_is_an_answer(judged: Judge) -> None:
    labelled = text_input("x y", "1|2").replace("<Name></Name>", "<Name>Expected</Name>")
    verdict = judged(workflow({1: text_input("n", "2", "1"), 2: SORT, 3: labelled}, "1 > 2"))
    assert (verdict.checks, verdict.held) == (1, 0)


def test_a_workflow_that_computes_nothing_has_no_expected_answer(judged: Judge) -> None:
    verdict = judged(workflow({1: text_input("n", "1"), 2: node("Browse")}, "1 > 2"))
    assert (verdict.ran, verdict.checks) == (True, 0)


def test_what_hangs_on_a_tool_without_its_line_has_no_expected_answer(judged: Judge) -> None:
    labelled = text_input("n", "1").replace("<Name></Name>", "<Name>Expected</Name>")
    verdict = judged(workflow({1: SORT, 2: SORT, 3: labelled}, "1 > 2"))
    assert (verdict.ran, verdict.checks) == (True, 0)


def test_what_a_tool_leaves_over_is_no_answer(judged: Judge) -> None:
    tested = node("Filter", "<Mode>Custom</Mode><Expression>[n] &gt; 1</Expression>")
    renamed = node("Select", '<SelectFields><SelectField field="n" selected="True" rename="m"/></SelectFields>')
    tools = {1: text_input("n", "2", "1"), 2: tested, 3: renamed, 4: text_input("n", "7")}
    assert judged(workflow(tools, "1 > 2", "2.True > 3")).checks == 0


def test_an_answer_that_depends_on_the_clock_does_not_count(judged: Judge) -> None:
    now = node(
        "Formula", '<FormulaFields><FormulaField field="t" type="DateTime" expression="DateTimeNow()"/></FormulaFields>'
    )
    tools = {1: text_input("n", "1"), 2: now, 3: text_input("n t", "1|2016-01-01 00:00:00")}
    assert judged(workflow(tools, "1 > 2")).checks == 0


def test_what_an_output_would_write_is_compared_with_the_file_that_is_there(judged: Judge) -> None:
    output = node("Output", "<File>result.csv</File>")
    content = workflow({1: text_input("n", "1", "2"), 2: output}, "1 > 2")
    verdict = judged(content, **{"group__result.csv": b"n\r\n1\r\n2\r\n"})
    assert (verdict.ran, verdict.checks, verdict.held) == (True, 1, 1)


def test_another_file_than_the_one_that_is_there_does_not_hold(judged: Judge) -> None:
    output = node("Output", "<File>result.csv</File>")
    content = workflow({1: text_input("n", "1", "2"), 2: output}, "1 > 2")
    verdict = judged(content, **{"group__result.csv": b"n\r\n1\r\n"})
    assert (verdict.checks, verdict.held) == (1, 0)
    assert "another number of records" in verdict.reason


def test_fields_are_remembered_as_drawn_without_what_answers_change(judged: Judge) -> None:
    written = "<Action><Type>UpdateValueFormula</Type><Mode>Expression</Mode><Expression>'a longer text'</Expression>"
    written += "<Destination>1/Data/r/c</Destination></Action>"
    actions = f"<Actions><NoCondition><True>{written}</True></NoCondition></Actions>"
    properties = f"<RuntimeProperties>{actions}<ModuleType>Wizard</ModuleType></RuntimeProperties>"
    source = remembers(text_input("t", "ab"), '<Field name="t" type="String" size="2"/>')
    content = workflow({1: source, 2: node("Output", "<File>out.csv</File>")}, "1 > 2", properties=properties)
    verdict = judged(content, "group/work.yxwz", **{"group__out.csv": b"t\r\na longer text\r\n"})
    assert (verdict.fields, verdict.fields_equal) == (1, 1)
    assert (verdict.checks, verdict.held) == (1, 1)


def test_fields_that_rest_on_what_a_macro_has_switched_off_do_not_count(judged: Judge) -> None:
    inside = f'<Node ToolID="2">{SORT}</Node>'
    output = node("MacroOutput", "<Name>Out</Name>")
    off = node("Container", '<Disabled value="True"/>', inside=inside)
    switched = macro({1: taking(), 3: off, 4: output}, "1 > 2", "2 > 4")
    union = remembers(
        node("Union", "<Mode>ByName</Mode>"), '<Field name="n" type="Byte"/><Field name="m" type="Byte"/>'
    )
    tools = {1: text_input("n", "1"), 2: call("off.yxmc"), 3: union, 4: node("Browse")}
    verdict = judged(workflow(tools, "1 > 2.In", "1 > 3 #1", "2.Out > 3 #2", "3 > 4"), **{"lib__off.yxmc": switched})
    assert (verdict.ran, verdict.fields) == (True, 0)


def test_remembered_fields_count_one_by_one(judged: Judge) -> None:
    fields = '<Field name="n" type="Byte"/><Field name="t" type="String" size="3"/><Field name="x" type="Bool"/>'
    source = remembers(text_input("n t", "1|ab", "2|abc"), fields)
    verdict = judged(workflow({1: source, 2: node("Browse")}, "1 > 2"))
    assert (verdict.fields, verdict.fields_equal) == (3, 2)
    assert [each.what for each in verdict.findings if each.about is About.FIELD] == ["TextInput: a field is not there"]


def test_a_remembered_order_is_looked_for_in_the_records(judged: Judge) -> None:
    by_n, fields = '<Field field="n" order="Asc"/>', '<Field name="n" type="Byte"/>'
    sort = remembers(SORT, fields, by_n)
    source = remembers(text_input("n", "2", "1"), fields, by_n)
    verdict = judged(workflow({1: source, 2: sort}, "1 > 2"))
    assert (verdict.anchors_ordered, verdict.order_equal) == (2, 1)


def test_an_order_by_a_field_that_is_not_there_is_a_note(judged: Judge) -> None:
    by_x, fields = '<Field field="x" order="Asc"/>', '<Field name="n" type="Byte"/>'
    verdict = judged(workflow({1: remembers(text_input("n", "2", "1"), fields, by_x), 2: node("Browse")}, "1 > 2"))
    assert verdict.anchors_ordered == 0
    assert [each.detail for each in verdict.findings if each.about is About.NOTE] == ["x"]


def test_files_of_the_parallel_engine_remember_no_order_that_counts(judged: Judge) -> None:
    source = remembers(text_input("n", "2", "1"), '<Field name="n" type="Byte"/>', '<Field field="n" order="Asc"/>')
    content = workflow({1: source, 2: SORT}, "1 > 2", properties='<RunWithE2 value="True"/>')
    assert judged(content).anchors_ordered == 0


def test_what_is_missing_is_listed_and_the_rest_is_measured_all_the_same(judged: Judge) -> None:
    source = remembers(text_input("n", "1"), '<Field name="n" type="Byte"/>')
    tools = {1: source, 2: node("Acme.Frobnicate"), 3: node("Test", PASSING + FAILING)}
    verdict = judged(workflow(tools, "1 > 2", "2 > 3 #1"))
    assert (verdict.ran, verdict.inputs) == (False, True)
    assert any("Frobnicate" in each for each in verdict.missing)
    assert (verdict.fields, verdict.fields_equal, verdict.checks, verdict.held) == (1, 1, 2, 0)


def test_an_input_that_is_not_there_is_no_fault_of_ours(judged: Judge) -> None:
    verdict = judged(workflow({1: node("Input", "<File>none.csv</File>"), 2: node("Browse")}, "1 > 2"))
    assert (verdict.inputs, verdict.ran, verdict.missing) == (False, False, ())
    assert verdict.reason == "none.csv"


def test_files_elsewhere_below_the_folder_may_be_read_and_none_outside(judged: Judge, tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("a\n1\n")
    content = workflow({1: node("Input", r"<File>..\data\in.csv</File>"), 2: node("Browse")}, "1 > 2")
    assert judged(content, **{"data__in.csv": b"a\n1\n"}).ran


def test_a_file_outside_the_folder_is_not_read(judged: Judge, tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("a\n1\n")
    content = workflow({1: node("Input", r"<File>..\..\secret.csv</File>"), 2: node("Browse")}, "1 > 2")
    verdict = judged(content)
    assert (verdict.ran, verdict.inputs) == (False, False)


def test_a_macro_is_checked_and_not_run(judged: Judge) -> None:
    properties = "<RuntimeProperties><ModuleType>Macro</ModuleType></RuntimeProperties>"
    verdict = judged(workflow({1: text_input("n", "1")}, properties=properties), "group/work.yxmc")
    assert (verdict.read, verdict.ran, verdict.inputs) == (True, False, False)


def test_a_pointer_to_a_file_is_no_input(judged: Judge) -> None:
    content = workflow({1: node("Input", "<File>in.csv</File>"), 2: node("Browse")}, "1 > 2")
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n"
    verdict = judged(content, **{"group__in.csv": pointer})
    assert (verdict.inputs, verdict.ran) == (False, False)


def test_a_tool_without_its_line_fails_as_it_does_elsewhere(judged: Judge) -> None:
    assert judged(workflow({1: text_input("n", "1"), 2: SORT})).ran


def test_a_wrong_setting_is_no_such_excuse(judged: Judge) -> None:
    wrong = node("Sort", '<SortInfo><Field field="none" order="Ascending"/></SortInfo>')
    verdict = judged(workflow({1: text_input("n", "1"), 2: wrong}, "1 > 2"))
    assert not verdict.ran
    assert "none" in verdict.reason


def call(macro: str, settings: str = "") -> str:
    return f'<Properties><Configuration>{settings}</Configuration></Properties><EngineSettings Macro="{macro}"/>'


def macro(nodes: dict[int, str], *lines: str) -> bytes:
    return workflow(nodes, *lines, properties="<RuntimeProperties><ModuleType>Macro</ModuleType></RuntimeProperties>")


def complaint(text: str) -> str:
    settings = f"<When>All</When><Type>Error</Type><MessageExpression>'{text}'</MessageExpression>"
    return node("Message", settings)


def taking() -> str:
    template = "<TextInput><Configuration><Fields><Field name='n'/></Fields><Data/></Configuration></TextInput>"
    settings = f'<UseFileInput value="False"/><Name>In</Name><ShowFieldMap value="False"/>{template}'
    return node("AlteryxBasePluginsGui.MacroInput.MacroInput", settings)


def test_a_macro_that_only_raises_errors_is_a_check(judged: Judge) -> None:
    asserting = macro({1: taking(), 2: complaint("wrong")}, "1 > 2")
    silent = judged(workflow({1: text_input("n"), 2: call("check.yxmc")}, "1 > 2.In"), **{"lib__check.yxmc": asserting})
    assert (silent.ran, silent.checks, silent.held) == (True, 1, 1)


def test_a_macro_that_raises_an_error_does_not_hold(judged: Judge) -> None:
    asserting = macro({1: taking(), 2: complaint("wrong")}, "1 > 2")
    content = workflow({1: text_input("n", "1"), 2: call("check.yxmc")}, "1 > 2.In")
    verdict = judged(content, **{"lib__check.yxmc": asserting})
    assert (verdict.ran, verdict.checks, verdict.held) == (True, 1, 0)
    assert "check.yxmc: it told an error" in verdict.reason


def test_an_error_that_must_come_holds_when_it_comes(judged: Judge) -> None:
    expects = call("expect.yxmc", '<Value name="ExpectedError">wrong</Value>')
    nothing = macro({1: node("Comment")})
    content = workflow({1: text_input("n", "1"), 2: complaint("wrong"), 3: expects}, "1 > 2")
    verdict = judged(content, **{"lib__expect.yxmc": nothing})
    assert (verdict.ran, verdict.checks, verdict.held) == (True, 1, 1)


def test_a_silent_macro_that_an_expected_error_keeps_from_running_holds(judged: Judge) -> None:
    asserting = macro({1: taking(), 2: complaint("something came")}, "1 > 2")
    wrong = node("Sort", '<SortInfo><Field field="none" order="Ascending"/></SortInfo>')
    said = 'The field "none" is not contained in the record (fields: n)'
    expects = call("expect.yxmc", f'<Value name="ExpectedError">{said.replace(chr(34), "&quot;")}</Value>')
    others = {"lib__check.yxmc": asserting, "lib__expect.yxmc": macro({1: node("Comment")})}
    tools = {1: text_input("n", "1"), 2: wrong, 3: call("check.yxmc"), 4: expects}
    verdict = judged(workflow(tools, "1 > 2", "2 > 3.In"), **others)
    assert (verdict.ran, verdict.checks, verdict.held) == (True, 2, 2)


def test_an_app_that_refuses_its_own_answers_fails_as_its_author_wants(judged: Judge) -> None:
    says = "<Expression>1=1</Expression><Description>Choose more!</Description>"
    refusal = f'<Action><Type>Error</Type><ToolId value="1"/>{says}</Action>'
    actions = f"<Actions><NoCondition><True>{refusal}</True></NoCondition></Actions>"
    properties = f"<RuntimeProperties>{actions}<ModuleType>Wizard</ModuleType></RuntimeProperties>"
    verdict = judged(workflow({1: text_input("n", "1")}, properties=properties), "group/work.yxwz")
    assert (verdict.ran, verdict.reason) == (True, "")
