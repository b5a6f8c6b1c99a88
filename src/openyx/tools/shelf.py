"""The shelf of tools: found in the palette's folders and in other packages, asked for by what a workflow file says.

Another package puts its tools here by an entry point, which names a module, or a package of modules:

    [project.entry-points."openyx.tools"]
    acme = "acme_tools"
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from pathlib import PureWindowsPath
from pkgutil import iter_modules
from types import ModuleType

import openyx.tools
from openyx.document.catalogue import palette_name
from openyx.errors import AskedWrongly
from openyx.tools.absent import absent, absent_macro
from openyx.tools.base import Tool

OWN = "alteryx"
SHARED = "shared"
ENTRY_POINTS = "openyx.tools"
_WORDS_OF_A_NAME = 4


@dataclass(frozen=True, slots=True)
class Shelf:
    """Tools by plugin id, by the last word of the id, and by macro file name; all in lower case."""

    ids: Mapping[str, type[Tool]]
    words: Mapping[str, type[Tool]]
    macros: Mapping[str, type[Tool]]

    def find(self, plugin: str, macro: str) -> type[Tool]:
        """The tool for a node's plugin id and macro path.

        Raises ``NotYet``, ``NotHere`` or ``Unknown`` with the tool's name where there is none.
        """
        if not plugin and macro:
            return self._macro(PureWindowsPath(macro).name)
        found = self.ids.get(plugin.lower())
        namespace, _, word = plugin.rpartition(".")
        if found is None and (not namespace or namespace.lower().startswith(OWN)):
            found = self.words.get(word.lower())
        if found is None:
            raise absent(plugin)
        return found

    def is_macro(self, path: str) -> bool:
        """Whether a macro file of this name is really one of the tools."""
        return PureWindowsPath(path).name.lower() in self.macros

    def _macro(self, name: str) -> type[Tool]:
        found = self.macros.get(name.lower())
        if found is None:
            raise absent_macro(name)
        return found


@cache
def shelf() -> Shelf:
    """All tools that there are. Raises ``AskedWrongly`` where another package's tools cannot be loaded."""
    return shelved([*_own(), *_others()])


def shelved(tools: Iterable[type[Tool]]) -> Shelf:
    """A shelf of these tools. Raises ``RuntimeError`` when two claim one name, or when there are none."""
    ids: dict[str, type[Tool]] = {}
    words: dict[str, type[Tool]] = {}
    macros: dict[str, type[Tool]] = {}
    for each in tools:
        for name in each.ids:
            _claim(ids, name, each)
            namespace, _, word = name.rpartition(".")
            if not namespace or namespace.lower().startswith(OWN):
                _claim(words, word, each)
        for name in each.macros:
            _claim(macros, name, each)
    if not ids:
        raise RuntimeError("no tool was found on the shelf")
    return Shelf(ids, words, macros)


def title(tool: type[Tool]) -> str:
    """The tool's name in the palette; else what its module opens with, as ``Text Input.``, or its class's name."""
    listed = {palette_name(each) for each in (*tool.ids, *tool.macros)} - {None}
    if len(listed) == 1:
        return str(*listed)
    said = (inspect.getdoc(sys.modules[tool.__module__]) or "").partition("\n")[0].rstrip(".")
    is_name = "," not in said and 0 < len(said.split()) <= _WORDS_OF_A_NAME
    return said if is_name else tool.__name__


def group(tool: type[Tool]) -> str:
    """The tool's group in the palette; for another package's tool the name of that package."""
    if not _is_own(tool):
        return tool.__module__.partition(".")[0]
    package = sys.modules[tool.__module__.rpartition(".")[0]]
    return (inspect.getdoc(package) or "").rstrip(".").removeprefix("The palette's group ")


def _is_own(tool: type[Tool]) -> bool:
    return tool.__module__.startswith(f"{openyx.tools.__name__}.")


def _own() -> Iterator[type[Tool]]:
    folders = (found.name for found in iter_modules(openyx.tools.__path__) if found.ispkg and found.name != SHARED)
    for folder in folders:
        for module in _below(import_module(f"{openyx.tools.__name__}.{folder}")):
            yield from _some(_defined(module), module.__name__)


def _others() -> Iterator[type[Tool]]:
    for entry in sorted(entry_points(group=ENTRY_POINTS)):
        try:
            module = entry.load()
            modules = (module, *_below(module)) if hasattr(module, "__path__") else (module,)
        except (ImportError, AttributeError, SyntaxError) as error:
            raise AskedWrongly(
                f"the tools of {_package(entry)} cannot be loaded: {error}", hint="mend or remove that package"
            ) from error
        yield from _some((each for module in modules for each in _defined(module)), entry.value)


def _package(entry: EntryPoint) -> str:
    return entry.dist.name if entry.dist else entry.value


def _below(package: ModuleType) -> list[ModuleType]:
    return [import_module(found.name) for found in iter_modules(package.__path__, f"{package.__name__}.")]


def _defined(module: ModuleType) -> Iterator[type[Tool]]:
    members: dict[str, type[object]] = {name: each for name, each in vars(module).items() if isinstance(each, type)}
    for each in members.values():
        if issubclass(each, Tool) and each.__module__ == module.__name__ and (each.ids or each.macros):
            yield each


def _some(tools: Iterable[type[Tool]], where: str) -> list[type[Tool]]:
    found = list(tools)
    if not found:
        raise RuntimeError(f"no tool in {where}")
    return found


def _claim(claims: dict[str, type[Tool]], name: str, claimer: type[Tool]) -> None:
    other = claims.setdefault(name.lower(), claimer)
    if other is not claimer:
        raise RuntimeError(f"{_named(other)} and {_named(claimer)} both claim {name!r}")


def _named(each: type[Tool]) -> str:
    return f"{each.__module__}.{each.__qualname__}"
