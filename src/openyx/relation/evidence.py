"""What the texts of a column look like, found out batch by batch: numbers, dates, how long they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import IntFlag
from functools import cache, partial, reduce
from typing import TYPE_CHECKING

import polars as pl

from openyx.fields import BOOL, INT64, RANGES, Field, Kind, Schema
from openyx.relation.casts.others import is_shape
from openyx.relation.types import native_schema, series_of

if TYPE_CHECKING:
    from openyx.relation.relation import Relation
    from openyx.relation.table import Table

EARLIEST = 1400
"""The first year that a date may have."""

_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
_SIGNIFICANT = r"^-?[0.]*([0-9.]*)"
_LEAST, _GREATEST = RANGES[Kind.INT64]
_LONGEST_WHOLE = len(str(_LEAST))
_WIDE = "[^\x00-\xff]"
_BEYOND_BMP = "[\U00010000-\U0010ffff]"


class Like(IntFlag):
    """What all texts of a column look like."""

    BOOL = 1
    WHOLE = 2
    NUMBER = 4
    DATE = 8
    DATETIME = 16
    TIME = 32
    SHAPE = 64


ANYTHING = Like(127)

_FORMS = {
    # Seen: T and F, true and false; not Y.
    Like.BOOL: "[Tt](?:[Rr][Uu][Ee])?|[Ff](?:[Aa][Ll][Ss][Ee])?",
    Like.WHOLE: "-?(?:0|[1-9][0-9]*)",
    Like.NUMBER: r"-?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?",
    Like.DATE: _DATE,
    Like.DATETIME: f"{_DATE} {_TIME}",
    Like.TIME: _TIME,
    Like.SHAPE: r"(?s)\s*\{.*",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is known of the texts of a column.

    ``known`` of the ``rows`` are not null, and all of them are ``like`` something. Whole numbers lie between ``least``
    and ``greatest``; those that 64 bits do not hold make them ``huge``. Numbers have at most so many significant
    ``digits``. ``units`` counts the code units of all texts, ``longest`` those of the longest; ``wide`` texts have
    characters beyond Latin-1.
    """

    rows: int = 0
    known: int = 0
    like: Like = ANYTHING
    least: int | None = None
    greatest: int | None = None
    huge: bool = False
    digits: int = 0
    units: int = 0
    longest: int = 0
    wide: bool = False

    def __add__(self, other: Evidence) -> Evidence:
        """What is known of both columns together."""
        like = self.like & other.like
        whole = Like.WHOLE in like
        return Evidence(
            rows=self.rows + other.rows,
            known=self.known + other.known,
            like=like,
            least=min(_given(self.least, other.least), default=None) if whole else None,
            greatest=max(_given(self.greatest, other.greatest), default=None) if whole else None,
            huge=whole and (self.huge or other.huge),
            digits=max(self.digits, other.digits) if Like.NUMBER in like else 0,
            units=self.units + other.units,
            longest=max(self.longest, other.longest),
            wide=self.wide or other.wide,
        )


def _given(*values: int | None) -> list[int]:
    return [value for value in values if value is not None]


def evidence(texts: Sequence[str | None]) -> Evidence:
    """What is known of *texts*, of which there are few.

    >>> found = evidence(["7", None, "-300"])
    >>> Like.WHOLE in found.like, found.least, found.longest
    (True, -300, 4)
    """
    known = [text for text in texts if text is not None]
    like = reduce(Like.__or__, (one for one in _FORMS if all(_is_like(one, text) for text in known)), Like(0))
    whole = [int(text) for text in known if len(text) <= _LONGEST_WHOLE] if Like.WHOLE in like else []
    small = [number for number in whole if _LEAST <= number <= _GREATEST]
    lengths = [units(text) for text in known]
    return Evidence(
        rows=len(texts),
        known=len(known),
        like=like,
        least=min(small, default=None),
        greatest=max(small, default=None),
        huge=Like.WHOLE in like and len(small) < len(known),
        digits=max(map(_significant, known), default=0) if Like.NUMBER in like else 0,
        units=sum(lengths),
        longest=max(lengths, default=0),
        wide=any(character > "\xff" for text in known for character in text),
    )


