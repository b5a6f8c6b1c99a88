"""Fields that group records, for tools that sort by their groups and go on when one is missing."""

from __future__ import annotations

from collections.abc import Iterable

from openyx.errors import WorkflowError
from openyx.fields import Family, folded
from openyx.messages import Kind, Message
from openyx.relation import Pick, Relation
from openyx.tools.base import field_of, missing_field, told


def groups(records: Relation, names: Iterable[str]) -> tuple[str, ...]:
    """The fields called *names*, each once, as the records spell them.

    Raises ``WorkflowError`` for one that is not there or that has no order.
    """
    found: dict[str, str] = {}
    for name in names:
        field_of(records, name)
        field = records.schema[name]
        if field.type.family in (Family.BLOB, Family.SPATIAL):
            raise WorkflowError(f'The field "{field.name}" cannot group: it is no text, number or date')
        found.setdefault(folded(name), field.name)
    return tuple(found.values())


def known_groups(records: Relation, names: Iterable[str]) -> tuple[tuple[str, ...], tuple[Message, ...]]:
    """Those of *names* that are there, and a warning for each that is not.

    Raises ``WorkflowError`` where none is left of several.
    """
    wanted = tuple(names)
    known = [name for name in wanted if name in records.schema]
    missing = [missing_field(records, name) for name in wanted if name not in known]
    if missing and not known:
        raise missing[0]
    return groups(records, known), tuple(told(Kind.WARNING, error.message) for error in missing)


def only(records: Relation, like: Relation) -> Relation:
    """*records* with no fields but those of *like*."""
    return records.select(Pick(name) for name in like.schema.names)
