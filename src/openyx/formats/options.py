"""Options of a format: frozen dataclasses whose fields say which element of ``FormatSpecificOptions`` they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Self, get_type_hints


@dataclass(frozen=True, slots=True)
class Element:
    """Where an option stands, and what makes its value of the text (or raises ``ValueError``)."""

    name: str
    read: Callable[[str], Any]


def flag(text: str) -> bool:
    """``True`` or ``False`` as a bool, in any case."""
    word = text.strip().lower()
    if word not in ("true", "false"):
        raise ValueError(f"{text!r} is neither True nor False")
    return word == "true"


def whole(text: str) -> int:
    """A whole number of at least 1."""
    number = int(text)
    if number < 1:
        raise ValueError(f"{number} is below 1")
    return number


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What all formats' options share. An option is annotated with its ``Element``."""

    @classmethod
    def elements(cls) -> dict[str, Element]:
        """The elements that these options read, by the name of the option."""
        hints = get_type_hints(cls, include_extras=True)
        marks = {part.name: getattr(hints[part.name], "__metadata__", ()) for part in fields(cls)}
        return {name: mark for name, found in marks.items() for mark in found if isinstance(mark, Element)}

    @classmethod
    def of(cls, texts: Mapping[str, str]) -> Self:
        """The options from the texts of their elements; an absent element means the default, others are not looked at.

        Raises ``ValueError`` naming the element whose text is not understood.
        """
        given: dict[str, Any] = {}
        for name, element in cls.elements().items():
            if element.name in texts:
                try:
                    given[name] = element.read(texts[element.name])
                except ValueError as error:
                    raise ValueError(f"option {element.name}: {error}") from error
        return cls(**given)
