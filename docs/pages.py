"""What the reference pages say: each is made from docstrings and declarations."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from itertools import groupby
from typing import Any

import click

from docs.printing import page, rows
from openyx import errors as tree
from openyx.api.contract import endpoints as declared
from openyx.cli.shell.app import app
from openyx.queue.life import Transition
from openyx.queue.queue import LEASE
from openyx.settings import SETTINGS
from openyx.store import MOST_ATTEMPTS, Ending


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
    lease = (
        f"A worker holds a job for a lease of {LEASE.total_seconds():.0f} seconds, and prolongs it while it lives. "
        "A lease is over when another worker has seen nothing of it for its whole length, by a stopwatch of its own: "
        "clocks that are set do not matter. Only then is the job taken from its worker. "
        "A job that is held is cancelled by its worker, which is asked to."
    )
    settings = (
        f"How often a job may begin whose worker vanishes is a setting of its workflow, from 1 to {MOST_ATTEMPTS}; "
        f"{MOST_ATTEMPTS} where nothing is said, and with 1 it is not run again. So is how many of its jobs may run at "
        "once. `yx settings` shows and changes both, `yx jobs show` shows the attempts, each of which ended as "
        f"{', '.join(f'`{each.value}`' for each in Ending)}, or goes on."
    )
    return page("The life of a job", "Each transition is one transaction on the store.", table, lease, settings)
