"""An expression over one record: a Polars expression that carries its Alteryx type and what can go wrong in it."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVarTuple, cast

import polars as pl

from openyx.fields import BOOL, DOUBLE, INT64, RANGES, V_WSTRING, Field, FieldType
from openyx.relation.blame import blaming
from openyx.relation.casts.kernel import even
from openyx.relation.types import native as native_type
from openyx.relation.types import values_of

Operands = TypeVarTuple("Operands")

_numbers = itertools.count()


@dataclass(frozen=True, slots=True)
class Expr:
    """A value for each record.

    ``native`` computes the value, in the Polars type that belongs to ``type``. Each of ``faults`` computes the text of
    a conversion error for a record, or null where there is none; a fault inside a branch that is not chosen is null.
    An expression without faults cannot fail, and costs no looking.

    ``leaf`` is a field or a constant, which may be mentioned many times for nothing; ``constant`` is a literal;
    ``void`` is the null that fits every family. Integer arithmetic knows the least and greatest value it can have
    (``bounds``), and where 64 bits do not hold the value ``native`` is null and ``spill`` has it as a double.
    """

    native: pl.Expr
    type: FieldType
    faults: tuple[pl.Expr, ...] = ()
    leaf: bool = False
    constant: bool = False
    void: bool = False
    bounds: tuple[int, int] | None = None
    spill: pl.Expr | None = None

    def value(self) -> Any:
        """The value of a constant."""
        return pl.select(self.native).item()

    def cast(self, to: FieldType) -> Expr:
        """The same values in the Polars type of *to*, which must be able to hold them: no check, no fault."""
        return replace(self, native=self.native.cast(native_type(to)), type=to, spill=None, void=False)

    def failing(self, *faults: pl.Expr) -> Expr:
        """The same values with more faults."""
        return replace(self, faults=self.faults + faults)


def field(source: Field) -> Expr:
    """The values of a field."""
    bounds = RANGES.get(source.type.kind)
    return Expr(values_of(source.name), source.type, leaf=True, bounds=bounds)


def literal(value: str | float | bool | None, type: FieldType | None = None) -> Expr:  # noqa: A002 - the field's own word
    """The same value for every record; text is V_WString, an integer Int64, as far as *type* says nothing else."""
    kind = type or _type_of(value)
    bounds = (int(value), int(value)) if kind == INT64 and value is not None else None
    native = pl.lit(value, dtype=native_type(kind))
    return Expr(native, kind, leaf=True, constant=True, bounds=bounds)


def null(*operands: Expr) -> Expr:
    """The null that fits wherever a value fits, with the faults of what it was made of."""
    return replace(made(literal(None, V_WSTRING).native, V_WSTRING, *operands), leaf=True, constant=True, void=True)


def nothing(void: Expr, type: FieldType) -> Expr:  # noqa: A002 - the field's own word
    """The null that fits everywhere, as one of *type*."""
    return replace(literal(None, type), faults=void.faults)


def _type_of(value: object) -> FieldType:
    match value:
        case bool():
            return BOOL
        case int():
            return INT64
        case float():
            return DOUBLE
        case _:
            return V_WSTRING


def made(native: pl.Expr, type: FieldType, *operands: Expr) -> Expr:  # noqa: A002 - the field's own word
    """What *native* computes from *operands*: it has their faults."""
    return Expr(native, type, tuple(fault for operand in operands for fault in operand.faults))


def apart(build: Callable[[*Operands], Expr], *operands: *Operands, alone: bool = False) -> Expr:
    """``build(*operands)``, with every operand computed once however often *build* mentions it.

    An operand that is no leaf and is mentioned several times would double the work with each level of nesting; then the
    whole becomes a kernel over the operands' values, as it does when it is to stand *alone*: the engine's time grows
    with the square of the depth of what it sees. A result of constants is computed at once.
    """
    given = cast("tuple[Expr, ...]", operands)
    return _apart(build, given, alone=alone)


def _apart(build: Callable[..., Expr], operands: Sequence[Expr], *, alone: bool) -> Expr:
    plain = [replace(operand, faults=()) for operand in operands]
    inherited = tuple(fault for operand in operands for fault in operand.faults)
    if all(operand.leaf for operand in operands) and not alone:
        result = build(*plain)
        result = _folded(result) if all(operand.constant for operand in operands) else result
        return replace(result, faults=inherited + result.faults)
    names = [f"\0part{next(_numbers)}" for _ in plain]
    drafts = [
        operand if operand.leaf else replace(operand, native=pl.col(name), leaf=True)
        for operand, name in zip(plain, names, strict=True)
    ]
    sketch = build(*drafts)
    parts = [sketch.native, *sketch.faults, *([] if sketch.spill is None else [sketch.spill])]
    if not alone and all(_mentions(part, names) <= 1 for part in parts):
        result = build(*plain)
        result = replace(result, leaf=result.constant)
    else:
        given = {name: operand.native for operand, name in zip(plain, names, strict=True) if not operand.leaf}
        result = _kernels(sketch, given)
    return replace(result, faults=inherited + result.faults)


def _mentions(native: pl.Expr, names: Sequence[str]) -> int:
    counts = Counter(native.meta.root_names())
    return max((counts[name] for name in names), default=0)


def _kernels(sketch: Expr, given: dict[str, pl.Expr]) -> Expr:
    """*sketch*, whose stand-ins get the values *given* by name."""
    return replace(
        sketch,
        native=_kernel(sketch.native, given, native_type(sketch.type)),
        faults=tuple(_kernel(fault, given, pl.String()) for fault in sketch.faults),
        spill=None if sketch.spill is None else _kernel(sketch.spill, given, pl.Float64()),
        leaf=sketch.constant,
    )


def _kernel(native: pl.Expr, given: dict[str, pl.Expr], dtype: pl.DataType) -> pl.Expr:
    names = list(dict.fromkeys(native.meta.root_names()))
    if not names:
        return native
    inputs = [given[name] if name in given else values_of(name) for name in names]

    def run(series: Sequence[pl.Series]) -> pl.Series:
        frame = pl.DataFrame([values.alias(name) for values, name in zip(even(series), names, strict=True)])
        return frame.select(native.alias("value")).get_column("value")

    return pl.map_batches(inputs, blaming(run), return_dtype=dtype, is_elementwise=True)


def _folded(expr: Expr) -> Expr:
    value = pl.select(expr.native).item()
    faults = [text for text in (pl.select(fault).item() for fault in expr.faults) if text is not None]
    spill = None if expr.spill is None else pl.select(expr.spill).item()
    if spill is not None:
        return literal(spill, DOUBLE)
    folded = literal(value, expr.type)
    return replace(folded, void=expr.void, faults=tuple(pl.lit(text, dtype=pl.String()) for text in faults))
