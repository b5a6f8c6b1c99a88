"""Writes an expression: what it prints reads back as the same nodes."""

from __future__ import annotations

import math

from openyx.formula.nodes import Call, Chain, Compare, If, In, Name, Node, Number, Text, Truth, Unary
from openyx.formula.parser import LEVELS, LOOSEST, not_operand_level
from openyx.formula.walk import Walk, walk

_DEEPEST = 100_000


def show(node: Node) -> str:
    """*node* as text, with the parentheses that it needs."""
    return walk(_show(node), deepest=_DEEPEST)


def bracketed(name: str) -> str:
    """A field as an expression.

    >>> bracketed("A (1)] x")
    '[A (1)]] x]'
    """
    return f"[{name.replace(']', ']]')}]"


def quoted(text: str) -> str:
    """A text as an expression; the language has no escapes, so a text with both quotes is put together.

    >>> quoted("it's")
    '"it\\'s"'
    """
    if '"' not in text:
        return f'"{text}"'
    if "'" not in text:
        return f"'{text}'"
    return "(" + " + '\"' + ".join(f'"{part}"' for part in text.split('"')) + ")"


def _show(node: Node) -> Walk[str]:
    match node:
        case Number():
            return _number(node.value)
        case Text():
            return quoted(node.value)
        case Truth():
            return str(node.value)
        case Name():
            return bracketed(node.name if node.row is None else f"Row{node.row:+d}:{node.name}")
        case Unary():
            level = not_operand_level() if node.operator == "NOT" else 0
            return node.operator + (" " if level else "") + (yield _within(node.operand, level))
        case Chain():
            level = LEVELS[node.links[0].operator]
            pieces = [(yield _within(node.first, level))]
            for link in node.links:
                pieces.append(f"{link.operator} {(yield _within(link.operand, level - 1))}")  # noqa: PERF401 - a comprehension cannot yield
            return " ".join(pieces)
        case Compare():
            level = LEVELS[node.operator]
            left, right = (yield _within(node.left, level)), (yield _within(node.right, level - 1))
            return f"{left} {node.operator} {right}"
        case In():
            value = yield _within(node.value, LEVELS["IN"])
            return f"{value} {'NOT ' if node.negated else ''}IN ({(yield _listed(node.options))})"
        case Call():
            return f"{node.name}({(yield _listed(node.arguments))})"
        case If():
            return (yield _if(node))
        case _:
            raise TypeError(f"{type(node).__name__} is no part of an expression")


def _if(node: If) -> Walk[str]:
    pieces: list[str] = []
    for case in node.cases:
        condition, value = (yield _show(case.condition)), (yield _show(case.value))
        pieces.append(f"{'ELSEIF' if pieces else 'IF'} {condition} THEN {value}")
    return f"{' '.join(pieces)} ELSE {(yield _show(node.otherwise))} ENDIF"


def _listed(nodes: tuple[Node, ...]) -> Walk[str]:
    shown: list[str] = []
    for node in nodes:
        shown.append((yield _show(node)))  # noqa: PERF401 - a comprehension cannot yield
    return ", ".join(shown)


def _within(node: Node, loosest: int) -> Walk[str]:
    text = yield _show(node)
    return f"({text})" if _level(node) > loosest else text


def _level(node: Node) -> int:
    match node:
        case Chain():
            return LEVELS[node.links[0].operator]
        case Compare():
            return LEVELS[node.operator]
        case In():
            return LEVELS["IN"]
        case Unary(operator="NOT"):
            return LOOSEST
        case _:
            return 0


def _number(value: float) -> str:
    return "1e999" if math.isinf(value) else repr(value)
