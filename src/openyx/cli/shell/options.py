"""The options that many commands take; each may stand before the command's name or behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click

from openyx.cli.shell.session import Session

F = TypeVar("F", bound=Callable[..., Any])


def _kept(name: str) -> Callable[[click.Context, click.Parameter, Any], None]:
    def keep(ctx: click.Context, _: click.Parameter, value: Any) -> None:
        if value:
            setattr(ctx.ensure_object(Session), name, value)

    return keep


def json_option(function: F) -> F:
    """``--json``: the REST API's own records on standard output, errors as JSON on standard error."""
    text = "Print JSON, and errors as JSON on standard error."
    return click.option("--json", is_flag=True, expose_value=False, callback=_kept("json"), help=text)(function)


def profile_option(function: F) -> F:
    """``--profile``: which gallery."""
    return click.option(
        "--profile",
        metavar="NAME",
        expose_value=False,
        callback=_kept("profile"),
        help="The gallery to use, as `yx login --profile NAME` stored it.",
    )(function)


def quiet_option(function: F) -> F:
    """``--quiet``: no talk on standard error; errors are still told."""
    text = "Say nothing but errors."
    return click.option("-q", "--quiet", is_flag=True, expose_value=False, callback=_kept("quiet"), help=text)(function)


def common_options(function: F) -> F:
    """``--profile``, ``--json`` and ``--quiet`` together."""
    return profile_option(json_option(quiet_option(function)))


def refuse(why: str, given: Mapping[str, bool]) -> None:
    """A usage error that names the options of these that are *given*: they are *why*, and would count for nothing."""
    names = [name for name, there in given.items() if there]
    if names:
        raise click.UsageError(f"{' and '.join(names)} {'is' if len(names) == 1 else 'are'} {why}.")


pass_session = click.make_pass_decorator(Session, ensure=True)
"""Gives the command its session as the first argument."""
