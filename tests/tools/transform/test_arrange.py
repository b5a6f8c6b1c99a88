"""Arrange."""

from __future__ import annotations

from io import BytesIO

import pytest

from openyx.document import config, xml
from openyx.errors import WorkflowError
from openyx.testing import run, table
from openyx.tools.transform.arrange import Arrange, Column, Line

PEOPLE = table("id: Int32, name: String(5), age: Byte, fee: Double", "1, Ann, 36, 1.5", "2, , 7, ")


def of(columns: str, *lines: str, keys: tuple[str, ...] = ("id",)) -> Arrange:
    """Columns of texts are in quotes; lines have cells parted by bars."""
    made = (
        Column(name=name.strip("'"), type="text" if name.startswith("'") else "combobox") for name in columns.split()
    )
    return Arrange(keys=keys, columns=tuple(made), lines=tuple(Line(cells=tuple(line.split("|"))) for line in lines))


def test_each_record_becomes_several_that_are_laid_out_by_hand() -> None:
    ran = run(of("'what' value number", "Name|name|age", "Fée|[none]|fee", "||id"), PEOPLE)
    assert ran.table == table(
        "id: Int32, what: String(4), value: String(5), number: Double",
        "1, Name, Ann, 36",
        "1, Fée, , 1.5",
        "1, , , 1",
        "2, Name, , 7",
        "2, Fée, , ",
        "2, , , 2",
    )


def test_fields_of_several_types_become_text() -> None:
    ran = run(of("value", "name", "age", keys=()), PEOPLE)
    assert ran.table == table("value: V_String(5)", "Ann", "36", "", "7")


def test_a_column_that_is_called_like_a_key_gets_a_number() -> None:
    assert run(of("ID id", "name|age"), PEOPLE).table.schema.names == ("id", "ID2", "id3")


def test_texts_beyond_latin_are_wide() -> None:
    assert str(run(of("'t' n", "€|age"), PEOPLE).table.schema["t"].type) == "WString(1)"


def test_without_lines_there_is_no_record() -> None:
    assert run(of("'t' n"), PEOPLE).table.rows == ()


def test_what_does_not_fit_is_told() -> None:
    with pytest.raises(WorkflowError, match='"gone" is not contained'):
        run(of("n", "gone"), PEOPLE)
    with pytest.raises(WorkflowError, match="Line 2 has 1 cells for 2 columns"):
        run(of("n m", "age|age", "age"), PEOPLE)
    with pytest.raises(WorkflowError, match="No column"):
        run(of(""), PEOPLE)


def test_settings_are_read() -> None:
    settings, unread = config.read(
        Arrange,
        xml.read(
            BytesIO(
                b"<C><KeyFields orderChanged='False'><Field name='ID'/></KeyFields><OutputFields><Columns>"
                b"<Column name='A' type='text' context=''/><Column name='B' type='combobox'/></Columns>"
                b"<Data><r><c>x</c><c>[none]</c></r><r><c/><c>ID</c></r></Data></OutputFields></C>"
            ),
            "x",
        ),
        place="x",
    )
    assert unread == ()
    assert settings == Arrange(
        keys=("ID",),
        columns=(Column(name="A", type="text"), Column(name="B")),
        lines=(Line(cells=("x", "[none]")), Line(cells=("", "ID"))),
    )
