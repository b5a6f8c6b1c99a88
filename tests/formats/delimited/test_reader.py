"""Delimited text in: the rules one by one, and the fast way against the slow one."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from openyx.errors import WorkflowError
from openyx.formats.codepages import CodePage, Utf8
from openyx.formats.csv import CsvInput, Quotes
from openyx.formats.delimited.reader import CsvReader

Rows = list[tuple[str | None, ...]]


def read(content: bytes, **options: object) -> tuple[tuple[str, ...], Rows, list[str]]:
    """Names, records and warnings."""
    warnings: list[str] = []
    reader = CsvReader(content, CsvInput(**options), warnings.append)  # type: ignore[arg-type] # given by the tests
    return reader.schema.names, reader.frame().collect(engine="streaming").rows(), warnings


def rows(content: bytes, **options: object) -> Rows:
    return read(content, **options)[1]


def test_the_first_line_gives_the_names() -> None:
    assert read(b"id,name\n1,Ada\n2,Bob\n") == (("id", "name"), [("1", "Ada"), ("2", "Bob")], [])


def test_without_a_header_fields_are_numbered() -> None:
    assert read(b"1,Ada\n", header=False)[:2] == (("Field_1", "Field_2"), [("1", "Ada")])


def test_every_field_is_text_of_the_length_that_is_asked() -> None:
    reader = CsvReader(b"a\n1\n", CsvInput(field_length=50), print)
    assert str(reader.schema["a"].type) == "V_String(50)"


def test_lengths_end_at_16_mib_unless_the_file_is_of_an_old_version() -> None:
    assert CsvReader(b"a\n", CsvInput(field_length=99_999_999), print).schema["a"].type.size == 16_777_216
    old = CsvInput(field_length=2_147_483_648, capped=False)
    assert CsvReader(b"a\n", old, print).schema["a"].type.size == 2_147_483_647


@pytest.mark.parametrize("page", ["65001", "1200", "1201", "UTF16"])
def test_a_unicode_code_page_gives_wide_text(page: str) -> None:
    code_page = CodePage.of(page)
    reader = CsvReader("a\né😀\n".encode(code_page.codec), CsvInput(code_page=code_page), print)
    assert reader.schema["a"].type.is_wide
    assert reader.frame().collect().rows() == [("é😀",)]


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_beats_the_code_page(codec: str) -> None:
    reader = CsvReader("näme,b\né,1\n".encode(codec), CsvInput(), print)
    assert reader.schema.names == ("näme", "b")
    assert reader.schema["b"].type.is_wide
    assert reader.frame().collect().rows() == [("é", "1")]


def test_latin_1_is_the_default_and_keeps_its_control_characters() -> None:
    assert rows(b"a\n\xe9\x92\n") == [("é\x92",)]


def test_bytes_that_are_no_text_are_replaced_with_one_warning() -> None:
    _, found, warnings = read(b"a\nx\xffy\n\xfe\n", code_page=Utf8)
    assert found == [("x\ufffdy",), ("\ufffd",)]
    assert warnings == ['"data" has bytes that are no utf-8; they were replaced by U+FFFD']


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", ["", "end"])
def test_lines_end_with_crlf_lf_or_cr_and_the_last_may_not_end(end: str, last: str) -> None:
    text = f"a,b{end}1,2{end}3,4" + (end if last else "")
    assert rows(text.encode()) == [("1", "2"), ("3", "4")]


def test_line_ends_may_be_mixed() -> None:
    assert rows(b"a,b\r\n1,2\n3,4\r5,6") == [("1", "2"), ("3", "4"), ("5", "6")]


def test_nothing_between_delimiters_is_null_and_two_quotes_are_empty_text() -> None:
    assert rows(b'a,b,c\n,"",x\n') == [(None, "", "x")]


def test_quotes_keep_delimiters_and_doubled_quotes_become_one() -> None:
    assert rows(b'a,b\n"1,2","say ""hi"""\n') == [("1,2", 'say "hi"')]


def test_a_quote_inside_a_bare_value_is_an_ordinary_character() -> None:
    assert rows(b'a,b\n5" pipe,x"y"z\n') == [('5" pipe', 'x"y"z')]


def test_text_after_a_closing_quote_is_appended() -> None:
    assert rows(b'a,b\n"x"yz,"1" 2\n') == [("xyz", "1 2")]


