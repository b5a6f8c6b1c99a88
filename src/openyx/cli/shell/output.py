"""Data on standard output: a table on a terminal, lines of tab-separated values in a pipe, JSON when asked."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import click

# What a server says may hold escape sequences; none of them reaches a terminal.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")

_ID = re.compile(r"[0-9A-Fa-f-]{24,}")
_GAP = 3
"""Columns of the terminal between two of a table."""
_LEAST = 10
"""Columns of the terminal that each column keeps beside ids, where it has as many."""


def clean(text: str) -> str:
    """A text from elsewhere, without the control characters that would steer a terminal; line breaks and tabs stay."""
    return _CONTROL.sub("", text.replace("\r\n", "\n"))


def cell(value: object) -> str:
    """A value as one cell: nothing for None, no line breaks, no tabs.

    A moment is in local time for a person, and in UTC for a program.
    """
    if isinstance(value, datetime):
        return f"{value.astimezone():%Y-%m-%d %H:%M:%S}" if sys.stdout.isatty() else f"{value:%Y-%m-%dT%H:%M:%SZ}"
    return "" if value is None else " ".join(clean(str(value)).split())


def plain(record: object) -> dict[str, Any]:
    """A record of the REST API as a mapping, with the members' names as on the wire."""
    from openyx.api.wire import encode

    members: dict[str, Any] = json.loads(encode(record))
    return members


def put_json(value: object) -> None:
    """A record, or a list of them: indented on a terminal, one line in a pipe."""
    import msgspec

    from openyx.api.wire import encode

    text = encode(value)
    if sys.stdout.isatty():
        text = msgspec.json.format(text, indent=2)
    click.echo(text)


def put_table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Rows under heads on a terminal; in a pipe the rows alone, for ``cut`` and ``while read``."""
    cells = [[cell(value) for value in row] for row in rows]
    if sys.stdout.isatty():
        _draw(heads, cells, numeric=_numeric(rows))
        return
    for row in cells:
        click.echo("\t".join(row))


def put_facts(facts: Sequence[tuple[str, object]]) -> None:
    """Names and values: aligned on a terminal, tab-separated in a pipe; what has no value is left out."""
    known = [(name, cell(value)) for name, value in facts if cell(value)]
    width = max((len(name) for name, _ in known), default=0)
    for name, value in known:
        click.echo(f"{name:<{width}}  {value}" if sys.stdout.isatty() else f"{name}\t{value}")


def _numeric(rows: Sequence[Sequence[object]]) -> list[bool]:
    """Which columns hold numbers; they stand to the right."""
    return [all(isinstance(value, int | float) for value in column) for column in zip(*rows, strict=True)]


def _draw(heads: Sequence[str], rows: Sequence[Sequence[str]], *, numeric: Sequence[bool]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, pad_edge=False, header_style="bold", show_edge=False)
    console = Console(highlight=False)
    width = -_GAP
    filled = [place for place in range(len(heads)) if not rows or any(row[place] for row in rows)]
    for place in filled:
        right = bool(rows) and numeric[place]
        ids = any(_ID.fullmatch(row[place]) for row in rows)
        longest = max(len(heads[place]), *(len(row[place]) for row in rows)) if rows else 0
        width += _GAP + (longest if ids else min(longest, _LEAST))
        table.add_column(Text(heads[place]), justify="right" if right else "left", overflow="fold", no_wrap=ids)
    for row in rows:
        table.add_row(*(Text(row[place]) for place in filled))
    # An id that is broken cannot be copied: the terminal may wrap the line, which it takes as one.
    console.width = max(console.width, width)
    console.print(table)
