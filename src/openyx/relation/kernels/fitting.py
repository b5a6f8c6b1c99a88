"""Single values as fields of a type hold them, where plain Python is sure to do it as the columns' kernels do."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

from openyx.fields import LARGEST_WIDE, RANGES, FieldType, Kind
from openyx.relation.kernels.single import Single

UNSURE = object()
"""What ``fitted`` gives for a value that the columns' kernel must look at."""

_EXACT = {Kind.DOUBLE: 2**52, Kind.FLOAT: 2**23}


def fitted(one: Single, to: FieldType) -> Callable[[Any], Any] | None:
    """Makes of a value that is not null what a field of type *to* holds, or ``UNSURE``."""
    source = one.type
    if source == to and one.expr.spill is None:
        return lambda value: value
    if to.is_text:
        return _as_text(source, to)
    if not source.is_number or source.kind is Kind.FIXED_DECIMAL:
        return None
    if to.is_integer:
        return partial(_as_whole, *RANGES[to.kind])
    if to.kind is Kind.BOOL:
        return lambda value: value != 0
    if to.kind in _EXACT:
        return partial(_as_double if to.kind is Kind.DOUBLE else _as_float, _EXACT[to.kind])
    if to.kind is Kind.FIXED_DECIMAL and source.kind is not Kind.BOOL:
        return partial(_as_decimal, to.scale, 10.0 ** (to.size - to.scale - 3))
    return None


def _as_whole(least: int, greatest: int, value: float) -> Any:
    if type(value) is float:
        if not least - 1 < value < greatest + 1:
            return UNSURE
        value = math.ceil(value - 0.5) if value < 0 else math.floor(value + 0.5)
    return int(value) if least <= value <= greatest else UNSURE


def _as_double(exact: int, value: float) -> Any:
    return value if type(value) is float else float(value) if -exact <= value <= exact else UNSURE


def _as_float(exact: int, value: float) -> Any:
    if type(value) is not float and not -exact <= value <= exact:
        return UNSURE
    try:
        return struct.unpack("f", struct.pack("f", value))[0]
    except OverflowError:
        return UNSURE


def _as_decimal(scale: int, room: float, value: float) -> Any:
    if not -room < value < room:
        return UNSURE
    # Adding zero takes the sign off zero.
    return Decimal(f"{value:.{scale}f}") + 0 if type(value) is float else Decimal(value)


def _as_text(source: FieldType, to: FieldType) -> Callable[[Any], Any] | None:
    if source.is_text:
        if (to.is_wide or not source.is_wide) and to.size >= min(source.size, LARGEST_WIDE):
            return lambda value: value
        return lambda value: value if len(value) <= to.size and value.isascii() else UNSURE
    if not source.is_integer and source.kind is not Kind.BOOL:
        return None
    return lambda value: UNSURE if type(value) is float or len(str(value)) > to.size else str(value)
