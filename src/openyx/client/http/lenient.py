"""A second look at an answer whose members have other types than declared: numbers for texts, null for a default."""

from __future__ import annotations

from typing import Any, cast

import msgspec
from msgspec import inspect

from openyx.kinds import settled


def decode(text: bytes, kind: Any) -> Any:
    """JSON text as *kind*, with scalars turned into what is declared and members that are null left to their default.

    Raises ``msgspec.ValidationError`` where that does not help.
    """
    value = msgspec.json.decode(text.removeprefix(b"\xef\xbb\xbf"))
    return msgspec.convert(_fit(value, inspect.type_info(kind)), settled(kind), strict=False)


def _fit(value: Any, declared: inspect.Type) -> Any:
    match declared:
        case inspect.StructType() if isinstance(value, dict):
            return _fit_members(cast("dict[str, object]", value), declared)
        case inspect.ListType() if isinstance(value, list):
            return [_fit(each, declared.item_type) for each in cast("list[object]", value)]
        case inspect.StrType():
            return _text(value)
        case inspect.UnionType() if value is not None:
            return _fit_one_of(value, declared.types)
        case _:
            return value


def _fit_members(members: dict[str, object], declared: inspect.StructType) -> dict[str, Any]:
    fields = {field.encode_name: field for field in declared.fields}
    return {
        name: _fit(member, fields[name].type) if name in fields else member
        for name, member in members.items()
        if not (name in fields and _means_default(member, fields[name]))
    }


def _fit_one_of(value: Any, types: tuple[inspect.Type, ...]) -> Any:
    if any(_is_natural(value, each) for each in types):
        return value
    for each in types:
        fitted = _fit(value, each)
        if fitted is not value:
            return fitted
    return value


def _is_natural(value: Any, declared: inspect.Type) -> bool:
    match value:
        case bool():
            return isinstance(declared, inspect.BoolType)
        case int():
            return isinstance(declared, inspect.IntType)
        case float():
            return isinstance(declared, inspect.FloatType)
        case _:
            return isinstance(value, str) and isinstance(declared, inspect.StrType)


def _means_default(value: Any, field: inspect.Field) -> bool:
    return value is None and not field.required and not _takes_none(field.type)


def _takes_none(declared: inspect.Type) -> bool:
    types = declared.types if isinstance(declared, inspect.UnionType) else (declared,)
    return any(isinstance(each, inspect.NoneType | inspect.AnyType) for each in types)


def _text(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value)
    return str(value) if isinstance(value, int | float) else value
