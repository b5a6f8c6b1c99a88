"""Text To Columns."""

from __future__ import annotations

from typing import Any

import pytest

from openyx.errors import NotYet, WorkflowError
from openyx.messages import Kind
from openyx.testing import run, table
from openyx.tools.parse.text_to_columns import TextToColumns
from openyx.tools.shared.parts import Surplus, surplus


def columns(delimiters: str = ",", count: int = 3, **more: Any) -> TextToColumns:
    return TextToColumns(field="t", delimiters=delimiters, count=count, root=more.pop("root", "t"), **more)


def rows(delimiters: str = ",", **more: Any) -> TextToColumns:
    return TextToColumns(field="t", delimiters=delimiters, count=1, **more)


def parts(tool: TextToColumns, *texts: str) -> list[list[object]]:
    """The new fields of each record."""
    given = table("t: V_WString(200)", *(f'"{text.replace(chr(34), chr(34) * 2)}"' for text in texts))
    return [list(row[1:]) for row in run(tool, given).table.rows]


def pieces(tool: TextToColumns, text: str) -> list[object]:
    """The texts of the records that one record becomes."""
    quoted = text.replace('"', '""')
    return [row[0] for row in run(tool, table("t: V_WString(200)", f'"{quoted}"')).table.rows]


def test_new_fields_stand_at_the_end_with_the_type_and_size_of_the_text() -> None:
    found = run(columns(count=2, root="Part"), table("t: String(9), n: Int32", '"a,b", 1'))
    assert found.table == table("t: String(9), n: Int32, Part1: String(9), Part2: String(9)", '"a,b", 1, a, b')


def test_without_a_root_name_the_fields_are_numbers() -> None:
    assert run(columns(count=2, root="\n  "), table("t: String(9)", '"a,b"')).table.schema.names == ("t", "1", "2")


def test_a_blank_at_the_end_of_the_root_name_stays() -> None:
    assert run(columns(count=1, root="Part "), table("t: String(9)", "a")).table.schema.names == ("t", "Part 1")


def test_a_name_that_is_taken_gets_a_number() -> None:
    found = run(columns(count=2), table("t: String(9), T1: Int32", '"a,b", 7'))
    assert found.table.schema.names == ("t", "T1", "t12", "t2")


def test_missing_parts_are_null_and_empty_parts_are_empty() -> None:
    assert parts(columns(), "a", "a,,b", "", ",") == [
        ["a", None, None],
        ["a", "", "b"],
        ["", None, None],
        ["", "", None],
    ]


def test_a_null_gives_nulls() -> None:
    assert run(columns(count=2), table("t: String(9)", "")).table.rows == ((None, None, None),)


def test_the_last_field_takes_the_rest() -> None:
    assert parts(columns(), "a,b,c", "a,b,c,d", ",,,,") == [["a", "b", "c"], ["a", "b", "c,d"], ["", "", ",,"]]


def test_the_rest_keeps_its_own_delimiters() -> None:
    assert parts(columns(",;"), "ä;b,c;d,e") == [["ä", "b", "c;d,e"]]


def test_one_field_takes_the_whole_text() -> None:
    assert parts(columns(count=1), "a,b") == [["a,b"]]


def test_surplus_parts_may_be_dropped_silently() -> None:
    ran = run(columns(count=2, handling=Surplus.IGNORE), table("t: String(9)", '"a,b,c"'))
    assert ran.table.rows == (("a,b,c", "a", "b"),)
    assert ran.said == []


@pytest.mark.parametrize(("handling", "kind"), [(Surplus.WARN, Kind.WARNING), (Surplus.ERROR, Kind.ERROR)])
def test_surplus_parts_may_be_dropped_and_told(handling: Surplus, kind: Kind) -> None:
    ran = run(columns(count=2, handling=handling), table("t: String(9)", '"a,b"', '"a,b,c"', "", '"a,b,c,d"'))
    assert [row[1:] for row in ran.table.rows] == [("a", "b"), ("a", "b"), (None, None), ("a", "b")]
    assert ran.said == ['Record 2: "t" has more than 2 parts', 'Record 4: "t" has more than 2 parts']
    assert {message.kind for message in ran.messages} == {kind}


def test_of_many_records_with_surplus_parts_the_first_are_told_and_all_counted() -> None:
    ran = run(columns(count=1, handling=Surplus.WARN), table("t: String(9)", *['"a,b"'] * 12))
    assert len(ran.said) == 11
    assert ran.said[-1] == '12 records have more than 1 parts in "t"'


