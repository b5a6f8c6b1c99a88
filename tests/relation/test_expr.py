"""Expressions: operands computed once, constants at once, columns stretched."""

from __future__ import annotations

import polars as pl
import pytest

from openyx.fields import DOUBLE, INT32, INT64, V_WSTRING, Field
from openyx.relation.casts.kernel import even
from openyx.relation.expr import Expr, apart, field, literal, made, null
from openyx.relation.kernels.batches import batch, each, settled

TABLE = pl.DataFrame({"a": ["x", None, "abc"], "n": [1, 2, None]}, schema={"a": pl.String, "n": pl.Int64})
A, N = field(Field("a", V_WSTRING)), field(Field("n", INT64))


def computed(expr: Expr) -> list[object]:
    lazy = TABLE.lazy().with_columns(v=expr.native)
    results = [lazy.collect(engine="streaming")["v"], lazy.collect(engine="in-memory")["v"]]
    assert results[0].equals(results[1])
    return list(results[0])


def _often(value: Expr) -> Expr:
    native = value.native
    return made(pl.when(native.str.len_chars() > 2).then(native.str.head(2)).otherwise(native + "!"), V_WSTRING, value)


def test_an_operand_that_is_mentioned_often_is_computed_once() -> None:
    calls = 0

    def count(values: pl.Series) -> pl.Series:
        nonlocal calls
        calls += 1
        return values

    result = apart(_often, batch(count, V_WSTRING, A))
    assert TABLE.select(result.native).to_series().to_list() == ["x!", None, "ab"]
    assert calls == 1


def test_a_part_that_mentions_nothing_is_left_alone() -> None:
    def build(value: Expr) -> Expr:
        return literal(None, V_WSTRING).failing(pl.when(value.native == value.native).then(value.native + "!"))

    result = apart(build, batch(lambda values: values, V_WSTRING, A))
    assert computed(result) == [None] * 3
    assert TABLE.select(f=result.faults[0])["f"].to_list() == ["x!", None, "abc!"]


def test_nesting_does_not_multiply_the_expression() -> None:
    result = A
    for _ in range(60):
        result = apart(_often, result)
    assert computed(result) == ["x!!", None, "ab!"]
    assert len(result.native.meta.root_names()) < 10


def test_a_result_of_constants_is_a_constant() -> None:
    result = apart(_often, literal("abcd"))
    assert result.constant
    assert result.value() == "ab"
    assert computed(result) == ["ab"] * 3


def test_a_constant_fault_is_there_for_every_record_or_not_at_all() -> None:
    def failing(value: Expr) -> Expr:
        return value.failing(pl.when(value.native == "bad").then(pl.lit("it is bad")))

    assert apart(failing, literal("good")).faults == ()
    (fault,) = apart(failing, literal("bad")).faults
    assert TABLE.with_columns(f=fault)["f"].to_list() == ["it is bad"] * 3


def test_faults_of_operands_stay_faults_of_the_result() -> None:
    faulty = batch(lambda values: values, V_WSTRING, A).failing(pl.when(pl.col("a") == "x").then(pl.lit("x!")))
    result = apart(_often, faulty)
    assert [TABLE.select(f=fault)["f"].to_list() for fault in result.faults] == [["x!", None, None]]


@pytest.mark.parametrize(("value", "type_"), [(1, INT64), (1.5, DOUBLE), ("a", V_WSTRING), (None, V_WSTRING)])
def test_a_literal_has_the_type_of_its_value(value: object, type_: object) -> None:
    assert literal(value).type == type_  # type: ignore[arg-type]  # of many types


def test_null_fits_everywhere_and_a_field_knows_its_range() -> None:
    assert null().void
    assert field(Field("i", INT32)).bounds == (-(2**31), 2**31 - 1)


def test_each_takes_constants_and_columns_and_sees_null_as_none() -> None:
    def join(one: str | None, number: int | None, more: str | None) -> str:
        return f"{one}{number}{more}"

    assert computed(each(join, V_WSTRING, A, N, literal("?"))) == ["x1?", "None2?", "abcNone?"]
    assert each(join, V_WSTRING, literal("a"), literal(1), literal("?")).value() == "a1?"


def test_settled_builds_for_each_value_that_is_told() -> None:
    def build(times: int | None):  # type: ignore[no-untyped-def]  # either kind of result
        def run(value: Expr) -> Expr:
            said = pl.when(value.native == "abc").then(pl.lit(f"told {times}"))
            return made(pl.concat_str([value.native] * (times or 3)), V_WSTRING, value).failing(said)

        return run

    fixed = settled(build, V_WSTRING, [literal(2)], A)
    assert computed(fixed) == ["xx", None, "abcabc"]
    varying = settled(build, V_WSTRING, [N], A)
    assert computed(varying) == ["x", None, "abcabcabc"]
    (fault,) = varying.faults
    assert TABLE.select(f=fault)["f"].to_list() == [None, None, "told None"]
    empty = TABLE.clear().select(v=varying.native)
    assert empty.height == 0


def test_even_stretches_what_came_as_one_value() -> None:
    long, short = even([pl.Series([1, 2, 3]), pl.Series([7])])
    assert (long.to_list(), short.to_list()) == ([1, 2, 3], [7, 7, 7])
    assert [len(values) for values in even([pl.Series([], dtype=pl.Int64), pl.Series([7])])] == [0, 0]
