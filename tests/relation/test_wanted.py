"""What is carried along: what somebody wants, and for those who only count, what is there anyway."""

from __future__ import annotations

from openyx.fields import INT64, V_STRING, Field, Schema
from openyx.relation import Relation
from openyx.relation.relation import values
from openyx.relation.wanted import wanted

RECORDS: dict[str, list[object]] = {"Order": [1], "Customer": ["C"], "Amount": [5]}
SCHEMA = Schema.of(Field("Order", INT64), Field("Customer", V_STRING), Field("Amount", INT64))


def below(*ends: Relation) -> list[Relation]:
    """All relations that *ends* are made of, inputs first."""
    found: dict[int, Relation] = {}

    def walk(relation: Relation) -> None:
        for source in relation.verb.inputs:
            walk(source)
        found.setdefault(id(relation), relation)

    for end in ends:
        walk(end)
    return list(found.values())


def test_only_what_an_end_takes_is_carried() -> None:
    orders = values(SCHEMA, RECORDS)
    end = orders.sort(["Customer"]).select(["Amount"])
    found = wanted(below(end), [end], ())
    assert found[id(orders)] == {"Customer", "Amount"}


def test_who_only_counts_takes_a_field_that_others_want() -> None:
    orders = values(SCHEMA, RECORDS)
    end, counted = orders.select(["Amount"]), orders.limit(5)
    found = wanted(below(end, counted), [end], ())
    assert found[id(orders)] == {"Amount"}


def test_where_nobody_wants_anything_the_first_field_counts() -> None:
    orders = values(SCHEMA, RECORDS)
    counted = orders.limit(5)
    assert wanted(below(counted), [], ())[id(orders)] == {"Order"}


def test_what_is_there_already_wants_nothing_below_it() -> None:
    orders = values(SCHEMA, RECORDS)
    held = orders.sort(["Customer"])
    end = held.select(["Amount"])
    found = wanted([held, end], [end], {id(held)})
    assert found[id(held)] == {"Amount"}
