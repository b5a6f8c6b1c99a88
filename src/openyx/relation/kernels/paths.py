"""Paths of files as text, with either kind of separator."""

from __future__ import annotations

from openyx.fields import V_WSTRING
from openyx.relation.expr import Expr, made

_NAME = r"[^\\/]*$"


def added(one: Expr, other: Expr) -> Expr:
    """Two paths with just one ``\\`` between."""
    left = one.native.str.replace(r"[\\/]$", "")
    right = other.native.str.replace(r"^[\\/]", "")
    return made(left + "\\" + right, V_WSTRING, one, other)


def folder(path: Expr) -> Expr:
    """The path without the file's name, with the separator at its end: a known macro cuts that off (we assume)."""
    return made(path.native.str.replace(_NAME, ""), V_WSTRING, path)


def ending(path: Expr) -> Expr:
    """The last point of the file's name and what follows; empty when there is none."""
    return made(path.native.str.extract(r"((?:\.[^\\/.]*)?)$"), V_WSTRING, path)


def stem(path: Expr) -> Expr:
    """The file's name without its ending."""
    return made(path.native.str.extract(f"({_NAME})").str.replace(r"\.[^.]*$", ""), V_WSTRING, path)
