"""Record ID."""

from __future__ import annotations

from io import BytesIO

import pytest

from openyx.document import config, xml
from openyx.errors import DocumentError, NotYet, WorkflowError
from openyx.fields import DATE, INT16, FieldType
from openyx.relation import Place
from openyx.testing import run, table
from openyx.tools.preparation.record_id import RecordId

LETTERS = table("a: String(3)", "x", "y")
TEXT = FieldType.of("String")


def settings(text: str) -> RecordId:
    found, unread = config.read(RecordId, xml.read(BytesIO(f"<C>{text}</C>".encode()), "here"), place="here")
    assert unread == ()
    return found


def test_records_are_counted_from_the_start_value_in_a_first_field() -> None:
    ran = run(RecordId(start=10), LETTERS)
    assert ran.table == table("RecordID: Int32, a: String(3)", "10, x", "11, y")
    assert ran.table.schema["RecordID"].source == "RecordID: Starting Value=10"


def test_the_number_may_stand_last() -> None:
    assert run(RecordId(name="n", at=Place.LAST), LETTERS).table == table("a: String(3), n: Int32", "x, 1", "y, 2")


def test_a_first_field_takes_the_name_of_one_that_has_it() -> None:
    taken = table("a: Int32, A2: Int32", "7, 8")
    assert run(RecordId(name="A"), taken).table == table("A: Int32, a3: Int32, A2: Int32", "1, 7, 8")


def test_a_last_field_gets_a_number_where_the_name_is_taken() -> None:
    assert run(RecordId(name="A", at=Place.LAST), LETTERS).table == table("a: String(3), A2: Int32", "x, 1", "y, 2")


def test_text_is_filled_up_with_zeros() -> None:
    ran = run(RecordId(type=TEXT, type_size=4, text_size=6, start=99), LETTERS)
    assert ran.table == table("RecordID: String(4), a: String(3)", "0099, x", "0100, y")


def test_text_of_no_size_of_its_own_has_that_of_the_tool() -> None:
    assert run(RecordId(type=TEXT, text_size=2), LETTERS).table.rows[0] == ("01", "x")
    assert run(RecordId(type=TEXT), LETTERS).table.schema["RecordID"].type.size == 6


def test_a_number_that_does_not_fit_is_reported() -> None:
    ran = run(RecordId(type=INT16, start=32_767), LETTERS)
    assert ran.table.rows == ((32_767, "x"), (None, "y"))
    assert ran.said == ["RecordID: 32768 does not fit in the type Int16"]


def test_a_number_is_no_date() -> None:
    with pytest.raises(WorkflowError, match="cannot be a Date"):
        run(RecordId(type=DATE), LETTERS)


def test_settings_are_read_in_every_spelling() -> None:
    tool = settings(
        '<StartValue>0</StartValue><FieldName>Id</FieldName><FieldType size="4">String</FieldType>'
        "<FieldSize>6</FieldSize><Position>First</Position>"
    )
    assert (tool.start, tool.name, tool.type.kind, tool.type_size, tool.at) == (0, "Id", "String", 4, Place.FIRST)
    assert settings("<Position>1</Position>").at is Place.LAST


def test_a_number_without_a_name_is_an_error() -> None:
    with pytest.raises(WorkflowError, match="no name"):
        run(RecordId(name=" "), table("a: Int32", "1"))


@pytest.mark.parametrize("start", [2**63 - 1, 10**20, -(10**20)])
def test_a_first_number_that_leaves_no_room_is_an_error(start: int) -> None:
    with pytest.raises(WorkflowError, match=f"{start}: so large"):
        run(RecordId(start=start), table("a: Int32", "1"))


def test_a_place_that_nobody_knows_is_an_error() -> None:
    with pytest.raises(DocumentError, match="'middle' is none of"):
        settings("<Position>middle</Position>")


def test_a_text_without_a_size_cannot_be_filled_up() -> None:
    with pytest.raises(NotYet, match="without a size"):
        run(RecordId(type=TEXT, text_size=1_073_741_823), LETTERS)
