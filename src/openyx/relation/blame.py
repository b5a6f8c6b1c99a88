"""Who is to blame for what goes wrong while records are computed: the tool that made the expression.

    with blame.making(7):
        value = ...  # an expression whose function was given to ``blaming``

The data engine runs it later, in threads of its own, and makes its errors anew; their texts stay.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import ParamSpec, TypeVar

from openyx.errors import WorkflowError

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Maker:
    tool: int
    said: dict[str, int] = field(default_factory=dict[str, int])


_MAKER: ContextVar[_Maker | None] = ContextVar("maker", default=None)


class Blame:
    """What the tools of one run are to blame for."""

    def __init__(self) -> None:
        self._said: dict[str, int] = {}

    @contextmanager
    def making(self, tool: int) -> Generator[None]:
        """Expressions that are made now are those of *tool*."""
        token = _MAKER.set(_Maker(tool, self._said))
        try:
            yield
        finally:
            _MAKER.reset(token)

    def of(self, error: WorkflowError) -> int | None:
        """The tool whose expression raised an error, if one did."""
        return self._said.get(error.message)


def blaming(function: Callable[P, T]) -> Callable[P, T]:
    """The same function; what it raises is remembered for the tool whose expression is made now."""
    maker = _MAKER.get()
    if maker is None:
        return function

    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return function(*args, **kwargs)
        except WorkflowError as error:
            maker.said.setdefault(error.message, maker.tool if error.tool is None else error.tool)
            raise

    return run
