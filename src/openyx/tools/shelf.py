"""The shelf of tools: found by looking into the palette's folders, asked for by what a workflow file says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import PureWindowsPath
from pkgutil import iter_modules

import openyx.tools
from openyx.errors import NotYet
from openyx.tools.absent import absent
from openyx.tools.base import Tool

OWN = "alteryx"


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

    def _macro(self, name: str) -> type[Tool]:
        found = self.macros.get(name.lower())
        if found is None:
            raise NotYet(f"the macro {name}")
        return found


@cache
def shelf() -> Shelf:
    """All tools that there are."""
    return shelved(_tools())


def shelved(tools: Iterable[type[Tool]]) -> Shelf:
    """A shelf of these tools. Raises ``RuntimeError`` when two claim one name, or when there are none."""
    ids: dict[str, type[Tool]] = {}
    words: dict[str, type[Tool]] = {}
    macros: dict[str, type[Tool]] = {}
    for each in tools:
        for name in each.ids:
            _claim(ids, name, each)
            _claim(words, name.rpartition(".")[2], each)
        for name in each.macros:
            _claim(macros, name, each)
    if not ids:
        raise RuntimeError("no tool was found on the shelf")
    return Shelf(ids, words, macros)


def _tools() -> Iterable[type[Tool]]:
    for group in iter_modules(openyx.tools.__path__, "openyx.tools."):
        if not group.ispkg:
            continue
        for found in iter_modules(import_module(group.name).__path__, f"{group.name}."):
            module = import_module(found.name)
            tools = [
                each
                for each in vars(module).values()
                if isinstance(each, type) and issubclass(each, Tool) and each.__module__ == module.__name__
            ]
            if not any(each.ids or each.macros for each in tools):
                raise RuntimeError(f"no tool in {found.name}")
            yield from (each for each in tools if each.ids or each.macros)


def _claim(claims: dict[str, type[Tool]], name: str, claimer: type[Tool]) -> None:
    other = claims.setdefault(name.lower(), claimer)
    if other is not claimer:
        raise RuntimeError(f"{_named(other)} and {_named(claimer)} both claim {name!r}")


def _named(each: type[Tool]) -> str:
    return f"{each.__module__}.{each.__qualname__}"
