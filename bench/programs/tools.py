"""One tool or two over a million records, as a workflow and in Polars by hand; tells seconds, or that they differ.

``tools.py CASE openyx|polars|same``. Imports and making the records do not count.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from polars.testing import assert_frame_equal

from openyx.engine import Anchor, run_workflow
from openyx.engine.check import check
from openyx.fields import DOUBLE, INT32, INT64, Field, FieldType, Schema
from openyx.relation.relation import Relation
from openyx.relation.verbs.sources import Values
from openyx.testing import node, text_input, workflow

ROWS = 1_000_000
BASE = "AlteryxBasePluginsGui."
TEXT = FieldType.of("V_String", 30)


@dataclass(frozen=True, slots=True)
class Case:
    """Records, the tools that see them in a row, and the same by hand; a second table goes to the last tool."""

    records: Callable[[], pl.DataFrame]
    schema: Schema
    tools: tuple[str, ...]
    by_hand: Callable[[pl.DataFrame], pl.DataFrame]
    output: str = "Output"
    lines: tuple[str, ...] = ()


def _numbered() -> pl.Series:
    return pl.int_range(ROWS, eager=True)


def _sales() -> pl.DataFrame:
    number = _numbered()
    return pl.DataFrame({"Shop": (number.hash(1) % 1000).cast(pl.Int32), "Amount": (number.hash(2) % 9999) / 100})


def _long() -> pl.DataFrame:
    number = _numbered()
    return pl.DataFrame(
        {
            "Shop": (number // 10).cast(pl.Int32),
            "Month": "M" + (number % 10).cast(pl.String),
            "Amount": (number.hash(2) % 9999).cast(pl.Int64),
        }
    )


def _lists() -> pl.DataFrame:
    parts = [(_numbered().hash(seed) % 9999).cast(pl.String) for seed in (1, 2, 3)]
    return pl.DataFrame({"List": parts[0] + "," + parts[1] + "," + parts[2]})


def _codes() -> pl.DataFrame:
    number = _numbered()
    return pl.DataFrame({"Code": "item-" + (number.hash(1) % 99).cast(pl.String) + "/" + number.cast(pl.String)})


def _words() -> pl.DataFrame:
    return pl.DataFrame({"Word": "w" + (_numbered().hash(1) % 400_000).cast(pl.String)})


def _running(records: pl.DataFrame) -> pl.DataFrame:
    return records.sort("Shop", maintain_order=True).with_columns(Sum=pl.col("Amount").cum_sum().over("Shop"))


def _crossed(records: pl.DataFrame) -> pl.DataFrame:
    wide = records.pivot("Month", index="Shop", values="Amount", aggregate_function="sum").sort("Shop")
    long = wide.with_row_index("at").unpivot(index=["at", "Shop"], variable_name="Name", value_name="Value")
    return long.sort("at", maintain_order=True).drop("at")


def _split(records: pl.DataFrame) -> pl.DataFrame:
    parts = pl.col("List").str.splitn(",", 3).struct.rename_fields(["Part1", "Part2", "Part3"])
    return records.with_columns(parts.alias("parts")).unnest("parts")


def _parsed(records: pl.DataFrame) -> pl.DataFrame:
    code = pl.col("Code")
    pattern = r"(?i)(\w+)-(\d+)"
    return records.with_columns(
        Kind=code.str.extract(pattern, 1), Number=code.str.extract(pattern, 2).cast(pl.Int32, strict=False)
    )


def _replaced(records: pl.DataFrame) -> pl.DataFrame:
    unique = records.unique("Word", keep="first", maintain_order=True).sort("Word")
    found = pl.DataFrame({"Word": ["w7", "w42"], "to": ["seven", "forty-two"]})
    return unique.join(found, on="Word", how="left", maintain_order="left").select(
        pl.coalesce("to", "Word").alias("Word")
    )


CASES = {
    "multi_row": Case(
        _sales,
        Schema.of(Field("Shop", INT32), Field("Amount", DOUBLE)),
        (
            node(
                f"{BASE}MultiRowFormula.MultiRowFormula",
                '<UpdateField value="False"/><CreateField_Name>Sum</CreateField_Name><CreateField_Type>Double'
                "</CreateField_Type><CreateField_Size>8</CreateField_Size><OtherRows>Empty</OtherRows>"
                '<NumRows value="1"/><Expression>[Row-1:Sum] + [Amount]</Expression>'
                '<GroupByFields><Field field="Shop"/></GroupByFields>',
            ),
        ),
        _running,
    ),
    "cross_tab_and_transpose": Case(
        _long,
        Schema.of(Field("Shop", INT32), Field("Month", TEXT), Field("Amount", INT64)),
        (
            node(
                f"{BASE}CrossTab.CrossTab",
                '<GroupFields><Field field="Shop"/></GroupFields><HeaderField field="Month"/>'
                '<DataField field="Amount"/><Methods><Method method="Sum"/></Methods>',
            ),
            node(
                f"{BASE}Transpose.Transpose",
                '<KeyFields><Field field="Shop"/></KeyFields><DataFields><Field field="*Unknown" selected="True"/>'
                "</DataFields>",
            ),
        ),
        _crossed,
    ),
    "text_to_columns": Case(
        _lists,
        Schema.of(Field("List", TEXT)),
        (
            node(
                f"{BASE}TextToColumns.TextToColumns",
                "<Field>List</Field><ErrorHandling>Last</ErrorHandling><RootName>Part</RootName>"
                '<Delimeters value=","/><NumFields value="3"/><Flags value="0"/>',
            ),
        ),
        _split,
    ),
    "regex_parse": Case(
        _codes,
        Schema.of(Field("Code", TEXT)),
        (
            node(
                f"{BASE}RegEx.RegEx",
                r'<Field>Code</Field><RegExExpression value="(\w+)-(\d+)"/><CaseInsensitve value="True"/>'
                '<Method>ParseComplex</Method><ParseComplex><Field field="Kind" type="V_String" size="30"/>'
                '<Field field="Number" type="Int32" size="4"/></ParseComplex>',
            ),
        ),
        _parsed,
    ),
    "unique_and_find_replace": Case(
        _words,
        Schema.of(Field("Word", TEXT)),
        (
            node(f"{BASE}Unique.Unique", '<UniqueFields><Field field="Word"/></UniqueFields>'),
            node(
                f"{BASE}FindReplace.FindReplace",
                "<FieldFind>Word</FieldFind><FieldSearch>from</FieldSearch><ReplaceFoundField>to</ReplaceFoundField>"
                '<FindMode>FindWhole</FindMode><NoCase value="False"/><ReplaceMode>Replace</ReplaceMode>',
            ),
            text_input("from to", "w7|seven", "w42|forty-two"),
        ),
        _replaced,
        lines=("1 > 2", "2.Unique > 3.Targets", "4 > 3.Source"),
    ),
}


def as_workflow(case: Case, records: pl.DataFrame, folder: Path) -> tuple[float, pl.DataFrame]:
    """Seconds, and what the last tool gives."""
    tools = dict(enumerate(case.tools, 2))
    end = 3 if case.lines else 1 + len(case.tools)
    lines = case.lines or tuple(f"{number} > {number + 1}" for number in range(1, end))
    path = folder / "case.yxmd"
    path.write_bytes(workflow({1: text_input("a", "1"), **tools}, *lines))
    check(path)
    anchor = Anchor(end, case.output)
    start = time.perf_counter()
    result = run_workflow(path, inputs={1: Relation(Values(case.schema, records))}, keep=[anchor])
    seconds = time.perf_counter() - start
    assert result.ok, result.messages
    return seconds, result.tables[anchor].frame


def by_hand(case: Case, records: pl.DataFrame) -> tuple[float, pl.DataFrame]:
    """Seconds, and the same by hand."""
    start = time.perf_counter()
    result = case.by_hand(records)
    return time.perf_counter() - start, result


if __name__ == "__main__":
    chosen, way = CASES[sys.argv[1]], sys.argv[2]
    table = chosen.records()
    with tempfile.TemporaryDirectory() as temporary:
        if way == "same":
            assert_frame_equal(
                as_workflow(chosen, table, Path(temporary))[1], by_hand(chosen, table)[1], check_exact=True
            )
        seconds, _ = by_hand(chosen, table) if way == "polars" else as_workflow(chosen, table, Path(temporary))
    print(seconds)
