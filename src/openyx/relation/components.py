"""What hangs together: the groups that pairs of values make."""

from __future__ import annotations

from typing import Any

import polars as pl

from openyx.fields import Field, FieldType, Schema
from openyx.relation.relation import Relation
from openyx.relation.types import native
from openyx.relation.verbs.batches import MapBatches


def components(pairs: Relation, group: str, key: str) -> Relation:
    """Every value of *pairs*, two fields of one type, with the smallest value that it hangs together with.

    Two values hang together when a chain of pairs leads from the one to the other. A null pairs with nothing. The
    values come sorted by group and value.

    >>> from openyx.fields import INT32
    >>> from openyx.relation import values
    >>> from openyx.relation.run import Keep, run
    >>> pairs = values(Schema.of(Field("a", INT32), Field("b", INT32)), {"a": [3, 5, 4], "b": [1, 6, 3]})
    >>> run([Keep(components(pairs, "group", "key"))]).table(0).rows()
    [(1, 1), (1, 3), (1, 4), (5, 5), (5, 6)]
    """
    type_ = next(iter(pairs.schema)).type
    schema = Schema.of(Field(group, type_), Field(key, type_))

    def grouped(whole: pl.DataFrame) -> pl.DataFrame:
        return _grouped(whole, type_, schema)

    return Relation(MapBatches(pairs, grouped, schema, at_once=True)).sort(schema.names)


def _grouped(whole: pl.DataFrame, type_: FieldType, schema: Schema) -> pl.DataFrame:
    ones, others = (series.to_list() for series in whole.get_columns())
    values = sorted({*ones, *others} - {None}, key=_units if type_.is_text else None)
    places = {value: place for place, value in enumerate(values)}
    first = list(range(len(values)))

    def find(place: int) -> int:
        while first[place] != place:
            first[place] = first[first[place]]
            place = first[place]
        return place

    for one, other in zip(ones, others, strict=True):
        if one is not None and other is not None:
            left, right = find(places[one]), find(places[other])
            first[max(left, right)] = min(left, right)
    made = [[values[find(place)] for place in range(len(values))], values]
    return pl.DataFrame(
        [pl.Series(name, each, dtype=native(type_)) for name, each in zip(schema.names, made, strict=True)]
    )


def _units(text: Any) -> bytes:
    return str(text).encode("utf-16-be", errors="surrogatepass")
