"""What the reference pages say: each is made from docstrings and declarations."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Any

import click

from openyx import errors as tree
from openyx.api.contract import endpoints as declared
from openyx.cli.shell.app import app
from openyx.formula.functions import functions as language
from openyx.queue.life import Transition
from openyx.settings import SETTINGS
from openyx.tools.base import Tool
from openyx.tools.shelf import shelf

NOTE = "<!-- Printed by `make pages`; edit the code. -->"


def page(title: str, *parts: str) -> str:
    """A page of these parts."""
    return "\n\n".join((f"# {title}", NOTE, *(part.strip() for part in parts if part.strip()))) + "\n"


def rows(head: Iterable[str], body: Iterable[Iterable[object]]) -> str:
    """A table."""
    names = list(head)
    lines = [names, ["---"] * len(names), *body]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def _cell(value: object) -> str:
    return " ".join(str(value).replace("|", "\\|").split())


def first(thing: object) -> str:
    """The first paragraph of a docstring."""
    return " ".join((inspect.getdoc(thing) or "").partition("\n\n")[0].split())


def commands() -> str:
    """Every command with its help, as the terminal shows it."""
    return page("Commands", *_commands(app, "yx"))


def _commands(command: click.Command, name: str) -> Iterator[str]:
    context = click.Context(command, info_name=name, terminal_width=100, max_content_width=100)
    yield f"## {name}\n\n```text\n{command.get_help(context)}\n```"
    if isinstance(command, click.Group):
        for each in command.list_commands(context):
            inner = command.get_command(context, each)
            assert inner is not None
            yield from _commands(inner, f"{name} {each}")


def endpoints() -> str:
    """Every endpoint of the contract."""
    parts: list[str] = []
    for module, group in groupby(declared(), key=lambda each: each.module):
        parts.append(f"## {module}")
        parts.append(
            rows(
                ("Route", "Parameters", "Answer", "Meaning"),
                (
                    (
                        f"`{each.route}`",
                        ", ".join(f"`{name}`" for name in each.endpoint.parameters if name not in ("sink", "parts")),
                        f"`{_type(each.endpoint.answer)}`",
                        first(each.endpoint),
                    )
                    for each in group
                ),
            )
        )
    where = (
        "Under OAuth 1 the paths of `v1` stand below `/gallery/api`, under OAuth 2 below `/webapi`; "
        "those of `openyx` stand below the address itself."
    )
    return page("Endpoints", where, *parts)


def _type(kind: Any) -> str:
    arguments = getattr(kind, "__args__", ())
    return f"list[{arguments[0].__name__}]" if arguments else str(kind.__name__)


def errors() -> str:
    """The exceptions and the exit statuses."""
    kinds = [each for each in vars(tree).values() if isinstance(each, type) and issubclass(each, tree.OpenYXError)]
    statuses = rows(
        ("Exception", "`code`", "Exit status", "Meaning"),
        ((f"`{kind.__name__}`", f"`{_code(kind)}`", kind.exit, first(kind)) for kind in kinds),
    )
    drawing = (tree.__doc__ or "").partition("\n\n")[2].partition("\n\n")[0]
    return page("Errors", f"```text\n{inspect.cleandoc(drawing)}\n```", statuses)


def _code(kind: type[tree.OpenYXError]) -> str:
    return kind.code.fget(kind.__new__(kind))  # type: ignore[attr-defined,no-any-return]  # a property, read off a bare instance


def settings() -> str:
    """The settings."""
    where = "Address, key and secret come from one source: arguments, else environment, else profile."
    table = rows(
        ("Environment", "Default", "Meaning"),
        (
            (f"`{each.variable}`", f"`{each.default}`" if each.default not in (None, "", ()) else "", each.help)
            for each in SETTINGS
        ),
    )
    return page("Settings", where, table)


def tools() -> str:
    """Every tool with its manual page."""
    found = {*shelf().ids.values(), *shelf().macros.values()}
    parts: list[str] = []
    for folder, group in groupby(sorted(found, key=_place), key=lambda each: each.__module__.split(".")[-2]):
        parts.append(f"## {folder.replace('_', ' ').title()}")
        parts += [f"### {_title(each.__module__)}\n\n{inspect.getdoc(each)}\n\n{_answers(each)}" for each in group]
    return page("Tools", *parts)


def _place(thing: type) -> tuple[str, str]:
    return thing.__module__, thing.__name__


def _answers(each: type[Tool]) -> str:
    anchors = " → ".join(
        ", ".join(names) or "nothing" for names in ([anchor.name for anchor in each.inputs], each.outputs)
    )
    names = ", ".join(f"`{name}`" for name in (*each.ids, *each.macros))
    return f"Answers to {names}." + ("" if each.on_canvas_only else f" Anchors: {anchors}.")


def _title(module: str) -> str:
    return module.rpartition(".")[2].replace("_", " ").title()


def functions() -> str:
    """Every formula function with its examples."""
    found = sorted(language().values(), key=lambda each: (each.build.__module__, each.name.lower()))
    parts: list[str] = []
    for module, group in groupby(found, key=lambda each: each.build.__module__):
        parts.append(f"## {_title(module)}")
        for each in group:
            meaning, _, examples = each.doc.partition("\n\n")
            given = ", ".join(_arguments(each.build))
            shown = f"\n\n```text\n{examples.strip()}\n```" if examples else ""
            parts.append(f"### {each.name}({given})\n\n{' '.join(meaning.split())}{shown}")
    return page("Functions", "The examples are run as tests.", *parts)


def _arguments(build: Callable[..., object]) -> Iterator[str]:
    for name, parameter in inspect.signature(build).parameters.items():
        if name != "world":
            repeated = parameter.kind is inspect.Parameter.VAR_POSITIONAL
            optional = parameter.default is not inspect.Parameter.empty
            yield f"{name}, …" if repeated else f"[{name}]" if optional else name


def jobs() -> str:
    """The life of a job."""
    table = rows(
        ("Transition", "From", "To", "By", "When"),
        (
            (
                each.name.lower().replace("_", " "),
                ", ".join(sorted(source.value for source in each.value.sources)),
                each.value.target.value,
                each.value.who.value,
                each.value.when,
            )
            for each in Transition
        ),
    )
    return page("The life of a job", "Each transition is one transaction on the store.", table)
