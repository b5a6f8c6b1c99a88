"""Records of several inputs that belong together: pairs of fields that are compared, and inputs side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum

from openyx.errors import WorkflowError
from openyx.fields import BOOL, Kind
from openyx.messages import Kind as MessageKind
from openyx.messages import Message
from openyx.relation import Computed, JoinKind, Relation
from openyx.relation.expr import literal
from openyx.relation.matching import can_match, matching
from openyx.relation.types import native
from openyx.tools.base import field_of, told

Pairs = Sequence[tuple[str, str]]

LIMIT = 16
"""More records than these for one are a Cartesian join that a tool may refuse."""


class CartesianMode(StrEnum):
    """What becomes of records that meet more than ``LIMIT`` others."""

    ALLOW = "Allow"
    WARN = "Warn"
    ERROR = "Error"

    def told(self, text: str) -> Iterator[Message]:
        """What the tool says when it has met too many."""
        if self is not CartesianMode.ALLOW:
            yield told(MessageKind.ERROR if self is CartesianMode.ERROR else MessageKind.WARNING, text)


def check_pairs(one: Relation, other: Relation, pairs: Pairs) -> tuple[Message, ...]:
    """A warning for pairs of Doubles and Floats, which are compared as they are.

    Raises ``WorkflowError`` for a field that is not there, and for two whose values cannot be equal.
    """
    inexact: list[str] = []
    for left, right in pairs:
        field_of(one, left)
        field_of(other, right)
        first, second = one.schema[left], other.schema[right]
        if not can_match(first.type, second.type):
            raise WorkflowError(
                f'The fields "{first.name}" ({first.type}) and "{second.name}" ({second.type}) cannot be joined: '
                "texts join texts, numbers numbers, and dates and Bools their own kind"
            )
        inexact += [field.name for field in (first, second) if field.type.kind in (Kind.DOUBLE, Kind.FLOAT)]
    if not inexact:
        return ()
    names = ", ".join(f'"{name}"' for name in dict.fromkeys(inexact))
    return (told(MessageKind.WARNING, f"Joining on Double or Float is not recommended due to rounding: {names}"),)


def comparable(one: Relation, other: Relation, pairs: Pairs) -> tuple[Relation, Relation, list[tuple[str, str]]]:
    """Both sides with fields that can be compared as they are, and the pairs of these."""
    left: list[Computed] = []
    right: list[Computed] = []
    named: list[tuple[str, str]] = []
    for number, (name, partner) in enumerate(pairs):
        if native(one.schema[name].type) == native(other.schema[partner].type):
            named.append((name, partner))
            continue
        first, second = matching(one.field(name), other.field(partner))
        left.append(Computed(f"\0left {number}", first))
        right.append(Computed(f"\0right {number}", second))
        named.append((left[-1].name, right[-1].name))
    return one.add_all(left) if left else one, other.add_all(right) if right else other, named


def without_partner(one: Relation, other: Relation, pairs: Pairs) -> Relation:
    """The records of one side that no record of the other equals in all pairs; null equals nothing."""
    left, right, named = comparable(one, other, pairs)
    return left.join(right, named, JoinKind.ANTI).select(one.schema.names)


def marked(records: Relation, name: str) -> Relation:
    """With a field more that is true, to tell records from what stands where there is none."""
    return records.add(name, literal(value=True, type=BOOL))


def unless(records: Relation, trouble: Relation) -> Relation:
    """The records, or none when *trouble* has any."""
    mark, other = "\0mark", "\0trouble"
    marks = marked(trouble, other).select([other])
    return marked(records, mark).join(marks, [(mark, other)], JoinKind.ANTI).select(records.schema.names)
