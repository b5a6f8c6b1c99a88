"""Regular expressions over text: matching, counting, replacing."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

import polars as pl

from openyx.errors import WorkflowError
from openyx.fields import BOOL, INT64, V_WSTRING, FieldType
from openyx.relation.expr import Expr
from openyx.relation.kernels.batches import batch, settled
from openyx.relation.kernels.dialect import Fit, Pattern, compiled
from openyx.relation.kernels.texts import is_ascii

T = TypeVar("T")

_PATIENCE = 20.0
_FORMAT = re.compile(
    r"\$\$ | \$(?P<whole>&) | \$(?P<before>`) | \$(?P<after>') | \$\{(?P<braced>\w+)\} | \$(?P<number>\d+)"
    r"| \\(?P<back>\d) | \\(?P<case>[ulULE]) | \\(?P<escape>.) | (?P<text>[^$\\]+) | (?P<lone>.)",
    re.VERBOSE | re.DOTALL,
)
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v", "a": "\a", "e": "\x1b"}


def matches(text: Expr, pattern: Expr, ignore_case: Expr) -> Expr:
    """Whether the pattern fits the whole text; false when either is null."""

    def build(wanted: str | None, fold: bool) -> Callable[[Expr], Expr]:
        return _asking(wanted, BOOL, fits_whole, ignore_case=fold, otherwise=False)

    return settled(build, BOOL, [pattern, ignore_case], text)


def match_count(text: Expr, pattern: Expr, ignore_case: Expr) -> Expr:
    """How often the pattern fits, one fit after another; 0 for null."""

    def build(wanted: str | None, fold: bool) -> Callable[[Expr], Expr]:
        return _asking(wanted, INT64, _counted, ignore_case=fold, otherwise=0)

    return settled(build, INT64, [pattern, ignore_case], text)


def substituted(text: Expr, pattern: Expr, new: Expr, ignore_case: Expr) -> Expr:
    """The text with *new* for each fit; a null text is empty, an empty or null pattern fits between all characters."""

    def build(wanted: str | None, other: str | None, fold: bool) -> Callable[[Expr], Expr]:
        def run(values: pl.Series, one: Pattern) -> pl.Series:
            return replaced(values, one, other or "")

        return _asking(wanted or "", V_WSTRING, run, ignore_case=fold, otherwise="")

    return settled(build, V_WSTRING, [pattern, new, ignore_case], text)


def _asking(
    pattern: str | None,
    type_: FieldType,
    run: Callable[[pl.Series, Pattern], pl.Series],
    *,
    ignore_case: bool,
    otherwise: bool | int | str,
) -> Callable[[Expr], Expr]:
    made = None if pattern is None else compiled(pattern, ignore_case=ignore_case)

    def over(values: pl.Series) -> pl.Series:
        if made is None:
            return pl.Series([otherwise] * len(values))
        return run(values, made).fill_null(otherwise)

    return lambda text: batch(over, type_, text)


def fits_whole(values: pl.Series, pattern: Pattern) -> pl.Series:
    """Whether the pattern fits the whole of each text; null for null."""
    if pattern.native is not None and is_ascii(values):
        flags, rest = pattern.native.split(")", 1)
        return values.str.contains(f"{flags})\\A(?:{rest})\\z")

    def fits(value: str, timeout: float) -> bool:
        return pattern.engine.fullmatch(value, timeout=timeout) is not None

    found = [None if value is None else patient(fits, pattern, value) for value in values.to_list()]
    return pl.Series(found, dtype=pl.Boolean)


def _counted(values: pl.Series, pattern: Pattern) -> pl.Series:
    if pattern.native is not None and not pattern.can_be_empty and is_ascii(values):
        return values.str.count_matches(pattern.native).cast(pl.Int64)

    def count(value: str, timeout: float) -> int:
        return sum(1 for _ in pattern.engine.finditer(value, timeout=timeout))

    found = [None if value is None else patient(count, pattern, value) for value in values.to_list()]
    return pl.Series(found, dtype=pl.Int64)


def replaced(values: pl.Series, pattern: Pattern, new: str) -> pl.Series:
    """The texts with *new* for each fit; null stays null."""
    groups = pattern.engine.groups
    native = _native_format(new, groups)
    if pattern.native is not None and native is not None and not pattern.can_be_empty and is_ascii(values):
        return values.str.replace_all(pattern.native, native)
    fill = formatted(new)

    def swap(value: str, timeout: float) -> str:
        return pattern.engine.sub(fill, value, timeout=timeout)

    found = [None if value is None else patient(swap, pattern, value) for value in values.to_list()]
    return pl.Series(found, dtype=pl.String)


def patient(run: Callable[[str, float], T], pattern: Pattern, value: str) -> T:
    """``run(value, seconds)``; a ``WorkflowError`` where the pattern takes more seconds than that."""
    try:
        return run(value, _PATIENCE)
    except TimeoutError as error:
        said = f'matching the pattern "{pattern.engine.pattern}" took more than {_PATIENCE:.0f} s for one value'
        raise WorkflowError(
            said, hint="nested repetitions such as (a+)+ take time that doubles per character"
        ) from error


def _native_format(new: str, groups: int) -> str | None:
    pieces: list[str] = []
    for piece in _FORMAT.finditer(new):
        match piece.lastgroup, piece[piece.lastgroup or 0]:
            case None, _:
                pieces.append("$$")
            case "text", text:
                pieces.append(text)
            case "whole", _:
                pieces.append("${0}")
            case (("braced" | "number" | "back"), digits) if digits.isdigit() and int(digits) <= groups:
                pieces.append(f"${{{int(digits)}}}")
            case _:
                return None
    return "".join(pieces)


@lru_cache(maxsize=512)
def formatted(new: str) -> Callable[[Fit], str]:
    """What to put in the place of a fit: Perl's ``$1``, ``${name}``, ``$&`` and the runs of case ``\\U…\\E``."""
    pieces = [(piece.lastgroup, piece[piece.lastgroup or 0]) for piece in _FORMAT.finditer(new)]

    def fill(found: Fit) -> str:
        out, case, once = "", "", ""
        for kind, text in pieces:
            if kind == "case":
                case, once = (case, text) if text in "ul" else ("" if text == "E" else text, once)
                continue
            value = _value(found, kind, text)
            value = value.upper() if case == "U" else value.lower() if case == "L" else value
            if once and value:
                value = (value[0].upper() if once == "u" else value[0].lower()) + value[1:]
                once = ""
            out += value
        return out

    return fill


def _value(found: Fit, kind: str | None, text: str) -> str:
    match kind:
        case None:
            return "$"
        case "whole":
            return found.group() or ""
        case "before":
            return found.string[: found.start()]
        case "after":
            return found.string[found.end() :]
        case "braced" | "number" | "back":
            return _group(found, text)
        case "escape":
            return _CONTROLS.get(text, text)
        case _:
            return text


def _group(found: Fit, name: str) -> str:
    """A group's text; empty when it took no part or does not exist."""
    if name.isdigit():
        return (found.group(int(name)) or "") if int(name) <= len(found.groups()) else ""
    return found.groupdict().get(name) or ""