def test_each_character_is_a_delimiter() -> None:
    assert parts(columns(r"\s/:", 5), "12/31/2020 10:59") == [["12", "31", "2020", "10", "59"]]


@pytest.mark.parametrize(
    ("delimiters", "text"),
    [(r"\n", "a\nb"), (r"\t", "a\tb"), (r"\r", "a\rb"), (r"\s", "a b"), (r"\\", "a\\b"), ("\\", "a\\b"), ("|", "a|b")]
    + [(one, f"a{one}b") for one in "^$.*+?()[]{}-&~"],
)
def test_delimiters_mean_themselves_and_some_are_written_with_a_backslash(delimiters: str, text: str) -> None:
    assert pieces(rows(delimiters), text) == ["a", "b"]
    assert pieces(rows(delimiters + ";"), text) == ["a", "b"]
    assert pieces(rows(delimiters, flags=16), text) == ["a", "b"]


def test_to_rows_repeats_the_record_for_each_part() -> None:
    ran = run(rows(), table("n: Int32, t: String(9), b: Bool", '1, "x,,y", True', "2, z, False", "3, , True"))
    assert ran.table == table(
        "n: Int32, t: String(9), b: Bool", "1, x, True", '1, "", True', "1, y, True", "2, z, False", "3, , True"
    )


def test_to_rows_takes_a_field_whose_name_looks_like_a_pattern() -> None:
    tool = TextToColumns(field="^T.*$", delimiters=",")
    assert run(tool, table("^t.*$: String(3), t: Int32", '"a,b", 1')).table.rows == (("a", 1), ("b", 1))


def test_delimiters_in_single_quotes_are_text() -> None:
    assert pieces(rows(flags=8), "'COD','Congo, The',1") == ["'COD'", "'Congo, The'", "1"]


@pytest.mark.parametrize(
    ("flags", "text", "found"),
    [
        (1, 'a,"b,c",d', ["a", '"b,c"', "d"]),
        (2, "f(a,b),c", ["f(a,b)", "c"]),
        (2, "f(a,(b,c)),d,", ["f(a,(b,c))", "d", ""]),
        (4, "[a,b],c", ["[a,b]", "c"]),
        (6, "(a,b),[c,d]", ["(a,b)", "[c,d]"]),
        (0, "(a,b)", ["(a", "b)"]),
        (1, 'a,"b,c', ["a", '"b', "c"]),
        (1, '"b,c"', ['"b,c"']),
        (1, "", [""]),
    ],
)
def test_delimiters_in_pairs_are_text_when_asked(flags: int, text: str, found: list[str]) -> None:
    assert pieces(rows(flags=flags), text) == found


def test_the_rest_counts_delimiters_in_pairs_as_text() -> None:
    assert parts(columns(",;", 2, flags=8), "'a,b';'c;d',e;f") == [["'a,b'", "'c;d',e;f"]]


def test_empty_parts_may_be_left_out() -> None:
    assert pieces(rows(r"\n", flags=16), "\nSheet1\n\nSheet2\n") == ["Sheet1", "Sheet2"]
    assert parts(columns(",", 2, flags=16), ",a,,b,,c", ",,") == [["a", "b,c"], ["", None]]


def test_a_date_is_text() -> None:
    found = run(columns("-", root="d"), table("t: Date", "2026-11-24")).table
    assert found.rows[0][1:] == ("2026", "11", "24")
    assert str(found.schema["d1"].type) == "String(10)"


def test_what_cannot_be_parted_is_an_error() -> None:
    with pytest.raises(WorkflowError, match='"t" is not contained'):
        run(columns(), table("u: String(3)", "a"))
    with pytest.raises(WorkflowError, match='"t" is a Int32, and no text'):
        run(columns(), table("t: Int32", "1"))
    with pytest.raises(WorkflowError, match="No delimiter"):
        run(columns(""), table("t: String(3)", "a"))
    with pytest.raises(WorkflowError, match="must be from 1"):
        run(columns(count=0), table("t: String(3)", "a"))
    with pytest.raises(NotYet, match="the flags 64"):
        run(columns(flags=65), table("t: String(3)", "a"))


@pytest.mark.parametrize(
    ("word", "meant"), [("last", Surplus.LAST), ("DropWarn", Surplus.WARN), ("Drop", Surplus.IGNORE)]
)
def test_too_many_parts_are_handled_by_any_spelling(word: str, meant: Surplus) -> None:
    assert surplus(word) is meant
