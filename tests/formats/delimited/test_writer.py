"""Delimited text out: byte for byte, and back again."""

from __future__ import annotations

import os
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openyx.errors import WorkflowError
from openyx.fields import V_WSTRING, Field, Schema
from openyx.formats.codepages import CodePage, Utf8
from openyx.formats.csv import CsvInput, CsvOutput, Force
from openyx.formats.delimited.reader import CsvReader
from openyx.formats.delimited.writer import CsvWriter

Rows = list[tuple[str | None, ...]]


def written(path: Path, names: tuple[str, ...], rows: Rows, **options: object) -> tuple[bytes, list[str]]:
    """The bytes of the file, written in two batches, and the warnings."""
    warnings: list[str] = []
    schema = Schema(tuple(Field(name, V_WSTRING) for name in names))
    writer = CsvWriter(path, schema, CsvOutput(**options), warnings.append)  # type: ignore[arg-type] # given by tests
    frame = pl.DataFrame(rows, schema={name: pl.String() for name in names}, orient="row")
    writer.write(frame.head(1))
    writer.write(frame.slice(1))
    writer.close()
    return path.read_bytes(), warnings


def test_a_file_is_a_header_and_lines_that_end_with_crlf(tmp_path: Path) -> None:
    assert written(tmp_path / "a.csv", ("a", "b"), [("1", "x"), ("2", "y")])[0] == b"a,b\r\n1,x\r\n2,y\r\n"


def test_null_is_nothing_and_empty_text_is_two_quotes(tmp_path: Path) -> None:
    assert written(tmp_path / "a.csv", ("a", "b"), [(None, "")])[0] == b'a,b\r\n,""\r\n'


def test_a_record_of_one_null_is_an_empty_line(tmp_path: Path) -> None:
    assert written(tmp_path / "a.csv", ("a",), [(None,)])[0] == b"a\r\n\r\n"


@pytest.mark.parametrize("value", ["a,b", 'say "x"', "a\rb", "a\nb", "it's"])
def test_delimiters_quotes_and_line_breaks_are_quoted(tmp_path: Path, value: str) -> None:
    expected = '"' + value.replace('"', '""') + '"\r\n'
    assert written(tmp_path / "a.csv", ("a",), [(value,)], header=False)[0] == expected.encode()


@pytest.mark.parametrize("value", [" x ", "a;b", "x\ty"])
def test_other_values_are_not_quoted(tmp_path: Path, value: str) -> None:
    assert written(tmp_path / "a.csv", ("a",), [(value,)], header=False)[0] == f"{value}\r\n".encode()


def test_names_are_quoted_by_the_same_rule(tmp_path: Path) -> None:
    assert written(tmp_path / "a.csv", ("a,b", "c"), [])[0] == b'"a,b",c\r\n'


def test_all_values_but_nulls_are_quoted_when_asked(tmp_path: Path) -> None:
    content, _ = written(tmp_path / "a.csv", ("a", "b"), [("1", None)], force_quotes=Force.ALWAYS)
    assert content == b'"a","b"\r\n"1",\r\n'


def test_no_value_is_quoted_when_asked(tmp_path: Path) -> None:
    assert written(tmp_path / "a.csv", ("a",), [('x,"y',)], force_quotes=Force.NEVER)[0] == b'a\r\nx,"y\r\n'


def test_without_delimiter_values_stand_side_by_side(tmp_path: Path) -> None:
    assert written(tmp_path / "a.csv", ("a", "b"), [("1,2", "")], delimiter="")[0] == b"ab\r\n1,2\r\n"


@pytest.mark.parametrize(("end", "expected"), [("LF", b"a\n1\n"), ("CR", b"a\r1\r"), ("CRLF", b"a\r\n1\r\n")])
def test_lines_end_as_asked(tmp_path: Path, end: str, expected: bytes) -> None:
    options = CsvOutput.of({"LineEndStyle": end})
    assert written(tmp_path / "a.csv", ("a",), [("1",)], line_end=options.line_end)[0] == expected


def test_unicode_pages_begin_with_a_mark_unless_told_otherwise(tmp_path: Path) -> None:
    path, utf16 = tmp_path / "a.csv", CodePage.of("UTF16")
    assert written(path, ("é",), [], code_page=Utf8)[0] == b"\xef\xbb\xbf\xc3\xa9\r\n"
    assert written(path, ("é",), [], code_page=Utf8, mark=False)[0] == b"\xc3\xa9\r\n"
    assert written(path, ("é",), [], code_page=utf16)[0] == b"\xff\xfe\xe9\x00\r\x00\n\x00"
    assert written(path, ("é",), [])[0] == b"\xe9\r\n"


def test_characters_that_the_code_page_lacks_are_replaced_and_told(tmp_path: Path) -> None:
    content, warnings = written(tmp_path / "a.csv", ("a",), [("č€日é",)])
    assert content == b"a\r\nc??\xe9\r\n"
    assert warnings == [f'3 characters are not in the code page latin-1 and were replaced: "{tmp_path / "a.csv"}"']


def test_no_records_give_a_header_or_no_file_when_asked(tmp_path: Path) -> None:
    assert written(tmp_path / "a.csv", ("a",), [])[0] == b"a\r\n"
    with pytest.raises(FileNotFoundError):
        written(tmp_path / "b.csv", ("a",), [], skip_empty=True)


def test_the_file_appears_when_it_is_complete(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("old")
    writer = CsvWriter(path, Schema.of(Field("a", V_WSTRING)), CsvOutput(), print)
    writer.write(pl.DataFrame({"a": ["1"]}))
    assert path.read_text() == "old"
    writer.abort()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_is_whole_is_brought_to_disk_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", synced.append)
    writer = CsvWriter(tmp_path / "a.csv", Schema.of(Field("a", V_WSTRING)), CsvOutput(), print)
    writer.write(pl.DataFrame({"a": ["1"]}))
    writer.finish()
    assert len(synced) == 1
    assert writer.close()
    assert len(synced) == 1


def test_a_folder_that_is_missing_is_an_error_that_names_the_file(tmp_path: Path) -> None:
    with pytest.raises(WorkflowError, match=r"Unable to open file for write: .*none.*a\.csv"):
        written(tmp_path / "none" / "a.csv", ("a",), [])


def test_only_text_is_taken(tmp_path: Path) -> None:
    writer = CsvWriter(tmp_path / "a.csv", Schema.of(Field("a", V_WSTRING)), CsvOutput(), print)
    with pytest.raises(TypeError, match="'a' is no text"):
        writer.write(pl.DataFrame({"a": [1]}))


VALUES = st.one_of(
    st.none(),
    st.text(alphabet="ab,\"'\n\r é€;", max_size=6),
    st.text(alphabet=st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=4),
)


@settings(max_examples=150, deadline=None)
@given(
    rows=st.lists(st.tuples(VALUES, VALUES), max_size=8),
    end=st.sampled_from(["\r\n", "\n", "\r"]),
    force=st.sampled_from([Force.NEEDED, Force.ALWAYS]),
)
def test_what_is_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, rows: Rows, end: str, force: Force
) -> None:
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    written(path, ("p", "q"), rows, line_end=end, force_quotes=force, code_page=Utf8)
    reader = CsvReader(path, CsvInput(quoted_breaks=True), print)
    assert reader.frame().collect().rows() == rows
