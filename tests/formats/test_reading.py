"""Reading results: text stays text, unless somebody says what it is."""

from __future__ import annotations

import datetime as dt
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from openyx.errors import AskedWrongly, BadAnswer, MissingExtra, NotYet
from openyx.fields import BOOL, DATE, DATETIME, DOUBLE, INT32, TIME, V_WSTRING, Field, FieldType, Schema
from openyx.formats import read

CONTENT = b'code,name,amount\r\n0012,"Ada, L.",1.5\r\n0013,,1.e+15\r\n'


def test_text_stays_text() -> None:
    assert read(CONTENT).rows() == [("0012", "Ada, L.", "1.5"), ("0013", None, "1.e+15")]


def test_a_path_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(CONTENT)
    assert read(path).rows() == read(str(path)).rows() == read(CONTENT).rows()


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "latin-1", "utf-16"])
def test_the_encoding_is_found(codec: str) -> None:
    assert read("a\nZürich\n".encode(codec)).rows() == [("Zürich",)]


def test_line_breaks_inside_quotes_belong_to_values() -> None:
    assert read(b'a,b\n1,"x\ny"\n').rows() == [("1", "x\ny")]


def test_tab_separated_files_are_split_at_tabs() -> None:
    assert read(b"a\tb\n1\t2\n", "tsv").rows() == [("1", "2")]


def test_a_schema_gives_types_to_the_fields_it_names() -> None:
    table = read(CONTENT, schema=Schema.of(Field("Amount", DOUBLE)))
    assert table.rows() == [("0012", "Ada, L.", 1.5), ("0013", None, 1e15)]
    assert [str(field.type) for field in table.schema] == ["V_WString(1073741823)", "V_WString(1073741823)", "Double"]
    assert table.schema.names == ("code", "name", "Amount")


def test_types_are_given_by_their_names_too() -> None:
    table = read(CONTENT, schema={"AMOUNT": "fixeddecimal(19.2)", "code": "V_String(10)"})
    assert [str(field.type) for field in table.schema][::2] == ["V_String(10)", "FixedDecimal(19.2)"]
    assert table.rows()[0] == ("0012", "Ada, L.", Decimal("1.50"))


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ({"amount": "Number"}, "'Number' is no field type"),
        ({"amount": "Double("}, r"'Double\(' is no field type"),
        ({"amount": float}, "<class 'float'> is no field type"),
        ({"amuont": "Double"}, "there is no field 'amuont'"),
    ],
)
def test_a_schema_that_does_not_fit_is_an_error(schema: Any, said: str) -> None:
    with pytest.raises(AskedWrongly, match=said):
        read(CONTENT, schema=schema)


def test_every_type_that_a_file_shows_is_read() -> None:
    fields = [
        ("b", BOOL),
        ("i", INT32),
        ("f", FieldType.of("FixedDecimal", 19, 2)),
        ("d", DATE),
        ("t", TIME),
        ("m", DATETIME),
    ]
    content = b"b,i,f,d,t,m\nTrue,-5,7.10,2026-11-24,10:20:30,2026-11-24 10:20:30\n,,,,,\n"
    table = read(content, schema=Schema(tuple(Field(name, kind) for name, kind in fields)))
    moment = dt.datetime.combine(dt.date(2026, 11, 24), dt.time(10, 20, 30))
    assert table.rows() == [(True, -5, Decimal("7.10"), moment.date(), moment.time(), moment), (None,) * 6]


@pytest.mark.parametrize(("kind", "text"), [(INT32, "1.5"), (INT32, "x"), (DATE, "2026-13-01"), (BOOL, "yes")])
def test_a_value_that_does_not_fit_is_an_error_with_its_place(kind: FieldType, text: str) -> None:
    with pytest.raises(BadAnswer, match=f"field 'a', record 2: '{text}' is no {kind}"):
        read(f"a,b\n,\n{text},1\n".encode(), schema=Schema.of(Field("a", kind)))


def test_a_file_that_is_no_csv_is_an_error() -> None:
    with pytest.raises(BadAnswer, match="Not enough fields in record #1"):
        read(b"a,b\n1\n")


def test_a_missing_file_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(AskedWrongly, match=r"none\.csv"):
        read(tmp_path / "none.csv")


def test_a_format_that_is_not_there_is_named() -> None:
    with pytest.raises(NotYet, match="yxdb files"):
        read(b"", "yxdb")


def test_tables_go_to_other_libraries() -> None:
    table = read(CONTENT, schema=Schema.of(Field("amount", DOUBLE), Field("name", V_WSTRING)))
    assert table.to_polars().equals(pl.DataFrame(table))
    arrow = table.to_arrow()
    assert type(arrow).__module__ == "pyarrow.lib"
    assert arrow.column("code").to_pylist() == ["0012", "0013"]
    frame = table.to_pandas()
    assert frame["code"].tolist() == ["0012", "0013"]
    assert frame["amount"].tolist() == [1.5, 1e15]


def test_a_library_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(MissingExtra, match="pandas"):
        read(CONTENT).to_pandas()


def test_without_the_engine_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("openyx.formats.delimited")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(MissingExtra, match=r"\[engine\]"):
        read(CONTENT)
