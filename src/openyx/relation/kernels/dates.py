"""Dates and times in expressions: fields as they are, and ISO text, which may be a date, a time or both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime

import polars as pl

from openyx.fields import DATE, DATETIME, INT64, TIME, V_WSTRING, FieldType, Kind
from openyx.relation.convert import convert
from openyx.relation.expr import Expr, literal, made
from openyx.relation.kernels.batches import batch, settled
from openyx.relation.kernels.texts import text

Build = Callable[..., Callable[..., Expr]]

_TIME_FORM = r"^[0-9]{2}:"
_FRACTION = r":[0-9]{2}\.([0-9]{1,18})"
_WEEK = 7


def instant(value: datetime, digits: int = 0) -> Expr:
    """The same date and time for every record, its zone forgotten, with *digits* behind the second's point."""
    native = pl.lit(value.replace(tzinfo=None, microsecond=0 if digits == 0 else value.microsecond), pl.Datetime("us"))
    return replace(literal(None, with_digits(DATETIME, digits)), native=native)


def day(value: date) -> Expr:
    """The same date for every record."""
    return replace(literal(None, DATE), native=pl.lit(value, pl.Date()))


def with_digits(type: FieldType, digits: int) -> FieldType:  # noqa: A002 - the field's own word
    """The type of a Time or DateTime that has at least so many digits behind the second's point."""
    plain = {Kind.TIME: TIME, Kind.DATETIME: DATETIME}[type.kind].size
    return replace(type, size=max(type.size, plain + 1 + digits if digits else plain))


def reading(
    build: Build,
    type: FieldType,  # noqa: A002 - the field's own word
    moments: Sequence[Expr],
    told: Sequence[Expr] = (),
    others: Sequence[Expr] = (),
    *,
    precise: Callable[..., bool] = lambda *_: True,
) -> Expr:
    """``build(*values)(*moments, *others)``, where *told* gives the values; the moments are Date, Time or DateTime.

    Text is read as what it looks like. Where that, or a value, differs from record to record, the result is of *type*;
    else *build* decides. Null for a moment or a value gives null. ``precise(*values)`` tells whether the function minds
    fractions of a second; where it does not, more digits than a field can hold do no harm.
    """
    moments = [replace(literal(None, V_WSTRING), faults=one.faults) if one.void else one for one in moments]
    shapes, many = [_shape(moment) for moment in moments], len(moments)
    given = [*shapes, *told]
    fixed = all(one.constant for one in given)

    def built(*values: str | None) -> Callable[..., Expr]:
        if any(value is None for value in values):
            return lambda *_: literal(None, type)
        function, minds = build(*values[many:]), precise(*values[many:])

        def run(*operands: Expr) -> Expr:
            read = [_read(one, str(shape), minds) for one, shape in zip(operands[:many], values, strict=False)]
            result = function(*(replace(one, faults=()) for one in read), *operands[many:])
            result = result.failing(*(fault for one in read for fault in one.faults))
            return result if fixed or result.type == type else text(result)

        return run

    return settled(built, type, given, *moments, *others)


def _shape(moment: Expr) -> Expr:
    if moment.type.is_date:
        return literal(f"{moment.type.kind} {moment.type.size}")
    return batch(_shapes, V_WSTRING, moment)


def _shapes(texts: pl.Series) -> pl.Series:
    """A function reads text of ten characters as a date, what begins like a time as a time, and else both (we assume).

    Each by the rules of the field of that type.
    """
    value = pl.lit(texts)
    digits = value.str.extract(_FRACTION).str.len_bytes().cast(pl.Int64) + 1
    time = value.str.contains(_TIME_FORM)
    short = value.str.len_chars() == DATE.size
    shape = (
        pl.when(time)
        .then(pl.format("Time {}", TIME.size + digits.fill_null(0)))
        .when(short)
        .then(pl.lit(f"Date {DATE.size}"))
        .when(value.is_not_null())
        .then(pl.format("DateTime {}", DATETIME.size + digits.fill_null(0)))
    )
    return pl.select(shape).to_series()


def _read(moment: Expr, shape: str, precise: bool) -> Expr:
    kind, _, size = shape.partition(" ")
    return convert(moment, FieldType.of(kind, int(size) if precise else None))


