"""Whole numbers as 64 bits with a sign."""

from __future__ import annotations

from openyx.fields import INT64
from openyx.relation.expr import Expr
from openyx.relation.kernels.batches import each_text


def shifted(number: Expr, count: Expr, *, left: bool) -> Expr:
    """The bits moved; what leaves 64 bits is lost, a negative count gives null (we assume both)."""

    def move(value: int, places: int | None) -> int | None:
        if places is None or places < 0:
            return None
        if not left:
            return value >> min(places, 64)
        moved = (value << min(places, 64)) & 0xFFFFFFFFFFFFFFFF
        return moved - 2**64 if moved >= 2**63 else moved

    return each_text(move, INT64, number, count)
