"""Expressions: grown from the grammar over the functions that there are, then spoiled."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from openyx.formula.functions import functions
from tests.fuzz import odd

_OPERATORS = ("+", "-", "*", "/", "=", "==", "!=", "<>", "<", "<=", ">", ">=", "AND", "OR", "&&", "||")
_PIECES = (
    *("(", ")", "[", "]", ",", "'", '"', "//", "/*", "*/", "\n", " ", ".", "%", "!", "NOT", "IN", "IF", "THEN", "ELSE"),
    *(
        "ELSEIF",
        "ENDIF",
        "NULL()",
        "[Row-1:a]",
        "[Row+99999999999:a]",
        "[",
        "]]",
        "&",
        "|",
        "=>",
        "1e",
        "0x",
        "é",
        "\\",
    ),
)
_ODDITIES: tuple[Callable[[Random], str], ...] = (
    lambda chance: "(" * 3_000 + "1" + ")" * 3_000,
    lambda chance: "-" * 3_000 + "1",
    lambda chance: "1" + "+1" * 3_000,
    lambda chance: "'" + "x" * 100_000 + "'",
    lambda chance: "IF " * 500 + "1",
    lambda chance: "Max(" + ",".join("a" for _ in range(500)) + ")",
    lambda chance: "[a] IN (" + ",".join(str(each) for each in range(500)) + ")",
)


def expression(chance: Random) -> str:
    """An expression, often one that is none."""
    if odd.one_in(chance, 400):
        return odd.pick(chance, _ODDITIES)(chance)
    grown = _grown(chance, chance.randrange(5))
    return _spoiled(chance, grown) if odd.one_in(chance, 3) else grown


def _grown(chance: Random, depth: int) -> str:
    if depth <= 0:
        return _leaf(chance)
    kind = chance.randrange(10)
    if kind < 4:
        return _call(chance, depth)
    if kind < 7:
        return f"{_grown(chance, depth - 1)} {odd.pick(chance, _OPERATORS)} {_grown(chance, depth - 1)}"
    if kind == 7:
        condition, one, other = (_grown(chance, depth - 1) for _ in range(3))
        return f"IF {condition} THEN {one} ELSE {other} ENDIF"
    if kind == 8:
        items = ", ".join(_grown(chance, 0) for _ in range(chance.randrange(4)))
        return f"{_grown(chance, depth - 1)} {odd.pick(chance, ('IN', 'NOT IN'))} ({items})"
    return f"{odd.pick(chance, ('(', '-(', 'NOT (', '!('))}{_grown(chance, depth - 1)})"


def _call(chance: Random, depth: int) -> str:
    function = odd.pick(chance, list(functions().values()))
    most = function.least + 3 if function.most is None else function.most
    count = chance.randrange(function.least, most + 1) if most > function.least else function.least
    if odd.one_in(chance, 20):
        count = chance.randrange(6)
    return f"{function.name}({', '.join(_grown(chance, depth - 1) for _ in range(count))})"


def _leaf(chance: Random) -> str:
    kind = chance.randrange(10)
    if kind < 4:
        return f"[{odd.pick(chance, odd.FIELDS)}]"
    if kind < 6:
        return odd.number(chance)
    if kind < 9:
        mark = odd.pick(chance, ("'", '"'))
        return f"{mark}{odd.text(chance).replace(mark, '')}{mark}"
    return odd.pick(chance, ("NULL()", "True", "False", "a", "[Engine.Version]", "%User.x%", "[Row-1:a]"))


def _spoiled(chance: Random, grown: str) -> str:
    for _ in range(chance.randrange(1, 4)):
        at, end = sorted((chance.randrange(len(grown) + 1), chance.randrange(len(grown) + 1)))
        piece = odd.pick(chance, (*_PIECES, grown[at:end]))
        end = min(end, at + 3) if odd.one_in(chance, 2) else at
        grown = grown[:at] + piece + grown[end:]
    return grown
