"""Schema and order are computed on the tree, without running anything."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import polars as pl
import pytest

from openyx.fields import BOOL, DATE, DOUBLE, INT16, INT32, INT64, V_STRING, V_WSTRING, Field, FieldType, Schema
from openyx.relation import Expr, How, JoinKind, Key, Order, Pick, Relation, Summary, text_values, union, values
from openyx.relation.run import Keep, run

STRING = FieldType.of("WString", 10)
MONEY = FieldType.of("FixedDecimal", 19, 2)
SCHEMA = Schema.of(
    Field("Id", INT16, source="made up"),
    Field("Name", STRING, description="who"),
    Field("Paid", MONEY),
    Field("Yes", BOOL),
)


def true_where(native: pl.Expr) -> Expr:
    """A condition as the formula language hands it over."""
    return Expr(native, BOOL)


def people() -> Relation:
    return values(SCHEMA, {"Id": [1], "Name": ["Ada"], "Paid": [Decimal("1.50")], "Yes": [True]})


def by(*keys: str | Key) -> Order:
    return Order(tuple(Key(key) if isinstance(key, str) else key for key in keys))


def test_select_keeps_types_sizes_and_notes() -> None:
    picked = people().select([Pick("NAME", "Who"), Pick("id", type=INT64, description="number")])
    assert picked.schema.fields == (
        Field("Who", STRING, description="who"),
        Field("Id", INT64, source="made up", description="number"),
    )


def test_a_new_field_has_the_type_that_is_asked_and_an_old_one_keeps_its_spelling() -> None:
    added = people().add("ID", Expr(pl.col("Id") + 0.5, DOUBLE)).add("n", people().field("paid"), INT32)
    assert [(field.name, str(field.type)) for field in added.schema] == [
        ("Id", "Double"),
        ("Name", "WString(10)"),
        ("Paid", "FixedDecimal(19.2)"),
        ("Yes", "Bool"),
        ("n", "Int32"),
    ]


@pytest.mark.parametrize(
    ("how", "field", "kind"),
    [
        (How.GROUP, "Name", "WString(10)"),
        (How.SUM, "Id", "Int64"),
        (How.SUM, "Yes", "Int64"),
        (How.SUM, "Paid", "FixedDecimal(39.2)"),
        (How.AVG, "Id", "Double"),
        (How.AVG, "Paid", "Double"),
        (How.COUNT, "Name", "Int64"),
        (How.MIN, "Name", "WString(10)"),
        (How.MAX, "Paid", "FixedDecimal(19.2)"),
        (How.FIRST, "Yes", "Bool"),
        (How.LAST, "Id", "Int16"),
        (How.CONCAT, "Name", "V_WString(1073741823)"),
        (How.CONCAT, "Paid", "V_String(2147483647)"),
    ],
)
def test_a_summary_has_its_type(how: How, field: str, kind: str) -> None:
    grouped = people().aggregate([Summary(name="x", how=how, field=field)])
    assert str(grouped.schema["x"].type) == kind
    assert run([Keep(grouped)]).results


def test_text_cannot_be_summed() -> None:
    with pytest.raises(TypeError, match="field 'Name' is a WString"):
        people().aggregate([Summary(name="x", how=How.SUM, field="Name")])


@pytest.mark.parametrize("how", [How.MIN, How.CONCAT, How.GROUP])
def test_a_blob_has_no_order_and_no_text(how: How) -> None:
    blob = values(Schema.of(Field("b", FieldType.of("Blob"))), {"b": [b"x"]})
    with pytest.raises(TypeError, match="field 'b' is a Blob"):
        blob.aggregate([Summary(name="x", how=how, field="b")])


def test_records_are_counted_without_naming_a_field() -> None:
    counted = people().aggregate([Summary(name="Count", how=How.COUNT), Summary(name="Id", how=How.COUNT, field="Id")])
    assert run([Keep(counted)]).table(0).rows() == [(1, 1)]


def test_groups_of_nulls_have_no_sum_and_no_list() -> None:
    nulls = values(
        Schema.of(Field("n", INT32), Field("v", DOUBLE), Field("t", V_STRING)), {"n": [None], "v": [None], "t": [None]}
    )
    summaries = [
        Summary(name=f"{field}{how}", how=how, field=field)
        for how, field in [
            (How.SUM, "n"),
            (How.SUM, "v"),
            (How.AVG, "n"),
            (How.AVG, "v"),
            (How.MIN, "n"),
            (How.MAX, "t"),
            (How.CONCAT, "t"),
        ]
    ]
    assert run([Keep(nulls.aggregate(summaries))]).table(0).rows() == [(None,) * 7]


def test_a_field_that_is_not_there_is_named() -> None:
    with pytest.raises(KeyError, match="Nobody"):
        people().select(["Nobody"])
    with pytest.raises(KeyError, match="Nobody"):
        people().sort(["Nobody"])


def test_sort_gives_an_order_and_what_changes_the_key_ends_it() -> None:
    ordered = people().sort(["name", Key("Id", descending=True)])
    assert ordered.order == by("Name", Key("Id", descending=True))
    assert ordered.filter(true_where(pl.col("Yes"))).order == ordered.order
    assert ordered.limit(3).tap(1).order == ordered.order
    assert ordered.select(["Id", Pick("Name", "Who")]).order == by("Who", Key("Id", descending=True))
    assert ordered.select([Pick("Name", type=V_STRING), "Id"]).order == by()
    assert ordered.select(["Name"]).order == by("Name")
    assert ordered.add("Id", Expr(pl.col("Id"), INT16)).order == by("Name")
    assert ordered.add("more", Expr(pl.col("Id"), INT16)).order == ordered.order


def test_groups_are_an_order() -> None:
    grouped = people().aggregate(
        [
            Summary(name="n", how=How.COUNT, field="Id"),
            Summary(name="Who", how=How.GROUP, field="Name"),
            Summary(name="Id", how=How.GROUP, field="Id"),
        ]
    )
    assert grouped.order == by("Who", "Id")
    assert union([grouped, grouped]).order == by()


def test_a_join_keeps_the_order_of_its_left_side() -> None:
    other = people().select([Pick(name, f"Right_{name}") for name in SCHEMA.names])
    joined = people().sort(["Name"]).join(other, [("Name", "Right_Name")])
    assert joined.order == by("Name")
    assert joined.schema.names == (*SCHEMA.names, *(f"Right_{name}" for name in SCHEMA.names))
    assert people().join(other, [("Name", "Right_Name")], JoinKind.ANTI).schema == SCHEMA
    assert people().sort(["Name"]).append(other).order == by("Name")


def test_fields_of_different_types_are_not_joined() -> None:
    other = people().select([Pick("Id", "Other")])
    with pytest.raises(ValueError, match="'Name' is a WString"):
        people().join(other, [("Name", "Other")])


def test_a_union_wants_the_same_fields() -> None:
    with pytest.raises(ValueError, match="relation 2 of a union"):
        union([people(), people().select(["Id"])])


def test_a_blob_has_no_text() -> None:
    blob = values(Schema.of(Field("b", FieldType.of("Blob"))), {"b": [b"x"]})
    with pytest.raises(TypeError, match="field 'b' is a Blob"):
        blob.as_text()


def test_values_that_do_not_fit_their_type_are_refused() -> None:
    with pytest.raises((TypeError, OverflowError)):
        values(Schema.of(Field("n", INT16)), {"n": [70_000]})
    with pytest.raises(TypeError):
        values(Schema.of(Field("n", INT16)), {"n": ["x"]})


def test_text_rows_become_their_types() -> None:
    schema = Schema.of(Field("d", DATE), Field("n", DOUBLE), Field("t", V_WSTRING))
    table = run([Keep(text_values(schema, [["2026-11-24", "1.5", ""], [None, None, None]]))]).table(0)
    assert table.rows() == [(dt.date(2026, 11, 24), 1.5, ""), (None, None, None)]
    empty = run([Keep(text_values(schema, []))]).table(0)
    assert empty.rows() == []


def test_text_is_made_narrow_for_a_narrow_file() -> None:
    names = values(Schema.of(Field("a", V_WSTRING)), {"a": ["it’s", "日"]})
    outcome = run([Keep(names.as_text(narrow=True).tap(1))])
    table = outcome.table(0)
    assert table.column("a") == ["it's", "?"]
    assert outcome.faults[0].count == 2


def test_a_relation_tells_what_it_is() -> None:
    assert repr(people().limit(1)) == (
        "Relation(Limit: Id: Int16, Name: WString(10), Paid: FixedDecimal(19.2), Yes: Bool)"
    )
