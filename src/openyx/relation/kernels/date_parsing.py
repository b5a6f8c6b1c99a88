"""Dates and times read out of text in a format of ``%`` and letters."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial

import polars as pl

from openyx.errors import NotYet
from openyx.fields import DATE, DATETIME, TIME, V_WSTRING, FieldType
from openyx.relation.casts.kernel import mapped, told_of
from openyx.relation.expr import Expr, literal, made
from openyx.relation.kernels.batches import settled
from openyx.relation.kernels.date_formats import Part, parts, spoken
from openyx.relation.kernels.date_patterns import MONTHS, SHORTEST, pattern
from openyx.relation.kernels.date_reading import FINEST, refused, with_digits
from openyx.relation.kernels.texts import text
from openyx.relation.types import native

_MICROS = 1_000_000
_SAME = {"B": "b", "h": "b", "A": "a", "e": "d", "k": "H", "l": "I", "P": "p"}
_WHOLE = {"D": "%m/%d/%y", "T": "%H:%M:%S"}
_OF_DATES = frozenset("yYbmdj")
_OF_TIMES = frozenset("HIMSp")


def parsed(given: Expr, form: Expr, language: Expr, year: int) -> Expr:
    """What a text says in a format: a Date, a Time or a DateTime, as the format has it.

    *year* is the current one, around which years of two digits lie. Null and an error where the text does not fit or
    says a day that there is not.
    """

    def build(wanted: str | None, spoken_: str) -> Callable[[Expr], Expr]:
        if wanted is None:
            return lambda _: literal(None, V_WSTRING)
        spoken(spoken_, "DateTimeParse")
        make = _reader(wanted, year)
        return make if form.constant and language.constant else lambda one: text(make(one))

    return settled(build, V_WSTRING, [form, language], given)


def _reader(form: str, year: int) -> Callable[[Expr], Expr]:
    plan = _Plan(tuple(_spread(form)), year)
    if plan.unread:
        return lambda one: refused(one, pl.lit(f'"%{plan.unread}" cannot be read by DateTimeParse'), V_WSTRING)
    if not plan.complete:
        return lambda one: refused(one, pl.lit(f'The format "{form}" has no year'), V_WSTRING)
    return partial(_parsed, plan=plan, form=form)


def _spread(form: str) -> Iterator[Part]:
    for part in parts(form):
        if part.specifier in _WHOLE:
            yield from parts(_WHOLE[part.specifier])
        else:
            yield Part(_SAME.get(part.specifier, part.specifier), part.text)


def _parsed(given: Expr, plan: _Plan, form: str) -> Expr:
    """An empty text is null and no error (we assume)."""
    type_ = plan.type
    value = mapped(given.native, plan.values, native(type_))
    said = pl.concat_str(pl.lit('"'), pl.col("x"), pl.lit(f'" does not fit the format "{form}"'))
    return made(value, type_, given).failing(told_of(given.native, value, said))


@dataclass(frozen=True)
class _Plan:
    """How a format is read: by a pattern whose groups hold the numbers and names."""

    parts: tuple[Part, ...]
    year: int

    @cached_property
    def _read(self) -> tuple[Mapping[str, str], str]:
        return pattern(self.parts)

    @property
    def _groups(self) -> Mapping[str, str]:
        return self._read[0]

    @cached_property
    def specifiers(self) -> frozenset[str]:
        return frozenset(part.specifier for part in self.parts if part.specifier)

    @property
    def unread(self) -> str:
        """A specifier that cannot be read; empty when there is none."""
        numbered = {part.specifier for part in self.parts if part.digits}
        return min(self.specifiers - numbered - _OF_DATES - _OF_TIMES - frozenset("azZ"), default="")

    @property
    def digits(self) -> int:
        return max((part.digits for part in self.parts), default=0)

    @property
    def timed(self) -> bool:
        return bool(self.specifiers & _OF_TIMES) or self.digits > 0

    @property
    def dated(self) -> bool:
        return bool(self.specifiers & _OF_DATES) or not self.timed

    @property
    def complete(self) -> bool:
        """Whether there is a year; a format of time parts only makes a time (we assume) and needs none."""
        return not self.dated or bool(self.specifiers & {"y", "Y"})

    @property
    def type(self) -> FieldType:
        if self.digits > FINEST:
            raise NotYet(f"DateTimeParse with %{self.digits} (more than {FINEST} fractional digits)")
        if not self.timed:
            return DATE
        return with_digits(DATETIME if self.dated else TIME, self.digits)

    def values(self, texts: pl.Series) -> pl.Series:
        """What the texts say; null for those that do not fit."""
        groups, form = self._read
        found = texts.str.extract_groups(form).struct.unnest()
        fits = pl.col(next(iter(groups.values()))).is_not_null()
        return found.select(pl.when(fits).then(self._value()).alias("value")).to_series()

    def _value(self) -> pl.Expr:
        if not self.timed:
            return self._date()
        if not self.dated:
            return (self._micros() * 1000).cast(pl.Time)
        return self._date().cast(pl.Datetime("us")) + self._micros().cast(pl.Duration("us"))

    def _number(self, specifier: str, otherwise: int) -> pl.Expr:
        group = self._groups.get(specifier)
        given = pl.lit(None, dtype=pl.Int64) if group is None else pl.col(group).cast(pl.Int64)
        return given.fill_null(otherwise)

    def _date(self) -> pl.Expr:
        """A month or day that the format lacks is the first one (we assume)."""
        year, month = self._full_year(), self._month()
        valid = year.is_between(1400, 9999) & month.is_between(1, 12)
        first = pl.date(pl.when(valid).then(year), pl.when(valid).then(month), 1)
        day, length = self._number("d", 1), first.dt.days_in_month()
        if "j" in self._groups and "d" not in self._groups:
            day, length = self._number("j", 1), pl.lit(365) + first.dt.is_leap_year().cast(pl.Int32)
        later = first.cast(pl.Int32) + day.cast(pl.Int32) - 1
        return pl.when((day >= 1) & (day <= length)).then(later).cast(pl.Date)

    def _full_year(self) -> pl.Expr:
        """Two digits mean the year from 66 before to 33 after the current one."""
        group = pl.col(self._groups["Y" if "Y" in self._groups else "y"])
        first = self.year - 66
        near = first + (group.cast(pl.Int64) - first) % 100
        return pl.when(group.str.len_bytes() == 2).then(near).otherwise(group.cast(pl.Int64))

    def _month(self) -> pl.Expr:
        if "b" not in self._groups:
            return self._number("m", 1) if "j" not in self._groups or "d" in self._groups else pl.lit(1, dtype=pl.Int64)
        name = pl.col(self._groups["b"]).str.to_lowercase().str.head(SHORTEST)
        names = [month[:SHORTEST] for month in MONTHS]
        return name.replace_strict(names, list(range(1, 13)), default=None, return_dtype=pl.Int64)

    def _micros(self) -> pl.Expr:
        """Microseconds since midnight, where the time is one."""
        hour, minute, second = self._hour(), self._number("M", 0), self._number("S", 0)
        valid = hour.is_between(0, 23) & minute.is_between(0, 59) & second.is_between(0, 59)
        fraction = self._number(str(self.digits), 0) * 10 ** (FINEST - self.digits)
        micros = ((hour * 60 + minute) * 60 + second) * _MICROS + fraction
        return pl.when(valid).then(micros)

    def _hour(self) -> pl.Expr:
        """``%p`` speaks of ``%I`` only, and without ``%p`` that is the hour of the day (we assume)."""
        if "I" not in self._groups:
            return self._number("H", 0)
        hour = self._number("I", 0)
        kept = pl.when(hour.is_between(1, 12)).then(hour)
        if "p" not in self._groups:
            return kept
        after = pl.col(self._groups["p"]).str.to_lowercase().str.starts_with("p")
        return kept % 12 + pl.when(after).then(12).otherwise(0)
