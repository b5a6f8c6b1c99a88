"""The vendor's regular expressions (Boost, Perl syntax) in the words of the two engines that run them here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import polars as pl
import regex  # type: ignore[import-untyped] # it has no stubs; Fit and Engine say what is used of it

from openyx.errors import FormulaError

FLAGS: int = regex.DOTALL | regex.MULTILINE | regex.VERSION0
"""``.`` matches a newline, ``^`` and ``$`` match at lines (Boost's defaults, we assume)."""

_PIECES = re.compile(
    r"""
      \\Q (?P<quoted> .*?) (?: \\E | \Z)
    | \\x\{ (?P<code> [0-9A-Fa-f]+) \}
    | \\c (?P<control> [A-Za-z@\[\]^_])
    | \\k (?: < (?P<k1> \w+) > | \{ (?P<k2> \w+) \} | ' (?P<k3> \w+) ')
    | \\g (?: \{ (?P<g1> \w+) \} | (?P<g2> \d+) )
    | \(\?' (?P<group> \w+) '
    | \\ (?P<escape> .)
    | (?P<word> \[\[:[<>]:\]\] )
    | (?P<set> \[ \^? \]? (?: \[:\^?\w+:\] | \\. | [^\]\\] )* \] )
    | (?P<other> .)
    """,
    re.VERBOSE | re.DOTALL,
)
_SET_ESCAPES = {
    "l": r"\p{Ll}",
    "u": r"\p{Lu}",
    "L": r"\P{Ll}",
    "U": r"\P{Lu}",
    "h": r"\t\p{Zs}",
    "v": r"\n\x0b\x0c\r\x85\u2028\u2029",
    "e": r"\x1b",
}
_ESCAPES = {
    "h": r"[\t\p{Zs}]",
    "v": r"[\n\x0b\x0c\r\x85\u2028\u2029]",
    "<": r"\m",
    ">": r"\M",
    "z": r"\Z",
    "Z": r"(?=\n*\Z)",
    "`": r"\A",
    "'": r"\Z",
}
_CASED = {"l": r"\p{Ll}\p{Lu}\p{Lt}", "u": r"\p{Ll}\p{Lu}\p{Lt}"}
# What means the same to both engines on ASCII text.
_COMMON = re.compile(
    r"""
    (?: [A-Za-z0-9 !"'#%&,/:;<=>@_`~-]                  # themselves
      | \\ [dDwWsSbB.\\/()\[\]{}+*?|^$-] | \\[tnr]
      | \[ \^? (?: [A-Za-z0-9 !"'#%,/:;<=>@_`.+*?|$(){}-] | \\[dws.\\/()\[\]{}+*?|^$-] )+ \]
      | \( (?: \?: | (?! \?) ) | \) | [.|^$]
      | (?: [*+?] | \{ \d{1,3} (?: , \d{0,3} )? \} ) \?? (?! [*+?{] )
    )*
    """,
    re.VERBOSE | re.DOTALL,
)
_REPEATED = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\{(?P<least>\d+)(?:,\d*)?\}|.", re.DOTALL)
_DIGITS = 9
LONGEST = 100_000
_NO_WIDTH = re.compile(r"(?<!\\)(?:\\\\)*(?:\\[bB]|[\^$])")
_SET = re.compile(r"\[\^?(?:\\.|[^\]\\])+\]")
_DOUBLED = re.compile(r"--|&&|~~|\|\|")


class Fit(Protocol):
    """A place where a pattern fits."""

    @property
    def string(self) -> str: ...
    def start(self) -> int: ...
    def end(self) -> int: ...
    def group(self, name: int | str = 0, /) -> str | None: ...
    def groups(self) -> tuple[str | None, ...]: ...
    def groupdict(self) -> dict[str, str | None]: ...


class Engine(Protocol):
    """A pattern in the engine that knows the whole dialect."""

    @property
    def pattern(self) -> str: ...
    @property
    def groups(self) -> int: ...
    def fullmatch(self, string: str, *, timeout: float) -> Fit | None: ...
    def finditer(self, string: str, *, timeout: float) -> Iterator[Fit]: ...
    def sub(self, repl: Callable[[Fit], str], string: str, *, timeout: float) -> str: ...


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression, ready to run; ``native`` is for the data engine, where it means the same on ASCII text."""

    engine: Engine
    native: str | None
    can_be_empty: bool


@lru_cache(maxsize=512)
def compiled(pattern: str, *, ignore_case: bool) -> Pattern:
    """The pattern in both engines.

    Raises ``FormulaError`` for one that is none.
    """
    flags = FLAGS | (regex.IGNORECASE if ignore_case else 0)
    if written_out(pattern) > LONGEST:
        raise FormulaError(f"The regular expression is longer than {LONGEST:,} signs, with its repetitions written out")
    try:
        made: Engine = regex.compile(translated(pattern, ignore_case=ignore_case), flags)
    except (regex.error, OverflowError) as error:
        raise FormulaError(f'"{pattern}" is not a regular expression: {error}') from error
    except RecursionError as error:
        raise FormulaError("The regular expression nests too deeply") from error
    native = _native(pattern, ignore_case=ignore_case)
    return Pattern(made, native, native is None or _can_be_empty(pattern))


def written_out(pattern: str) -> int:
    """How many signs a pattern has with its repetitions written out, as the engine keeps them.

    >>> written_out("a(bc){3}"), written_out("((ab){100}){100}")
    (10, 30100)
    """
    sums, last = [0], 0
    for found in _REPEATED.finditer(pattern):
        if found["least"]:
            more = last * (max(int(found["least"][:_DIGITS]), 1) - 1)
            last, sums[-1] = last + more, sums[-1] + more
            continue
        if found[0] == "(":
            sums.append(0)
        last = sums.pop() + 1 if found[0] == ")" and len(sums) > 1 else int(found[0] != "(")
        sums[-1] += last
    return sum(sums)


def has_anchors(pattern: str) -> bool:
    """Whether a native pattern looks at what stands around a fit: ``^``, ``$``, word borders.

    >>> has_anchors(r"a\\b"), has_anchors(r"[^a]")
    (True, False)
    """
    return _NO_WIDTH.search(_SET.sub("", pattern)) is not None


def translated(pattern: str, *, ignore_case: bool) -> str:
    """The pattern in the words of the ``regex`` package.

    >>> translated(r"\\Qa.b\\E\\u{2}", ignore_case=False)
    'a\\\\.b\\\\p{Lu}{2}'
    """
    return "".join(_piece(piece, ignore_case=ignore_case) for piece in _PIECES.finditer(pattern))


def _piece(piece: re.Match[str], *, ignore_case: bool) -> str:
    match piece.lastgroup, piece[piece.lastgroup or 0]:
        case "quoted", text:
            return re.escape(text)
        case "code", digits:
            return re.escape(chr(min(int(digits, 16), 0x10FFFF)))
        case "control", letter:
            return f"\\x{ord(letter.upper()) ^ 64:02x}"
        case (("k1" | "k2" | "k3" | "g1" | "g2"), name):
            return f"(?:\\{name})" if name.isdigit() else f"(?P={name})"
        case "group", name:
            return f"(?P<{name}>"
        case "escape", letter:
            return _escape(letter, ignore_case=ignore_case)
        case "word", text:
            return r"\m" if "<" in text else r"\M"
        case "set", text:
            return _set(text, ignore_case=ignore_case)
        case _:
            return piece[0]


def _escape(letter: str, *, ignore_case: bool) -> str:
    if letter in _ESCAPES:
        return _ESCAPES[letter]
    if ignore_case and letter in _CASED:
        return f"[{_CASED[letter]}]"
    return _SET_ESCAPES.get(letter, f"\\{letter}")


def _set(text: str, *, ignore_case: bool) -> str:
    def escape(found: re.Match[str]) -> str:
        letter = found[1]
        return _CASED[letter] if ignore_case and letter in _CASED else _SET_ESCAPES.get(letter, found[0])

    return re.sub(r"\\(.)", escape, text, flags=re.DOTALL)


def _native(pattern: str, *, ignore_case: bool) -> str | None:
    if not _COMMON.fullmatch(pattern) or _DOUBLED.search(pattern):
        return None
    native = f"(?sm{'i' if ignore_case else ''}){pattern}"
    try:
        pl.Series([""]).str.contains(native)
    except pl.exceptions.ComputeError:  # too large, or a nesting of quantifiers that this engine refuses
        return None
    return native


def _can_be_empty(pattern: str) -> bool:
    """Whether it may match nothing at all: there the engines differ in where they look next."""
    try:
        return regex.fullmatch(_NO_WIDTH.sub("", pattern), "") is not None
    except regex.error:  # an anchor that was all of a group, or was repeated
        return True
