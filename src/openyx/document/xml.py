"""XML as workflow files use it: read against limits, with the line of each element, and written back.

Nothing of a document type is ever read, so no entity can expand and nothing outside the file is opened.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, NoReturn
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from openyx.errors import DocumentError

CHUNK = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a file may hold before it is refused: bytes, elements, and elements inside each other.

    ``tag`` is the longest tag or comment in bytes: one that does not end is read again with every piece of the file.
    """

    size: int = 256 << 20
    elements: int = 1_000_000
    depth: int = 200
    tag: int = 4 << 20


LIMITS = Limits()


@dataclass(slots=True)
class Element:
    """One element. ``text`` is what stands directly in it, blank space between its children left out."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict[str, str])
    text: str = ""
    children: list[Element] = field(default_factory=list["Element"])
    line: int = 0

    def get(self, name: str, default: str = "") -> str:
        """An attribute's value."""
        return self.attributes.get(name, default)

    def all(self, path: str) -> Iterator[Element]:
        """The elements at *path*, child names joined by slashes; an empty path is the element itself."""
        name, _, rest = path.partition("/")
        if not name:
            yield self
            return
        for child in self.children:
            if child.tag == name:
                yield from child.all(rest)

    def find(self, path: str) -> Element | None:
        """The first element at *path*."""
        return next(self.all(path), None)

    def words(self, path: str, default: str = "") -> str:
        """The text of the first element at *path*, without blanks around it."""
        found = self.find(path)
        return default if found is None else found.text.strip()

    def value(self, path: str, default: str = "") -> str:
        """The attribute ``value`` (or ``Value``) of the first element at *path*."""
        found = self.find(path)
        return default if found is None else found.get("value", found.get("Value", default))

    def walk(self) -> Iterator[Element]:
        """This element and all below it, in document order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def copy(self) -> Element:
        """A copy that shares nothing with this one."""
        return Element(self.tag, dict(self.attributes), self.text, [child.copy() for child in self.children], self.line)


def read(source: IO[bytes], name: str, *, limits: Limits = LIMITS) -> Element:
    """The root element of an XML file.

    Raises ``DocumentError`` with line and column for what is no XML, has a document type, or passes the limits.
    """
    return _Builder(name, limits).read(source)


def write(root: Element) -> bytes:
    """The element as an XML file in UTF-8."""
    parts = ['<?xml version="1.0"?>\n']
    _write(root, parts, "")
    return "".join(parts).encode()


def fragment(element: Element) -> str:
    """The element as XML, as a part of a file."""
    parts: list[str] = []
    _write(element, parts, "")
    return "".join(parts)


def escaped(text: str) -> str:
    """Text as it stands between tags."""
    return escape(text, {"\r": "&#13;"})


class _Builder:
    def __init__(self, name: str, limits: Limits) -> None:
        self._name, self._limits = name, limits
        self._open: list[tuple[Element, list[str]]] = []
        self._elements = 0
        self._root: Element | None = None
        self._parser = parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.StartDoctypeDeclHandler = self._doctype

    def read(self, source: IO[bytes]) -> Element:
        size = 0
        try:
            while chunk := source.read(CHUNK):
                size += len(chunk)
                if size > self._limits.size:
                    self._refuse(f"the file is larger than {self._limits.size:,} bytes")
                self._parser.Parse(chunk, False)
                if size - self._parser.CurrentByteIndex > self._limits.tag + CHUNK:
                    self._refuse(f"a tag or comment is longer than {self._limits.tag:,} bytes")
            self._parser.Parse(b"", True)
        except expat.ExpatError as error:
            reason = "the file is empty" if not size else f"not well-formed XML ({expat.errors.messages[error.code]})"
            raise DocumentError(reason, place=self._place(error.lineno, error.offset)) from error
        except (LookupError, ValueError) as error:
            raise DocumentError(f"the encoding cannot be read ({error})", place=self._place(1, 0)) from error
        if self._root is None:
            self._refuse("no element")
        return self._root

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if len(self._open) >= self._limits.depth:
            self._refuse(f"elements are nested deeper than {self._limits.depth}")
        if self._elements > self._limits.elements:
            self._refuse(f"more than {self._limits.elements:,} elements")
        element = Element(tag, attributes, line=self._parser.CurrentLineNumber)
        if self._open:
            self._open[-1][0].children.append(element)
        else:
            self._root = element
        self._open.append((element, []))

    def _end(self, _tag: str) -> None:
        element, parts = self._open.pop()
        text = "".join(parts)
        element.text = "" if element.children and not text.strip() else text

    def _characters(self, text: str) -> None:
        self._open[-1][1].append(text)

    def _doctype(self, *_declaration: object) -> None:
        self._refuse("a document type declaration is not allowed in a workflow")

    def _place(self, line: int, column: int) -> str:
        return f"{self._name}, line {line}, column {column + 1}"

    def _refuse(self, reason: str) -> NoReturn:
        place = self._place(self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber)
        raise DocumentError(reason, place=place)


def _write(element: Element, parts: list[str], indent: str) -> None:
    attributes = "".join(f" {name}={_quoted(value)}" for name, value in element.attributes.items())
    if not element.children and not element.text:
        parts.append(f"{indent}<{element.tag}{attributes} />\n")
        return
    parts.append(f"{indent}<{element.tag}{attributes}>{escaped(element.text)}")
    if element.children:
        parts.append("\n")
        for child in element.children:
            _write(child, parts, indent + "  ")
        parts.append(indent)
    parts.append(f"</{element.tag}>\n")


def _quoted(value: str) -> str:
    return quoteattr(value, {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})
