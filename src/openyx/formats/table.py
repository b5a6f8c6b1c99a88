"""A data file that was read, to be taken over by the library of one's choice."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from openyx.errors import MissingExtra
from openyx.fields import Schema

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Records with named, typed columns.

    It hands itself to any library that takes Arrow's PyCapsule interface (``polars.DataFrame(table)``,
    ``pa.table(table)``, DuckDB …).
    """

    schema: Schema
    frame: pl.DataFrame

    def __len__(self) -> int:
        return self.frame.height

    def rows(self) -> list[tuple[object, ...]]:
        """The records as Python values, null as ``None``."""
        return self.frame.rows()

    def to_polars(self) -> pl.DataFrame:
        """As a Polars frame."""
        return self.frame

    def to_arrow(self) -> Any:
        """As a ``pyarrow.Table``; needs pyarrow."""
        try:
            pa = import_module("pyarrow")
        except ImportError as error:
            raise MissingExtra("to_arrow()", "pyarrow") from error
        return pa.table(self)

    def to_pandas(self) -> pd.DataFrame:
        """As a pandas frame; needs pandas."""
        try:
            import pandas as pd
        except ImportError as error:
            raise MissingExtra("to_pandas()", "pandas") from error
        return pd.DataFrame(self.frame.to_dict(as_series=False))

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self.frame.__arrow_c_stream__(requested_schema)
