"""Functions of whole batches and of single values, as expressions: for what the data engine cannot say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from openyx.fields import FieldType
from openyx.relation.blame import blaming
from openyx.relation.casts.kernel import even
from openyx.relation.expr import Expr, apart, literal, made
from openyx.relation.types import native as native_type


def batch(function: Callable[[pl.Series], pl.Series], type: FieldType, operand: Expr) -> Expr:  # noqa: A002 - as below
    """*function* of the values of a batch; it looks at each value alone, and may be called from several threads."""
    dtype = native_type(type)
    if operand.constant:
        given = pl.Series([operand.value()], dtype=native_type(operand.type))
        return replace(literal(function(given).item(), type), faults=operand.faults)
    return made(operand.native.map_batches(blaming(function), return_dtype=dtype, is_elementwise=True), type, operand)


def each(function: Callable[..., Any], type: FieldType, *operands: Expr) -> Expr:  # noqa: A002 - field's word
    """*function* of the values of one record after another: the slow way.

    The function gets Python values (null is ``None``) and must be safe to call from several threads.
    """
    dtype = native_type(type)
    fixed = {place: operand.value() for place, operand in enumerate(operands) if operand.constant}
    faults = tuple(fault for operand in operands for fault in operand.faults)
    if len(fixed) == len(operands):
        return replace(literal(function(*fixed.values()), type), faults=faults)

    def run(given: Sequence[pl.Series]) -> pl.Series:
        series = even(given)
        height, varied = len(series[0]), iter(series)
        columns = [[fixed[at]] * height if at in fixed else next(varied).to_list() for at in range(len(operands))]
        return pl.Series([function(*values) for values in zip(*columns, strict=True)], dtype=dtype)

    varying = [operand.native for operand in operands if not operand.constant]
    return Expr(pl.map_batches(varying, blaming(run), return_dtype=dtype, is_elementwise=True), type, faults)


def each_text(function: Callable[..., Any], type: FieldType, *operands: Expr) -> Expr:  # noqa: A002 - field's word
    """Like ``each``; null where the first operand is null, without asking the function."""

    def unless_null(first: Any, *rest: Any) -> Any:
        return None if first is None else function(first, *rest)

    return each(unless_null, type, *operands)


def settled(
    build: Callable[..., Callable[..., Expr]],
    type: FieldType,  # noqa: A002 - the field's own word
    told: Sequence[Expr],
    *operands: Expr,
) -> Expr:
    """``build(*values)(*operands)``, where *told* gives the values: usually constants, such as a format or a pattern.

    Where they differ from record to record, the records of a batch that have the same values are computed together;
    then the result is of *type*, which *build* need not give for every value.
    """
    if all(one.constant for one in told):
        inherited = tuple(fault for one in told for fault in one.faults)
        return apart(build(*(one.value() for one in told)), *operands).failing(*inherited)
    given = [*told, *operands]
    dispatch = _Dispatch(build, type, tuple(one.type for one in given), len(told))
    natives = [one.native for one in given]
    value = pl.map_batches(natives, blaming(dispatch.values), return_dtype=native_type(type), is_elementwise=True)
    fault = pl.map_batches(natives, blaming(dispatch.faults), return_dtype=pl.String(), is_elementwise=True)
    return made(value, type, *given).failing(fault)


@dataclass(frozen=True, slots=True)
class _Dispatch:
    build: Callable[..., Callable[..., Expr]]
    type: FieldType
    types: tuple[FieldType, ...]
    told: int

    def values(self, series: Sequence[pl.Series]) -> pl.Series:
        return self._over(series).get_column("value")

    def faults(self, series: Sequence[pl.Series]) -> pl.Series:
        return self._over(series).get_column("fault")

    def _over(self, series: Sequence[pl.Series]) -> pl.DataFrame:
        names = [str(place) for place in range(len(series))]
        frame = pl.DataFrame([values.alias(name) for values, name in zip(even(series), names, strict=True)])
        frame, keys = frame.with_row_index("row"), names[: self.told]
        if frame.is_empty():
            return pl.DataFrame(schema={"value": native_type(self.type), "fault": pl.String()})
        if frame.select(keys).n_unique() == 1:
            return self._group(frame.select(keys).row(0), frame)
        groups = frame.group_by(keys, maintain_order=True)
        return pl.concat([self._group(values, group) for values, group in groups]).sort("row")

    def _group(self, values: tuple[Any, ...], group: pl.DataFrame) -> pl.DataFrame:
        stand_ins = [Expr(pl.col(str(place)), type_, leaf=True) for place, type_ in enumerate(self.types)]
        result = self.build(*values)(*stand_ins[self.told :])
        fault = pl.coalesce(*result.faults) if result.faults else pl.lit(None, dtype=pl.String())
        return group.select("row", value=result.native.cast(native_type(self.type)), fault=fault)
