"""Functions that users wrote as expressions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from openyx.engine import Anchor, run_workflow
from openyx.errors import DocumentError, FormulaError, NotHere, Unknown
from openyx.fields import DATE, INT64, V_WSTRING
from openyx.formula import Context, compile_expression, lacking, leaves_to_chance
from openyx.formula.addins import AddIn, load
from openyx.testing import node, text_input, workflow
from tests.formula.support import WORLD, Table

TABLE = Table(
    {"day": DATE, "s": V_WSTRING, "n": INT64},
    [(date(2026, 11, 24), "Alpha", 7), (None, None, None), (date(1999, 1, 2), "", 2**62)],
)


def world(**bodies: str) -> Context:
    """Functions by their names, the number of their parameters behind; ``+`` for any number more."""
    functions: dict[str, AddIn] = {}
    for key, body in bodies.items():
        name, _, count = key.rpartition("_")
        variable = count.endswith("x")
        functions[name.lower()] = AddIn(name, int(count.rstrip("x")), variable, body, "own.xml")
    return replace(WORLD, addins=functions)


def values(text: str, context: Context) -> list[object]:
    expr = compile_expression(text, TABLE.schema, context=context)
    return [answer.value for answer in TABLE.answers(expr)]


def test_a_body_is_an_expression_over_its_parameters() -> None:
    own = world(Twice_1="P1 + p1", Century_1="Floor(Year(P1)/100)+1", Year_1="ToNumber(Left(P1, 4))")
    assert values('Twice("ab")', own) == ["abab"] * 3
    assert values("TWICE([n])", own) == [14, None, 2.0**63]
    assert values("twice(1) + Twice(2)", own) == [6] * 3
    assert values("Century([day])", own)[::2] == [21, 20]


def test_a_date_arrives_as_text_and_null_as_null() -> None:
    own = world(Size_1="Length(P1)", Missing_1="IsNull(P1)", Either_2="IIF(IsNull(P1), P2, P1)")
    assert values("Size([day])", own) == [10, 0, 10]
    assert values("Missing(Null())", own) == [True] * 3
    assert values('Either([s], "none")', own) == ["Alpha", "none", ""]


def test_a_parameter_is_a_value_that_is_bound_once() -> None:
    own = world(Same_1="P1 = P1 AND P1 - P1 = 0")
    assert values("Same(Rand())", own) == [True] * 3


def test_a_body_may_leave_something_to_chance() -> None:
    own = world(Dice_1="1 + RandInt(P1 - 1)", Throw_0="Dice(6) + Same(1)", Same_1="P1")
    assert leaves_to_chance("throw()", own.addins)
    assert not leaves_to_chance("same([n])", own.addins)


def test_any_number_of_parameters_may_be_left_or_given() -> None:
    own = world(First_1x="P1", Pi2_0="Pi() * 2")
    assert values("First(1) + First(1, 2, 3)", own) == [2] * 3
    assert values("Round(Pi2(), 1)", own) == [6] * 3
    with pytest.raises(FormulaError, match=r"First takes 1 or more arguments, not 0"):
        values("First()", own)
    with pytest.raises(FormulaError, match=r"Pi2 takes 0 arguments, not 1"):
        values("Pi2(1)", own)


def test_the_language_s_own_function_comes_first() -> None:
    assert values('Left("abc", 1)', world(Left_2="P1")) == ["a"] * 3


def test_types_are_checked_through_a_body() -> None:
    own = world(Year_1="ToNumber(Left(P1, 4))", Broken_1="P1 +", Twice_1="P1 + P1")
    with pytest.raises(FormulaError, match=r"String provided where a number is required|Number provided"):
        values("Year([n])", own)
    with pytest.raises(FormulaError, match=r"in Year of own.xml"):
        values("Year([n])", own)
    with pytest.raises(FormulaError, match=r"in Broken of own.xml"):
        values("Broken(1)", own)
    with pytest.raises(FormulaError, match="Type mismatch in operator -"):
        values('Twice("a") - 1', own)
    with pytest.raises(FormulaError, match=r'Unknown variable "n".*in Peeks'):
        values("Peeks(1)", world(Peeks_1="[n]"))


def test_a_function_that_calls_itself_is_refused() -> None:
    with pytest.raises(FormulaError, match="nests deeper than 250 levels"):
        values("Round2(1)", world(Round2_1="IIF(P1 > 9, P1, Round2(P1 + 1))"))


def test_machine_code_is_not_here() -> None:
    own = world(Native_1="")
    with pytest.raises(NotHere, match=r"the formula function Native \(a DLL of own.xml\)"):
        values("native(1)", own)
    assert isinstance(lacking("NATIVE", own.addins), NotHere)
    assert isinstance(lacking("Nothing", own.addins), Unknown)
    assert lacking("twice", world(Twice_1="P1").addins) is None


LIBRARY = """<?xml version="1.0"?>
<FormulaAddIn>
  <Function>
    <Name>SHOUT</Name>
    <NumParams variable="false">1</NumParams>
    <Formula>Uppercase(P1) + "!"</Formula>
  </Function>
  <Function>
    <Name>Hash</Name>
    <NumParams variable="true">2</NumParams>
    <Dll><Name>x.dll</Name><EntryPoint>Hash</EntryPoint></Dll>
  </Function>
</FormulaAddIn>"""


def test_libraries_are_found_in_folders(tmp_path: Path) -> None:
    (tmp_path / "b.xml").write_text(LIBRARY)
    (tmp_path / "c.xml").write_text(LIBRARY.replace("SHOUT", "shout").replace("!", "?"))
    (tmp_path / "other.xml").write_text("<unrelated>")
    found = load([tmp_path])
    assert found["shout"] == AddIn("SHOUT", 1, False, 'Uppercase(P1) + "!"', "b.xml")
    assert found["hash"].variable
    assert not found["hash"].body


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (LIBRARY.replace("</FormulaAddIn>", ""), "own.xml"),
        (LIBRARY.replace(">1<", ">one<"), "own.xml, line 3"),
        (LIBRARY.replace("SHOUT", ""), "own.xml, line 3"),
    ],
    ids=["open", "no number", "no name"],
)
def test_a_library_that_cannot_be_read_is_an_error_with_its_place(tmp_path: Path, broken: str, said: str) -> None:
    (tmp_path / "own.xml").write_text(broken)
    with pytest.raises(DocumentError, match=said):
        load([tmp_path])


def test_a_workflow_calls_functions_of_the_libraries_in_its_folders(tmp_path: Path) -> None:
    (tmp_path / "own.xml").write_text(LIBRARY)
    line = '<FormulaField field="b" type="V_WString" size="9" expression="Shout([a])"/>'
    formula = node("Formula", f"<FormulaFields>{line}</FormulaFields>")
    path = tmp_path / "shout.yxmd"
    path.write_bytes(workflow({1: text_input("a", "x"), 2: formula}, "1 > 2"))
    assert run_workflow(path, macros=[tmp_path], keep=[Anchor(2)]).tables[Anchor(2)].rows() == [("x", "X!")]
    assert not run_workflow(path).ok
