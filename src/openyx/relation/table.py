"""Records that were kept in memory by a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

    from openyx.fields import Schema


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Records with their Alteryx types; ``records`` counts those that came, of which the first are kept.

    It hands itself to any library that takes Arrow's PyCapsule interface (``polars.DataFrame(table)``,
    ``pyarrow.table(table)`` …).
    """

    schema: Schema
    frame: pl.DataFrame
    records: int

    def __len__(self) -> int:
        return self.frame.height

    def rows(self) -> list[tuple[Any, ...]]:
        """The kept records as Python values, null as ``None``."""
        return self.frame.rows()

    def column(self, name: str) -> list[Any]:
        """The values of the field called *name* (in any case)."""
        return self.frame[self.schema[name].name].to_list()

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self.frame.__arrow_c_stream__(requested_schema)
