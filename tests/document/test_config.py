"""What is read of a tool's settings, what is reported, and what is refused."""

from __future__ import annotations

from enum import StrEnum
from io import BytesIO
from typing import Any, ClassVar

import pytest

from openyx.document import Element, xml
from openyx.document.config import attribute, block, field_type, ignored, many, nested, read, text, value
from openyx.errors import DocumentError
from openyx.fields import DOUBLE, FieldType


class Order(StrEnum):
    ASCENDING = "Ascending"
    DESCENDING = "Descending"


@block
class Key:
    field: str = attribute("@field")
    order: Order = attribute("@order", default=Order.ASCENDING)


@block
class Sort:
    ignores: ClassVar[Any] = (ignored("SortInfo@locale", "one locale here"),)
    keys: tuple[Key, ...] = many("SortInfo/Field", "SortFields/SortField", of=Key, required=True)


@block
class Many:
    start: int = text("StartValue", default=1)
    name: str = text("FieldName", default="RecordID")
    active: bool = value("Active", default=True)
    type: FieldType = field_type("FieldType", size="FieldSize", default=DOUBLE)
    size: int | None = attribute("File@RecordLimit", default=None)
    names: tuple[str, ...] = many("Fields/Field", each="@name")
    simple: Key | None = nested("Simple", of=Key, default=None)


def configuration(content: str) -> Element:
    return xml.read(BytesIO(f"<Configuration>{content}</Configuration>".encode()), "test.yxmd")


def settings_of(cls: type[Any], content: str) -> Any:
    return read(cls, configuration(content), place="test.yxmd, tool 7 (Test)")[0]


def unread_of(cls: type[Any], content: str) -> tuple[str, ...]:
    return read(cls, configuration(content), place="test.yxmd, tool 7 (Test)")[1]


def test_each_kind_of_place_is_read() -> None:
    found = settings_of(
        Many,
        '<StartValue>-5</StartValue><FieldName> Id </FieldName><Active value="False"/><FieldType>String</FieldType>'
        '<FieldSize>12</FieldSize><File RecordLimit="10"/><Fields><Field name="a"/><Field name="b"/></Fields>'
        '<Simple field="x" order="descending"/>',
    )
    assert (found.start, found.name, found.active, found.size, found.names) == (-5, " Id ", False, 10, ("a", "b"))
    assert found.type == FieldType.of("String", 12)
    assert found.simple == Key(field="x", order=Order.DESCENDING)


def test_what_is_absent_or_empty_has_its_default() -> None:
    found = settings_of(Many, '<StartValue/><File RecordLimit=""/>')
    assert (found.start, found.size, found.active, found.type, found.names) == (1, None, True, DOUBLE, ())


def test_a_value_is_read_in_either_spelling_and_from_the_text() -> None:
    assert not settings_of(Many, '<Active Value="False"/>').active
    assert not settings_of(Many, "<Active>False</Active>").active


def test_a_size_may_hold_precision_and_scale() -> None:
    found = settings_of(Many, "<FieldType>FixedDecimal</FieldType><FieldSize>19.2</FieldSize>")
    assert found.type == FieldType.of("FixedDecimal", 19, 2)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("<StartValue>one</StartValue>", "setting StartValue: 'one' is no whole number"),
        ('<Active value="maybe"/>', "setting Active@value: 'maybe' is neither True nor False"),
        ("<FieldType>Number</FieldType>", "setting FieldType: 'Number' is no field type"),
        ("<FieldSize>-5</FieldSize><FieldType>String</FieldType>", "setting FieldType: -5 is no size"),
        ("<FieldSize>Big</FieldSize><FieldType>String</FieldType>", "setting FieldType: 'Big' is no whole number"),
        ('<Simple field="x" order="up"/>', "setting @order: 'up' is none of Ascending, Descending"),
        ('<Simple order="Ascending"/>', "the setting @field is missing"),
    ],
)
def test_what_is_not_understood_is_an_error_with_tool_and_setting(content: str, said: str) -> None:
    with pytest.raises(DocumentError) as caught:
        settings_of(Many, content)
    assert str(caught.value).startswith("test.yxmd, tool 7 (Test)")
    assert said in str(caught.value)


def test_an_older_spelling_of_a_key_block_is_read() -> None:
    assert settings_of(Sort, '<SortFields><SortField field="a"/></SortFields>').keys == (Key(field="a"),)


def test_an_empty_key_block_is_understood() -> None:
    assert settings_of(Sort, "<SortInfo/>").keys == ()


@pytest.mark.parametrize("content", ["", "<Keys><Key field='a'/></Keys>", "<SortInfo><Key field='a'/></SortInfo>"])
def test_a_key_block_that_is_not_understood_is_an_error(content: str) -> None:
    with pytest.raises(DocumentError, match=r"tool 7 \(Test\): no SortInfo/Field or SortFields/SortField"):
        settings_of(Sort, content)


def test_what_nobody_read_is_told_once() -> None:
    unread = unread_of(
        Sort,
        '<SortInfo stable="True" locale="0"><Field field="a" case="1"/><Field field="b" case="1"/>'
        "<Other><Deep x='1'/></Other></SortInfo><NumRows value='3'/>",
    )
    assert unread == ("SortInfo@stable", "SortInfo/Field@case", "SortInfo/Other", "NumRows")


def test_what_is_left_aside_knowingly_is_not_told() -> None:
    assert unread_of(Sort, '<SortInfo locale="1033"><Field field="a"/></SortInfo>') == ()


@block
class Spelled:
    path: str = text("File", "File@FilePath", default="none")


def test_of_several_spellings_the_first_that_is_filled_is_taken() -> None:
    assert settings_of(Spelled, '<File FilePath="a.csv"/>').path == "a.csv"
    assert settings_of(Spelled, '<File FilePath="a.csv">b.csv</File>').path == "b.csv"
    assert settings_of(Spelled, "<File/>").path == ""
    assert settings_of(Spelled, "").path == "none"
