"""Names of fields as the product makes them valid and unique, for every kind of input."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, islice

from openyx.errors import WorkflowError
from openyx.fields import folded

LONGEST = 255
MOST_FIELDS = 32_000
_MOST_TRIES = 999
_SINGLE_DIGITS = "2345678"


@dataclass(frozen=True, slots=True)
class Named:
    """Valid names in field order, and a warning for each duplicate that was renamed."""

    names: tuple[str, ...]
    warnings: tuple[str, ...]


def valid(names: Sequence[str | None]) -> Named:
    """The names that a table with these headings has.

    >>> valid(["abc", "abc", "", "123", "123"]).names
    ('abc', 'abc2', 'Field_3', '123', '123_2')

    Raises ``WorkflowError`` for more than 32,000 fields, or when no unused name is found.
    """
    if len(names) > MOST_FIELDS:
        raise WorkflowError(f"{len(names)} fields are more than {MOST_FIELDS}")
    wanted = [(name or f"Field_{place}")[:LONGEST] for place, name in enumerate(names, 1)]
    given: list[str] = []
    places: dict[str, int] = {}
    made: set[str] = set()
    warnings: list[str] = []

    def unused(name: str, place: int) -> str:
        found = another(name, places)
        places[folded(found)] = place
        made.add(folded(found))
        return found

    for name in wanted:
        place = places.get(folded(name))
        if place is None:
            places[folded(name)] = len(given)
            given.append(name)
            continue
        warnings.append(f'There were multiple fields named "{name}".  The duplicate was renamed.')
        if folded(name) in made:
            # An original name has the older right: the one that was made up before is made up again.
            made.discard(folded(name))
            given[place] = unused(given[place], place)
            places[folded(name)] = len(given)
            given.append(name)
        else:
            given.append(unused(name, len(given)))
    return Named(tuple(given), tuple(warnings))


def another(name: str, used: Container[str]) -> str:
    """The first name that counts on from *name* and is not among the folded names *used*.

    >>> another("Sales", {"sales", "sales2"}), another("Field_15", {"field_15"})
    ('Sales3', 'Field_15_2')

    Raises ``WorkflowError`` when 999 of them are used.
    """
    root, suffixes = _counting(name)
    for suffix in islice(suffixes, _MOST_TRIES):
        made = root[: LONGEST - len(suffix)] + suffix
        if folded(made) not in used:
            return made
    raise WorkflowError(f'no unused name was found for the field "{name}"')


def _counting(name: str) -> tuple[str, Iterator[str]]:
    """What is counted on: after a single digit its followers, after a longer number ``_2`` …, else ``2`` … ``9``."""
    if len(name) > 1 and name[-1] in _SINGLE_DIGITS and not _is_digit(name[-2]):
        return name[:-1], _followers(int(name[-1]) + 1)
    if _is_digit(name[-1]):
        return name, (f"_{number}" for number in count(2))
    return name, _followers(2)


def _followers(first: int) -> Iterator[str]:
    yield from map(str, range(first, 10))
    yield from (f"9_{number}" for number in count(2))


def _is_digit(character: str) -> bool:
    return character in "0123456789"
