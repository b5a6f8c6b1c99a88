"""Code pages stand for codecs that exist."""

from __future__ import annotations

import codecs

import pytest

from openyx.formats.codepages import _CODECS, CodePage, marked


def test_every_code_page_has_its_codec() -> None:
    assert len(_CODECS) > 50
    for number, codec in _CODECS.items():
        assert codecs.lookup(CodePage.of(str(number)).codec).name == codecs.lookup(codec).name


def test_an_unknown_number_is_named() -> None:
    with pytest.raises(ValueError, match="code page 1 is not known"):
        CodePage.of("1")


@pytest.mark.parametrize("text", ["UTF16", "utf16", " 1200 "])
def test_utf_16_is_known_by_word_and_number(text: str) -> None:
    assert CodePage.of(text) == CodePage("utf-16-le", unicode=True)


def test_byte_order_marks_tell_their_code_page() -> None:
    assert [marked(text.encode(codec)) for text, codec in (("a", "utf-8-sig"), ("a", "utf-16"), ("a", "ascii"))] == [
        CodePage("utf-8", unicode=True),
        CodePage("utf-16-le", unicode=True),
        None,
    ]


def test_a_narrow_code_page_reads_any_bytes_as_latin_1() -> None:
    narrow = [page for number in _CODECS if (page := CodePage.of(str(number))).narrow]
    assert CodePage.of("28591") in narrow
    assert all(max(bytes(range(256)).decode(page.codec)) <= "\xff" for page in narrow)
