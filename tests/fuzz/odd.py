"""Values that nobody expects: texts, numbers and names as bad input holds them, drawn by chance."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")

NUMBERS = (
    "0",
    "1",
    "-1",
    "2",
    "3",
    "10",
    "255",
    "256",
    "-32769",
    "2147483648",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775809",
    "1e308",
    "1e309",
    "-1e-400",
    "0.1",
    "-0.0",
    "19.2",
    "38.38",
    "1.",
    ".5",
    "NaN",
    "-inf",
    "Infinity",
    "+7",
    "0x10",
    "1_000",
    "1,5",
    "٣",
    "²",
    "9" * 40,
    "9" * 5_000,
    "-" + "9" * 400,
)
TEXTS = (
    "",
    " ",
    "\t",
    "\n",
    "\r\n",
    "True",
    "false",
    "T",
    "yes",
    "None",
    "null",
    "*",
    "**",
    "?",
    "^a.*$",
    "(a+)+$",
    "(?<x",
    "(?<=a)b",
    "[",
    "[[]]",
    "]",
    "()",
    "\\",
    "\\1",
    "$1",
    "${9}",
    "%",
    "%%",
    "%User.x%",
    "%Engine.TempFilePath%",
    "%Question.Nobody%",
    "'",
    '"',
    "<x/>",
    "&amp;",
    "{0}",
    "%s",
    "#1",
    "#99",
    "*Unknown",
    "é",
    "ﬁ",
    "ß",
    "İ",
    "\u00a0",
    "\u200b",
    "\u2028",
    "\ufeff",
    "😀",
    "e\u0301",
    "\u202eabc",
    "\U0010ffff",
    "x" * 300,
    "é" * 5_000,
    "../../elsewhere.csv",
    "..",
    ".",
    "/",
    "/etc/passwd",
    "C:\\x.csv",
    "\\\\server\\share\\x.csv",
    "aka:someone|||select 1",
    "data/orders.csv",
    "data",
    "data/*.csv",
    "book.xlsx|||Sheet1",
    "2021-02-30",
    "2021-01-01",
    "0000-00-00",
    "99999-01-01 25:61:61",
    "1400-01-01",
    "12:00:00",
    "%Y-%m-%d",
    "dd-MM-yyyy",
    "yyyy",
    "a,b;c|d",
    "\\t\\n",
    "1|2|3",
    "Sum",
    "Output",
)
FIELDS = ("a", "b", "c", "n", "x", "d", "t", "when", "yes", "dec", "A", "Right_a", "^a.*$", "*", "nobody")


def pick(chance: Random, choices: Sequence[T]) -> T:
    """One of them."""
    return choices[chance.randrange(len(choices))]


def one_in(chance: Random, many: int) -> bool:
    """True once in so many times."""
    return chance.randrange(many) == 0


def number(chance: Random) -> str:
    """A number, or what looks like one."""
    return str(chance.randrange(-3, 30)) if one_in(chance, 2) else pick(chance, NUMBERS)


def word(chance: Random) -> str:
    """Some characters of any kind."""
    return "".join(chr(pick(chance, (97, 65, 48, 32, 39, 0xE9, 0x4E2D, 0x1F600))) for _ in range(chance.randrange(6)))


def text(chance: Random) -> str:
    """Anything."""
    kind = chance.randrange(10)
    if kind < 5:
        return pick(chance, TEXTS)
    if kind < 7:
        return pick(chance, NUMBERS)
    if kind < 8:
        return pick(chance, FIELDS)
    return word(chance)
