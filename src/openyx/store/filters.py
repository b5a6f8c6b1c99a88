"""The changing part of a list query: conditions, order and page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from openyx.store.database import UNLIMITED


class Filter:
    """Collects conditions with their parameters; what is None asks for nothing."""

    def __init__(self) -> None:
        self.params: dict[str, Any] = {}
        self._conditions: list[str] = []

    def copy(self) -> Filter:
        """The same conditions, to which more can be added."""
        made = Filter()
        made.params, made._conditions = dict(self.params), list(self._conditions)
        return made

    @property
    def where(self) -> str:
        """The WHERE clause, or nothing."""
        return f"WHERE {' AND '.join(self._conditions)}" if self._conditions else ""

    def add(self, condition: str, **params: Any) -> None:
        """A condition, unless one of its parameters is None."""
        if None not in params.values():
            self._conditions.append(condition)
            self.params |= params

    def any_of(self, column: str, name: str, wanted: Iterable[Any] | None) -> None:
        """The column holds one of the wanted values; none wanted: nothing is asked."""
        if found := {f"{name}_{number}": value for number, value in enumerate(wanted or ())}:
            self._conditions.append(f"{column} IN ({', '.join(':' + key for key in found)})")
            self.params |= found

    def contains(self, column: str, name: str, text: str | None) -> None:
        """The column, which is kept folded, contains the text, whatever its case."""
        if text:
            # Not LIKE: its patterns have a longest length, beyond which it is an error.
            self.add(f"INSTR({column}, :{name}) > 0", **{name: folded(text)})

    def page(self, offset: int, limit: int | None) -> str:
        """The LIMIT clause; no limit takes all."""
        self.params |= {"page_limit": UNLIMITED if limit is None else limit, "page_offset": offset}
        return "LIMIT :page_limit OFFSET :page_offset"


def nulls_last(direction: str) -> str:
    """A direction of sorting in which null comes before all values, so last when descending; in every database."""
    return f"{direction} NULLS {'LAST' if direction == 'DESC' else 'FIRST'}"


def folded(text: str) -> str:
    """Text as it is compared where case does not matter."""
    return text.casefold()
