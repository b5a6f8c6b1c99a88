"""The account that the reader of settings keeps: what it looked at, and so what nobody did."""

from __future__ import annotations

from collections.abc import Iterator

from openyx.document.xml import Element
from openyx.errors import DocumentError


class Account:
    """What was read of one tool's configuration. ``place`` is the tool, for errors."""

    def __init__(self, configuration: Element, place: str) -> None:
        self._root, self._place = configuration, place
        self._visited: set[int] = {id(configuration)}
        self._used: set[tuple[int, str]] = set()

    def follow(self, at: Element, path: str) -> Iterator[Element]:
        """The elements at a path of child names (``*``: any), with all on the way noted as read."""
        name, _, rest = path.partition("/")
        if not name:
            self._visited.add(id(at))
            yield at
            return
        for child in at.children:
            if name in (child.tag, "*"):
                self._visited.add(id(child))
                yield from self.follow(child, rest)

    def text(self, at: Element, path: str) -> str | None:
        """The text or attribute at a path, noted as read; nothing where there is none."""
        where, sign, attribute = path.partition("@")
        element = next(self.follow(at, where), None)
        if element is None:
            return None
        self._used.add((id(element), attribute))
        return element.attributes.get(attribute) if sign else element.text

    def error(self, message: str, path: str = "") -> DocumentError:
        """A setting that cannot be understood, with the tool and its place in the settings."""
        return DocumentError(message, place=f"{self._place}, setting {path}" if path else self._place)

    def unread(self, ignored: tuple[str, ...] = ()) -> tuple[str, ...]:
        """The paths of all that nobody read, each once; a whole block that nobody opened is one path."""
        paths = dict.fromkeys(self._unread(self._root, ""))
        return tuple(path for path in paths if not any(_within(path, aside) for aside in ignored))

    def _unread(self, element: Element, path: str) -> Iterator[str]:
        yield from (f"{path}@{name}" for name in element.attributes if (id(element), name) not in self._used)
        if element.text.strip() and (id(element), "") not in self._used:
            yield path or "/"
        for child in element.children:
            below = f"{path}/{child.tag}" if path else child.tag
            if id(child) in self._visited:
                yield from self._unread(child, below)
            else:
                yield below


def _within(path: str, outer: str) -> bool:
    return path == outer or path.startswith((f"{outer}/", f"{outer}@"))
