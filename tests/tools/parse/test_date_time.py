"""DateTime."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from openyx.errors import NotYet, WorkflowError
from openyx.fields import FieldType
from openyx.formula.context import Context as World
from openyx.testing import run, table
from openyx.tools.base import Context
from openyx.tools.parse.date_time import DateTime

NOW = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
CONTEXT = Context(world=World(now=NOW, start=NOW))


at = datetime.fromisoformat


def read(form: str, text: str, **more: Any) -> tuple[object, str, list[str]]:
    """What a text says in a format, the type, and what is told."""
    quoted = text.replace('"', '""')
    ran = run(DateTime(field="t", form=form, **more), table("t: V_String(80)", f'"{quoted}"'), context=CONTEXT)
    return ran.table.rows[0][-1], str(ran.table.schema.fields[-1].type), ran.said


def write(form: str, moment: str, kind: str = "DateTime", **more: Any) -> tuple[object, str]:
    """What a moment is in a format, and the type."""
    tool = DateTime(writes_text=True, field="t", form=form, **more)
    found = run(tool, table(f"t: {kind}", moment), context=CONTEXT).table
    return found.rows[0][-1], str(found.schema.fields[-1].type)


@pytest.mark.parametrize(
    ("form", "text", "meant"),
    [
        ("yyyy-MM-dd", "2016-03-28", date(2016, 3, 28)),
        ("MM/dd/yyyy", "3/8/2016", date(2016, 3, 8)),
        ("dd-MM-yyyy", "28-03-2016", date(2016, 3, 28)),
        ("MM/dd/yy", "03/28/16", date(2016, 3, 28)),
        ("MM/dd/yy(yy)", "03/28/2016", date(2016, 3, 28)),
        ("d/-Mon.-yy", "1/-Jan.-15", date(2015, 1, 1)),
        ("d/-Mon.-yy", "16-JUN-01", date(2001, 6, 16)),
        ("dd-Mon.-yy", "25-DEC-10", date(2010, 12, 25)),
        ("day, dd Month, yyyy", "Monday, 28 March, 2016", date(2016, 3, 28)),
        ("dy dd MMM yyyy", "Mon 28 Mar 2016", date(2016, 3, 28)),
        ("EEEE MMMM d, yyyy", "Monday March 8, 2016", date(2016, 3, 8)),
        ("yyyyMMdd", "20160328", date(2016, 3, 28)),
        ("yyyy", "2016", date(2016, 1, 1)),
        (" Mon dd, yyyy", "Mar 28, 2016", date(2016, 3, 28)),
        ("*, yyyy-MM-dd", "at noon, 2016-03-28", date(2016, 3, 28)),
        ("%d %B %Y", "28 March 2016", date(2016, 3, 28)),
        ("mm : ss", "05 : 06", time(0, 5, 6)),
        ("HH:mm:ss", "13:05:06", time(13, 5, 6)),
        ("hh:mm AM", "01:05 PM", time(13, 5)),
        ("%I%M %p", "0105 PM", time(13, 5)),
        ("dd Mon yy at hh:mm", "28 Mar 16 at 13:05", at("2016-03-28 13:05:00")),
        ("MM/dd/yyyy hh:mm:ss", "03/28/2016 13:05:06", at("2016-03-28 13:05:06")),
        ("MM/dd/yyyy hh:mm:ss", "04/08/2008 04:00", at("2008-04-08 04:00:00")),
        ("MM/dd/yyyy hh:mm:ss", "2/11/2016 0:0:16", at("2016-02-11 00:00:16")),
        ("yyyy-MM-dd ahh:mm", "2016-03-28 PM01:05", at("2016-03-28 13:05:00")),
        ("%Y-%m-%dT%H:%M:%S", "2016-03-28T13:05:06", at("2016-03-28 13:05:06")),
    ],
)
def test_a_text_is_read_in_a_format(form: str, text: str, meant: object) -> None:
    kind = {"date": "Date", "time": "Time", "datetime": "DateTime"}[type(meant).__name__]
    assert read(form, text) == (meant, kind, [])


def test_what_does_not_fit_is_null_and_told() -> None:
    assert read("MM/dd/yyyy", "2016-03-28") == (
        None,
        "Date",
        ['DateTime_Out: "2016-03-28" does not fit the format "%m/%d/%Y"'],
    )
    assert read("MM/dd", "03/28") == (None, "DateTime", ['DateTime_Out: The format "%m/%d" has no year'])


def test_the_new_field_stands_at_the_end_and_a_name_that_is_taken_gets_a_number() -> None:
    found = run(DateTime(field="t", form="yyyy", name="T"), table("t: String(4), n: Int32", "2016, 1"), context=CONTEXT)
    assert found.table.schema.names == ("t", "n", "T2")
    assert found.table.schema["T2"].source == "DateTime: To yyyy"


@pytest.mark.parametrize(
    ("form", "kind", "moment", "text", "size"),
    [
        ("yyyy-MM-dd", "Date", "2016-03-08", "2016-03-08", 10),
        ("MM/dd/yyyy", "DateTime", "2016-03-08 13:05:06", "03/08/2016", 10),
        ("d.M.yy H:mm", "DateTime", "2016-03-08 00:05:06", "8.3.16 0:05", 14),
        ("d/M", "Date", "2016-10-20", "20/10", 5),
        ("%A, %d %B %Y ", "Date", "2016-03-08", "Tuesday, 08 March 2016 ", 36),
        ("dy, Mon d", "Date", "2016-03-08", "Tue, Mar 8", 11),
        ("hh:mm:ss AM", "Time", "13:05:06", "01:05:06 PM", 11),
        ("yyyy", "Date", "2016-03-08", "2016", 4),
        ("100% yyyy", "Date", "2016-03-08", "100% 2016", 9),
    ],
)
def test_a_moment_is_written_in_a_format(form: str, kind: str, moment: str, text: str, size: int) -> None:
    assert write(form, moment, kind) == (text, f"String({size})")


def test_a_text_that_holds_a_moment_is_written_too() -> None:
    assert write("MM/dd/yyyy", "2016-03-08", "String(10)") == ("03/08/2016", "String(10)")


def test_null_stays_null() -> None:
    assert read("yyyy", "")[0] is None
    assert write("yyyy", "", "Date") == (None, "String(4)")


def test_a_type_that_is_given_says_which_way_and_is_the_type() -> None:
    wanted = FieldType.of("Date")
    assert read("yyyy-MM-dd hh:mm", "2016-03-28 10:00", type=wanted) == (date(2016, 3, 28), "Date", [])
    assert read("yyyy-MM-dd", "2016-03-28", writes_text=True, type=wanted)[:2] == (date(2016, 3, 28), "Date")
    assert write("yyyy", "2016-03-28", "Date", type=FieldType.of("V_WString", 9)) == ("2016", "V_WString(9)")


def test_other_languages_may_have_numbers_but_no_names() -> None:
    assert read("dd.MM.yyyy", "28.03.2016", language="Deutsch")[0] == date(2016, 3, 28)
    with pytest.raises(NotYet, match="in the language Deutsch"):
        read("dd Month yyyy", "28 März 2016", language="Deutsch")


def test_what_cannot_be_read_is_an_error() -> None:
    with pytest.raises(WorkflowError, match='"t" is not contained'):
        run(DateTime(field="t", form="yyyy"), table("u: String(3)", "a"))
    with pytest.raises(WorkflowError, match="neither a text nor a date"):
        run(DateTime(field="t", form="yyyy"), table("t: Int32", "1"))
    with pytest.raises(WorkflowError, match="no name"):
        run(DateTime(field="t", form="yyyy", name=""), table("t: String", "x"))
    with pytest.raises(WorkflowError, match="No format"):
        read(" ", "2016")


def test_a_date_is_read_as_its_text() -> None:
    ran = run(DateTime(field="t", form="yyyy-MM-dd hh:mm:ss"), table("t: DateTime", "2026-11-24T10:30:00", ""))
    assert [row[-1] for row in ran.table.rows] == [at("2026-11-24T10:30:00"), None]
    ran = run(DateTime(field="t", form="dd/MM/yyyy"), table("t: Date", "2026-11-24"))
    assert ran.table.rows[0][-1] is None
    assert ran.said == ['DateTime_Out: "2026-11-24" does not fit the format "%d/%m/%Y"']
