"""``%User.x%``, ``%Question.x%`` and ``%Engine.x%`` in settings: texts that are put in before a setting is read."""

from __future__ import annotations

import re
from collections.abc import Mapping

from openyx.document.model import Document
from openyx.document.xml import Element


def constants(document: Document, engine: Mapping[str, str] | None = None) -> dict[str, str]:
    """What can be put in, by name in lower case: the document's constants, and *engine*'s under ``engine.``."""
    own = {f"{each.namespace}.{each.name}".lower(): each.value for each in document.constants}
    return own | {f"engine.{name}".lower(): value for name, value in (engine or {}).items()}


def substitute(element: Element, values: Mapping[str, str]) -> Element:
    """A tool's settings with every known ``%name%`` replaced; an unknown one stays as it stands."""
    if not any("%" in text for each in element.walk() for text in (each.text, *each.attributes.values())):
        return element
    return _substitute(element, values, _names(values))


def substituted(text: str, values: Mapping[str, str]) -> str:
    """One text with every known ``%name%`` replaced.

    >>> substituted("%Y%User.Folder%/x.csv at 5 %", {"user.folder": "data"})
    '%Ydata/x.csv at 5 %'
    """
    return _names(values).sub(lambda found: values[found[1].lower()], text)


def _substitute(element: Element, values: Mapping[str, str], names: re.Pattern[str]) -> Element:
    def changed(text: str) -> str:
        return names.sub(lambda found: values[found[1].lower()], text)

    return Element(
        element.tag,
        {name: changed(value) for name, value in element.attributes.items()},
        changed(element.text),
        [_substitute(child, values, names) for child in element.children],
        element.line,
    )


def _names(values: Mapping[str, str]) -> re.Pattern[str]:
    longest_first = sorted(values, key=len, reverse=True)
    return re.compile("%(" + "|".join(map(re.escape, longest_first)) + ")%" if values else "(?!)", re.IGNORECASE)
