"""What Text To Columns and RegEx share: a text of a field, its parts as fields, and what is said of too many parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum

from openyx.errors import WorkflowError
from openyx.fields import V_STRING, Field, FieldType, Kind, Names, unique
from openyx.messages import Kind as Level
from openyx.messages import Message
from openyx.relation import Computed, Expr, Relation
from openyx.relation.convert import convert
from openyx.relation.pieces import Pieces
from openyx.tools.base import Seen, field_of, told

MOST_PARTS = 10_000
MOST_REPORTED = 10

_WATCHED = "Surplus"


class Surplus(StrEnum):
    """What to do with parts for which there is no field."""

    LAST = "Last"
    IGNORE = "Ignore"
    WARN = "Warn"
    ERROR = "Error"


_OTHER_WORDS = {"drop": Surplus.IGNORE, "dropwarn": Surplus.WARN}


def surplus(word: str) -> Surplus:
    """What is said of too many parts, in any of its spellings."""
    for each in Surplus:
        if each.value.lower() == word.strip().lower():
            return each
    if word.strip().lower() in _OTHER_WORDS:
        return _OTHER_WORDS[word.strip().lower()]
    raise ValueError(f"{word!r} is none of {', '.join(Surplus)}")


def text_of(records: Relation, name: str) -> tuple[Field, Expr]:
    """The field called *name* and its texts; a date is a text, too (we assume)."""
    values = field_of(records, name)
    field = records.schema[name]
    if field.type.is_text:
        return field, values
    if field.type.is_date:
        return field.typed(FieldType.of(Kind.STRING, field.type.size)), convert(values, V_STRING)
    raise WorkflowError(f'The field "{field.name}" is a {field.type}, and no text')


def columns(records: Relation, parts: Sequence[Expr], like: Field, root: str) -> Relation:
    """The records with the *parts* as fields ``root1``, ``root2``, …; type, size and notes are those of *like*.

    A blank at the end of *root* stays; nothing but blanks is no root.
    """
    root = root if root.strip() else ""
    names = Names(records.schema.names)
    return records.add_all(
        Computed(names.new(f"{root}{number}"), part, like.type, source=like.source, description=like.description)
        for number, part in enumerate(parts, start=1)
    )


def checked_count(count: int) -> int:
    """A number of fields that can be made."""
    if not 1 <= count <= MOST_PARTS:
        raise WorkflowError(f"The number of columns is {count}, and must be from 1 to {MOST_PARTS}")
    return count


def watched(records: Relation, pieces: Pieces, count: int, handling: Surplus) -> dict[str, Relation]:
    """The records with too many parts, where something is to be said of them."""
    if handling not in (Surplus.WARN, Surplus.ERROR):
        return {}
    number = unique("Record", records.schema.names)
    return {_WATCHED: records.number(number).filter(pieces.more_than(count)).select([number])}


def complaints(seen: Seen, field: str, count: int, handling: Surplus) -> Iterator[Message]:
    """What is said of the records with too many parts: the first ones, and how many there are."""
    found = seen.watched.get(_WATCHED)
    if found is None:
        return
    level = Level.ERROR if handling is Surplus.ERROR else Level.WARNING
    for (record,) in found.rows():
        yield told(level, f'Record {record}: "{field}" has more than {count} parts')
    if found.records > len(found):
        yield told(level, f'{found.records} records have more than {count} parts in "{field}"')
