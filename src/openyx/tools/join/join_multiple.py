"""Join Multiple."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from openyx.document.config import Ignored, attribute, block, many, nested, text, value
from openyx.errors import WorkflowError
from openyx.formula import bracketed
from openyx.messages import Message
from openyx.relation import Computed, How, JoinKind, Pick, Relation, Summary
from openyx.relation.matching import either, matching
from openyx.relation.relation import beside
from openyx.tools.base import Context, Input, Lowered, Seen, Tool, field_of, tool
from openyx.tools.shared.grid import IGNORED, Grid, prefixed
from openyx.tools.shared.matches import LIMIT, CartesianMode, check_pairs, marked, unless


@block
class JoinInfo:
    """The fields that an input is joined by."""

    connection: str = attribute("@connection")
    fields: tuple[str, ...] = many("Field", each="@field", default=())


@tool("AlteryxBasePluginsGui.JoinMultiple.JoinMultiple", inputs=(Input(many=True),))
class JoinMultiple(Tool):
    """Puts records of several inputs side by side: those of the same position, or those whose fields are equal.

    By position there are as many records as the longest input has, and nulls beside where another has none left. By
    fields every record comes, with nulls for the inputs that have no partner for it; what is equal is as in Join. Or
    only records that all inputs have part in come out. Joined by fields, the records come sorted by these.

    A field whose name a field of an earlier input has in the output becomes ``Input_#2_`` and the name.

    Several inputs that have several records for one key make many: more than 16 are an error, and nothing comes out,
    unless they are allowed. How exactly the product counts is not known.
    """

    ignores: ClassVar[tuple[Ignored, ...]] = IGNORED

    by_position: bool = value("JoinByRecPos", default=False)
    joined_only: bool = value("OutputJoinOnly", default=False)
    mode: CartesianMode = text("CartesianMode", default=CartesianMode.ERROR)
    infos: tuple[JoinInfo, ...] = many("JoinFields/JoinInfo", of=JoinInfo, default=())
    grid: Grid = nested("SelectConfiguration/Configuration", of=Grid, default=Grid())

    def lower(self, inputs: Mapping[str, Relation], *, context: Context) -> Lowered:
        return self._by_position(inputs) if self.by_position else self._by_fields(inputs, context)

    def report(self, seen: Seen) -> Iterable[Message]:
        if "crossed" in seen.watched and len(seen.watched["crossed"]):
            yield from self.mode.told(f"Several inputs have several records of one key, which makes more than {LIMIT}")

    def _by_position(self, inputs: Mapping[str, Relation]) -> Lowered:
        sides, names = _prefixed(inputs)
        marks = [f"\0in {name}" for name in sides]
        both = beside([marked(side, mark) for side, mark in zip(sides.values(), marks, strict=True)])
        for mark in marks if self.joined_only else ():
            both = both.filter(both.field(mark))
        shown, missing = self.grid.of(both.select(names), names)
        return Lowered(outputs={"Output": shown}, messages=missing)

    def _by_fields(self, inputs: Mapping[str, Relation], context: Context) -> Lowered:
        # Seen: by position the inputs come as the file connects them, by fields as it lists those.
        listed = [info.connection for info in self.infos if info.connection in inputs]
        inputs = {name: inputs[name] for name in [*listed, *inputs]}
        keys = self._keys(inputs)
        warnings = self._checked(inputs, keys)
        sides, names = _prefixed(inputs)
        keyed = {
            name: side.add_all(
                [
                    Computed(_key(name, place), side.field(f"Input_{name}_{field}"))
                    for place, field in enumerate(keys[name])
                ]
            )
            for name, side in sides.items()
        }
        count = len(next(iter(keys.values())))
        crossed = self._crossed(keyed, count, context)
        first, *others = keyed
        if self.mode is CartesianMode.ERROR:
            keyed = {name: unless(side, crossed) for name, side in keyed.items()}
        joined = keyed[first]
        for other in others:
            joined = _joined(joined, first, keyed[other], other, count, inner=self.joined_only)
        ordered = joined.sort([_key(first, place) for place in range(count)])
        shown, missing = self.grid.of(ordered.select(names), names)
        watched = {} if self.mode is CartesianMode.ALLOW else {"crossed": crossed}
        return Lowered(outputs={"Output": shown}, watched=watched, messages=(*warnings, *missing))

    def _keys(self, inputs: Mapping[str, Relation]) -> dict[str, tuple[str, ...]]:
        listed = {info.connection: info.fields for info in self.infos}
        keys = {name: listed.get(name, ()) for name in inputs}
        without = [name for name, fields in keys.items() if not fields]
        if without:
            raise WorkflowError(f"No fields to join by are selected for input {', '.join(without)}")
        for name, fields in keys.items():
            for field in fields:
                field_of(inputs[name], field)
        if len({len(fields) for fields in keys.values()}) > 1:
            raise WorkflowError("The inputs are joined by different numbers of fields")
        return keys

    def _checked(self, inputs: Mapping[str, Relation], keys: Mapping[str, tuple[str, ...]]) -> tuple[Message, ...]:
        (first, one), *others = inputs.items()
        found = [
            message
            for name, other in others
            for message in check_pairs(one, other, list(zip(keys[first], keys[name], strict=True)))
        ]
        return tuple(dict.fromkeys(found))

    def _crossed(self, keyed: Mapping[str, Relation], count: int, context: Context) -> Relation:
        """One record where several inputs repeat a key so often that it makes too many."""
        first, *others = keyed
        counts = {name: _counted(side, name, count) for name, side in keyed.items()}
        joined = counts[first]
        for other in others:
            joined = _joined(joined, first, counts[other], other, count, inner=self.joined_only)
        found = [bracketed(f"Count {name}") for name in keyed]
        each = [f"IIF(IsNull({count}), 1, {count})" for count in found]
        repeated = " + ".join(f"IIF({one} > 1, 1, 0)" for one in each)
        condition = f"{' * '.join(each)} > {LIMIT} AND {repeated} > 1"
        return joined.filter(context.condition(condition, joined)).limit(1)


def _prefixed(inputs: Mapping[str, Relation]) -> tuple[dict[str, Relation], dict[str, str]]:
    sides: dict[str, Relation] = {}
    names: dict[str, str] = {}
    for name, records in inputs.items():
        sides[name], own = prefixed(records, f"Input_{name}_")
        names |= own
    return sides, names


def _key(name: str, place: int) -> str:
    return f"\0key {place} of {name}"


def _counted(side: Relation, name: str, count: int) -> Relation:
    keys = [_key(name, place) for place in range(count)]
    groups = [Summary(name=key, how=How.GROUP, field=key) for key in keys]
    return side.aggregate([*groups, Summary(name=f"Count {name}", how=How.COUNT)])


def _joined(one: Relation, first: str, side: Relation, other: str, count: int, *, inner: bool) -> Relation:
    """With the records of another input; the keys of *first* are those of whichever input has them."""
    pairs = [(_key(first, place), _key(other, place)) for place in range(count)]
    compared = [matching(one.field(left), side.field(right)) for left, right in pairs]
    left = one.add_all([Computed(pair[0], each[0]) for pair, each in zip(pairs, compared, strict=True)])
    right = side.add_all([Computed(pair[1], each[1]) for pair, each in zip(pairs, compared, strict=True)])
    joined = left.join(right, pairs, JoinKind.INNER if inner else JoinKind.FULL)
    whole = joined.add_all([Computed(pair[0], either(joined.field(pair[0]), joined.field(pair[1]))) for pair in pairs])
    gone = {pair[1] for pair in pairs}
    return whole.select([Pick(name) for name in whole.schema.names if name not in gone])
