"""A page for each formula function: its arguments, its meaning, its examples."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import PurePosixPath

from docs.printing import page, rows
from openyx.formula.functions import functions as language
from openyx.formula.shelf import Function

FOLDER = PurePosixPath("functions")
_CATEGORIES = {"datetime": "DateTime", "min_max": "Min/Max", "bitwise": "Math: Bitwise"}


def every_function() -> list[Function]:
    """The functions that are there, by category and name."""
    return sorted(language().values(), key=lambda each: (each.build.__module__, each.name.lower()))


def place(each: Function) -> PurePosixPath:
    """Where a function's page lies."""
    return FOLDER / _module(each) / f"{each.name.lower()}.md"


def functions() -> str:
    """The list of all functions."""
    parts: list[str] = []
    for module, found in groupby(every_function(), key=_module):
        lines = ((f"[{signature(each)}]({place(each)})", _meaning(each)) for each in found)
        parts.append(f"## {_category(module)}\n\n{rows(('Function', 'Meaning'), lines)}")
    return page("Functions", "The examples on their pages are run as tests.", *parts)


def function_pages() -> Iterator[tuple[PurePosixPath, str]]:
    """Each function's page."""
    for each in every_function():
        takes = [(f"*{name}*", _takes(each, number)) for number, name in enumerate(_names(each.build))]
        _, _, examples = each.doc.partition("\n\n")
        yield (
            place(each),
            page(
                signature(each),
                f"{_category(_module(each))}, gives {each.returns.name}.",
                _meaning(each),
                rows(("Argument", "Kind"), takes) if takes else "",
                f"```text\n{examples.strip()}\n```" if examples else "",
            ),
        )


def signature(each: Function) -> str:
    """The function as it is called."""
    return f"{each.name}({', '.join(_arguments(each.build))})"


def _takes(each: Function, number: int) -> str:
    return each.kind(number).name


def _meaning(each: Function) -> str:
    return " ".join(each.doc.partition("\n\n")[0].split())


def _module(each: Function) -> str:
    return each.build.__module__.rpartition(".")[2]


def _category(module: str) -> str:
    return _CATEGORIES.get(module, module.replace("_", " ").title())


def _names(build: Callable[..., object]) -> Iterator[str]:
    yield from (name for name in inspect.signature(build).parameters if name != "world")


def _arguments(build: Callable[..., object]) -> Iterator[str]:
    for name, parameter in inspect.signature(build).parameters.items():
        if name != "world":
            repeated = parameter.kind is inspect.Parameter.VAR_POSITIONAL
            optional = parameter.default is not inspect.Parameter.empty
            yield f"{name}, …" if repeated else f"[{name}]" if optional else name
