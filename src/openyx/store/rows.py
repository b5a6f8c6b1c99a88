"""Between records (frozen dataclasses) and rows: scalars as they are, times as milliseconds, the rest as JSON."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from datetime import datetime
from enum import Enum
from functools import cache
from types import NoneType
from typing import TYPE_CHECKING, Any, TypeVar, get_args, get_type_hints

import msgspec

from openyx.kinds import settled
from openyx.store.database import Row
from openyx.store.moments import from_milliseconds, to_milliseconds

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T", bound="DataclassInstance")
Convert = Callable[[Any], Any]


@cache
def columns(kind: type[DataclassInstance], alias: str = "") -> str:
    """The columns of a record for a SELECT; with an alias they come back as ``"alias.column"``."""
    names = [field.name for field in fields(kind)]
    return ", ".join(f'{alias}.{name} AS "{alias}.{name}"' for name in names) if alias else ", ".join(names)


@cache
def values(kind: type[DataclassInstance], *more: str) -> str:
    """Columns and parameters for an INSERT of a whole record, and of more columns."""
    names = [*(field.name for field in fields(kind)), *more]
    return f"({', '.join(names)}) VALUES ({', '.join(':' + name for name in names)})"


def read(kind: type[T], row: Row, alias: str = "") -> T:
    """The record that a row holds, taken from the columns of an alias where one is given."""
    return kind(
        **{
            name: row[column] if convert is _same else convert(row[column])
            for name, column, convert in _read_by(kind, alias)
        }
    )


def write(record: DataclassInstance) -> dict[str, Any]:
    """The parameters that store a record."""
    return {name: to_row(getattr(record, name)) for name, (_, to_row) in _converters(type(record)).items()}


@cache
def _read_by(kind: type[DataclassInstance], alias: str) -> tuple[tuple[str, str, Convert], ...]:
    prefix = f"{alias}." if alias else ""
    return tuple((name, prefix + name, from_row) for name, (from_row, _) in _converters(kind).items())


@cache
def _converters(kind: type[DataclassInstance]) -> dict[str, tuple[Convert, Convert]]:
    hints = get_type_hints(kind)
    return {field.name: _converter(hints[field.name]) for field in fields(kind)}


def _converter(hint: Any) -> tuple[Convert, Convert]:
    options = get_args(hint)
    if NoneType in options:
        (inner,) = (option for option in options if option is not NoneType)
        from_row, to_row = _converter(inner)
        return _unless_none(from_row), _unless_none(to_row)
    if hint is datetime:
        return from_milliseconds, to_milliseconds
    if hint is bool:
        return bool, int
    if hint in (str, int, float):
        return _same, _same
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint, _value
    decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(settled(hint))  # pyright: ignore[reportUnknownArgumentType] - any type
    return decoder.decode, _json


def _unless_none(convert: Convert) -> Convert:
    return lambda value: None if value is None else convert(value)


def _same(value: Any) -> Any:
    return value


def _value(member: Enum) -> Any:
    return member.value


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
