"""Join."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from openyx.document.config import Ignored, attribute, block, many, nested
from openyx.errors import WorkflowError
from openyx.messages import Kind, Message
from openyx.relation import Pick, Relation
from openyx.relation.relation import beside
from openyx.tools.base import Lowered, Seen, Tool, told, tool
from openyx.tools.shared.grid import IGNORED, Grid, prefixed
from openyx.tools.shared.matches import Pairs, check_pairs, comparable, marked, without_partner

_LEFT, _RIGHT = "Left_", "Right_"
_IN_LEFT, _IN_RIGHT = "\0in left", "\0in right"


@block
class JoinField:
    """A field to join by; generated files name both fields of a pair at once."""

    field: str = attribute("@field", default="")
    left: str = attribute("@left", "@LeftField", default="")
    right: str = attribute("@right", "@RightField", default="")


@block
class JoinInfo:
    """The fields of one input."""

    connection: str = attribute("@connection", default="")
    fields: tuple[JoinField, ...] = many("Field", of=JoinField, default=())


@tool("AlteryxBasePluginsGui.Join.Join", inputs=("Left", "Right"), outputs=("Left", "Join", "Right"))
class Join(Tool):
    """Puts records of two inputs side by side: those whose fields are equal, or those of the same position.

    Text is equal with its case and its blanks, numbers as numbers of whatever type, dates of one type only; null
    equals nothing. Fields of other types cannot be joined. A record that has several partners is repeated.

    Records without partner go to ``Left`` or ``Right`` with all their fields; the grid is for ``Join`` alone. A right
    field whose name a left field of the output has becomes ``Right_`` and the name. All outputs come sorted by the
    fields that are joined by, nulls first, and where these are equal by the left and then the right records' order.
    By position, records keep their order.
    """

    ignores: ClassVar[tuple[Ignored, ...]] = IGNORED

    by_position: bool = attribute("@joinByRecordPos", "JoinByRecordPos@value", "JoinByRecordPos@Value", default=False)
    infos: tuple[JoinInfo, ...] = many("JoinInfo", of=JoinInfo, default=())
    fields: tuple[JoinField, ...] = many("JoinFields/JoinField", of=JoinField, default=())
    grid: Grid = nested("SelectConfiguration/Configuration", of=Grid, default=Grid())

    def lower(self, left: Relation, right: Relation) -> Lowered:
        return self._by_position(left, right) if self.by_position else self._by_fields(left, right)

    def report(self, seen: Seen) -> Iterable[Message]:
        joined, left, right = (seen.counts.get(anchor, 0) for anchor in ("Join", "Left", "Right"))
        yield told(
            Kind.INFO,
            f"{joined} records were joined with {left} un-joined left records and {right} un-joined right records",
        )

    def pairs(self) -> Pairs:
        """The left and the right field of each pair. Raises ``WorkflowError`` where one has no partner."""
        listed = [*self.fields, *(field for info in self.infos for field in info.fields if field.left or field.right)]
        if listed:
            pairs = [(field.left, field.right) for field in listed]
        else:
            sides = {info.connection: [field.field for field in info.fields] for info in self.infos}
            left, right = sides.get("Left", []), sides.get("Right", [])
            if len(left) != len(right):
                raise WorkflowError(f"There are {len(left)} left fields to join by and {len(right)} right ones")
            pairs = list(zip(left, right, strict=True))
        if not pairs or not all(name for pair in pairs for name in pair):
            raise WorkflowError("No fields to join by are selected")
        return pairs

    def _by_fields(self, left: Relation, right: Relation) -> Lowered:
        pairs = self.pairs()
        warnings = check_pairs(left, right, pairs)
        # Sorted before: each side once for its two outputs, and what is sorted already not at all.
        left, right = left.sort([name for name, _ in pairs]), right.sort([name for _, name in pairs])
        one, left_names = prefixed(left, _LEFT)
        other, right_names = prefixed(right, _RIGHT)
        first, second, named = comparable(one, other, [(_LEFT + name, _RIGHT + partner) for name, partner in pairs])
        joined = first.join(second, named).select([*left_names, *right_names])
        shown, missing = self.grid.of(joined, {**left_names, **right_names})
        return Lowered(
            outputs={
                "Left": without_partner(left, right, pairs),
                "Join": shown,
                "Right": without_partner(right, left, [(partner, name) for name, partner in pairs]),
            },
            messages=(*warnings, *missing),
        )

    def _by_position(self, left: Relation, right: Relation) -> Lowered:
        one, left_names = prefixed(left, _LEFT)
        other, right_names = prefixed(right, _RIGHT)
        both = beside([marked(one, _IN_LEFT), marked(other, _IN_RIGHT)])
        in_right, only_left = both.split(both.field(_IN_RIGHT))
        in_both, only_right = in_right.split(in_right.field(_IN_LEFT))
        joined = in_both.select([*left_names, *right_names])
        shown, missing = self.grid.of(joined, {**left_names, **right_names})
        return Lowered(
            outputs={
                "Left": only_left.select([Pick(name, plain) for name, plain in left_names.items()]),
                "Join": shown,
                "Right": only_right.select([Pick(name, plain) for name, plain in right_names.items()]),
            },
            messages=missing,
        )
