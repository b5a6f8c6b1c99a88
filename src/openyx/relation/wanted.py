"""Which fields of a relation anybody wants: the others are not carried along."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

    from openyx.fields import Schema
    from openyx.relation.relation import Relation


def wanted(relations: Sequence[Relation], ends: Iterable[Relation], held: Collection[int]) -> dict[int, frozenset[str]]:
    """The fields of each relation that its consumers want, by ``id``; *relations* stand inputs first.

    All fields of *ends* are wanted, and one of a relation of which nobody wants any: one that is there anyway, where
    there is one. What is *held* is there already.
    """
    whole = {id(end): frozenset(end.schema.names) for end in ends}
    there = _wanted(relations, whole, held, {})
    below: dict[int, frozenset[str]] = {}
    for relation in relations:
        below[id(relation)] = there[id(relation)] or below.get(id(next(iter(relation.inputs), None)), frozenset())
    return _wanted(relations, whole, held, below)


def _wanted(
    relations: Sequence[Relation],
    whole: Mapping[int, frozenset[str]],
    held: Collection[int],
    below: Mapping[int, frozenset[str]],
) -> dict[int, frozenset[str]]:
    """Of what nobody wants, one field where anything is *below*: one of those, which are there anyway, or the first."""
    found: dict[int, set[str]] = {id(relation): set(whole.get(id(relation), ())) for relation in relations}
    for relation in reversed(relations):
        names = found[id(relation)]
        if not names and below:
            own = relation.schema.names
            names.update([name for name in own if name in below[id(relation)]][:1] or own[:1])
        if names and id(relation) not in held:
            for source, needed in zip(relation.inputs, relation.verb.needs(frozenset(names)), strict=True):
                found[id(source)] |= needed
    return {key: frozenset(names) for key, names in found.items()}


def mentioned(schema: Schema, *exprs: pl.Expr) -> frozenset[str]:
    """The fields that expressions are made of; all, where one has a name that the engine takes for a pattern."""
    if any(expr.meta.has_multiple_outputs() for expr in exprs):
        return frozenset(schema.names)
    return frozenset(name for expr in exprs for name in expr.meta.root_names() if name in schema)
