"""What an expression is once it is read; every node knows its place, and can be printed back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from openyx.formula.source import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A part of an expression. Two nodes are equal when they say the same, wherever they stand."""

    at: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Number(Node):
    """``12``, ``.5``, ``1e3``: an integer where it is written as one and fits 64 bits."""

    value: int | float


@dataclass(frozen=True, slots=True)
class Text(Node):
    """``"…"`` or ``'…'``."""

    value: str


@dataclass(frozen=True, slots=True)
class Truth(Node):
    """``True`` or ``False``."""

    value: bool


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A field or constant; ``row`` is how many records further on (+) or back (-) it is read, if it was said."""

    name: str
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Unary(Node):
    """``-``, ``+``, ``!`` before an operand, or ``NOT``, which reads as ``!`` with a looser operand."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Link:
    """An operator and what follows it."""

    operator: str
    operand: Node
    at: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Chain(Node):
    """Operators of one precedence, left to right: ``a + b - c``; ``AND`` and ``OR`` share one."""

    first: Node
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Compare(Node):
    """``= != < <= > >=`` between two operands; ``at`` of ``sign`` is the operator's place."""

    operator: str
    left: Node
    right: Node
    sign: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class In(Node):
    """``value IN (…)`` or ``value NOT IN (…)``."""

    value: Node
    options: tuple[Node, ...]
    negated: bool
    sign: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A function with its arguments; ``sign`` is the place of its name."""

    name: str
    arguments: tuple[Node, ...]
    sign: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Case:
    """A condition of an ``IF`` and the value it leads to."""

    condition: Node
    value: Node


@dataclass(frozen=True, slots=True)
class If(Node):
    """``IF … THEN … ELSEIF … THEN … ELSE … ENDIF``."""

    cases: tuple[Case, ...]
    otherwise: Node


def parts(node: Node) -> Iterator[Node]:
    """The nodes right below *node*, in reading order."""
    match node:
        case Unary():
            yield node.operand
        case Chain():
            yield node.first
            yield from (link.operand for link in node.links)
        case Compare():
            yield from (node.left, node.right)
        case In():
            yield from (node.value, *node.options)
        case Call():
            yield from node.arguments
        case If():
            for case in node.cases:
                yield from (case.condition, case.value)
            yield node.otherwise
        case _:
            return


def within(node: Node) -> Iterator[Node]:
    """*node* and every node below it, in reading order."""
    waiting = [node]
    while waiting:
        here = waiting.pop()
        yield here
        waiting.extend(reversed(list(parts(here))))
