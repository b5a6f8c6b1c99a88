"""Two tables compared as people would: the same records, numbers as numbers; what else differs is told."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from math import isclose
from typing import TYPE_CHECKING

from openyx.fields import FieldType, folded

if TYPE_CHECKING:
    from openyx.relation.table import Table

TOLERANCE = 1e-6
"""How far two numbers may lie apart to be the same, as a part of the larger one."""
SMALLEST = 1e-9
_MOST_PAIRED = 2_000

Cell = float | str | None
Row = tuple[Cell, ...]


class As(StrEnum):
    """As what two fields are compared."""

    NUMBER = "numbers"
    DATE = "dates"
    TEXT = "texts"


@dataclass(frozen=True, slots=True)
class Difference:
    """How two tables differ; ``equal`` as long as they hold the same records. ``notes`` tell of names, types, order."""

    equal: bool
    what: str = ""
    detail: str = ""
    notes: tuple[str, ...] = ()


def compared(expected: Table, computed: Table) -> Difference:
    """How *computed* differs from *expected*; fields that only the former has do not count."""
    pairs = paired(expected.schema.names, computed.schema.names)
    if pairs is None:
        return Difference(False, "other fields", _names(expected, computed))
    kinds = [_as(expected.schema[own].type, computed.schema[other].type) for own, other in pairs]
    wanted = _rows(expected, [own for own, _ in pairs], kinds)
    given = _rows(computed, [other for _, other in pairs], kinds)
    notes = tuple(_notes(expected, computed, pairs))
    if len(wanted) == len(given) and all(map(_same, wanted, given)):
        return Difference(True, notes=notes)
    left_wanted, left_given = _left_over(wanted, given)
    if not left_wanted and not left_given:
        return Difference(True, notes=(*notes, "another order of records"))
    if len(wanted) != len(given):
        detail = f"{len(given)} records, expected {len(wanted)}"
        return Difference(False, "another number of records", f"{detail}; {_shown(left_wanted, left_given)}", notes)
    what = "other values" if len(left_wanted) < len(wanted) else "other values in every record"
    return Difference(False, what, f"{len(left_wanted)} of {len(wanted)}; {_shown(left_wanted, left_given)}", notes)


def paired(expected: Sequence[str], computed: Sequence[str]) -> list[tuple[str, str]] | None:
    """Which field of *computed* stands for which of *expected*: by name, the rest by place; nothing when that fails."""
    by_name = {folded(name): name for name in computed}
    pairs = {name: by_name[folded(name)] for name in expected if folded(name) in by_name}
    if len(pairs) < len(expected):
        if len(expected) != len(computed):
            return None
        taken = set(pairs.values())
        rest = zip([n for n in expected if n not in pairs], [n for n in computed if n not in taken], strict=True)
        pairs |= dict(rest)
    return [(name, pairs[name]) for name in expected]


def _as(own: FieldType, other: FieldType) -> As:
    if own.is_number or other.is_number:
        return As.NUMBER
    return As.DATE if own.is_date or other.is_date else As.TEXT


def _rows(table: Table, names: Iterable[str], kinds: Sequence[As]) -> list[Row]:
    columns = [[_cell(value, kind) for value in table.column(name)] for name, kind in zip(names, kinds, strict=True)]
    return list(zip(*columns, strict=True))


def _cell(value: object, kind: As) -> Cell:
    match value:
        case None | "":
            return None
        case bool() | int() | float() | Decimal():
            return float(value)
        case bytes():
            return value.hex()
        case dt.datetime():
            return f"{value:%Y-%m-%d %H:%M:%S}".removesuffix(" 00:00:00")
        case _:
            return _text(str(value).strip(), kind)


def _text(text: str, kind: As) -> Cell:
    if kind is As.NUMBER:
        truth = {"true": 1.0, "false": 0.0}.get(text.lower())
        if truth is not None:
            return truth
        try:
            return float(text.replace(",", ""))
        except ValueError:
            return text or None
    if kind is As.DATE:
        return text.removesuffix(" 00:00:00") or None
    return text or None


def _same(wanted: Row, given: Row) -> bool:
    return all(map(_same_cell, wanted, given))


def _same_cell(wanted: Cell, given: Cell) -> bool:
    if isinstance(wanted, float) and isinstance(given, float):
        return isclose(wanted, given, rel_tol=TOLERANCE, abs_tol=SMALLEST) or (wanted != wanted and given != given)
    return wanted == given


def _left_over(wanted: Iterable[Row], given: Iterable[Row]) -> tuple[list[Row], list[Row]]:
    """The records that have no counterpart, whatever their order."""
    exact_wanted, exact_given = Counter(wanted), Counter(given)
    rest_wanted, rest_given = exact_wanted - exact_given, exact_given - exact_wanted
    groups: Mapping[tuple[Cell, ...], list[Row]] = defaultdict(list)
    for row in rest_given.elements():
        groups[_texts(row)].append(row)
    lonely: list[Row] = []
    for number, row in enumerate(rest_wanted.elements()):
        candidates = groups[_texts(row)] if number < _MOST_PAIRED else []
        match = next((place for place, other in enumerate(candidates) if _same(row, other)), None)
        if match is None:
            lonely.append(row)
        else:
            del candidates[match]
    return lonely, [row for rows in groups.values() for row in rows]


def _texts(row: Row) -> tuple[Cell, ...]:
    """What must be the same to the letter; numbers may lie apart."""
    return tuple("" if isinstance(cell, float) else cell for cell in row)


def _notes(expected: Table, computed: Table, pairs: Iterable[tuple[str, str]]) -> Iterable[str]:
    pairs = list(pairs)
    if [other for _, other in pairs] != list(computed.schema.names)[: len(pairs)]:
        yield "another order of fields"
    if len(computed.schema) > len(pairs):
        yield f"{len(computed.schema) - len(pairs)} more fields"
    for own, other in pairs:
        if own != other:
            yield f'the field "{own}" is called "{other}"'
        wanted, given = expected.schema[own].type, computed.schema[other].type
        if wanted.family is not given.family:
            yield f'the field "{own}" is {given.kind}, expected {wanted.kind}'


def _names(expected: Table, computed: Table) -> str:
    return f"{', '.join(computed.schema.names)}; expected {', '.join(expected.schema.names)}"[:300]


def _shown(wanted: Sequence[Row], given: Sequence[Row]) -> str:
    """The first records without counterpart, in few words."""
    parts = [f"expected {wanted[0]}"] if wanted else []
    parts += [f"got {_nearest(wanted[0], given)}" if wanted else f"got {given[0]}"] if given else []
    return ", ".join(parts)[:400]


def _nearest(row: Row, others: Sequence[Row]) -> Row:
    return max(others[:200], key=lambda other: sum(map(_same_cell, row, other)))
