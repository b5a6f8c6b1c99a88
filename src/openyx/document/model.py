"""A workflow document: everything that its file says, found and named."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import IO

from openyx.document import graph, properties, questions, xml
from openyx.document.graph import Connection, Node
from openyx.document.properties import Constant, MetaInfo, Properties
from openyx.document.questions import Question
from openyx.errors import DocumentError
from openyx.messages import Kind, Message

ENDINGS = (".yxmd", ".yxwz", ".yxmc", ".yxmcbatch", ".yxmciterative")
"""The endings of workflow files, apps and macros; packages end in ``.yxzp``."""


@dataclass(frozen=True)
class Document:
    """A workflow, app or macro.

    ``name`` is the file's name, ``folder`` where it lies (nothing for one that was never a file). ``nodes`` are flat:
    a tool inside a container names it. ``remarks`` are what was strange and could be left aside.
    """

    name: str
    root: xml.Element
    folder: Path | None
    nodes: tuple[Node, ...]
    connections: tuple[Connection, ...]
    remarks: tuple[Message, ...]

    @property
    def version(self) -> str:
        """The version of the product that wrote the file, such as ``2021.4``; it may be empty."""
        return self.root.get("yxmdVer")

    @property
    def module_type(self) -> str:
        """``Workflow``, ``Wizard`` (an app) or ``Macro``."""
        return self.root.words("Properties/RuntimeProperties/ModuleType") or "Workflow"

    @property
    def package_type(self) -> str:
        """What the gallery's API calls it: ``Module``, ``App`` or ``Macro``."""
        return {"Wizard": "App", "Macro": "Macro"}.get(self.module_type, "Module")

    @cached_property
    def properties(self) -> Properties:
        """How it wants to be run."""
        return properties.properties(self.root, self.name)

    @cached_property
    def meta(self) -> MetaInfo:
        """What a gallery shows of it."""
        return properties.meta(self.root, self.name)

    @cached_property
    def constants(self) -> tuple[Constant, ...]:
        """Its constants, in the order of the file."""
        return properties.constants(self.root)

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """What it asks, in the order of its interface."""
        return questions.questions(self.root)

    @cached_property
    def by_id(self) -> dict[int, Node]:
        """Its tools by number."""
        return {node.id: node for node in self.nodes}

    def into(self, tool: int) -> tuple[Connection, ...]:
        """The lines that end at a tool, those into one anchor in its order."""
        return tuple(line for line in self.connections if line.destination == tool)


def read(path: Path | str) -> Document:
    """The document in a workflow file, or the start file of a package, which is not unpacked for it.

    Raises ``DocumentError`` with a place for what is no workflow, ``FileNotFoundError`` for what is not there.
    """
    from openyx.document import package

    path = Path(path)
    if path.suffix.lower() == ".yxzp":
        return package.document(path)
    try:
        with path.open("rb") as source:
            return parse(source, path.name, folder=path.resolve().parent)
    except (IsADirectoryError, PermissionError) as error:
        raise DocumentError(f"it cannot be read ({error.strerror})", place=path.name) from error


def parse(source: IO[bytes] | bytes, name: str, *, folder: Path | None = None) -> Document:
    """The document in an open file or in bytes; *name* is the file's name, for messages and as the default title."""
    root = xml.read(BytesIO(source) if isinstance(source, bytes) else source, name)
    return from_tree(root, name, folder=folder)


def from_tree(root: xml.Element, name: str, *, folder: Path | None = None) -> Document:
    """The document that an XML tree describes."""
    _check_kind(root, name)
    nodes = graph.nodes(root, name)
    lines = graph.connections(root, name)
    known = {node.id for node in nodes}
    kept = tuple(line for line in lines if {line.origin, line.destination} <= known)
    _check_loops(kept, nodes, name)
    remarks = tuple(_loose_end(line, known) for line in lines if not {line.origin, line.destination} <= known)
    return Document(name=name, root=root, folder=folder, nodes=nodes, connections=kept, remarks=remarks)


def _check_kind(root: xml.Element, name: str) -> None:
    place = f"{name}, line {root.line}"
    if root.tag != "AlteryxDocument":
        raise DocumentError(f"this is no workflow: it is a <{root.tag}>, not an <AlteryxDocument>", place=place)
    locked = root.find("EncryptedData")
    if locked is not None:
        raise DocumentError(
            "the workflow is locked by its author: its tools are encrypted",
            place=f"{name}, line {locked.line}",
            hint="ask its author for a copy that is not locked",
        )
    if root.find("Nodes") is None:
        raise DocumentError("this is no workflow: it has no <Nodes>", place=place)


def _check_loops(lines: Iterable[Connection], nodes: Iterable[Node], name: str) -> None:
    loop = graph.loop(lines)
    if loop:
        titles = {node.id: node.title for node in nodes}
        round_trip = " → ".join(titles[tool] for tool in (*loop, loop[0]))
        raise DocumentError(f"the tools feed each other in a loop: {round_trip}", place=name)


def _loose_end(line: Connection, known: set[int]) -> Message:
    missing = line.destination if line.origin in known else line.origin
    text = f"A connection from tool {line.origin} to tool {line.destination} is ignored: there is no tool {missing}"
    return Message(kind=Kind.WARNING, text=text)
