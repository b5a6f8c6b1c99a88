"""Expressions over fields: types, constants, other records, targets, faults and size."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from openyx.errors import FormulaError, NotYet
from openyx.fields import (
    BOOL,
    BYTE,
    DATE,
    DATETIME,
    DOUBLE,
    INT16,
    INT32,
    INT64,
    TIME,
    V_STRING,
    V_WSTRING,
    Field,
    FieldType,
    Schema,
)
from openyx.formula import Context, compile_condition, compile_expression
from openyx.relation.expr import Expr, field, null
from tests.formula.support import WORLD, Answer, Table

NOON, MIDNIGHT = datetime.fromisoformat("2024-02-29T10:00:00"), datetime.fromisoformat("1999-12-31T00:00:00")
MONEY = FieldType.of("FixedDecimal", 19, 2)
TABLE = Table(
    {
        "i": INT32,
        "b": BYTE,
        "big": INT64,
        "x": DOUBLE,
        "money": MONEY,
        "s": V_STRING,
        "d": DATE,
        "at": DATETIME,
        "ok": BOOL,
    },
    [
        (1, 200, 2**62, 0.5, Decimal("12.30"), "Alpha", date(2024, 2, 29), NOON, True),
        (-7, 0, -(2**63), 2.0, Decimal("-0.05"), "", date(1999, 12, 31), MIDNIGHT, False),
        (None, None, None, None, None, None, None, None, None),
    ],
)


def values(text: str, target: FieldType | None = None, table: Table = TABLE) -> list[object]:
    return [answer.value for answer in table.compute(text, target)]


@pytest.mark.parametrize(
    ("text", "wanted", "type_"),
    [
        ("[i] + [b]", [201, -7, None], INT64),
        ("i * 2", [2, -14, None], INT64),
        ("[i] / 2", [0.5, -3.5, None], DOUBLE),
        ("[x] + 1", [1.5, 3.0, None], DOUBLE),
        ("[money] * 2", [24.6, -0.1, None], DOUBLE),
        ("[ok] + 1", [2, 1, None], INT64),
        ("[s] + '!'", ["Alpha!", "!", "!"], V_WSTRING),
        ("[s]", ["Alpha", "", None], V_STRING),
        ("[d]", [date(2024, 2, 29), date(1999, 12, 31), None], DATE),
        ("Left([d], 4)", ["2024", "1999", None], V_WSTRING),
        ("[d] + ' 00:00:00'", ["2024-02-29 00:00:00", "1999-12-31 00:00:00", " 00:00:00"], V_WSTRING),
        ("Length([at])", [19, 19, 0], INT64),
        ("[d] = '2024-02-29'", [True, False, False], BOOL),
        ("[d] < [at]", [True, True, False], BOOL),
        ("[at] >= '2024-01-01'", [True, False, False], BOOL),
        ("[at] = '2024-02-29 10:00:00'", [True, False, False], BOOL),
        ("[d] IN ('2024-02-29', 'x')", [True, False, False], BOOL),
        ("[i] IN (1, 2.5)", [True, False, False], BOOL),
        ("[s] IN ('ALPHA', Null())", [True, False, True], BOOL),
        ("IF [ok] THEN [i] ELSE [x] ENDIF", [1.0, 2.0, None], DOUBLE),
        ("IIF([ok], [d], Null())", [date(2024, 2, 29), None, None], DATE),
        ("IIF([ok], [d], 'none')", ["2024-02-29", "none", "none"], V_WSTRING),
        ("IIF([ok], [ok], [i])", [1, -7, None], INT64),
        ("Max([i], [x])", [1.0, 2.0, None], DOUBLE),
        ("Max([d], Null())", [date(2024, 2, 29), date(1999, 12, 31), None], DATE),
        ("ToString([money])", ["12.30", "-0.05", None], V_WSTRING),
        ("ToString([big])", ["4611686018427387904", "-9223372036854775808", None], V_WSTRING),
        ("ToString([big] + [big])", ["9.22337203685478e+18", "-1.84467440737096e+19", None], V_WSTRING),
        ("ToString([big] - 1)", ["4611686018427387903", "-9.22337203685478e+18", None], V_WSTRING),
        ("Mod([big] - 1, 10)", [3, None, None], INT64),
        ("Abs([big])", [2.0**62, 2.0**63, None], DOUBLE),
        ("IsNull([big] + [big])", [False, False, True], BOOL),
        ("[big] + [big] > 0", [True, False, False], BOOL),
        ("IIF([i] = 1, [big] + [big], 0)", [2.0**63, 0.0, 0.0], DOUBLE),
        ("Null()", [None, None, None], V_WSTRING),
        ("1 = 1", [True, True, True], BOOL),
        ("IsNumber([s]) = False AND IsString([d])", [True, True, True], BOOL),
        ("GetVal([i], 'a', 'b')", ["b", None, None], V_WSTRING),
        ("SWITCH(Left([s], 1), 'none', 'a', 'A!', '', 'empty')", ["A!", "empty", "none"], V_WSTRING),
        ("ToDate([at])", [date(2024, 2, 29), date(1999, 12, 31), None], DATE),
        ("Left([s], [i])", ["A", "", None], V_WSTRING),
        ("REGEX_Replace([s], [s], 'x')", ["x", "x", ""], V_WSTRING),
    ],
)  # fmt: skip
def test_an_expression_over_fields(text: str, wanted: list[object], type_: FieldType) -> None:
    assert values(text) == wanted
    assert compile_expression(text, TABLE.schema, context=WORLD).type == type_


@pytest.mark.parametrize(
    ("text", "target", "wanted"),
    [
        ("[x]", INT32, [Answer(1), Answer(2), Answer(None)]),
        ("[i] * 100", INT16, [Answer(100), Answer(-700), Answer(None)]),
        ("[i] * 100", BYTE, [Answer(100), Answer(None, ("-700 does not fit in the type Byte",)), Answer(None)]),
        ("[x]", V_WSTRING, [Answer("0.5"), Answer("2"), Answer(None)]),
        ("[i] = 1", V_WSTRING, [Answer("True"), Answer("False"), Answer("False")]),
        ("[i] = 1", INT32, [Answer(1), Answer(0), Answer(0)]),
        ("43", DATE, [Answer(date(1900, 2, 11))] * 3),
        ("[s]", FieldType.of("V_WString", 3), [Answer("Alp", ('"Alpha" was truncated',)), Answer(""), Answer(None)]),
        ("Null()", INT32, [Answer(None)] * 3),
        ("Null()", DATE, [Answer(None)] * 3),
        ("'2024-05-06'", DATE, [Answer(date(2024, 5, 6))] * 3),
        ("[big] + 0", INT64, [Answer(2**62), Answer(-(2**63)), Answer(None)]),
        ("[big] - 1", V_STRING, [Answer("4611686018427387903"), Answer("-9.22337203685478e+18"), Answer(None)]),
    ],
)
def test_the_result_is_cast_to_the_target(text: str, target: FieldType, wanted: list[Answer]) -> None:
    assert TABLE.compute(text, target) == wanted


def test_a_fault_is_reported_once_however_deep_it_stands() -> None:
    table = Table({"t": V_WSTRING}, [("7x",), ("8",)])
    assert table.compute("ToNumber(Left(Trim([t]) + '', 9)) + 1") == [
        Answer(8.0, ("7x lost information in translation",)),
        Answer(9.0),
    ]


def test_a_branch_that_is_not_chosen_reports_nothing_per_record() -> None:
    table = Table({"t": V_WSTRING}, [("x",), ("12",), (None,)])
    text = "IF IsInteger([t]) THEN ToNumber([t]) ELSEIF IsNull([t]) THEN ToNumber('no') ELSE -1 ENDIF"
    assert table.compute(text) == [Answer(-1.0), Answer(12.0), Answer(0.0, ("no is not a valid number.",))]


def test_and_stops_where_it_is_decided_per_record() -> None:
    table = Table({"t": V_WSTRING}, [("x",), ("12",)])
    assert table.compute("IsInteger([t]) AND ToNumber([t]) > 5") == [Answer(False), Answer(True)]
    assert table.compute("!IsInteger([t]) OR ToNumber([t]) > 5") == [Answer(True), Answer(True)]


def test_constants_come_after_fields_and_in_any_case() -> None:
    table = Table({"User.a": V_WSTRING}, [("field",)])
    constants = {"User.A": "constant", "User.b": 3, "#1": "wired", "_CurrentField_": field(Field("User.a", V_WSTRING))}
    assert table.compute("[user.a] + [#1]", constants=constants) == [Answer("fieldwired")]
    assert table.compute("[USER.B] + 1", constants=constants) == [Answer(4)]
    assert table.compute("[_CurrentField_]", constants=constants) == [Answer("field")]
    assert table.compute("'%user.b%' + '100%'", constants=constants) == [Answer("3100%")]
    assert table.compute("[n]", constants={"n": null()}) == [Answer(None)]


def test_fields_of_other_records_are_asked_for() -> None:
    asked: list[tuple[str, int]] = []

    def rows(wanted: Field, row: int) -> Expr:
        asked.append((wanted.name, row))
        return field(wanted)

    compile_expression("[Row-1:S] + [row+2:s]", TABLE.schema, rows=rows, context=WORLD)
    assert set(asked) == {("s", -1), ("s", 2)}


def test_field_names_that_look_like_patterns_are_names() -> None:
    table = Table({"^a.*$": INT32, "*": INT32, "a]b": INT32}, [(1, 2, 3)])
    assert table.compute("[^a.*$] + 10 * [*] + 100 * [a]]b]") == [Answer(321)]


def test_a_condition_is_never_null_and_takes_numbers() -> None:
    def ask(text: str) -> list[object]:
        return [answer.value for answer in TABLE.answers(compile_condition(text, TABLE.schema, context=WORLD))]

    assert ask("[i] > 0") == [True, False, False]
    assert ask("[ok]") == [True, False, False]
    assert ask("[i]") == [True, True, False]
    assert ask("Null()") == [False, False, False]
    with pytest.raises(FormulaError, match="String provided where a number is required"):
        compile_condition("[s]", TABLE.schema, context=WORLD)


def test_an_unknown_name_is_told_with_what_may_be_meant() -> None:
    schema = Schema.of(Field("Revenue", DOUBLE), Field("Costs", DOUBLE))
    with pytest.raises(FormulaError) as caught:
        compile_expression("[Revenue] - Cots / 2", schema)
    assert caught.value.message.splitlines() == [
        'Parse Error at char(12): Unknown variable "Cots" (Expression #1)',
        "    [Revenue] - Cots / 2",
        '                ^^^^ no field named "Cots"; did you mean "Costs"?',
    ]
    assert caught.value.hint == 'did you mean "Costs"?'
    with pytest.raises(FormulaError, match='did you mean "ToNumber"'):
        compile_expression("ToNumbr('1')", schema)


@pytest.mark.parametrize(
    "text", ["FinancePV(1, 2, 3)", "ST_Area([s], 'Miles')", "Message(1, 'a', 2)", "RangeMedian(1)"]
)
def test_a_function_that_is_known_and_not_there_is_named(text: str) -> None:
    with pytest.raises(NotYet, match=text.partition("(")[0]):
        compile_expression(text, TABLE.schema)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("+".join(["[i]"] * 3_000), 3_000),
        ("+".join(["[x]"] * 3_000), 1_500.0),
        ("+".join(["[s]"] * 3_000), "Alpha" * 3_000),
        (" OR ".join(f"[i] = {number}" for number in range(3_000, 0, -1)), True),
        (" AND ".join(["[i] = 1"] * 3_000), True),
        ("IF [i] = 9 THEN 0 " + "".join(f"ELSEIF [i] = {n} THEN {n} " for n in range(600, 0, -1)) + "ELSE 0 ENDIF", 1),
        ("SWITCH([i], 0, " + ",".join(f"{n},{n * 2}" for n in range(600, 0, -1)) + ")", 2),
        ("[i] IN (" + ",".join(map(str, range(5_000))) + ")", True),
        ("Trim(" * 80 + "[s]" + ")" * 80, "Alpha"),
        ("Replace(" * 60 + "[s]" + ", 'p', 'p')" * 60, "Alpha"),
        ("IIF([i] = 5, 'no', " * 100 + "[s]" + ")" * 100, "Alpha"),
        ("(" * 200 + "[i]" + " + 1)" * 200, 201),
        ("Coalesce(" * 60 + "[s]" + ", 'x')" * 60, "Alpha"),
        ("Max(" * 40 + "[s]" + ", 'a')" * 40, "Alpha"),
        ("Round(" * 40 + "[x]" + ", 0.1)" * 40, 0.5),
        ("ToString(ToNumber(" * 30 + "[i]" + "))" * 30, "1"),
        ("(" * 5_000 + "[i]" + ")" * 5_000, 1),
    ],
    ids=lambda value: str(value)[:14],
)  # fmt: skip
def test_long_and_deep_expressions_are_computed(text: str, wanted: object) -> None:
    got = values(text)[0]
    assert got == wanted or (isinstance(wanted, int) and got == float(wanted))


@pytest.mark.parametrize(
    "text",
    ["-" * 5_000 + "[i]", "1+(" * 2_000 + "[i]" + ")" * 2_000, "Trim(" * 2_000 + "[s]" + ")" * 2_000],
    ids=["signs", "parentheses", "calls"],
)
def test_a_nesting_that_is_too_deep_is_refused(text: str) -> None:
    with pytest.raises(FormulaError, match="nests deeper than 250 levels"):
        compile_expression(text, TABLE.schema)


def test_random_numbers_differ_from_record_to_record() -> None:
    table = Table({"n": INT32}, [(number,) for number in range(100)])
    drawn = values("RandInt(1000000)", None, table)
    assert len(set(drawn)) > 90
    assert len(set(values("Rand()", None, table))) > 90
    assert len(set(values("UuidCreate()", None, table))) == 100


def test_times_of_fields_stay_times() -> None:
    table = Table({"t": TIME}, [(None,)])
    assert table.compute("Left([t], 2) + 'h'") == [Answer("h")]


def test_a_constant_number_is_printed_with_the_decimals_of_each_record() -> None:
    table = Table({"places": INT64, "mark": V_WSTRING}, [(0, None), (2, ","), (None, ".")])
    assert values("ToString(1234, [places], [mark])", table=table) == ["1234", "1,234.00", "1234"]
    assert values(
        "ToString([big], [places], [mark])",
        table=Table({"big": INT64, "places": INT64, "mark": V_WSTRING}, [(1234, 2, ",")]),
    ) == ["1,234.00"]


@pytest.mark.parametrize("unit", ["'days'", "[unit]"])
def test_a_call_that_cannot_read_its_dates_reports_one_error_and_none_beside_a_null(unit: str) -> None:
    records = [("x", "y", "days"), ("x", None, "days"), (None, "y", "days")]
    table = Table({"one": V_WSTRING, "other": V_WSTRING, "unit": V_WSTRING}, records)
    wanted = [Answer(None, ('"x" is not a valid DateTime',)), Answer(None), Answer(None)]
    assert table.compute(f"DateTimeDiff([one], [other], {unit})") == wanted
    assert table.compute(f"DateTimeDiff('x', [other], {unit})")[:2] == wanted[:2]


def test_a_day_of_the_week_that_is_null_reports_nothing() -> None:
    table = Table({"day": V_WSTRING, "start": V_WSTRING}, [("2016-01-03", None), ("2016-01-03", "Monday")])
    assert table.compute("DateTimeWeekNum([day], [start])") == [Answer(None), Answer(1)]


def test_what_is_neither_number_nor_text_is_no_integer() -> None:
    assert values("IsInteger([blob])", table=Table({"blob": FieldType.of("Blob")}, [(b"1",), (None,)])) == [
        False,
        False,
    ]


THIRDS = [100.0, -793.668, 613.305, 653743.3580485478, -178.0, 3.0]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("[x] / 3", [x / 3 for x in THIRDS]),
        ("[x] / 10", [x / 10 for x in THIRDS]),
        ("([x] + 1) / IIF(True, 7, 1)", [(x + 1) / 7 for x in THIRDS]),
        ("1 / [x]", [1 / x for x in THIRDS]),
        ("Average([x], 1, 2)", [(x + 1 + 2) / 3 for x in THIRDS]),
        ("AverageNonNull([x], 1, 2)", [(x + 1 + 2) / 3 for x in THIRDS]),
        ("Round([x], 0.01)", [100.0, -793.67, 613.3, 653743.36, -178.0, 3.0]),
        ("Floor([x], 0.05)", [100.0, -793.7, 613.3, 653743.35, -178.0, 3.0]),
        ("Ceil([x], 0.1)", [100.0, -793.6, 613.4, 653743.4, -178.0, 3.0]),
    ],
)
@pytest.mark.parametrize("height", [1, 6])
def test_a_quotient_is_rounded_once_in_batches_of_any_size(text: str, wanted: list[float], height: int) -> None:
    got = [
        values(text, table=Table({"x": DOUBLE}, [(x,) for x in THIRDS[at : at + height]])) for at in range(0, 6, height)
    ]
    assert [value for batch in got for value in batch] == wanted


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("ToNumber([t]) IN ([one], [two], Null())", 1),
        ("[one] IN (1, ToNumber([t]))", 0),
        ("[two] IN (1, ToNumber([t]))", 1),
        ("Switch(ToNumber([t]), 0, [two], 1, [one], 2)", 1),
        ("Switch([one], 0, 1, 10, ToNumber([t]), 20)", 0),
        ("Switch([one] + 0, 0, 1, 10, ToNumber([t]), 20)", 0),
        ("Switch([two] + 0, 0, 1, 10, ToNumber([t]), 20)", 1),
        ("Switch(ToNumber('7x'), 0, [two], 1, [one], 2)", 1),
        ("IIF(ToNumber([t]) = 7, Null(), Null()) + 1", 1),
        ("IIF(ToNumber([t]) = 7, Null(), Null()) + 'a'", 1),
        ("IIF(ToNumber([t]) = 7, Null(), Null()) = 'a'", 1),
        ("IIF(ToNumber([t]) = 7, Null(), Null()) AND True", 1),
        ("Left(IIF(ToNumber([t]) = 7, Null(), Null()), 1)", 1),
    ],
)
def test_a_fault_counts_once_where_its_value_is_asked_for(text: str, faults: int) -> None:
    table = Table({"t": V_WSTRING, "one": INT64, "two": INT64}, [("7x", 1, 2)])
    (got,) = table.compute(text)
    assert got.faults == ("7x lost information in translation",) * faults


def test_a_null_that_a_conversion_gives_for_certain_may_be_asked_about() -> None:
    table = Table({"t": V_WSTRING}, [("x",)])
    (got,) = table.compute('IsUpperCase(DateTimeParse([t], "1,5"))')
    assert got.value in (False, None)


@pytest.mark.parametrize("options", ["1, 9223372036854775808", "1, 2, 9223372036854775808.0"])
def test_a_sum_that_no_integer_holds_is_found_in_a_list(options: str) -> None:
    table = Table({"n": INT64}, [(2**63 - 1,), (0,)])
    assert [got.value for got in table.compute(f"[n] + 1 IN ({options})")] == [True, True]
    assert [got.value for got in table.compute("[n] + 1 IN (1, 2)")] == [False, True]


@pytest.mark.parametrize("path", ["x" * 5_000, "a\0b"])
def test_a_path_that_no_system_takes_is_not_there(path: str) -> None:
    assert Context.here().exists(path) is False
