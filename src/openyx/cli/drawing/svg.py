"""SVG as text: elements with escaped content, and lines of text that fit a width."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr

FONT = "'Segoe UI', 'Noto Sans', Helvetica, Arial, sans-serif"

_NARROW = frozenset("ijl.,:;|!'`()[]{}tfrI /\\-")
_WIDE = frozenset("mwMW@%&")
_UNWRITABLE = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")


def tag(name: str, *inner: str, **attributes: str | float) -> str:
    """An element; ``stroke_width`` stands for ``stroke-width``, ``class_`` for ``class``.

    >>> tag("text", text("a < b"), x=1.5, font_size=10)
    '<text x="1.5" font-size="10">a &lt; b</text>'
    """
    written = "".join(f" {_name(each)}={quoteattr(_value(value))}" for each, value in attributes.items())
    content = "".join(inner)
    return f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>"


def text(content: str) -> str:
    """Text inside an element."""
    return escape(_UNWRITABLE.sub("", content))


def lines(
    shown: Sequence[str], *, x: float, y: float, size: float, anchor: str = "middle", **attributes: str | float
) -> str:
    """Lines of text, the first with its baseline at *y*."""
    rows = [tag("tspan", text(line), x=x, dy=0 if place == 0 else size * 1.2) for place, line in enumerate(shown)]
    return tag("text", *rows, x=x, y=y, font_size=size, text_anchor=anchor, **attributes) if rows else ""


def width(content: str, size: float) -> float:
    """About how wide a text is; the fonts of the reader are not known."""
    return sum(map(_share, content)) * size


def wrapped(content: str, *, room: float, size: float, most: int) -> list[str]:
    """A text in at most *most* lines that are not wider than *room*; what does not fit ends in an ellipsis.

    >>> wrapped("one two", room=30, size=10, most=1)
    ['one…']
    """
    found = [line for paragraph in content.splitlines() for line in _broken(paragraph.split(), room, size)]
    if not any(found[most:]):
        return found[:most]
    return [*found[: most - 1], _shortened(found[most - 1] + "…", room, size)] if most > 0 else []


def _broken(words: Iterable[str], room: float, size: float) -> Iterator[str]:
    line = ""
    for word in words:
        if line and width(f"{line} {word}", size) > room:
            yield line
            line = ""
        line = f"{line} {word}" if line else word
        while width(line, size) > room and len(line) > 1:
            end = _fitting(line, room, size)
            yield line[:end]
            line = line[end:]
    yield line


def _fitting(line: str, room: float, size: float) -> int:
    used = 0.0
    for place, sign in enumerate(line):
        used += _share(sign) * size
        if used > room:
            return max(place, 1)
    return len(line)


def _shortened(line: str, room: float, size: float) -> str:
    return line if width(line, size) <= room else line[: max(_fitting(line, room - size, size), 1)] + "…"


def _share(sign: str) -> float:
    if unicodedata.east_asian_width(sign) in "WF":
        return 1.0
    return 0.32 if sign in _NARROW else 0.86 if sign in _WIDE else 0.66 if sign.isupper() else 0.55


def _name(attribute: str) -> str:
    return attribute.rstrip("_").replace("_", "-")


def _value(value: str | float) -> str:
    return _UNWRITABLE.sub("", value) if isinstance(value, str) else f"{value:.7g}"