def units(text: str) -> int:
    """The length of a text in UTF-16 code units."""
    return len(text) + sum(character > "\uffff" for character in text)


def _is_like(like: Like, text: str) -> bool:
    if not _compiled(like).fullmatch(text):
        return False
    if like is Like.SHAPE:
        return is_shape(text)
    return like not in (Like.DATE, Like.DATETIME) or _is_day(text[:10])


@cache
def _compiled(like: Like) -> re.Pattern[str]:
    return re.compile(_FORMS[like])


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).year >= EARLIEST
    except ValueError:
        return False


def _significant(number: str) -> int:
    found = re.match(_SIGNIFICANT, number)
    return len(found[1].replace(".", "")) if found else 0


_FIELDS = Schema.of(
    *(Field(name, INT64) for name in ("place", "rows", "known", "like", "least", "greatest", "digits", "units")),
    Field("longest", INT64),
    Field("huge", BOOL),
    Field("wide", BOOL),
)


def witnesses(records: Relation, fields: Sequence[str]) -> Relation:
    """What is known of each of the *fields*, which are text, batch by batch; ``judged`` puts it together."""
    names = [records.schema[name].name for name in fields]
    return records.select(names).map_batches(partial(_summed, names=names), _FIELDS)


def judged(table: Table, fields: Sequence[str]) -> Mapping[str, Evidence]:
    """What is known of each field, from the records of their ``witnesses``."""
    found: dict[int, list[Evidence]] = {place: [] for place in range(len(fields))}
    for row in table.frame.iter_rows(named=True):
        place = row.pop("place")
        found[place].append(replace(Evidence(**row), like=Like(row["like"])))
    return {name: reduce(Evidence.__add__, found[place], Evidence()) for place, name in enumerate(fields)}


def _summed(batch: pl.DataFrame, names: Iterable[str]) -> pl.DataFrame:
    rows = [
        (place, *(int(getattr(seen, name)) if name == "like" else getattr(seen, name) for name in _FIELDS.names[1:]))
        for place, seen in enumerate(_looked_at(series_of(batch, name)) for name in names)
    ]
    return pl.DataFrame(rows, schema=native_schema(_FIELDS), orient="row")


def _looked_at(texts: pl.Series) -> Evidence:
    known = texts.drop_nulls()
    if known.is_empty():
        return Evidence(rows=texts.len())
    like = _like(known)
    numbers = known.cast(pl.Int64(), strict=False) if Like.WHOLE in like else known.clear().cast(pl.Int64())
    wide = bool(known.str.contains(_WIDE).any())
    lengths = known.str.len_chars().cast(pl.Int64())
    if wide:
        lengths = lengths + known.str.count_matches(_BEYOND_BMP)
    return Evidence(
        rows=texts.len(),
        known=known.len(),
        like=like,
        least=_number(numbers.min()),
        greatest=_number(numbers.max()),
        huge=numbers.null_count() > 0,
        digits=_digits(known) if Like.NUMBER in like else 0,
        units=_number(lengths.sum()) or 0,
        longest=_number(lengths.max()) or 0,
        wide=wide,
    )


def _like(known: pl.Series) -> Like:
    # Few columns are like something: most are decided by their first text.
    found = (one for one in _FORMS if _are_like(one, known.head(1)) and _are_like(one, known))
    return reduce(Like.__or__, found, Like(0))


def _are_like(like: Like, known: pl.Series) -> bool:
    if not known.str.contains(rf"\A(?:{_FORMS[like]})\z").all():
        return False
    if like is Like.SHAPE:
        return all(map(is_shape, known.to_list()))
    return like not in (Like.DATE, Like.DATETIME) or _are_days(known.str.head(10))


def _are_days(texts: pl.Series) -> bool:
    years = texts.str.to_date("%Y-%m-%d", strict=False).dt.year()
    return years.null_count() == 0 and bool((years >= EARLIEST).all())


def _digits(known: pl.Series) -> int:
    mantissas = known.str.extract(_SIGNIFICANT).str.replace_all(".", "", literal=True)
    return _number(mantissas.str.len_chars().max()) or 0


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None
