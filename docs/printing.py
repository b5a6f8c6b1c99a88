"""How a page is put together: its head, its parts, its tables."""

from __future__ import annotations

from collections.abc import Iterable

NOTE = "<!-- Printed by `make pages`; edit the code. -->"


def page(title: str, *parts: str) -> str:
    """A page of these parts."""
    return "\n\n".join((f"# {title}", NOTE, *(part.strip() for part in parts if part.strip()))) + "\n"


def rows(head: Iterable[str], body: Iterable[Iterable[object]]) -> str:
    """A table."""
    names = list(head)
    lines = [names, ["---"] * len(names), *body]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def _cell(value: object) -> str:
    return " ".join(str(value).replace("|", "\\|").split())
