"""Which values are equal when records are joined."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from openyx.fields import FieldType
from openyx.relation.expr import Expr
from openyx.relation.matching import can_match, either, matching
from openyx.relation.types import native


def type_of(word: str) -> FieldType:
    name, *size = word.split()
    return FieldType.of(name, *map(int, size))


@pytest.mark.parametrize(
    ("one", "other", "answer"),
    [
        ("String", "V_WString", True),
        ("Byte", "FixedDecimal", True),
        ("Int64", "Float", True),
        ("Bool", "Bool", True),
        ("Bool", "Int32", False),
        ("Date", "Date", True),
        ("Date", "DateTime", False),
        ("Date", "String", False),
        ("String", "Int32", False),
        ("Blob", "Blob", False),
        ("SpatialObj", "SpatialObj", False),
    ],
)
def test_only_some_types_can_be_equal(one: str, other: str, answer: bool) -> None:
    assert can_match(type_of(one), type_of(other)) is answer
    assert can_match(type_of(other), type_of(one)) is answer


@pytest.mark.parametrize(
    ("one", "value", "other", "partner", "equal"),
    [
        ("Byte", 7, "Int64", 7, True),
        ("Int64", 2**53 + 1, "Double", 2.0**53, False),
        ("Int64", 2**53, "Double", 2.0**53, True),
        ("Int64", 2**63 - 1, "Double", 2.0**63, False),
        ("Int32", 0, "Double", 0.5, False),
        ("Int32", 0, "Double", -0.0, True),
        ("Float", 0.5, "Double", 0.5, True),
        ("Float", 0.1, "Double", 0.1, False),
        ("FixedDecimal 9 2", Decimal("1.50"), "FixedDecimal 9 4", Decimal("1.5000"), True),
        ("FixedDecimal 9 2", Decimal("1.50"), "FixedDecimal 9 4", Decimal("1.5001"), False),
        ("FixedDecimal 9 2", Decimal("2.00"), "Int16", 2, True),
        ("FixedDecimal 9 2", Decimal("0.10"), "Double", 0.1, True),
        ("Int32", None, "Double", None, False),
    ],
)
def test_numbers_are_equal_as_numbers(one: str, value: Any, other: str, partner: Any, equal: bool) -> None:
    first, second = type_of(one), type_of(other)
    frame = pl.DataFrame(
        {"a": pl.Series([value], dtype=native(first)), "b": pl.Series([partner], dtype=native(second))}
    )
    left, right = matching(Expr(pl.col("a"), first), Expr(pl.col("b"), second))
    assert native(left.type) == native(right.type)
    (found,) = frame.select(equal=left.native == right.native).to_series().fill_null(value=False)
    assert found is equal


def test_either_is_the_one_that_is_there_in_a_type_for_both() -> None:
    narrow, wide = FieldType.of("String", 3), FieldType.of("V_WString", 9)
    both = either(Expr(pl.col("a"), narrow), Expr(pl.col("b"), wide))
    assert both.type == wide
    frame = pl.DataFrame({"a": ["x", None, None], "b": ["y", "z", None]}, schema={"a": pl.String, "b": pl.String})
    assert frame.select(both.native).to_series().to_list() == ["x", "z", None]
