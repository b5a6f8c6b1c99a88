"""The options that say what each job may take and use; the same for all commands that run jobs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from openyx.amounts import seconds, size, spoken_size
from openyx.worker.limits import Limits, Reach

F = TypeVar("F", bound=Callable[..., Any])

LEAST_MEMORY = 100_000_000
"""Bytes; a run that does hardly anything takes half of it."""
_READ_WRITE = ":rw"


class _Amount(click.ParamType[float]):
    """A positive amount, with its unit."""

    def __init__(self, name: str, read: Callable[[str], float], example: str, *, least: int = 0) -> None:
        self.name = name
        self._read = read
        self._example = example
        self._least = least

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The amount in seconds or bytes."""
        try:
            amount = self._read(str(value))
        except ValueError as error:
            self.fail(f"{error}: write {self._example}.", param, ctx)
        if amount <= 0:
            self.fail(f"{value!r} is nothing at all.", param, ctx)
        if amount < self._least:
            self.fail(f"{value!r} is too little for any job: at least {spoken_size(self._least)}.", param, ctx)
        return amount


def run_options(function: F) -> F:
    """``--time-limit``, ``--memory-limit``, ``--output-limit`` and ``--folder``: as ``limits`` and ``reach``."""
    time, sizes = _Amount("duration", seconds, "90s, 15m, 6h or 1d"), "500MB, 4GB or 1TB"
    memory, output = _Amount("size", size, sizes, least=LEAST_MEMORY), _Amount("size", size, sizes)

    @click.option("--time-limit", type=time, metavar="TIME", help="Stop a job that runs longer, such as 6h.")
    @click.option("--memory-limit", type=memory, metavar="SIZE", help="Stop a job that takes more memory, such as 4GB.")
    @click.option("--output-limit", type=output, metavar="SIZE", help="Stop a job that writes more, such as 10GB.")
    @click.option(
        "--folder",
        "folders",
        multiple=True,
        metavar="DIR[:rw]",
        callback=_reach,
        help="A folder that jobs may read, with :rw also write.",
    )
    @wraps(function)
    def with_both(
        *given: Any,
        time_limit: float | None,
        memory_limit: int | None,
        output_limit: int | None,
        folders: Reach,
        **named: Any,
    ) -> Any:
        limits = Limits(time=time_limit, memory=memory_limit, output=output_limit)
        return function(*given, limits=limits, reach=folders, **named)

    return with_both  # type: ignore[return-value] # options come and go, which no type tells


def arguments(limits: Limits, reach: Reach) -> list[str]:
    """The same as arguments of another command."""
    amounts = {"--time-limit": limits.time, "--memory-limit": limits.memory, "--output-limit": limits.output}
    folders = [str(each) for each in reach.readable if each not in reach.writable]
    folders += [f"{each}{_READ_WRITE}" for each in reach.writable]
    told = [f"{name}={amount}" for name, amount in amounts.items() if amount is not None]
    return told + [f"--folder={folder}" for folder in folders]


def _reach(ctx: click.Context, param: click.Parameter, texts: Sequence[str]) -> Reach:
    folders = [(Path(text.removesuffix(_READ_WRITE)), text.endswith(_READ_WRITE)) for text in texts]
    for folder, _ in folders:
        if not folder.is_dir():
            raise click.BadParameter(f"there is no folder {folder}", ctx, param)
    return Reach(
        readable=tuple(folder.resolve() for folder, _ in folders),
        writable=tuple(folder.resolve() for folder, writes in folders if writes),
    )
