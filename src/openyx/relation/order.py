"""The order that records are known to have: as they arrived, or by keys and then as they arrived."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Key:
    """A field to sort by.

    Nulls come first ascending and last descending. Text goes by UTF-16 code unit when ``locale`` is 0, else by the
    dictionary of that locale (a Windows number such as 1033).
    """

    field: str
    descending: bool = False
    locale: int = 0


@dataclass(frozen=True, slots=True)
class Order:
    """Sorted by ``keys``, and as they arrived where those are equal; without keys as they arrived."""

    keys: tuple[Key, ...] = ()

    def renamed(self, names: Mapping[str, str]) -> Order:
        """What is left when fields are renamed: keys up to the first whose field is not among *names*."""
        kept: list[Key] = []
        for key in self.keys:
            if key.field not in names:
                break
            kept.append(replace(key, field=names[key.field]))
        return Order(tuple(kept))

    def without(self, *fields: str) -> Order:
        """What is left when the values of these fields change."""
        return self.renamed({key.field: key.field for key in self.keys if key.field not in fields})


AS_IT_ARRIVED = Order()
