"""The one type that several fields fit in."""

from __future__ import annotations

import re

import pytest

from openyx.fields import FieldType
from openyx.tools.shared.widening import common


@pytest.mark.parametrize(
    ("types", "wanted"),
    [
        ("Int32", "Int32"),
        ("String(1) String(6)", "String(6)"),
        ("FixedDecimal(19.1) FixedDecimal(19.1)", "FixedDecimal(19.1)"),
        ("FixedDecimal(19.1) FixedDecimal(10.4)", "FixedDecimal(22.4)"),
        ("FixedDecimal(6.2) Int64", "FixedDecimal(22.2)"),
        ("FixedDecimal(6.2) Double", "Double"),
        ("Byte Int16", "Int16"),
        ("Int32 Int64 Byte", "Int64"),
        ("Bool Byte", "Byte"),
        ("Bool Double", "Double"),
        ("Int32 Float", "Double"),
        ("Float Double", "Double"),
        ("Bool WString(149)", "V_WString(149)"),
        ("Byte V_String(2048)", "V_String(2048)"),
        ("Int32 String(5)", "V_String(11)"),
        ("Int32 V_WString(2048)", "V_WString(2048)"),
        ("String(10) V_String(5000)", "V_String(5000)"),
        ("String(19) WString(256)", "WString(256)"),
        ("String(7) WString(6) String(9)", "WString(9)"),
        ("V_String(15) WString(20)", "V_WString(20)"),
        ("String(12) V_WString(64)", "V_WString(64)"),
        ("WString(32) V_WString(8)", "V_WString(32)"),
        ("V_String(2147483647) V_WString(64)", "V_WString(1073741823)"),
        ("DateTime WString(9)", "V_WString(19)"),
        ("Time V_String(255)", "V_String(255)"),
        ("String(4) Date", "V_String(10)"),
        ("DateTime Bool WString(29)", "V_WString(29)"),
        ("Date DateTime", "DateTime"),
        ("Date Int32", "V_String(11)"),
        ("SpatialObj String(4) Int32", "SpatialObj"),
        ("Double Blob", "Blob"),
    ],
)
def test_several_types_have_one_in_common(types: str, wanted: str) -> None:
    assert str(common([_type(word) for word in types.split()])) == wanted


def _type(word: str) -> FieldType:
    found = re.fullmatch(r"(\w+)(?:\((\d+)(?:\.(\d+))?\))?", word)
    assert found
    return FieldType.of(found[1], int(found[2]) if found[2] else None, int(found[3]) if found[3] else None)
