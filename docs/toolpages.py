"""A page for each tool: what it does, its anchors, its settings as they stand in the file, what it cannot do yet."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import re
import sys
import typing
from collections.abc import Iterator
from enum import Enum
from itertools import groupby
from pathlib import PurePosixPath
from types import UnionType
from typing import Any

from docs.printing import page, rows
from openyx.document.config import Ignored
from openyx.tools.base import Approximate, Tool
from openyx.tools.shelf import group, shelf, title

FOLDER = PurePosixPath("tools")


def every_tool() -> list[type[Tool]]:
    """The product's tools on the shelf, by group and name."""
    own = {each for each in (*shelf().ids.values(), *shelf().macros.values()) if _is_own(each)}
    return sorted(own, key=lambda each: (each.__module__.split(".")[-2], title(each).lower(), each.__qualname__))


def place(each: type[Tool]) -> PurePosixPath:
    """Where a tool's page lies."""
    folder, name = each.__module__.split(".")[-2], re.sub(r"\W+", "_", title(each).lower())
    return FOLDER / folder / f"{name}.md"


def tools() -> str:
    """The list of all tools."""
    parts: list[str] = []
    for name, found in groupby(every_tool(), key=group):
        lines = {place(each): (f"[{title(each)}]({place(each)})", _first(each)) for each in found}.values()
        parts.append(f"## {name}\n\n{rows(('Tool', 'What it does'), lines)}")
    where = "What is exact, what is nearly so and what is missing: [compatibility](compatibility.md)."
    return page("Tools", where, *parts)


def tool_pages() -> Iterator[tuple[PurePosixPath, str]]:
    """Each tool's page; a tool that is a macro in older files has both on one."""
    for where, found in groupby(every_tool(), key=place):
        kinds = list(found)
        refused = list(dict.fromkeys(what for each in kinds for what in not_yet(each)))
        yield (
            where,
            page(title(kinds[0]), *(part for each in kinds for part in _parts(each)), _listed("## Not yet", refused)),
        )


def _parts(each: type[Tool]) -> Iterator[str]:
    settings = list(_settings(each))
    yield inspect.getdoc(each) or ""
    yield _answers(each)
    yield f"## Settings\n\n{rows(_SETTING, settings)}" if settings else ""
    yield _listed("## Left aside", [f"`{aside.path}`: {aside.reason}" for aside in _ignores(each)])
    yield _listed("## Nearly the same", [said(how) for how in approximations(each)])


_SETTING = ("Setting", "In the file", "Values", "Default")


def approximations(each: type[Tool]) -> tuple[Approximate, ...]:
    """How the tool's results may differ."""
    return each.approximate


def said(how: Approximate) -> str:
    """How results may differ, and whether always."""
    return how.how if how.when is None else f"{how.how} (with some settings)"


def not_yet(each: type[Tool]) -> list[str]:
    """What the tool refuses as not supported yet, as far as its module says so; what a setting says there is ``…``."""
    nodes = list(ast.walk(ast.parse(inspect.getsource(sys.modules[each.__module__]))))
    lacks = (node for node in nodes if isinstance(node, ast.FunctionDef) and node.name == "lacks")
    details = [detail for function in lacks for node in ast.walk(function) for detail in _given(node)]
    calls = (node for node in nodes if isinstance(node, ast.Call) and node.args)
    details += (call.args[0] for call in calls if isinstance(call.func, ast.Name) and call.func.id == "NotYet")
    return list(dict.fromkeys(filter(None, map(_text, details))))


def _given(node: ast.AST) -> Iterator[ast.expr]:
    """What a generator gives, one after another."""
    match node:
        case ast.Yield(value=ast.expr() as detail) | ast.GeneratorExp(elt=detail):
            yield detail
        case _:
            return


def _text(detail: ast.expr) -> str:
    match detail:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in parts)
        case _:
            return ""


def _is_own(each: type[Tool]) -> bool:
    return each.__module__.startswith("openyx.tools.")


def _ignores(each: type[Tool]) -> tuple[Ignored, ...]:
    return each.ignores


def _first(each: type[Tool]) -> str:
    return " ".join((inspect.getdoc(each) or "").partition("\n\n")[0].split())


def _listed(head: str, lines: list[str]) -> str:
    return "\n".join([f"{head}\n", *(f"- {line}" for line in lines)]) if lines else ""


def _answers(each: type[Tool]) -> str:
    takes = [f"{anchor.name}{_kind(optional=anchor.optional, many=anchor.many)}" for anchor in each.inputs]
    anchors = " → ".join(", ".join(names) or "nothing" for names in (takes, each.outputs))
    names = ", ".join(f"`{name}`" for name in (*each.ids, *each.macros))
    return f"Answers to {names}." + ("" if each.on_canvas_only else f"\n\nAnchors: {anchors}.")


def _kind(*, optional: bool, many: bool) -> str:
    words = [word for word, holds in (("optional", optional), ("several", many)) if holds]
    return f" ({', '.join(words)})" if words else ""


def _settings(block: type[Any], outer: str = "") -> Iterator[tuple[str, str, str, str]]:
    hints = typing.get_type_hints(block)
    for each in dataclasses.fields(block):
        source = each.metadata.get("source")
        if source is None:
            continue
        paths = [
            f"{outer}{'' if path.startswith('@') or not outer else '/'}{path}".rstrip("/") for path in source.paths
        ]
        inner = getattr(source, "of", None)
        attribute = "@value" if type(source).__name__ == "_Value" else ""
        shown = ", ".join(f"`{path}{attribute}`" for path in paths)
        yield each.name, shown, _values(hints[each.name]), _default(each)
        if inner is not None:
            inside = _settings(inner, paths[0])
            yield from ((f"· {name}", *rest) for name, *rest in inside)  # type: ignore[misc] # four words each


def _values(hint: Any) -> str:
    kinds = [hint, *typing.get_args(hint)]
    enums = [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, Enum)]
    if enums:
        return ", ".join(f"`{member.value}`" for member in enums[0])
    return next((_WORDS[kind] for kind in (kinds if isinstance(hint, UnionType) else [hint]) if kind in _WORDS), "")


_WORDS = {str: "text", int: "whole number", float: "number", bool: "True, False"}


def _default(each: dataclasses.Field[Any]) -> str:
    if each.default is dataclasses.MISSING:
        return "" if each.default_factory is not dataclasses.MISSING else "must be there"
    shown = each.default.value if isinstance(each.default, Enum) else each.default
    return "" if shown in ("", (), None) or _is_block(each) else f"`{shown}`"


def _is_block(each: dataclasses.Field[Any]) -> bool:
    """Whether its value is settings, which have lines of their own."""
    return getattr(each.metadata["source"], "of", None) is not None
