"""Data Cleansing."""

from __future__ import annotations

from typing import Any

import pytest

from openyx.errors import DocumentError, NotYet, WorkflowError
from openyx.testing import run, table
from openyx.tools.preparation.data_cleansing import Cleanse, DataCleansing, Switches
from openyx.tools.shared.answers import Answer

NULL_ROWS, NULL_COLUMNS, BLANKS, ZEROS = "135", "136", "84", "117"
ENDS, RUNS, SPACE, LETTERS, NUMBERS, PUNCTUATION, CASE = "15", "109", "122", "53", "58", "70", "77"


def cleanse(fields: str, *boxes: str, case: str = "upper") -> Cleanse:
    """The macro with these boxes checked; *fields* as the list box has them."""
    every = [NULL_ROWS, NULL_COLUMNS, BLANKS, ZEROS, ENDS, RUNS, SPACE, LETTERS, NUMBERS, PUNCTUATION, CASE]
    answers = [Answer(name=f"Check Box ({box})", text=str(box in boxes)) for box in every]
    answers += [Answer(name="List Box (11)", text=fields), Answer(name="Drop Down (81)", text=case)]
    return Cleanse(answers=tuple(answers))


def cleaned(text: str, *boxes: str, case: str = "upper") -> object:
    quoted = text.replace('"', '""')
    return run(cleanse('"t"', *boxes, case=case), table("t: V_WString(99)", f'"{quoted}"')).table.rows[0][0]


@pytest.mark.parametrize(
    ("boxes", "text", "found"),
    [
        ([ENDS], " \t a  b \n", "a  b"),
        ([RUNS], " a \t\n b  ", " a b "),
        ([ENDS, RUNS], " a \t\n b  ", "a b"),
        ([SPACE], " a \t b ", "ab"),
        ([LETTERS], "aé1-日B", "1-"),
        ([NUMBERS], "a1b22", "ab"),
        ([PUNCTUATION], "a!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~b–", "ab–"),
        ([LETTERS, ENDS], " abc 12", " 12"),
        ([CASE], "straße é", "STRAßE É"),
        ([], " a ", " a "),
    ],
)
def test_text_is_cleaned(boxes: list[str], text: str, found: str) -> None:
    assert cleaned(text, *boxes) == found


@pytest.mark.parametrize(
    ("case", "found"), [("upper", "O'NEIL SMITH"), ("lower", "o'neil smith"), ("title", "O'neil Smith")]
)
def test_case_is_changed(case: str, found: str) -> None:
    assert cleaned("o'NEIL smith", CASE, case=case) == found


@pytest.mark.parametrize("fields", ['"t","o"', "t=True,u=False,o=True", "t, o"])
def test_the_fields_are_those_that_the_list_box_has_chosen(fields: str) -> None:
    given = table("t: String(9), u: String(9), o: String(9)", "a1, a1, a1")
    assert run(cleanse(fields, LETTERS), given).table.rows[0] == ("1", "a1", "1")


def test_a_list_of_fields_that_cannot_be_read_is_an_error() -> None:
    with pytest.raises(WorkflowError, match="no list of fields"):
        run(cleanse('"t","u', LETTERS), table("t: String(9)", "a"))


def test_nulls_of_text_become_empty_and_of_numbers_0() -> None:
    given = table(
        "t: V_String(9), u: String(9), n: Int32, d: Double, b: Bool, x: FixedDecimal(9.2), day: Date", ", , , , , ,"
    )
    every = '"t","n","d","b","x","day"'
    assert run(cleanse(every, BLANKS, ZEROS), given).table.rows == (("", None, 0, 0.0, None, 0, None),)
    assert run(cleanse(every, BLANKS), given).table.rows == (("", *[None] * 6),)
    assert run(cleanse(every, ENDS, SPACE, CASE), given).table.rows == ((None,) * 7,)


def test_types_sizes_and_other_fields_stay() -> None:
    given = table("a: String(3), b: WString(5), n: Int16", '"a ", "b ", 1')
    assert run(cleanse('"A"', ENDS, ZEROS), given).table == table("a: String(3), b: WString(5), n: Int16", 'a, "b ", 1')


def test_a_name_may_hold_commas() -> None:
    tool = cleanse('"FURNITURE, LAMPS","other"', ENDS)
    ran = run(tool, table("other: String(3)", '" a"'))
    assert ran.table.rows == (("a",),)
    assert ran.said == ['The field "FURNITURE, LAMPS" is missing']


def test_records_without_a_value_go() -> None:
    given = table("a: String(3), n: Int32", ", ", "x,", ",", ", 0", '"",')
    assert run(cleanse("", NULL_ROWS), given).table.rows == (("x", None), (None, 0), ("", None))


def test_fields_without_a_value_go_before_nulls_are_filled() -> None:
    given = table("a: String(3), n: Int32, m: Int32", ", , 1", ", , ")
    assert run(cleanse('"a","n","m"', NULL_COLUMNS, BLANKS, ZEROS), given).table == table("m: Int32", "1", "0")
    assert run(cleanse('"a","n","m"', NULL_ROWS, NULL_COLUMNS), given).table == table("m: Int32", "1")


@pytest.mark.parametrize("rows", [[], [", "]])
def test_without_any_value_all_fields_stay(rows: list[str]) -> None:
    given = table("a: String(3), n: Int32", *rows)
    assert run(cleanse("", NULL_COLUMNS), given).table.schema.names == ("a", "n")


def test_what_was_not_understood_is_an_error() -> None:
    given = table("t: String(3)", "a")
    with pytest.raises(NotYet, match=r"the question Check Box \(999\)"):
        run(Cleanse(answers=(Answer(name="Check Box (999)", text="True"),)), given)
    with pytest.raises(NotYet, match="the case 'camel'"):
        run(cleanse('"t"', CASE, case="camel"), given)
    with pytest.raises(DocumentError, match="neither True nor False"):
        run(Cleanse(answers=(Answer(name="Check Box (84)", text="perhaps"),)), given)


@pytest.mark.parametrize(
    ("switches", "found"),
    [
        ({"ends": True, "runs": True, "case": "TitleCase"}, "O'neil 7, Smith"),
        ({"space": True, "case": "None"}, "o'NEIL7,smith"),
        ({"letters": True, "numbers": True, "punctuation": True}, "    "),
        ({"case": "UpperCase"}, " O'NEIL  7, SMITH"),
    ],
)
def test_the_newer_tool_cleans_all_text_fields(switches: dict[str, Any], found: str) -> None:
    tool = DataCleansing(switches=Switches(**switches))
    ran = run(tool, table("t: V_String(30), n: Int32", '" o\'NEIL  7, smith", '))
    assert ran.table == table("t: V_String(30), n: Int32", f'"{found}", ')


def test_setting_null_is_not_there_yet() -> None:
    with pytest.raises(NotYet, match="SetNull"):
        run(DataCleansing(switches=Switches(sets_null=True)), table("t: String(3)", "a"))
