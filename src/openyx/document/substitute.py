"""``%User.x%``, ``%Question.x%`` and ``%Engine.x%`` in settings: texts that are put in before a setting is read."""

from __future__ import annotations

import re
from collections.abc import Mapping

from openyx.document.model import Document
from openyx.document.xml import Element

_NAME = re.compile(r"%([^%\r\n]+)%")


def constants(document: Document, engine: Mapping[str, str] | None = None) -> dict[str, str]:
    """What can be put in, by name in lower case: the document's constants, and *engine*'s under ``engine.``."""
    own = {f"{each.namespace}.{each.name}".lower(): each.value for each in document.constants}
    return own | {f"engine.{name}".lower(): value for name, value in (engine or {}).items()}


def substitute(element: Element, values: Mapping[str, str]) -> Element:
    """A copy of a tool's settings with every known ``%name%`` replaced; an unknown one stays as it stands."""
    return Element(
        element.tag,
        {name: substituted(value, values) for name, value in element.attributes.items()},
        substituted(element.text, values),
        [substitute(child, values) for child in element.children],
        element.line,
    )


def substituted(text: str, values: Mapping[str, str]) -> str:
    """One text with every known ``%name%`` replaced.

    >>> substituted("%User.Folder%/x.csv at 5 %", {"user.folder": "data"})
    'data/x.csv at 5 %'
    """
    if "%" not in text:
        return text
    return _NAME.sub(lambda found: values.get(found[1].lower(), found[0]), text)
