"""A secret that prints as dots."""

from __future__ import annotations

from typing import NoReturn

DOTS = "••••"


class Secret:
    """A text that shows itself only when asked by name.

    >>> Secret("hunter2"), f"{Secret('hunter2')}"
    (Secret('••••'), '••••')
    >>> Secret("hunter2").reveal()
    'hunter2'
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself."""
        return self._text

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash((Secret, self._text))

    def __str__(self) -> str:
        return DOTS

    def __repr__(self) -> str:
        return f"Secret('{DOTS}')"

    def __format__(self, spec: str) -> str:
        return format(DOTS, spec)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not written down")
