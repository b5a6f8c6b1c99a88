"""Between records (frozen dataclasses) and rows: scalars as they are, times as milliseconds, the rest as JSON."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from datetime import datetime
from enum import Enum
from functools import cache
from operator import attrgetter
from types import NoneType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, get_args, get_type_hints

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
    shape = _shape(kind)
    if alias:
        members = {name: row[f"{alias}.{name}"] for name in shape.names}
    else:
        members = {name: row[name] for name in shape.names}
    for name, from_row in shape.from_row:
        if (value := members[name]) is not None:
            members[name] = from_row(value)
    return kind(**members)


def write(record: DataclassInstance) -> dict[str, Any]:
    """The parameters that store a record."""
    shape = _shape(type(record))
    params = dict(zip(shape.names, shape.get(record), strict=True))
    for name, to_row in shape.to_row:
        if (value := params[name]) is not None:
            params[name] = to_row(value)
    return params


class _Shape(NamedTuple):
    """The fields of a kind of record, and those of them that are converted unless they are None."""

    names: tuple[str, ...]
    get: Callable[[Any], tuple[Any, ...]]
    from_row: tuple[tuple[str, Convert], ...]
    to_row: tuple[tuple[str, Convert], ...]


@cache
def _shape(kind: type[DataclassInstance]) -> _Shape:
    hints = get_type_hints(kind)
    names = tuple(field.name for field in fields(kind))
    found = {name: pair for name in names if (pair := _converter(hints[name]))}
    return _Shape(
        names=names,
        get=_getter(names),
        from_row=tuple((name, from_row) for name, (from_row, _) in found.items()),
        to_row=tuple((name, to_row) for name, (_, to_row) in found.items()),
    )


def _getter(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    get = attrgetter(*names)
    return get if len(names) > 1 else lambda record: (get(record),)


class _Members(dict[Any, Enum]):
    """The members of an enumeration by their values; ValueError for a value that none of them has."""

    def __init__(self, kind: type[Enum]) -> None:
        super().__init__((member.value, member) for member in kind)
        self._kind = kind

    def __missing__(self, value: Any) -> Enum:
        return self._kind(value)


def _converter(hint: Any) -> tuple[Convert, Convert] | None:
    options = get_args(hint)
    if NoneType in options:
        (hint,) = (option for option in options if option is not NoneType)
    if hint is datetime:
        return from_milliseconds, to_milliseconds
    if hint is bool:
        return bool, int
    if hint in (str, int, float):
        return None
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _Members(hint).__getitem__, attrgetter("_value_")
    decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(settled(hint))  # pyright: ignore[reportUnknownArgumentType] - any type
    return decoder.decode, _json


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
