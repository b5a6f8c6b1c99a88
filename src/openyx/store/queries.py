"""Named SQL: each file of ``sql/`` holds the queries of one table, in blocks that begin with their name."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def queries(table: str) -> Mapping[str, str]:
    """The queries of a table by name.

    >>> sorted(queries("nonces"))
    ['forget', 'use']
    """
    return parse(files("openyx.store").joinpath("sql", f"{table}.sql").read_text(encoding="utf-8"), table)


def parse(text: str, table: str) -> Mapping[str, str]:
    """The blocks of a file of queries: separated by blank lines, the first line of each is ``-- its name``."""
    found: dict[str, str] = {}
    for block in filter(None, (block.strip() for block in text.split("\n\n"))):
        heading, _, body = block.partition("\n")
        name = heading.removeprefix("-- ")
        if name == heading or not name.isidentifier() or not body:
            raise ValueError(f"{table}.sql: a query begins with '-- name', not with {heading!r}")
        if name in found:
            raise ValueError(f"{table}.sql: two queries are named {name!r}")
        found[name] = body
    return found
