"""Functions that users wrote as expressions: libraries in XML, as the product reads them from its add-in folder.

<FormulaAddIn>
  <Function>
    <Name>YEAR</Name>
    <NumParams variable="false">1</NumParams>
    <Formula>ToNumber(Left(P1, 4))</Formula>
  </Function>
</FormulaAddIn>
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from openyx.document import xml
from openyx.errors import DocumentError, NotHere
from openyx.fields import Family, Schema, folded
from openyx.formula.nodes import Name, Node
from openyx.formula.parser import read
from openyx.formula.scope import Scope
from openyx.formula.source import Source
from openyx.relation.expr import Expr

_ROOT = "FormulaAddIn"
_HEAD = 4096


@dataclass(frozen=True)
class AddIn:
    """A function of a library: its ``body`` is an expression over ``P1``, ``P2``, …

    It takes ``least`` arguments, or more if it is ``variable``. A function without a body is a DLL's.
    """

    name: str
    least: int
    variable: bool
    body: str
    library: str

    @cached_property
    def node(self) -> Node:
        """The body, read. Raises ``NotHere`` where it is machine code, ``FormulaError`` where it does not parse."""
        if not self.body:
            raise NotHere(f"the formula function {self.name} (a DLL of {self.library})")
        return read(self._source)

    @property
    def _source(self) -> Source:
        return Source(self.body, inside=f"{self.name} of {self.library}")

    def fits(self, count: int) -> bool:
        """Whether it takes that many arguments."""
        return count >= self.least if self.variable else count == self.least

    def body_scope(self, outer: Scope, *, values: Sequence[Expr] = (), families: Sequence[Family | None] = ()) -> Scope:
        """Where the body stands: it sees its parameters, of which the values or the families are known."""
        return _Body(
            self._source,
            Schema(),
            outer.world,
            {f"P{place}": value for place, value in enumerate(values, start=1)},
            families={f"p{place}": family for place, family in enumerate(families, start=1)},
        )


@dataclass(frozen=True)
class _Body(Scope):
    families: Mapping[str, Family | None] = field(default_factory=dict[str, Family | None])

    def family(self, name: Name) -> Family | None:
        key = folded(name.name)
        return self.families[key] if name.row is None and key in self.families else super().family(name)


def load(folders: Iterable[Path]) -> Mapping[str, AddIn]:
    """The functions of all libraries that lie in *folders*, by their names in lower case; the first of a name counts.

    Raises ``DocumentError`` with the place for a library that cannot be read.
    """
    found: dict[str, AddIn] = {}
    for folder in folders:
        for path in sorted(folder.glob("*.xml")):
            for each in _read(path):
                found.setdefault(each.name.lower(), each)
    return found


def _read(path: Path) -> Iterator[AddIn]:
    try:
        with path.open("rb") as file:
            # Other files may have that ending, and need not be XML.
            if f"<{_ROOT}".encode() not in file.read(_HEAD):
                return
            file.seek(0)
            root = xml.read(file, path.name)
    except OSError as error:
        raise DocumentError(f"it cannot be read: {error.strerror}", place=str(path)) from error
    yield from (_function(each, path) for each in root.all("Function"))


def _function(element: xml.Element, path: Path) -> AddIn:
    def said(name: str) -> str:
        found = element.find(name)
        return found.text.strip() if found else ""

    place, count = f"{path.name}, line {element.line}", element.find("NumParams")
    if not said("Name") or count is None or not count.text.strip().isdecimal():
        raise DocumentError("a function has no name, or no number of parameters", place=place)
    variable = count.get("variable").lower() == "true"
    return AddIn(said("Name"), int(count.text), variable, said("Formula"), path.name)
