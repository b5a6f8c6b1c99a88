"""Colours for people: taken out where standard output is no terminal, and where ``NO_COLOR`` asks for it."""

from __future__ import annotations

import os

import click


def coloured(text: str, colour: str = "", *, bold: bool = False, dim: bool = False) -> str:
    """The text in a colour, where colours are welcome; ``click.echo`` takes them out elsewhere."""
    if os.environ.get("NO_COLOR"):
        return text
    return click.style(text, fg=colour or None, bold=bold or None, dim=dim or None)