def stamp(moment: Expr) -> pl.Expr:
    """A Date or DateTime as date and time; a Time on the first day that the engine counts from."""
    if moment.type.kind is Kind.TIME:
        return (moment.native.cast(pl.Int64) // 1000).cast(pl.Datetime("us"))
    return moment.native.cast(pl.Datetime("us"))


def if_dated(since: pl.Expr, length: int) -> pl.Expr:
    """What counts from 1970-01-01, *length* to a day, where it is a date that there can be."""
    least, end = pl.date(1400, 1, 1).cast(pl.Int64) * length, pl.date(10_000, 1, 1).cast(pl.Int64) * length
    return pl.when((since >= least) & (since < end)).then(since)


def told_if_lost(result: Expr, *operands: Expr) -> Expr:
    """The result, and an error where it is null though no operand is: it is no date that there can be."""
    given = pl.all_horizontal(*(operand.native.is_not_null() for operand in operands))
    lost = given & result.native.is_null()
    return result.failing(pl.when(lost).then(pl.lit("The date is not between 1400-01-01 and 9999-12-31")))


def refused(moment: Expr, said: pl.Expr, type: FieldType) -> Expr:  # noqa: A002 - the field's own word
    """Null, and *said* of each moment that is there."""
    return literal(None, type).failing(pl.when(moment.native.is_not_null()).then(said))


def undated(moment: Expr, type: FieldType) -> Expr:  # noqa: A002 - the field's own word
    """Null and an error, for a time where a date is needed."""
    return refused(moment, pl.format('"{}" has no date', text(moment).native), type)


def dated(function: Callable[[Expr], Expr]) -> Callable[[Expr], Expr]:
    """*function*, which makes a number of a date: a time gives null and an error."""
    return lambda moment: undated(moment, INT64) if moment.type.kind is Kind.TIME else function(moment)


def _number(moment: Expr, native: pl.Expr) -> Expr:
    return made(native.cast(pl.Int64), INT64, moment)


def _plain(*_: object) -> bool:
    return False


def year(moment: Expr) -> Expr:
    """The year; null and an error for a time."""
    return _date_part(moment, lambda value: value.dt.year())


def month(moment: Expr) -> Expr:
    """The month from 1 to 12; null and an error for a time."""
    return _date_part(moment, lambda value: value.dt.month())


def day_of_month(moment: Expr) -> Expr:
    """The day of the month; null and an error for a time."""
    return _date_part(moment, lambda value: value.dt.day())


def hour(moment: Expr) -> Expr:
    """The hour; 0 for a date."""
    return _time_part(moment, lambda value: value.dt.hour())


def minute(moment: Expr) -> Expr:
    """The minute; 0 for a date."""
    return _time_part(moment, lambda value: value.dt.minute())


def second(moment: Expr) -> Expr:
    """The whole seconds (we assume), 0 for a date."""
    return _time_part(moment, lambda value: value.dt.second())


def _date_part(moment: Expr, part: Callable[[pl.Expr], pl.Expr]) -> Expr:
    take = dated(lambda one: _number(one, part(one.native)))
    return reading(lambda: take, INT64, [moment], precise=_plain)


def _time_part(moment: Expr, part: Callable[[pl.Expr], pl.Expr]) -> Expr:
    def take(one: Expr) -> Expr:
        return _number(one, part(stamp(one)))

    return reading(lambda: take, INT64, [moment], precise=_plain)


def quarter(moment: Expr, first: Expr) -> Expr:
    """The quarter, where the first one starts in month *first*; null and an error for a month that is none."""

    def build(start: int) -> Callable[[Expr], Expr]:
        if not 1 <= start <= 12:
            return lambda one: refused(one, pl.lit(f"{start} is no month"), INT64)
        return dated(lambda one: _number(one, (one.native.dt.month().cast(pl.Int64) - start) % 12 // 3 + 1))

    return reading(build, INT64, [moment], told=[first], precise=_plain)


def week_of_year(moment: Expr, first_day: Expr) -> Expr:
    """The week of the year: week 1 holds the first of January (we assume)."""

    def build(start: int) -> Callable[[Expr], Expr]:
        if not 0 <= start <= _WEEK:
            return lambda one: refused(one, pl.lit(f"{start} is no day of the week"), INT64)

        def count(one: Expr) -> Expr:
            ordinal = one.native.dt.ordinal_day().cast(pl.Int64) - 1
            # How many days of the week passed when the year began.
            before = (one.native.dt.weekday().cast(pl.Int64) - start - ordinal) % _WEEK
            return _number(one, (ordinal + before) // _WEEK + 1)

        return dated(count)

    return reading(build, INT64, [moment], told=[first_day], precise=_plain)


def work_days(start: Expr, end: Expr, first_day: Expr) -> Expr:
    """The working days from *start* to *end*, both counted, less than 0 when *end* comes first (we assume).

    The first five days of a week are worked (we assume).
    """

    def build(monday: int) -> Callable[[Expr, Expr], Expr]:
        def count(one: Expr, other: Expr) -> Expr:
            if not 0 <= monday <= _WEEK:
                return refused(one, pl.lit(f"{monday} is no day of the week"), INT64)
            if Kind.TIME in (one.type.kind, other.type.kind):
                return undated(one if one.type.kind is Kind.TIME else other, INT64)
            days = [stamp(moment).dt.date().cast(pl.Int64) for moment in (one, other)]
            least, greatest = pl.min_horizontal(days), pl.max_horizontal(days)
            worked = _worked_before(greatest + 1, monday) - _worked_before(least, monday)
            known = one.native.is_not_null() & other.native.is_not_null()
            return made(pl.when(known).then(pl.when(days[1] < days[0]).then(-worked).otherwise(worked)), INT64)

        return count

    return reading(build, INT64, [start, end], told=[first_day], precise=_plain)


def _worked_before(days: pl.Expr, first_day: int) -> pl.Expr:
    """How many days were worked before a day, counted in days since 1970-01-01, a Thursday."""
    since = days + (4 - first_day)
    return since // _WEEK * 5 + pl.min_horizontal(since % _WEEK, 5)


def day_of_week(given: Expr) -> Expr:
    """The day on which a week starts, as a number: 0 or 7 is Sunday, 1 Monday; an English name will do (we assume)."""
    if not given.type.is_text:
        return given
    names = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
    found = given.native.str.to_lowercase().str.head(3)
    number = found.replace_strict(names, list(range(_WEEK)), default=-1, return_dtype=pl.Int64)
    return replace(made(number, INT64, given), constant=given.constant, leaf=given.leaf)
