"""Every verb once, against plain Python: over three kinds of source, two sizes of the right side, on both engines."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any, Literal

import polars as pl
import pytest

from openyx.fields import BOOL, DOUBLE, INT32, INT64, V_STRING, V_WSTRING, Field, FieldType, Schema
from openyx.formats.codepages import Utf8
from openyx.formats.csv import CsvInput
from openyx.formats.delimited.reader import CsvReader
from openyx.relation import (
    Computed,
    Expr,
    How,
    JoinKind,
    Key,
    Pick,
    Place,
    Relation,
    Summary,
    beside,
    scan,
    union,
    values,
)
from openyx.relation.flow import Flow
from openyx.relation.lowering import Lowering
from openyx.relation.order import Order
from openyx.relation.pieces import Pieces
from openyx.relation.tally import Tally
from openyx.relation.types import native_schema
from openyx.relation.verbs.against import Against

SCHEMA = Schema.of(
    Field("Id", INT32), Field("Key", FieldType.of("V_WString", 20)), Field("Number", INT64), Field("Value", DOUBLE)
)
KEYS = [None, "", "a", "B", "b", "ä", "\uffee", "\U0001f600", "aa", "\ud7ff", "\ue000"]
ROWS = 5_000
Row = tuple[Any, ...]
Engine = Literal["streaming", "in-memory"]


def true_where(native: pl.Expr) -> Expr:
    """A condition as the formula language hands it over."""
    return Expr(native, BOOL)


def table(count: int, seed: int) -> list[Row]:
    """Records with repeated and missing keys, in no order but that of ``Id``."""
    chance = random.Random(seed)
    return [
        (
            number,
            chance.choice(KEYS),
            None if chance.random() < 0.1 else chance.randint(-50, 50),
            None if chance.random() < 0.1 else chance.uniform(-1e6, 1e6),
        )
        for number in range(count)
    ]


@dataclass(frozen=True)
class ParquetReader:
    """A reader of the kind that the engine hands in."""

    path: Path
    schema: Schema
    fits: bool = True
    narrow: bool = False

    def frame(self) -> pl.LazyFrame:
        return pl.scan_parquet(self.path)


def in_memory(rows: list[Row], _folder: Path) -> Relation:
    return values(SCHEMA, dict(zip(SCHEMA.names, map(list, zip(*rows, strict=True)), strict=True)))


def in_parquet(rows: list[Row], folder: Path) -> Relation:
    path = folder / f"{len(rows)}.parquet"
    pl.DataFrame(rows, schema=native_schema(SCHEMA), orient="row").write_parquet(path, row_group_size=700)
    return scan(ParquetReader(path, SCHEMA))


def in_csv(rows: list[Row], folder: Path) -> Relation:
    path = folder / f"{len(rows)}.csv"
    frame = pl.DataFrame(rows, schema=native_schema(SCHEMA), orient="row")
    frame.write_csv(path, quote_style="non_numeric")
    text = scan(CsvReader(path, CsvInput(code_page=Utf8), print))
    return text.select([Pick(field.name, type=field.type) for field in SCHEMA])


Source = Callable[[list[Row]], Relation]


@pytest.fixture(params=[in_memory, in_parquet, in_csv], ids=["memory", "parquet", "csv"])
def source(request: pytest.FixtureRequest, tmp_path: Path) -> Source:
    return lambda rows: request.param(rows, tmp_path)


@pytest.fixture(params=["streaming", "in-memory"])
def engine(request: pytest.FixtureRequest) -> Engine:
    return request.param  # type: ignore[no-any-return] # one of the two


@pytest.fixture(autouse=True)
def small_batches() -> Iterator[None]:
    with pl.Config(streaming_chunk_size=500):
        yield


def records(relation: Relation, engine: Engine) -> list[Row]:
    """The records of a relation, which have the types that its schema tells."""
    lowering = Lowering([(relation, 1)], Tally(listed=10), count=True)
    assert lowering.stages == 1
    found = lowering.frames(0)[0].collect(engine=engine)
    assert found.schema == native_schema(relation.schema)
    return found.rows()


def units(text: str) -> bytes:
    """What UTF-16 text is ordered by."""
    return text.encode("utf-16-be", errors="surrogatepass")


def ascending(value: Any) -> tuple[bool, Any]:
    """Nulls first."""
    return (False, 0) if value is None else (True, units(value) if isinstance(value, str) else value)


ID, KEY, NUMBER, VALUE = range(4)
LEFT = table(ROWS, 1)


def test_a_source_gives_its_records_in_order(source: Source, engine: Engine) -> None:
    assert records(source(LEFT), engine) == LEFT


def test_select_picks_orders_renames_and_casts(source: Source, engine: Engine) -> None:
    picked = source(LEFT).select([Pick("VALUE", "v"), "id", Pick("Number", "text", V_STRING)])
    assert picked.schema.names == ("v", "Id", "text")
    expected = [(row[VALUE], row[ID], None if row[NUMBER] is None else str(row[NUMBER])) for row in LEFT]
    assert records(picked, engine) == expected


def test_add_sees_the_records_as_they_were_before(source: Source, engine: Engine) -> None:
    relation = source(LEFT)
    double = Expr(pl.col("Id") * 2, INT32)
    added = relation.add_all([Computed("Id", double), Computed("twice", double, INT64)])
    assert added.schema.names == ("Id", "Key", "Number", "Value", "twice")
    assert records(added, engine) == [(row[ID] * 2, *row[1:], row[ID] * 2) for row in LEFT]


def test_add_puts_new_fields_first_when_asked(source: Source, engine: Engine) -> None:
    added = source(LEFT).add("n", Expr(pl.col("Id") + 1, INT32), at=Place.FIRST)
    assert added.schema.names == ("n", "Id", "Key", "Number", "Value")
    assert records(added, engine) == [(row[ID] + 1, *row) for row in LEFT]


def test_filter_keeps_what_is_true(source: Source, engine: Engine) -> None:
    kept = source(LEFT).filter(true_where(pl.col("Number") > 0))
    assert records(kept, engine) == [row for row in LEFT if row[NUMBER] is not None and row[NUMBER] > 0]


def test_split_gives_null_to_the_others(source: Source, engine: Engine) -> None:
    true, false = source(LEFT).split(true_where(pl.col("Number") > 0))
    assert records(true, engine) == [row for row in LEFT if row[NUMBER] is not None and row[NUMBER] > 0]
    assert records(false, engine) == [row for row in LEFT if row[NUMBER] is None or row[NUMBER] <= 0]


def test_sort_is_stable_and_puts_nulls_first(source: Source, engine: Engine) -> None:
    ordered = source(LEFT).sort(["Number", "key"])
    assert records(ordered, engine) == sorted(LEFT, key=lambda row: (ascending(row[NUMBER]), ascending(row[KEY])))


def test_sort_descending_is_stable_and_puts_nulls_last(source: Source, engine: Engine) -> None:
    ordered = source(LEFT).sort([Key("Key", descending=True), Key("Number")])
    expected = sorted(LEFT, key=lambda row: ascending(row[NUMBER]))
    # Python's reverse keeps equal ones in their order, as ours does.
    expected.sort(key=lambda row: ascending(row[KEY]), reverse=True)
    assert records(ordered, engine) == expected


def test_what_is_sorted_is_not_sorted_again() -> None:
    ordered = in_memory(LEFT, Path()).sort(["Number", "Key"])
    again = ordered.sort(["number"])
    assert again.order == ordered.order
    assert "SORT" not in again.verb.flow(Flow(pl.LazyFrame(schema=native_schema(SCHEMA)))).frame.explain()
    assert ordered.sort(["Key"]).order == Order((Key("Key"),))
    assert ordered.sort([Key("Number", descending=True)]).order == Order((Key("Number", descending=True),))
    assert ordered.sort([Key("Number"), Key("Key", locale=1033)]).order.keys[1].locale == 1033


def test_sort_by_a_dictionary_is_stable(source: Source, engine: Engine) -> None:
    rank = {key: place for place, key in enumerate([None, "", "a", "aa", "B", "b", "ä"])}
    rows = [row for row in LEFT if row[KEY] in ("a", "aa", "b", "B", None, "")]
    rank["b"], rank["B"] = rank["B"], rank["b"]
    ordered = source(rows).sort([Key("Key", locale=1033)])
    # A text file does not tell an empty text from none.
    found = [(row[ID], row[KEY]) for row in records(ordered, engine) if row[KEY]]
    assert found == [(row[ID], row[KEY]) for row in sorted(rows, key=lambda row: rank[row[KEY]]) if row[KEY]]


def test_limit_keeps_a_run_of_records(source: Source, engine: Engine) -> None:
    assert records(source(LEFT).limit(700, skip=300), engine) == LEFT[300:1000]
    assert records(source(LEFT).limit(None, skip=300), engine) == LEFT[300:]
    assert records(source(LEFT).limit(10**30, skip=300), engine) == LEFT[300:]
    assert records(source(LEFT).limit(5, skip=10**30), engine) == []


def test_number_counts_the_records_in_their_order(source: Source, engine: Engine) -> None:
    numbered = source(LEFT).filter(true_where(pl.col("Number") > 0)).number("n", start=10)
    assert numbered.schema.names[-1] == "n"
    kept = [row for row in LEFT if row[NUMBER] is not None and row[NUMBER] > 0]
    assert records(numbered, engine) == [(*row, place) for place, row in enumerate(kept, start=10)]


def test_until_keeps_what_comes_before_the_first_true_one(source: Source, engine: Engine) -> None:
    last = LEFT[1500][ID]
    kept = source(LEFT).until(true_where(pl.col("Id") == last))
    assert records(kept, engine) == LEFT[:1500]
    assert records(source(LEFT).until(true_where(pl.col("Id") < 0)), engine) == LEFT


def test_aggregate_gives_sorted_groups_with_every_summary(source: Source, engine: Engine) -> None:
    summaries = [
        Summary(name="n", how=How.COUNT, field="Id"),
        Summary(name="Key", how=How.GROUP, field="Key"),
        Summary(name="total", how=How.SUM, field="Value"),
        Summary(name="whole", how=How.SUM, field="Number"),
        Summary(name="mean", how=How.AVG, field="Number"),
        Summary(name="least", how=How.MIN, field="Value"),
        Summary(name="most", how=How.MAX, field="Number"),
        Summary(name="first", how=How.FIRST, field="Number"),
        Summary(name="last", how=How.LAST, field="Value"),
        Summary(name="list", how=How.CONCAT, field="Number", separator="; ", start="<", end=">"),
    ]
    expected: list[Row] = []
    for key in sorted({row[KEY] for row in LEFT}, key=ascending):
        rows = [row for row in LEFT if row[KEY] == key]
        doubles = [row[VALUE] for row in rows if row[VALUE] is not None]
        numbers = [row[NUMBER] for row in rows if row[NUMBER] is not None]
        total = 0.0
        for number in doubles:
            total += number
        expected.append(
            (
                len(rows),
                key,
                total,
                sum(numbers),
                sum(numbers) / len(numbers),
                min(doubles),
                max(numbers),
                rows[0][NUMBER],
                rows[-1][VALUE],
                f"<{'; '.join(map(str, numbers))}>",
            )
        )
    assert records(source(LEFT).aggregate(summaries), engine) == expected


def test_aggregate_without_groups_gives_one_record(source: Source, engine: Engine) -> None:
    summaries = [
        Summary(name="n", how=How.COUNT, field="Id"),
        Summary(name="least", how=How.MIN, field="Key"),
        Summary(name="most", how=How.MAX, field="Key"),
    ]
    texts = [row[KEY] for row in LEFT if row[KEY] is not None]
    assert records(source(LEFT).aggregate(summaries), engine) == [(ROWS, min(texts, key=units), max(texts, key=units))]


def test_aggregate_of_nothing_gives_nothing(source: Source, engine: Engine) -> None:
    nothing = source(LEFT).filter(true_where(pl.col("Id") < 0))
    count = Summary(name="n", how=How.COUNT, field="Id")
    assert records(nothing.aggregate([count]), engine) == []
    assert records(nothing.aggregate([Summary(name="k", how=How.GROUP, field="Key"), count]), engine) == []


@pytest.mark.parametrize("size", [20, 20_000], ids=["small", "large"])
class TestTwoSides:
    """Verbs with a right side."""

    def right(self, size: int) -> list[Row]:
        chance = random.Random(2)
        return [(chance.randint(0, 400), *row[1:]) for row in table(size, 3)]

    def renamed(self, relation: Relation) -> Relation:
        return relation.select([Pick(name, f"Right_{name}") for name in relation.schema.names])

    def pairs(self, right: list[Row]) -> dict[int, list[Row]]:
        found: dict[int, list[Row]] = {}
        for row in right:
            found.setdefault(row[ID], []).append(row)
        return found

    def left(self, size: int) -> list[Row]:
        """Few where many meet many."""
        rows = [(row[ID] * 7 % 400, *row[1:]) for row in LEFT]
        return rows if size < 1000 else rows[:300]

    def test_join_gives_pairs_left_major(self, source: Source, engine: Engine, size: int) -> None:
        left, right = self.left(size), self.right(size)
        joined = source(left).join(self.renamed(source(right)), [("Id", "Right_Id")])
        found = self.pairs(right)
        assert records(joined, engine) == [(*row, *other) for row in left for other in found.get(row[ID], [])]

    def test_left_join_keeps_those_without_partner(self, source: Source, engine: Engine, size: int) -> None:
        left, right = self.left(size), self.right(size)
        joined = source(left).join(self.renamed(source(right)), [("Id", "Right_Id")], JoinKind.LEFT)
        found, alone = self.pairs(right), [(None,) * 4]
        assert records(joined, engine) == [(*row, *other) for row in left for other in found.get(row[ID], alone)]

    def test_full_join_puts_right_records_without_partner_last(self, source: Source, engine: Engine, size: int) -> None:
        left, right = self.left(size), self.right(size)
        joined = source(left).join(self.renamed(source(right)), [("Id", "Right_Id")], JoinKind.FULL)
        found, alone = self.pairs(right), [(None,) * 4]
        expected = [(*row, *other) for row in left for other in found.get(row[ID], alone)]
        there = {row[ID] for row in left}
        expected += [(None,) * 4 + row for row in right if row[ID] not in there]
        assert records(joined, engine) == expected

    def test_beside_fills_the_shorter_side_with_nulls(self, source: Source, engine: Engine, size: int) -> None:
        right = self.right(size)
        both = beside([source(LEFT), self.renamed(source(right))])
        assert records(both, engine) == [
            (*(one or (None,) * 4), *(other or (None,) * 4)) for one, other in zip_longest(LEFT, right)
        ]

    def test_against_sees_all_of_the_other_side_in_each_batch(self, source: Source, engine: Engine, size: int) -> None:
        right = self.right(size)

        def learn(whole: pl.DataFrame) -> Callable[[pl.DataFrame], pl.DataFrame]:
            return lambda batch: batch.select(n=pl.col("Id") + whole.height)

        schema = Schema.of(Field("n", INT32))
        looked = Relation(Against(source(LEFT), source(right), learn, schema))
        assert records(looked, engine) == [(row[ID] + len(right),) for row in LEFT]

    @pytest.mark.parametrize("kind", [JoinKind.ANTI, JoinKind.SEMI])
    def test_nulls_have_no_partner(self, source: Source, engine: Engine, size: int, kind: JoinKind) -> None:
        left = [(row[ID], row[KEY], row[NUMBER], row[VALUE]) for row in LEFT]
        right = self.right(size)[: size // 2]
        joined = source(left).join(
            self.renamed(source(right)), [("Key", "Right_Key"), ("Number", "Right_Number")], kind
        )
        partners = {(row[KEY], row[NUMBER]) for row in right if row[KEY] is not None and row[NUMBER] is not None}
        wanted = kind is JoinKind.SEMI
        assert records(joined, engine) == [row for row in left if ((row[KEY], row[NUMBER]) in partners) == wanted]

    def test_append_gives_all_pairs_left_major(self, source: Source, engine: Engine, size: int) -> None:
        left, right = self.left(size)[:30], self.right(size)[:3000]
        appended = source(left).append(self.renamed(source(right)))
        assert records(appended, engine) == [(*row, *other) for row in left for other in right]

    def test_union_gives_one_after_the_other(self, source: Source, engine: Engine, size: int) -> None:
        right = self.right(size)
        assert records(union([source(LEFT), source(right), source(LEFT)]), engine) == LEFT + right + LEFT


def test_map_batches_keeps_the_order_of_batches(source: Source, engine: Engine) -> None:
    schema = Schema.of(Field("n", INT64))

    def function(batch: pl.DataFrame) -> pl.DataFrame:
        return batch.select(n=pl.col("Id").cast(pl.Int64) * 10)

    assert records(source(LEFT).map_batches(function, schema), engine) == [(row[ID] * 10,) for row in LEFT]


def test_explode_gives_each_record_once_per_piece(source: Source, engine: Engine) -> None:
    """A null list is one record with null, an empty one is none."""
    numbers = pl.col("Number").cast(pl.String)
    pairs = pl.when(pl.col("Number") >= 0).then(pl.concat_list(pl.col("Key"), numbers))
    lists = pl.when(pl.col("Number") == 7).then(pl.lit([], dtype=pl.List(pl.String))).otherwise(pairs)
    exploded = source(LEFT).explode(Field("KEY", V_STRING, "a note"), Pieces(lists, V_STRING))

    def pieces(row: Row) -> list[str | None]:
        if row[NUMBER] == 7:
            return []
        return [None] if row[NUMBER] is None or row[NUMBER] < 0 else [row[KEY], str(row[NUMBER])]

    assert exploded.schema["key"] == Field("Key", V_STRING, "a note")
    assert records(exploded, engine) == [
        (row[ID], piece, row[NUMBER], row[VALUE]) for row in LEFT for piece in pieces(row)
    ]
    assert source(LEFT).sort(["Number", "Key"]).explode(Field("Key", V_STRING), Pieces(lists, V_STRING)).order == Order(
        (Key("Number"),)
    )


def test_a_long_chain_keeps_its_order(source: Source, engine: Engine) -> None:
    relation = source(LEFT)
    joined = relation.filter(true_where(pl.col("Id") % 2 == 0)).join(
        relation.select([Pick("Id", "other"), Pick("Value", "more")]), [("Id", "other")]
    )
    ordered = joined.sort(["Number"]).limit(1000).tap(2)
    expected = [(*row, row[ID], row[VALUE]) for row in LEFT if row[ID] % 2 == 0]
    expected.sort(key=lambda row: ascending(row[NUMBER]))
    assert records(ordered, engine) == expected[:1000]


def test_every_field_as_text(source: Source, engine: Engine) -> None:
    shown = source(LEFT[:50]).as_text(narrow=False)
    assert {str(field.type) for field in shown.schema} == {str(V_WSTRING)}
    assert [row[:3] for row in records(shown, engine)] == [
        (str(row[ID]), row[KEY], None if row[NUMBER] is None else str(row[NUMBER])) for row in LEFT[:50]
    ]
