"""What a formula function is, and the kinds of value it takes; a decorated function is found by looking."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

from openyx.fields import Family
from openyx.formula.context import Context
from openyx.relation.expr import Expr
from openyx.relation.kernels.logic import truth
from openyx.relation.kernels.numbers import double, number, spilling, whole
from openyx.relation.kernels.texts import text


def _unchanged(expr: Expr) -> Expr:
    return expr


@dataclass(frozen=True, slots=True)
class Takes:
    """A kind of argument or result: its family (none: every one), and how a function gets it."""

    name: str
    family: Family | None
    adapt: Callable[[Expr], Expr] = _unchanged
    shared: bool = False


STRING = Takes("String", Family.TEXT, text)
MOMENT = Takes("Date", Family.TEXT)
NUMBER = Takes("Number", Family.NUMBER, number)
DOUBLE = Takes("Double", Family.NUMBER, double)
INTEGER = Takes("Integer", Family.NUMBER, whole)
BOOL = Takes("Bool", Family.NUMBER, truth)
ANYTHING = Takes("Anything", None)
SAME = Takes("Same", None, shared=True)
ALIKE = Takes("Alike", None, shared=True)
"""``STRING`` gets dates as ISO text, ``MOMENT`` as they are. ``NUMBER`` is an Int64 or a Double, ``INTEGER`` is cut
toward zero, ``BOOL`` is never null. The ``SAME`` of one call are all of one family, as is a result that is ``SAME``; so
are the ``ALIKE``."""


@dataclass(frozen=True, slots=True)
class World:
    """What a function may look at beside its arguments; ``record`` is any field, for its number of records."""

    context: Context
    record: Expr | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A function of the language; ``most`` is its greatest number of arguments (none: no limit).

    ``by_chance``: it gives something else each time.
    """

    name: str
    takes: tuple[Takes, ...]
    returns: Takes
    build: Callable[..., Expr]
    least: int
    most: int | None
    worldly: bool
    lazy: bool
    repeats: int = 1
    by_chance: bool = False

    @property
    def doc(self) -> str:
        """What it does, with examples."""
        return inspect.getdoc(self.build) or ""

    def kind(self, place: int) -> Takes:
        """What the argument at *place* must be; the last kinds repeat."""
        beyond = max(0, place - len(self.takes) + 1)
        return self.takes[place - -(-beyond // self.repeats) * self.repeats]

    def fits(self, count: int) -> bool:
        """Whether it takes that many arguments."""
        if self.most is not None:
            return self.least <= count <= self.most
        return count >= self.least and (count - self.least) % self.repeats == 0

    def call(self, arguments: Sequence[Expr], world: World) -> Expr:
        """The values of a call; the arguments have been checked."""
        build = partial(self.build, world) if self.worldly else self.build
        given = [self.kind(place).adapt(argument) for place, argument in enumerate(arguments)]
        return build(*given) if self.lazy else spilling(build, *given)


def function(
    name: str,
    takes: tuple[Takes, ...] = (),
    *,
    returns: Takes,
    lazy: bool = False,
    repeats: int = 1,
    by_chance: bool = False,
) -> Callable[[Callable[..., Expr]], Function]:
    """Make the decorated function the language's *name*.

    Its parameters are the arguments: those with a default may be left out, ``*values`` takes any number, and a first
    parameter called ``world`` gets the :class:`World`. It may mention an argument as often as it likes, unless it is
    *lazy*: that one gets the arguments with their faults, mentions each once and guards what it does not choose.
    Of any number of arguments the last kinds of *takes* repeat, in groups of *repeats*. One *by_chance* gives something
    else each time.
    """

    def decorate(build: Callable[..., Expr]) -> Function:
        parameters = list(inspect.signature(build).parameters.values())
        worldly = bool(parameters) and parameters[0].name == "world"
        arguments = parameters[1:] if worldly else parameters
        named = [one for one in arguments if one.kind is not inspect.Parameter.VAR_POSITIONAL]
        least = sum(one.default is inspect.Parameter.empty for one in named)
        most = len(named) if len(named) == len(arguments) else None
        return Function(name, takes, returns, build, least, most, worldly, lazy or worldly, repeats, by_chance)

    return decorate


def discover(package: ModuleType) -> Mapping[str, Function]:
    """The functions in the modules of *package*, by their names in lower case.

    Raises ``RuntimeError`` when two claim a name, or when there is none.
    """
    found: dict[str, Function] = {}
    for module in iter_modules(package.__path__, package.__name__ + "."):
        members: dict[str, Any] = vars(import_module(module.name))
        for member in members.values():
            if isinstance(member, Function) and member.build.__module__ == module.name:
                known = found.setdefault(member.name.lower(), member)
                if known is not member:
                    raise RuntimeError(f"{member.name} is claimed by {known.build} and by {member.build}")
    if not found:
        raise RuntimeError(f"no function is to be found in {package.__name__}")
    return found
