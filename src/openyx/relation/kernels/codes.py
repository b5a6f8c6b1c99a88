"""Text and numbers in other notations: bits, hexadecimal, characters, code pages, checksums, addresses, sounds."""

from __future__ import annotations

import hashlib
import random
import re
import uuid
from collections.abc import Callable, Sequence
from functools import partial
from urllib.parse import quote

import polars as pl

from openyx.fields import DOUBLE, INT64, V_WSTRING
from openyx.relation.expr import Expr, literal, made
from openyx.relation.kernels.batches import each, each_text

_BITS = re.compile(r"\s*([+-]?)([01]{1,64})\s*")
_HEX = re.compile(r"\s*(?:0[xX])?([0-9a-fA-F]{1,16})\s*")
_LIKE_SOUNDS = ("BFPV", "CGJKQSXZ", "DT", "L", "MN", "R")
_SOUNDS = {letter: digit for digit, letters in enumerate(_LIKE_SOUNDS, 1) for letter in letters}
_CODE_PAGES = {
    65001: "utf-8",
    1200: "utf-16-le",
    1201: "utf-16-be",
    20127: "ascii",
    28591: "latin-1",
    28605: "iso8859-15",
}


def bits_to_integer(text: Expr) -> Expr:
    """What binary digits say; exactly 32 or 64 of them without a sign are two's complement; null for anything else."""

    def read(value: str) -> int | None:
        found = _BITS.fullmatch(value)
        if not found:
            return None
        number = int(found[2], 2)
        if not found[1]:
            return _signed(number, len(found[2])) if len(found[2]) in (32, 64) else number
        number = -number if found[1] == "-" else number
        return number if -(2**63) <= number < 2**63 else None

    return each_text(read, INT64, text)


def _signed(number: int, bits: int) -> int:
    return number - 2**bits if number >= 2 ** (bits - 1) else number


def hex_to_integer(text: Expr) -> Expr:
    """What hexadecimal digits say; 16 of them with the top bit set are negative; null for anything else."""

    def read(value: str) -> int | None:
        found = _HEX.fullmatch(value)
        return _signed(int(found[1], 16), 64) if found else None

    return each_text(read, INT64, text)


def integer_to_bits(number: Expr) -> Expr:
    """Binary digits; of a negative number those of its 64-bit two's complement (we assume)."""
    return each_text(partial(_digits_of, form="b"), V_WSTRING, number)


def integer_to_hex(number: Expr) -> Expr:
    """Hexadecimal digits in capitals; of a negative number those of its 64-bit two's complement (we assume)."""
    return each_text(partial(_digits_of, form="X"), V_WSTRING, number)


def _digits_of(value: int, *, form: str) -> str:
    return format(value & 0xFFFFFFFFFFFFFFFF, form)


def character(number: Expr) -> Expr:
    """The Unicode character of that number; null for 0, surrogates and what is none."""

    def make(value: int) -> str | None:
        return chr(value) if 0 < value <= 0x10FFFF and not 0xD800 <= value <= 0xDFFF else None

    return each_text(make, V_WSTRING, number)


def code_point(text: Expr) -> Expr:
    """The number of the first character; null for none."""

    def read(value: str) -> int | None:
        return ord(value[0]) if value else None

    return each_text(read, INT64, text)


def to_code_page(text: Expr, page: Expr) -> Expr:
    """The bytes of the text in a code page, each as the Latin-1 character of its number; null for an unknown page."""
    return each_text(partial(_recoded, back=False), V_WSTRING, text, page)


def from_code_page(text: Expr, page: Expr) -> Expr:
    """The text whose bytes in a code page stand in Latin-1 characters; null for an unknown page."""
    return each_text(partial(_recoded, back=True), V_WSTRING, text, page)


def _recoded(value: str, page: int | None, *, back: bool) -> str | None:
    coding = _CODE_PAGES.get(page or 0, f"cp{page}")
    try:
        if back:
            return value.encode("latin-1", errors="replace").decode(coding, errors="replace")
        return value.encode(coding, errors="replace").decode("latin-1")
    except LookupError:  # a code page that does not exist
        return None


def checksum(text: Expr, coding: str) -> Expr:
    """The MD5 of the text's bytes in a coding, in small hexadecimal letters; what it lacks counts as ``?``."""

    def digest(value: str) -> str:
        return hashlib.md5(value.encode(coding, errors="replace"), usedforsecurity=False).hexdigest()

    return each_text(digest, V_WSTRING, text)


def url_encoded(text: Expr) -> Expr:
    """Percent-encoding of RFC 3986 over UTF-8."""
    return each_text(partial(quote, safe="~"), V_WSTRING, text)


def url_encoded_old(text: Expr) -> Expr:
    """The older percent-encoding: one byte up to U+00FF, ``%uXXXX`` beyond; reserved characters stay (we assume)."""

    def encode(value: str) -> str:
        units = value.encode("utf-16-le")
        numbers = [units[place] + 256 * units[place + 1] for place in range(0, len(units), 2)]
        return "".join(_old_unit(number) for number in numbers)

    return each_text(encode, V_WSTRING, text)


def _old_unit(number: int) -> str:
    if number > 255:
        return f"%u{number:04X}"
    letter = chr(number)
    return letter if number < 128 and (letter.isalnum() or letter in "-_.~:/?#[]@!$&'()*+,;=%") else f"%{number:02X}"


def sound(text: Expr) -> Expr:
    """The Soundex of the text: a letter and three digits."""
    return each_text(_sound, V_WSTRING, text)


def digits_or_sound(text: Expr) -> Expr:
    """The first four digits of the text, or its Soundex when it has none."""

    def make(value: str) -> str:
        return "".join(re.findall("[0-9]", value))[:4] or _sound(value)

    return each_text(make, V_WSTRING, text)


def _sound(value: str) -> str:
    letters = [letter for letter in value.upper() if "A" <= letter <= "Z"]
    if not letters:
        return ""
    digits, last = "", _SOUNDS.get(letters[0])
    for letter in letters[1:]:
        digit = _SOUNDS.get(letter)
        if digit and digit != last:
            digits += str(digit)
        # H and W do not part two like sounds, vowels do.
        last = last if letter in "HW" else digit
    return letters[0] + (digits + "000")[:3]


def _drawn(make: Callable[[], object], dtype: pl.DataType, record: Expr | None) -> pl.Expr:
    if record is None:
        return pl.lit(make(), dtype=dtype)

    def run(series: Sequence[pl.Series]) -> pl.Series:
        return pl.Series([make() for _ in range(len(series[0]))], dtype=dtype)

    return pl.map_batches([record.native], run, return_dtype=dtype, is_elementwise=True)


def random_number(chance: random.Random, record: Expr | None) -> Expr:
    """A number from 0 up to and without 1, drawn for each record."""
    return made(_drawn(chance.random, pl.Float64(), record), DOUBLE)


def random_integer(chance: random.Random, greatest: Expr, record: Expr | None) -> Expr:
    """A whole number from 0 to *greatest*, both included, drawn for each record; 0 for null."""

    def draw(value: int | None, _: object) -> int:
        return 0 if value is None else int(chance.random() * (abs(value) + 1)) * (1 if value >= 0 else -1)

    return each(draw, INT64, greatest, literal(None) if record is None else record)


def random_uuid(chance: random.Random, record: Expr | None) -> Expr:
    """A random identifier, drawn for each record."""

    def draw() -> str:
        return str(uuid.UUID(int=chance.getrandbits(128), version=4))

    return made(_drawn(draw, pl.String(), record), V_WSTRING)
