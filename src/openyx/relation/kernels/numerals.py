"""Numbers out of text and text out of numbers, as the conversion functions do it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import polars as pl

from openyx.fields import BOOL, DOUBLE, INT64, V_WSTRING
from openyx.relation.convert import convert
from openyx.relation.expr import Expr, literal, made
from openyx.relation.kernels.batches import batch, each, each_text, settled
from openyx.relation.kernels.numbers import number, spilling
from openyx.relation.kernels.texts import text

_MOST_DECIMALS = 100
_MOST_DIGITS = 19
_SURE = 2.0**40


def parsed(source: Expr, ignore_errors: Expr, keep_nulls: Expr, separator: Expr) -> Expr:
    """The number at the start of a text; without one 0 and a fault, unless told otherwise. Numbers stay."""
    is_number = source.type.is_number and not source.void
    value = number(source) if is_number else settled(_reader, DOUBLE, [separator], text(source))
    faults = value.faults
    if ignore_errors.constant:
        faults = () if ignore_errors.value() else faults
    else:
        faults = tuple(pl.when(~ignore_errors.native).then(fault) for fault in faults)

    def kept(one: Expr, keep: Expr) -> Expr:
        zero = literal(0).native if one.type == INT64 else literal(0.0).native
        return made(pl.coalesce(one.native, pl.when(~keep.native).then(zero)), one.type)

    flags = ignore_errors.faults + keep_nulls.faults
    filled = spilling(kept, replace(value, faults=()), replace(keep_nulls, faults=()))
    return replace(filled, faults=flags + faults)


def _reader(separator: str | None) -> Callable[[Expr], Expr]:
    """With a comma for the decimal separator the point groups digits, and is skipped."""
    if separator != ",":
        return lambda value: convert(value, DOUBLE)

    def read(value: Expr) -> Expr:
        ungrouped = made(value.native.str.replace_all(".", "", literal=True), V_WSTRING, value)
        return convert(ungrouped, DOUBLE, comma_decimal=True)

    return read


def printed(value: Expr) -> Expr:
    """A number as text, by the rules of its type; text stays, dates become ISO text, null stays null (we assume)."""
    if not value.type.is_number or value.void:
        return text(value)
    return spilling(lambda one: convert(one, V_WSTRING), value)


def printed_with(value: Expr, decimals: Expr, thousands: Expr, separator: Expr) -> Expr:
    """A number with just that many decimals, rounded as C's ``%.nf`` rounds the exact binary value.

    An exact tie goes to the even digit (we assume).
    """
    if not value.type.is_number or value.void:
        return text(value)
    if decimals.void:
        return printed(value)

    def build(places: int | None, group: str | float | None, point: str | None) -> Callable[[Expr], Expr]:
        if places is None:
            return printed
        mark = group if isinstance(group, str) else "," if group else ""
        count = max(0, min(places, _MOST_DECIMALS))

        def show(one: float) -> str:
            # A zero has no sign.
            shown = f"{one:,}" if isinstance(one, int) else f"{one + 0.0:,.{count}f}"
            if isinstance(one, int) and count:
                shown += "." + "0" * count
            return shown.translate({ord(","): mark, ord("."): "." if point is None else point})

        if mark or point not in (None, "."):
            return lambda exact: each_text(show, V_WSTRING, exact)
        return lambda exact: batch(partial(_shown, decimals=count, show=show), V_WSTRING, exact)

    def print_(one: Expr, *told: Expr) -> Expr:
        return settled(build, V_WSTRING, told, one)

    return spilling(print_, number(value), decimals, thousands, separator)


def _shown(values: pl.Series, decimals: int, show: Callable[[float], str]) -> pl.Series:
    """What *show* gives, without asking it where the scaled value is too small and too far from a half to be unsure."""
    if values.dtype.is_integer():
        digits = values.cast(pl.String)
        return digits + "." + "0" * decimals if decimals else digits
    scaled = (values * 10.0**decimals).abs()
    sure = (scaled < _SURE) & ((scaled - scaled.floor() - 0.5).abs() > 1 / 1024)
    digits = (scaled + 0.5).floor().set(~sure, None).cast(pl.Int64).cast(pl.String).str.zfill(decimals + 1)
    whole = digits.str.slice(0, digits.str.len_bytes() - decimals)
    quick = whole + "." + digits.str.slice(digits.str.len_bytes() - decimals) if decimals else whole
    signed = pl.select(pl.when(values < 0).then("-" + pl.lit(quick)).otherwise(pl.lit(quick))).to_series()
    unsure = signed.is_null() & values.is_not_null()
    if not unsure.any():
        return signed
    slow = [show(value) if ask else None for value, ask in zip(values.to_list(), unsure, strict=True)]
    return signed.fill_null(pl.Series(slow, dtype=pl.String))


def similar(one: Expr, other: Expr, digits: Expr) -> Expr:
    """Whether two numbers are the same to so many leading digits, 1 to 19; null and a fault for another number."""
    places = (digits.native + 0.5).floor()
    said = pl.when(~places.is_between(1, _MOST_DIGITS)).then(pl.lit("CompareDigits: the digits are not from 1 to 19"))
    return each(same_leading_digits, BOOL, one, other, digits).failing(said)


def same_leading_digits(one: float | None, other: float | None, digits: float | None) -> bool | None:
    """Whether the leading digit of the difference stands *digits* or more places right of the larger's.

    >>> same_leading_digits(12345, 12444, 3), same_leading_digits(12345, 12445, 3)
    (True, False)
    >>> same_leading_digits(math.inf, math.inf, 3), same_leading_digits(1, math.inf, 3)
    (True, False)
    """
    if one is None or other is None or digits is None or not 1 <= digits + 0.5 < _MOST_DIGITS + 1:
        return None
    difference, larger = abs(one - other), max(abs(one), abs(other))
    if one == other or not math.isfinite(difference):
        return one == other
    return _exponent(larger) - _exponent(difference) >= int(digits + 0.5)


def _exponent(value: float) -> int:
    return int(f"{value:.14e}".partition("e")[2])
