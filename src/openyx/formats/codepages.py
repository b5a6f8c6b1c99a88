"""Code pages: the numbers that workflow files know, and the codecs they stand for."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import Self

_CODECS = {
    28591: "latin-1",
    65001: "utf-8",
    1200: "utf-16-le",
    1201: "utf-16-be",
    65000: "utf-7",
    20127: "ascii",
    28603: "iso8859-13",
    28605: "iso8859-15",
    54936: "gb18030",
    52936: "hz",
    936: "gbk",
    50220: "iso2022_jp",
    50221: "iso2022_jp",
    50222: "iso2022_jp",
    51932: "euc_jp",
    51949: "euc_kr",
    20866: "koi8-r",
    21866: "koi8-u",
    10000: "mac-roman",
    10006: "mac-greek",
    10007: "mac-cyrillic",
    10029: "mac-latin2",
    37: "cp037",
    **{number: f"iso8859-{number - 28590}" for number in range(28592, 28600)},
    **{number: f"cp{number}" for number in range(1250, 1259)},
    **{number: f"cp{number}" for number in (437, 737, 775, 850, 852, 855, 857, 858, 869, 874, *range(860, 867))},
    **{number: f"cp{number}" for number in (500, 875, 1026, 1140, 932, 949, 950)},
}
_UNICODE = (65001, 1200, 1201)
_MARKS = {"utf-8": codecs.BOM_UTF8, "utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}


@dataclass(frozen=True, slots=True)
class CodePage:
    """How the bytes of a file are text: a Python codec, and whether it can write every character.

    >>> CodePage.of("65001")
    CodePage(codec='utf-8', unicode=True)
    """

    codec: str
    unicode: bool = False

    @property
    def writes_ascii(self) -> bool:
        """Whether the bytes of ASCII stand for themselves, and line feeds for nothing else."""
        plain = bytes(range(0x80))
        try:
            return plain.decode(self.codec).encode() == plain and not self.codec.startswith("iso2022")
        except UnicodeDecodeError:
            return False

    @property
    def narrow(self) -> bool:
        """Whether all that it reads, from any bytes, is in Latin-1."""
        return self == Latin1

    @classmethod
    def of(cls, text: str) -> Self:
        """The code page of that number, or ``UTF16``. Raises ``ValueError`` for one that is not known."""
        word = text.strip()
        if word.upper() == "UTF16":
            return cls("utf-16-le", unicode=True)
        number = int(word) if word.isdecimal() else -1
        if number not in _CODECS:
            raise ValueError(f"code page {word} is not known")
        return cls(_CODECS[number], unicode=number in _UNICODE)

    @property
    def mark(self) -> bytes:
        """Its byte order mark; empty when it has none."""
        return _MARKS.get(self.codec, b"")


Latin1 = CodePage("latin-1")
Utf8 = CodePage("utf-8", unicode=True)


def marked(head: bytes) -> CodePage | None:
    """The code page that a byte order mark at the beginning of *head* tells, if there is one."""
    return next((CodePage(codec, unicode=True) for codec, mark in _MARKS.items() if head.startswith(mark)), None)
