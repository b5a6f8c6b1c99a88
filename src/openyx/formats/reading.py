"""Reading a data file as a table, for people and scripts."""

from __future__ import annotations

from os import PathLike

from openyx.fields import Schema
from openyx.formats.table import Table


def read(source: str | PathLike[str] | bytes, format: str = "", schema: Schema | None = None) -> Table:  # noqa: A002
    """A data file, or its bytes, as a table.

    *format* is an ending such as ``csv`` (else that of the path; of bytes, CSV). Delimited text carries no types: all
    fields are text, ``"0012"`` stays ``"0012"``, unless *schema* tells the types of some or all fields by name. CSV is
    taken as UTF-8 when it is that, else as Latin-1.

    Raises ``MissingExtra`` without the extra ``[engine]``, ``NotYet`` for a format that is not supported yet,
    ``BadAnswer`` for a file that is not of its format or a value that does not fit *schema*.
    """
    raise NotImplementedError
