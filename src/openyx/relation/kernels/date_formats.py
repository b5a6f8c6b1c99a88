"""Dates and times written in a format of ``%`` and letters."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import partial

import polars as pl

from openyx.errors import NotYet
from openyx.fields import V_WSTRING, Kind
from openyx.relation.expr import Expr, made
from openyx.relation.kernels.date_reading import FINEST, reading, refused, stamp, undated
from openyx.relation.kernels.date_zones import ByDay, zone

_PART = re.compile(r"%(?:(1[0-8]|[1-9])|(.))|([^%]+)|(%)$", re.DOTALL)
# A minus, for a number without a zero in front, comes in no format of the language.
_OF_DATES = frozenset("aAbBcCdDehjmuUwWxyY") | {"-d", "-m"}
_OF_TIMES = frozenset("HIklMpPSTX") | {"-H"}
_OF_ZONES = frozenset("zZ")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a format: a *specifier* (its letter, or a number of fractional digits as text), or plain *text*."""

    specifier: str = ""
    text: str = ""

    @property
    def digits(self) -> int:
        """How many fractional digits of the second it stands for."""
        return int(self.specifier) if self.specifier.isdigit() else 0


def parts(form: str) -> Iterator[Part]:
    """The pieces of a format; ``%%`` is a percent sign, and so is a last one that stands alone.

    >>> [part.specifier or part.text for part in parts("%Y-%m.%10")]
    ['Y', '-', 'm', '.', '10']
    """
    for found in _PART.finditer(form):
        digits, letter, text, lone = found.groups()
        if letter == "%" or lone:
            yield Part(text="%")
        elif text:
            yield Part(text=text)
        else:
            yield Part(specifier=digits or letter)


def spoken(language: str, function: str) -> None:
    """Make sure that names are wanted in English.

    Raises ``NotYet`` for any other language.
    """
    if language.strip().lower() not in ("", "english"):
        raise NotYet(f"{function} in the language {language}")


def formatted(moment: Expr, form: Expr, language: Expr, name: Expr, here: tzinfo) -> Expr:
    """The moment in a format.

    The zone is that of the moment, *here* when its name is empty; it is written and changes nothing else (we assume).
    Null and an error for a specifier that there is not, for a time where the format wants a date, and for a zone that
    there is not.
    """

    def build(wanted: str, spoken_: str, named: str) -> Callable[[Expr], Expr]:
        spoken(spoken_, "DateTimeFormat")
        place = zone(named) if named else here
        if place is None:
            return lambda one: refused(one, pl.lit(f'"{named}" is no time zone'), V_WSTRING)
        return partial(_formatted, pieces=list(parts(wanted)), place=place)

    return reading(build, V_WSTRING, [moment], told=[form, language, name], precise=_minds_fractions)


def written(moment: Expr, pieces: Sequence[Part], here: tzinfo) -> Expr:
    """The moment as *pieces* say, else as ``formatted``; ``-d``, ``-m`` and ``-H`` are without a zero in front."""
    make = partial(_formatted, pieces=list(pieces), place=here)
    return reading(lambda: make, V_WSTRING, [moment], precise=lambda: any(part.digits for part in pieces))


def _minds_fractions(form: str, *_: str) -> bool:
    return any(part.digits for part in parts(form))


def _formatted(moment: Expr, pieces: list[Part], place: tzinfo) -> Expr:
    specifiers = {part.specifier for part in pieces if part.specifier and not part.digits}
    unknown = sorted(specifiers - _OF_DATES - _OF_TIMES - _OF_ZONES)
    if unknown:
        return refused(moment, pl.lit(f'"%{unknown[0]}" is not a specifier of DateTimeFormat'), V_WSTRING)
    if moment.type.kind is Kind.TIME and specifiers & (_OF_DATES | _OF_ZONES):
        return undated(moment, V_WSTRING)
    written = [_written(run, moment, place) for run in _runs(pieces)]
    if not written:
        return made(pl.when(moment.native.is_not_null()).then(pl.lit("")), V_WSTRING)
    return made(written[0] if len(written) == 1 else pl.concat_str(written), V_WSTRING)


def _runs(pieces: list[Part]) -> Iterator[list[Part]]:
    """Pieces that the engine writes together, and each of the others alone."""
    run: list[Part] = []
    for part in pieces:
        if part.digits or part.specifier in _OF_ZONES:
            if run:
                yield run
            yield [part]
            run = []
        else:
            run.append(part)
    if run:
        yield run


def _written(run: list[Part], moment: Expr, place: tzinfo) -> pl.Expr:
    value, first = stamp(moment), run[0]
    if first.digits:
        fraction = value.dt.to_string("%6f")
        return fraction.str.head(first.digits) if first.digits <= FINEST else fraction.str.pad_end(first.digits, "0")
    if first.specifier in _OF_ZONES:
        ask = ByDay(partial(_in_zone, place=place, letter=first.specifier), pl.String())
        return value.map_batches(ask, return_dtype=pl.String(), is_elementwise=True)
    return value.dt.to_string("".join(_native(part) for part in run))


def _in_zone(when: datetime, *, place: tzinfo, letter: str) -> str:
    return when.replace(tzinfo=place).strftime(f"%{letter}")


def _native(part: Part) -> str:
    return _local(part.specifier) if part.specifier else part.text.replace("%", "%%")


def _local(letter: str) -> str:
    """``%c``, ``%x`` and ``%X`` follow the machine's locale: here they are written as in the C locale (we assume)."""
    return {"c": "%a %b %e %H:%M:%S %Y", "x": "%m/%d/%y", "X": "%H:%M:%S"}.get(letter, f"%{letter}")