def test_blanks_around_values_are_kept() -> None:
    assert rows(b'a,b\n x , "y" \n') == [(" x ", ' "y" ')]


def test_single_quotes_and_no_quotes() -> None:
    assert rows(b"a,b\n'1,2',\"3\"\n", quotes=Quotes.SINGLE) == [("1,2", '"3"')]
    assert rows(b'a,b\n"1,2"\n', quotes=Quotes.NONE) == [('"1', '2"')]


def test_a_record_ends_at_the_line_break_inside_quotes_too() -> None:
    assert rows(b'a,b\n1,"x\n2,y"\n') == [("1", "x"), ("2", 'y"')]


def test_a_line_break_inside_quotes_belongs_to_the_value_when_asked() -> None:
    content = b'a,b\r\n1,"x\r\ny"\r\n"p\nq","r""\ns"\r\n3,z\r\n'
    assert rows(content, quoted_breaks=True) == [("1", "x\r\ny"), ("p\nq", 'r"\ns'), ("3", "z")]


def test_quotes_that_never_close_take_the_rest() -> None:
    assert rows(b'a,b\n1,"x\n2,y\n', quoted_breaks=True) == [("1", "x\n2,y\n")]


def test_values_that_begin_and_end_on_many_lines_are_one_record() -> None:
    content = b'a\n"x\n' + b'x","x\n' * 50_000 + b'x"\n2\n'
    assert rows(content, quoted_breaks=True, lenient=True) == [("x\nx",), ("2",)]


def test_a_header_may_hold_line_breaks_when_asked() -> None:
    assert read(b'"a\nb",c\n1,2\n', quoted_breaks=True)[:2] == (("a\nb", "c"), [("1", "2")])


@pytest.mark.parametrize("delimiter", ["\\0", "\\n", ""])
def test_without_a_delimiter_a_line_is_a_field(delimiter: str) -> None:
    options = CsvInput.of({"Delimeter": delimiter})
    reader = CsvReader(b"a,b;c\n1,2\n\nx\n", options, print)
    assert reader.schema.names == ("a,b;c",)
    assert reader.frame().collect().rows() == [("1,2",), (None,), ("x",)]


def test_of_a_longer_delimiter_the_first_character_counts_with_a_warning() -> None:
    names, found, warnings = read(b"a|b\n1|2\n", delimiter="||")
    assert (names, found) == (("a", "b"), [("1", "2")])
    assert warnings == ["of the delimiter '||' only the first character counts"]


def test_reading_starts_at_the_line_that_is_asked() -> None:
    assert read(b"title\n\na,b\n1,2\n", first_line=3)[:2] == (("a", "b"), [("1", "2")])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a,b\n1,2\n3\n", 'Error reading "data": Not enough fields in record #2'),
        (b"a,b\n1,2,3\n", 'Error reading "data": Too many fields in record #1'),
        (b"a,b\n1,x\0y\n", 'Error reading "data": a NUL byte in record #1'),
        (b"", 'Error reading "data": there is no line 1'),
    ],
)
def test_what_does_not_fit_is_an_error_with_its_place(content: bytes, said: str) -> None:
    with pytest.raises(WorkflowError, match=said):
        rows(content)


def test_ragged_records_may_be_warnings() -> None:
    _, found, warnings = read(b"a,b\n1\n1,2,3\n", lenient=True)
    assert found == [("1", None), ("1", "2")]
    assert warnings == ['"data": Not enough fields in record #1', '"data": Too many fields in record #2']


def test_many_warnings_end_in_a_count() -> None:
    _, found, warnings = read(b"a,b\n" + b"1\n" * 1000, lenient=True)
    assert len(found) == 1000
    assert len(warnings) == 11
    assert warnings[-1] == '"data": 1000 records had not enough or too many fields'


def test_empty_lines_are_skipped_with_a_warning_where_there_are_several_fields() -> None:
    assert read(b"a,b\n1,2\n\n3,4\n")[1:] == ([("1", "2"), ("3", "4")], ['"data": 1 empty lines were skipped'])


def test_an_empty_line_of_a_single_field_is_a_null() -> None:
    assert rows(b"a\nx\n\ny\n") == [("x",), (None,), ("y",)]


def test_a_header_alone_gives_no_record() -> None:
    assert read(b"a,b\n")[:2] == (("a", "b"), [])


