"""What a verb is: its inputs, the schema and order of its result, and how it is said to the data engine."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from openyx.relation.order import AS_IT_ARRIVED, Order

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

    from openyx.fields import Schema
    from openyx.relation.flow import Flow
    from openyx.relation.folding import Folder
    from openyx.relation.relation import Relation


class Verb(ABC):
    """One step of a relation. Schema and order are computed from the inputs' alone, without running anything."""

    __slots__ = ()

    carries_faults: ClassVar[bool] = False
    """Whether the result has the records of its one input, in the same order, with their hidden columns."""

    @property
    @abstractmethod
    def inputs(self) -> tuple[Relation, ...]:
        """The relations that this one is made of."""

    @abstractmethod
    def schema(self) -> Schema:
        """The fields of the result."""

    def order(self) -> Order:
        """The order of the result."""
        return AS_IT_ARRIVED

    def needs(self, wanted: frozenset[str]) -> tuple[frozenset[str], ...]:  # noqa: ARG002 - most need all
        """The fields of each input that it takes for the *wanted* fields of its result: all, unless it says otherwise.

        What is reported of fields that nobody wants is reported all the same.
        """
        return tuple(frozenset(source.schema.names) for source in self.inputs)

    @abstractmethod
    def flow(self, *inputs: Flow) -> Flow:
        """The result as a lazy frame over those of the inputs, of which only what it ``needs`` may be there."""


@dataclass(frozen=True, slots=True, eq=False)
class OneInput(Verb):
    """A step from one relation; it has the same fields and the same order, unless the verb says otherwise."""

    source: Relation

    @property
    def inputs(self) -> tuple[Relation, ...]:
        return (self.source,)

    def schema(self) -> Schema:
        return self.source.schema

    def order(self) -> Order:
        return self.source.order


class Folding(ABC):
    """A step that can be made while its records come by, in their order: what is after it runs when all have come."""

    __slots__ = ()

    @property
    @abstractmethod
    def folds(self) -> bool:
        """Whether it is better made so."""

    @abstractmethod
    def feed(self, records: Flow) -> pl.LazyFrame:
        """What the folder takes of the records."""

    @abstractmethod
    def folder(self, check: Callable[[], None]) -> Folder:
        """Where the records go; *check* raises ``JobCancelled`` when the run is to stop."""


class Lasting(OneInput):
    """A step that may work for long on what it has got: it is told how to ask whether the run is to stop."""

    __slots__ = ()

    @abstractmethod
    def lasting(self, check: Callable[[], None], *inputs: Flow) -> Flow:
        """As ``flow``; *check* is called from time to time, and raises ``JobCancelled`` when the run is to stop."""

    def flow(self, *inputs: Flow) -> Flow:
        return self.lasting(lambda: None, *inputs)
