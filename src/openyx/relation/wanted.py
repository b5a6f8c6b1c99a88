"""Which fields of a relation anybody wants: the others are not carried along."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

    from openyx.fields import Schema
    from openyx.relation.relation import Relation


def wanted(relations: Sequence[Relation], ends: Iterable[Relation], held: Collection[int]) -> dict[int, frozenset[str]]:
    """The fields of each relation that its consumers want, by ``id``; *relations* stand inputs first.

    All fields of *ends* are wanted, and one of a relation of which nobody wants any. What is *held* is there already.
    """
    found: dict[int, set[str]] = {id(relation): set() for relation in relations}
    for end in ends:
        found[id(end)].update(end.schema.names)
    for relation in reversed(relations):
        names = found[id(relation)]
        if not names:
            names.update(relation.schema.names[:1])
        if id(relation) in held:
            continue
        for source, needed in zip(relation.inputs, relation.verb.needs(frozenset(names)), strict=True):
            found[id(source)] |= needed
    return {key: frozenset(names) for key, names in found.items()}


def mentioned(schema: Schema, *exprs: pl.Expr) -> frozenset[str]:
    """The fields that expressions are made of; all, where one has a name that the engine takes for a pattern."""
    if any(expr.meta.has_multiple_outputs() for expr in exprs):
        return frozenset(schema.names)
    return frozenset(name for expr in exprs for name in expr.meta.root_names() if name in schema)
