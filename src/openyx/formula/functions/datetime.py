"""Functions of dates and times. They take dates of fields and ISO text alike; other text is null and an error.

A text of ten characters is a date; with units of days and more it stays one. What needs a date refuses a time.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import tzinfo

from openyx.errors import FormulaError
from openyx.fields import BOOL, DATE, DATETIME, V_WSTRING, FieldType
from openyx.formula.context import Context
from openyx.formula.shelf import ANYTHING, INTEGER, MOMENT, NUMBER, STRING, World, function
from openyx.relation.convert import convert
from openyx.relation.expr import Expr, literal, made
from openyx.relation.kernels import date_formats, date_parsing, date_reading, date_units, date_zones, dates
from openyx.relation.kernels.numbers import whole


@function("DateTimeAdd", (MOMENT, INTEGER, STRING), returns=MOMENT)
def datetime_add(moment: Expr, count: Expr, unit: Expr) -> Expr:
    """*moment* and *count* units, cut to a whole number; a day that the month lacks becomes its last one.

    DateTimeAdd("2016-01-30", 1, "month")      -> "2016-02-29"
    DateTimeAdd("2016-03-30", -1, "month")     -> "2016-02-29"
    DateTimeAdd("2010-01-01", -1, "days")      -> "2009-12-31"
    DateTimeAdd("2016-02-29", 1, "years")      -> "2017-02-28"
    DateTimeAdd("2016-01-01", 1.9, "DAYS")     -> "2016-01-02"
    DateTimeAdd("2016-01-01", 1, "hour")       -> "2016-01-01 01:00:00"
    DateTimeAdd("2016-01-31 10:20:30", 1, "mon") -> "2016-02-29 10:20:30"
    DateTimeAdd("2016-03-30 01:02:03.000000", 495, "microseconds") -> "2016-03-30 01:02:03.000495"
    Right(DateTimeAdd("2016-03-30 01:02:03", 5, "1"), 4) -> "03.5"
    DateTimeAdd("13:05:23", 30, "minutes")     -> "13:35:23"
    DateTimeAdd("23:50:00", 30, "minutes")     -> "00:20:00"
    DateTimeAdd("9999-12-31", 1, "days")       -> Null(), The date is not between 1400-01-01 and 9999-12-31
    DateTimeAdd("2016-01-30", 1, "fortnight")  -> Null(), "fortnight" is not a unit of time
    DateTimeAdd("30.01.2016", 1, "days")       -> Null(), "30.01.2016" is not a valid Date
    DateTimeAdd(Null(), 1, "days")             -> Null()
    DateTimeAdd("2016-01-30", Null(), "days")  -> Null()
    DateTimeAdd("2016-01-30", 1, Null())       -> Null()
    """
    return date_units.added(moment, count, unit)


@function("DateTimeDiff", (MOMENT, MOMENT, STRING), returns=NUMBER)
def datetime_diff(later: Expr, earlier: Expr, unit: Expr) -> Expr:
    """The whole units from *earlier* to *later*; months and years are full at the same day and time.

    DateTimeDiff("2024-01-18", "2024-01-15", "days")     -> 3
    DateTimeDiff("2024-01-15", "2024-01-18", "days")     -> -3
    DateTimeDiff("2016-02-15 00:00:00", "2016-01-15 00:00:01", "Seconds") -> 2678399
    DateTimeDiff("2016-02-15 23:59:59", "2016-01-16 00:00:01", "months")  -> 0
    DateTimeDiff("2016-02-15", "2016-01-15", "months")   -> 1
    DateTimeDiff("2016-01-15", "2016-02-14", "months")   -> 0
    DateTimeDiff("2016-01-15", "2017-01-15", "years")    -> -1
    DateTimeDiff("2016-01-02 00:00:00", "2016-01-01 00:00:01", "days")    -> 0
    DateTimeDiff("13:05:23", "12:00:00", "minutes")      -> 65
    DateTimeDiff("2016-02-15", "12:00:00", "days")       -> Null(), "12:00:00" has no date
    DateTimeDiff("2016-02-15", Null(), "days")           -> Null()
    """
    return date_units.difference(later, earlier, unit)


@function("DateTimeTrim", (MOMENT, STRING), returns=MOMENT)
def datetime_trim(moment: Expr, unit: Expr) -> Expr:
    """*moment* without what is smaller than *unit*; or the ``firstofmonth``, or the last second of the ``lastofmonth``.

    DateTimeTrim("2016-12-07 16:03:00", "year")         -> "2016-01-01 00:00:00"
    DateTimeTrim("2016-12-07 16:03:00", "month")        -> "2016-12-01 00:00:00"
    DateTimeTrim("2016-12-07 16:03:00", "hours")        -> "2016-12-07 16:00:00"
    DateTimeTrim("2016-12-07 16:03:05.678", "seconds")  -> "2016-12-07 16:03:05"
    Right(DateTimeTrim("2016-12-07 16:03:05.678", "ds"), 4) -> "05.6"
    DateTimeTrim("2016-12-07 16:03:00", "firstofmonth") -> "2016-12-01 00:00:00"
    DateTimeTrim("2016-12-07 16:03:00", "lastofmonth")  -> "2016-12-31 23:59:59"
    DateTimeTrim("2016-12-07", "firstofmonth")          -> "2016-12-01"
    DateTimeTrim("16:03:05", "minutes")                 -> "16:03:00"
    DateTimeTrim("16:03:05", "month")                   -> Null(), "16:03:05" has no date
    DateTimeTrim(Null(), "month")                       -> Null()
    """
    return date_units.trimmed(moment, unit)


@function("DateTimeYear", (MOMENT,), returns=NUMBER)
def datetime_year(moment: Expr) -> Expr:
    """The year.

    DateTimeYear("2017-03-24 11:43:23") -> 2017
    DateTimeYear("2017-02-29")          -> Null(), "2017-02-29" is not a valid Date
    DateTimeYear(Null())                -> Null()
    """
    return dates.year(moment)


@function("DateTimeMonth", (MOMENT,), returns=NUMBER)
def datetime_month(moment: Expr) -> Expr:
    """The month, from 1 to 12.

    DateTimeMonth("2017-03-24 11:43:23") -> 3
    DateTimeMonth("11:43:23")            -> Null(), "11:43:23" has no date
    """
    return dates.month(moment)


@function("DateTimeDay", (MOMENT,), returns=NUMBER)
def datetime_day(moment: Expr) -> Expr:
    """The day of the month.

    DateTimeDay("2017-03-24 11:43:23") -> 24
    DateTimeDay("11:43:23")            -> Null(), "11:43:23" has no date
    """
    return dates.day_of_month(moment)


@function("DateTimeHour", (MOMENT,), returns=NUMBER)
def datetime_hour(moment: Expr) -> Expr:
    """The hour, from 0 to 23.

    DateTimeHour("2017-03-24 11:43:23") -> 11
    DateTimeHour("11:43:23")            -> 11
    DateTimeHour("2017-03-24")          -> 0
    """
    return dates.hour(moment)


@function("DateTimeMinutes", (MOMENT,), returns=NUMBER)
def datetime_minutes(moment: Expr) -> Expr:
    """The minute, from 0 to 59.

    DateTimeMinutes("2017-03-24 11:43:23") -> 43
    """
    return dates.minute(moment)


@function("DateTimeSeconds", (MOMENT,), returns=NUMBER)
def datetime_seconds(moment: Expr) -> Expr:
    """The whole seconds, from 0 to 59.

    DateTimeSeconds("2017-03-24 11:43:23")              -> 23
    DateTimeSeconds("2017-03-24 11:43:23.999999999999") -> 23
    """
    return dates.second(moment)


@function("DateTimeQuarter", (MOMENT, INTEGER), returns=NUMBER)
def datetime_quarter(moment: Expr, first_month: Expr | None = None) -> Expr:
    """The quarter, from 1 to 4; *first_month* is the month in which the first one starts.

    DateTimeQuarter("2016-02-15")     -> 1
    DateTimeQuarter("2016-12-31")     -> 4
    DateTimeQuarter("2016-02-15", 4)  -> 4
    DateTimeQuarter("2016-04-01", 4)  -> 1
    DateTimeQuarter("2016-02-15", 13) -> Null(), 13 is no month
    DateTimeQuarter(Null())           -> Null()
    """
    return dates.quarter(moment, literal(1) if first_month is None else first_month)


@function("DateTimeWeekNum", (MOMENT, ANYTHING), returns=NUMBER)
def datetime_week_num(moment: Expr, first_day: Expr | None = None) -> Expr:
    """The week of the year; *first_day* is the day on which a week starts, Sunday when it is left out (we assume).

    DateTimeWeekNum("2016-01-01")           -> 1
    DateTimeWeekNum("2016-01-02")           -> 1
    DateTimeWeekNum("2016-01-03")           -> 2
    DateTimeWeekNum("2016-01-03", "Monday") -> 1
    DateTimeWeekNum("2016-01-04", 1)        -> 2
    DateTimeWeekNum("2016-12-31")           -> 53
    DateTimeWeekNum("2016-12-31", Null())   -> Null()
    """
    return dates.week_of_year(moment, _week_day(literal(0) if first_day is None else first_day))


@function("DateTimeWorkDays", (MOMENT, MOMENT, ANYTHING), returns=NUMBER)
def datetime_work_days(start: Expr, end: Expr, first_day: Expr | None = None) -> Expr:
    """The working days from *start* to *end*, both counted; five from *first_day* on, Monday when it is left out.

    DateTimeWorkDays("2016-02-15", "2016-02-19")           -> 5
    DateTimeWorkDays("2016-02-15", "2016-02-21")           -> 5
    DateTimeWorkDays("2016-02-20", "2016-02-21")           -> 0
    DateTimeWorkDays("2016-02-15", "2016-03-15")           -> 22
    DateTimeWorkDays("2016-02-19", "2016-02-15")           -> -5
    DateTimeWorkDays("2016-02-14", "2016-02-20", "Sunday") -> 5
    """
    return dates.work_days(start, end, _week_day(literal(1) if first_day is None else first_day))


def _week_day(given: Expr) -> Expr:
    return dates.day_of_week(given if given.type.is_text else whole(given))


@function("DateTimeFormat", (MOMENT, STRING, STRING, STRING), returns=STRING)
def datetime_format(
    world: World, moment: Expr, form: Expr, language: Expr | None = None, zone: Expr | None = None
) -> Expr:
    """*moment* in the format *form*, with names in English; *zone* is for ``%z`` and ``%Z``.

    DateTimeFormat("2008-04-22", "%d-%m-%Y")              -> "22-04-2008"
    DateTimeFormat("2008-04-22", "%d-%b-%y")              -> "22-Apr-08"
    DateTimeFormat("2008-04-22", "%A, %d %B, %Y")         -> "Tuesday, 22 April, 2008"
    DateTimeFormat("2008-04-02", "%e %C %j %U %W %u %w")  -> " 2 20 093 13 13 3 3"
    DateTimeFormat("2008-04-22 13:05:06", "%I:%M:%S %p")  -> "01:05:06 PM"
    DateTimeFormat("2008-04-22 13:05:06", "%k %l %P %T")  -> "13  1 pm 13:05:06"
    DateTimeFormat("2008-04-22 13:05:06.789", "%S.%2")    -> "06.78"
    DateTimeFormat("13:05:06", "%H.%M")                   -> "13.05"
    DateTimeFormat("2008-07-22", "%z", Null(), "Europe/Berlin") -> "+0200"
    DateTimeFormat("2008-04-22", "100%%")                 -> "100%"
    DateTimeFormat("13:05:06", "%Y")                      -> Null(), "13:05:06" has no date
    DateTimeFormat("2008-04-22", "%Q")                    -> Null(), "%Q" is not a specifier of DateTimeFormat
    DateTimeFormat("22-04-2008", "%Y")                    -> Null(), "22-04-2008" is not a valid Date
    DateTimeFormat(Null(), "%Y")                          -> Null()
    DateTimeFormat("2008-04-22", Null())                  -> Null()
    """
    return date_formats.formatted(moment, form, _or_none(language), _or_none(zone), _here(world.context))


@function("DateTimeParse", (STRING, STRING, STRING, STRING), returns=MOMENT)
def datetime_parse(
    world: World, text: Expr, form: Expr, language: Expr | None = None, zone: Expr | None = None
) -> Expr:
    """The date, the time, or both, that *text* says in the format *form*, names in English; *zone* changes nothing.

    DateTimeParse("2016/28-03", "%Y/%d-%m")                 -> "2016-03-28"
    DateTimeParse("1/2/1993 5:06:07", "%m/%d/%Y %H:%M:%S")  -> "1993-01-02 05:06:07"
    DateTimeParse("20160328131415", "%Y%m%d%H%M%S")         -> "2016-03-28 13:14:15"
    DateTimeParse("3 SEPT. 12", "%d %b %y")                 -> "2012-09-03"
    DateTimeParse("Tues., 3 march 2015", "%A, %d %B %Y")    -> "2015-03-03"
    DateTimeParse("12:05:06 am 2/1/2015", "%I:%M:%S %p %d/%m/%Y") -> "2015-01-02 00:05:06"
    DateTimeParse("Jul 2015", "%b %Y")                      -> "2015-07-01"
    DateTimeParse("2016 060", "%Y %j")                      -> "2016-02-29"
    DateTimeParse("5:06", "%H:%M")                          -> "05:06:00"
    DateTimeParse("at noon, 2016-03-28", "*, %Y-%m-%d")     -> "2016-03-28"
    Right(DateTimeParse("2016-03-28 10:11:12.250", "%Y-%m-%d %H:%M:%S.%3"), 6) -> "12.250"
    DateTimeParse("2016-03-28 10:11:12", "%Y-%m-%d")        -> "2016-03-28"
    DateTimeParse("2016-03-28!", "%Y-%m-%d")                -> Null(), "2016-03-28!" does not fit the format "%Y-%m-%d"
    DateTimeParse("2015-02-29", "%Y-%m-%d")                 -> Null(), "2015-02-29" does not fit the format "%Y-%m-%d"
    DateTimeParse("2015-13-01", "%Y-%m-%d")                 -> Null(), "2015-13-01" does not fit the format "%Y-%m-%d"
    DateTimeParse("3 Foo 2015", "%d %b %Y")                 -> Null(), "3 Foo 2015" does not fit the format "%d %b %Y"
    DateTimeParse("28.03.", "%d.%m.")                       -> Null(), The format "%d.%m." has no year
    DateTimeParse("12", "%U")                               -> Null(), "%U" cannot be read by DateTimeParse
    DateTimeParse(Null(), "%Y")                             -> Null()
    DateTimeParse("2016", Null())                           -> Null()
    """
    parsed = date_parsing.parsed(text, form, _or_none(language), world.context.now.year)
    return parsed if zone is None else parsed.failing(*zone.faults)


def _or_none(given: Expr | None) -> Expr:
    """A language or a zone that is left out or null is none."""
    none = literal("")
    if given is None:
        return none
    if given.constant:
        return replace(none, faults=given.faults) if given.value() is None else given
    return made(given.native.fill_null(""), V_WSTRING, given)


def _here(context: Context) -> tzinfo:
    zone = context.now.tzinfo
    return date_zones.MachineZone() if zone is None else zone


@function("DateTimeNow", (STRING,), returns=MOMENT)
def datetime_now(world: World, zone: Expr | None = None) -> Expr:
    """The date and time at which the run looked at the clock, in the machine's zone or in *zone*.

    DateTimeNow()             -> "2026-11-24 10:30:15"
    DateTimeNow("Asia/Tokyo") -> "2026-11-24 19:30:15"
    """
    return date_zones.now_in(_or_none(zone), world.context.now, literal(0))


@function("DateTimeNowPrecise", (INTEGER, STRING), returns=MOMENT)
def datetime_now_precise(world: World, digits: Expr, zone: Expr | None = None) -> Expr:
    """Like DateTimeNow, with so many digits behind the point of the second.

    Right(DateTimeNowPrecise(3), 6)               -> "15.000"
    DateTimeNowPrecise(0)                         -> "2026-11-24 10:30:15"
    DateTimeNowPrecise(Null())                    -> Null()
    Length(DateTimeNowPrecise(6, "Europe/Paris")) -> 26
    """
    return date_zones.now_in(_or_none(zone), world.context.now, digits)


@function("DateTimeStart", returns=MOMENT)
def datetime_start(world: World) -> Expr:
    """The date and time at which the run started.

    DateTimeStart() -> "2026-11-24 10:30:15"
    """
    return date_reading.instant(world.context.start)


@function("DateTimeToday", returns=MOMENT)
def datetime_today(world: World) -> Expr:
    """Today's date.

    DateTimeToday() -> "2026-11-24"
    """
    return date_reading.day(world.context.now.date())


@function("DateTimeFirstOfMonth", returns=MOMENT)
def datetime_first_of_month(world: World) -> Expr:
    """The first second of this month.

    DateTimeFirstOfMonth() -> "2026-11-01 00:00:00"
    """
    return date_units.trimmed(date_reading.instant(world.context.now), literal("firstofmonth"))


@function("DateTimeLastOfMonth", returns=MOMENT)
def datetime_last_of_month(world: World) -> Expr:
    """The last second of this month.

    DateTimeLastOfMonth() -> "2026-11-30 23:59:59"
    """
    return date_units.trimmed(date_reading.instant(world.context.now), literal("lastofmonth"))


@function("DateTimeToLocal", (MOMENT, STRING), returns=MOMENT)
def datetime_to_local(world: World, moment: Expr, zone: Expr | None = None) -> Expr:
    """*moment*, which is in UTC, as the clocks of *zone* show it: an IANA name, or this machine's when left out.

    DateTimeToLocal("2016-07-01 12:00:00", "Europe/Berlin")    -> "2016-07-01 14:00:00"
    DateTimeToLocal("2016-01-01", "America/New_York")          -> "2015-12-31 19:00:00"
    Right(DateTimeToLocal("2016-03-27 00:59:59.5", "europe/berlin"), 10) -> "01:59:59.5"
    DateTimeToLocal("2016-07-01 12:00:00", "Atlantis")         -> Null(), "Atlantis" is no time zone
    DateTimeToLocal("12:00:00", "Europe/Berlin")               -> Null(), "12:00:00" has no date
    DateTimeToLocal(Null(), "Europe/Berlin")                   -> Null()
    """
    return date_zones.to_local(moment, _or_none(zone), _here(world.context))


@function("DateTimeToUTC", (MOMENT, STRING), returns=MOMENT)
def datetime_to_utc(world: World, moment: Expr, zone: Expr | None = None) -> Expr:
    """*moment*, which the clocks of *zone* show, in UTC: an IANA name, or this machine's zone when left out.

    DateTimeToUTC("2016-07-01 14:00:00", "Europe/Berlin")    -> "2016-07-01 12:00:00"
    DateTimeToUTC("2016-10-30 02:30:00", "Europe/Berlin")    -> "2016-10-30 00:30:00"
    DateTimeToUTC("2016-03-27 02:30:00", "Europe/Berlin")    -> "2016-03-27 01:30:00"
    DateTimeToUTC("9999-12-31 23:00:00", "Etc/GMT+5") -> Null(), The date is not between 1400-01-01 and 9999-12-31
    """
    return date_zones.to_utc(moment, _or_none(zone), _here(world.context))


@function("ToDate", (ANYTHING,), returns=MOMENT)
def to_date(value: Expr) -> Expr:
    """The date of an ISO text, or of a number of days since 1899-12-30.

    ToDate("2026-11-24 10:00:00") -> "2026-11-24"
    ToDate(5)                     -> "1900-01-04"
    ToDate(43.999999)             -> "1900-02-11"
    ToDate("abcde")               -> Null(), "abcde" is not a valid Date
    ToDate(-1)                    -> Null(), "-1" is an invalid datetime - Earliest date supported is Dec 30, 1899 (0)
    ToDate(Null())                -> Null()
    """
    return _converted(value, DATE)


@function("ToDateTime", (ANYTHING,), returns=MOMENT)
def to_datetime(value: Expr) -> Expr:
    """The date and time of an ISO text, or of a number of days since 1899-12-30, whose fraction is the time.

    ToDateTime("2026-11-24")   -> "2026-11-24 00:00:00"
    ToDateTime(1)              -> "1899-12-31 00:00:00"
    ToDateTime(5.44)           -> "1900-01-04 10:33:36"
    ToDateTime("apples")       -> Null(), "apples" is not a valid DateTime
    ToDateTime(Null())         -> Null()
    """
    return _converted(value, DATETIME)


def _converted(value: Expr, to: FieldType) -> Expr:
    """A condition is refused before the run."""
    if value.type == BOOL:
        raise FormulaError("Type mismatch. Boolean provided where a string or a number is required.")
    return convert(value, to, computed=True)
