"""Macro files: where they are found, and what a call of one says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PureWindowsPath

from openyx.document import ENDINGS, Document, Element, Node, read
from openyx.document.config import block
from openyx.engine.places import Places
from openyx.engine.scope import Scope
from openyx.errors import NotYet, Unknown, WorkflowError
from openyx.relation import Relation
from openyx.tools.absent import absent_macro
from openyx.tools.base import Input, Lowered, Tool

_BATCH = frozenset({"ControlParams", "BatchMacroGroupBy"})


@dataclass
class Macros:
    """Finds macros for one run, and reads each file once; the libraries of its places are searched by file name."""

    places: Places
    _read: dict[Path, Document] = field(default_factory=dict[Path, Document])

    def find(self, written: str, folder: Path | None) -> tuple[Path, Document]:
        """The macro that a tool of a document in *folder* calls, with its path on the disk.

        It is looked for as it is written, beside the caller and the workflow, then in the macro folders. Raises
        ``Missing`` where it is nowhere, ``DocumentError`` for what is no macro.
        """
        path = self._found(written, folder).resolve()
        if path not in self._read:
            self._read[path] = read(path)
        return path, self._read[path]

    def scope(self, document: Document, path: Path) -> Scope:
        """The scope of a macro that lies at *path*."""
        return Scope.of(document, folder=path.parent, temporary=self.places.temporary)

    def _found(self, written: str, folder: Path | None) -> Path:
        name, here = PureWindowsPath(written).name, self.places.at(folder)
        reasons: list[str] = []
        for places, path in ((here, written), (here, name), (self.places, name)):
            try:
                return places.inputs(path)[0]
            except WorkflowError as error:
                reasons.append(error.message)
        if name.lower() in self._shelved:
            return self._shelved[name.lower()]
        missing = absent_macro(name)
        if isinstance(missing, Unknown):
            missing.hint = f"{reasons[0]}; nor is it beside the workflow{self._elsewhere}"
        raise missing

    @property
    def _elsewhere(self) -> str:
        """Where else it was looked for."""
        folders = ", ".join(map(str, self.places.libraries))
        return f" or in the macro folders ({folders})" if folders else "; OPENYX_MACROS names folders of macros"

    @cached_property
    def _shelved(self) -> Mapping[str, Path]:
        found: dict[str, Path] = {}
        for folder in self.places.libraries:
            for path in sorted(folder.rglob("*")):
                if path.suffix.lower() in ENDINGS:
                    found.setdefault(path.name.lower(), path)
        return found


@dataclass(frozen=True, slots=True)
class Anchors:
    """What a macro takes and gives: its Macro Inputs and Macro Outputs by name."""

    inputs: Mapping[str, Node]
    outputs: Mapping[str, Node]

    @classmethod
    def of(cls, document: Document) -> Anchors:
        """The anchors of a macro's document."""
        return cls(dict(_named(document, "MacroInput")), dict(_named(document, "MacroOutput")))


@dataclass(frozen=True, slots=True)
class Call:
    """What the settings of a call say: texts by name, its field maps among them."""

    texts: Mapping[str, str]
    unread: tuple[str, ...]

    @classmethod
    def read(cls, configuration: Element, document: Document, names: Anchors) -> Call:
        """The call of a macro; what belongs to no question of it is unread."""
        texts = {each.get("name"): each.text for each in configuration.all("Value")}
        known = {question.name for question in document.questions}
        lost = [name for name in texts if name not in known | _BATCH and not _maps(name, names.inputs)]
        other = [child.tag for child in configuration.children if child.tag != "Value"]
        return cls(texts, (*(f"Value[@name='{name}']" for name in lost), *other))

    def field_map(self, name: str) -> tuple[tuple[str, str], ...]:
        """The fields of a Macro Input with those that stand for them outside."""
        lines = [
            line.partition("=") for key, text in self.texts.items() if _maps(key, (name,)) for line in text.splitlines()
        ]
        return tuple((inside.strip(), outside.strip()) for inside, sign, outside in lines if sign and outside.strip())


@block
class MacroCall(Tool):
    """A call whose tools stand before it: what they give leaves under the names of the macro's outputs."""

    inputs = (Input("Outputs", many=True),)

    def lower(self, outputs: Mapping[str, Relation]) -> Lowered:
        return Lowered(outputs=outputs)


def check_kind(document: Document) -> None:
    """Raise ``NotYet`` for macros that run more than once."""
    runtime = document.root.find("Properties/RuntimeProperties")
    if runtime is not None and runtime.find("IterativeMacro") is not None:
        raise NotYet("iterative macros")
    repeats = runtime is not None and runtime.find("BatchMacro") is not None
    if repeats or any(map(is_control, document.nodes)):
        raise NotYet("batch macros")


def is_control(node: Node) -> bool:
    """Whether a tool is a control parameter: what makes a macro a batch macro, and does nothing by itself."""
    return node.kind == "ControlParam"


def _named(document: Document, kind: str) -> Iterator[tuple[str, Node]]:
    for node in document.nodes:
        if node.kind == kind:
            yield node.configuration.words("Name") or f"{kind.removeprefix('Macro')}{node.id}", node


def _maps(key: str, names: Mapping[str, Node] | tuple[str, ...]) -> bool:
    """Whether an answer is the field map of one of these Macro Inputs: ``Input.`` and its name."""
    word, dot, name = key.partition(".")
    return bool(dot) and word == "Input" and name in names
