"""Find many keys in the texts of a field at once, and put other texts in their place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openyx.fields import V_WSTRING, Field, Schema
from openyx.relation.kernels.searching import Finding, Keys
from openyx.relation.relation import Relation
from openyx.relation.verbs.against import Against

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl


def replaced(records: Relation, field: str, pairs: Relation, how: Finding) -> Relation:
    """The records with what was found in *field* replaced; *pairs* has two text fields, keys and replacements.

    The field becomes a V_WString without limit. An empty or null key is never found, a null replacement is empty.
    """
    name = records.schema[field].name

    def learn(all_pairs: pl.DataFrame) -> Callable[[pl.DataFrame], pl.DataFrame]:
        keys = Keys(all_pairs.to_series(0), all_pairs.to_series(1), how)
        return lambda batch: batch.with_columns(keys.replaced(batch[name]).alias(name))

    fields = tuple(each.typed(V_WSTRING) if each.name == name else each for each in records.schema)
    return Relation(Against(records, pairs, learn, Schema(fields)))


def found(records: Relation, field: str, keys: Relation, how: Finding, *, into: str) -> Relation:
    """The records with the first key that is found in *field*, or null, as one more field.

    Of *keys*, which has one text field, the key is given as it is first written there.
    """
    name = records.schema[field].name

    def learn(all_keys: pl.DataFrame) -> Callable[[pl.DataFrame], pl.DataFrame]:
        known = Keys(all_keys.to_series(), all_keys.to_series(), how)
        return lambda batch: batch.with_columns(known.found(batch[name]).alias(into))

    return Relation(Against(records, keys, learn, Schema((*records.schema, Field(into, V_WSTRING)))))