def test_a_missing_file_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(WorkflowError, match=r"Unable to open file for read: .*none\.csv"):
        CsvReader(tmp_path / "none.csv", CsvInput(), print)


def test_names_like_patterns_are_names() -> None:
    assert read(b"*,^a$,b\n1,2,3\n")[:2] == (("*", "^a$", "b"), [("1", "2", "3")])


def model(text: str, width: int, quote: str, delimiter: str) -> Rows | None:
    """Records by the rules, a character at a time; nothing when the file is refused."""
    found: Rows = []
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for line in lines[:-1] if not lines[-1] else lines:
        if not line and width > 1:
            continue
        values: list[str | None] = []
        place = 0
        while True:
            value, quoted = "", False
            if quote and line[place : place + 1] == quote:
                quoted = True
                place += 1
                while place < len(line):
                    if line[place : place + 2] == quote * 2:
                        value, place = value + quote, place + 2
                    elif line[place] == quote:
                        place += 1
                        break
                    else:
                        value, place = value + line[place], place + 1
            while place < len(line) and line[place] != delimiter:
                value, place = value + line[place], place + 1
            values.append(value if value or quoted else None)
            if place >= len(line):
                break
            place += 1
        if len(values) != width:
            return None
        found.append(tuple(values))
    return found


CONTENTS = st.one_of(
    st.lists(
        st.lists(
            st.sampled_from(["", "a", '""', '"x"', '"a,b"', '"a""b"', "é", " ", "5", "'", "'q,q'"]),
            min_size=2,
            max_size=2,
        ),
        max_size=8,
    ).map(lambda lines: "".join(",".join(line) + "\n" for line in lines)),
    st.text(alphabet="ab,\"'\n\r é;", max_size=30),
    st.tuples(st.text(alphabet='ab,"', max_size=12), st.sampled_from(["\n", "\r\n"])).map(lambda t: (t[0] + t[1]) * 3),
)


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=CONTENTS, quotes=st.sampled_from(Quotes), delimiter=st.sampled_from([",", ";"]))
@example(text="\ufeffa,b\nc,d\n", quotes=Quotes.DOUBLE, delimiter=",")
@example(text='x^a,b\n"",\n', quotes=Quotes.DOUBLE, delimiter=",")
@example(text=",\r\n,\r\n", quotes=Quotes.DOUBLE, delimiter=",")
def test_records_are_those_of_a_plain_reading_of_the_rules(text: str, quotes: Quotes, delimiter: str) -> None:
    content = f"p{delimiter}q\n{text}".encode()
    options = {"quotes": quotes, "delimiter": delimiter, "code_page": Utf8}
    expected = model(text, 2, quotes.value, delimiter)
    if expected is None:
        with pytest.raises(WorkflowError, match="fields in record"):
            rows(content, **options)
    else:
        assert rows(content, **options) == expected


def test_a_file_is_read_in_pieces_whose_borders_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    content = ("a,b\r\n" + 'é,"x\r\ny"\r\n1,2\r\n' * 20).encode()

    def both() -> tuple[Rows, Rows]:
        return rows(content, code_page=Utf8, quoted_breaks=True), rows(content, code_page=Utf8, lenient=True)

    whole = both()
    for size in (1, 2, 3, 5, 7):
        monkeypatch.setattr("openyx.formats.delimited.lines.CHUNK", size)
        assert both() == whole


@pytest.mark.parametrize(
    "written",
    [
        "a,b\n1,2\n3,4\n",
        "a,b\r\n1,2\r\n3,4\r\n",
        "a,b\r1,2\r3,4",
        "a,b\n1,2\n\n3,4\n",
        "a,b\n1,2\r3,4\n",
        'a,b\n"1","2"\n3,4\n',
        'a,b\n1,2\n3,"4"',
    ],
)
@pytest.mark.parametrize(("chunk", "glance"), [(1, 1), (7, 2), (8, 8), (9, 3), (4096, 4096)])
def test_lines_are_the_same_however_they_end_and_come_in_pieces(
    written: str, chunk: int, glance: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("openyx.formats.delimited.lines.CHUNK", chunk)
    monkeypatch.setattr("openyx.formats.delimited.lines.GLANCE", glance)
    assert rows(written.encode()) == [("1", "2"), ("3", "4")]
