"""Options of formats, from the texts of their elements."""

from __future__ import annotations

import pytest

from openyx.formats.csv import CsvInput, CsvOutput, Force, Quotes


def test_absent_elements_mean_the_defaults() -> None:
    assert CsvInput.of({}) == CsvInput()
    assert CsvInput.of({"AllowShareWrite": "False"}) == CsvInput()


def test_elements_give_options() -> None:
    texts = {
        "HeaderRow": "False",
        "Delimeter": r"\t",
        "IgnoreQuotes": "SingleQuotes",
        "CodePage": "65001",
        "FieldLen": "9",
    }
    options = CsvInput.of(texts)
    assert (options.header, options.delimiter, options.quotes, options.field_length) == (False, "\t", Quotes.SINGLE, 9)
    assert options.code_page.codec == "utf-8"
    assert CsvOutput.of({"ForceQuotes": "Never"}).force_quotes is Force.NEVER


@pytest.mark.parametrize(
    ("element", "text", "said"),
    [
        ("HeaderRow", "perhaps", "option HeaderRow: 'perhaps' is neither True nor False"),
        ("CodePage", "4711", "option CodePage: code page 4711 is not known"),
        ("FieldLen", "0", "option FieldLen: 0 is below 1"),
        ("ImportLine", "x", "option ImportLine"),
        ("IgnoreQuotes", "Some", "option IgnoreQuotes: 'Some' is no kind of quotes"),
    ],
)
def test_what_is_not_understood_is_an_error_with_its_place(element: str, text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        CsvInput.of({element: text})


@pytest.mark.parametrize("text", ["", r"\n"])
def test_fields_are_not_written_side_by_side_unless_that_is_asked_for(text: str) -> None:
    with pytest.raises(ValueError, match=r"option Delimeter: .* is no delimiter to write"):
        CsvOutput.of({"Delimeter": text})
    assert CsvOutput.of({"Delimeter": r"\0"}).delimiter == ""
    assert CsvOutput.of({"Delimeter": r"\t"}).delimiter == "\t"
    assert CsvInput.of({"Delimeter": text}).delimiter == ""


def test_every_element_of_the_product_is_known_by_one_option() -> None:
    names = [element.name for element in CsvInput.elements().values()]
    assert sorted(names) == sorted(
        [
            "HeaderRow",
            "Delimeter",
            "IgnoreQuotes",
            "QuoteRecordBreak",
            "IgnoreErrors",
            "FieldLen",
            "CodePage",
            "ImportLine",
        ]
    )
