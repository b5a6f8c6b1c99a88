"""Settings that account for themselves: a class says where each of its fields lives in the XML, one reader fills it.

The reader notes each element and attribute that it used, so that what nobody read can be told.

    @block
    class Key:
        field: str = attribute("@field")
        descending: bool = attribute("@order", convert=is_descending, default=False)

    @block
    class Sort:
        keys: tuple[Key, ...] = many("SortInfo/Field", "SortFields/SortField", of=Key, required=True)

    settings, unread = read(Sort, configuration, place="monthly.yxmd, tool 7 (Sort)")

A path is a chain of child names, ``FormulaFields/FormulaField``, and may end in an attribute, ``SortInfo@locale``. Of
several paths the first that the file has, and fills, is taken. A default is for a setting that is absent or empty,
never for one that cannot be understood: that is a ``DocumentError`` which names tool and setting.
"""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Callable, Hashable, Iterator
from dataclasses import MISSING, dataclass, field
from functools import cache
from typing import Any, TypeVar, dataclass_transform

from openyx.document.accounts import Account
from openyx.document.convert import converted
from openyx.document.xml import Element
from openyx.fields import FieldType

T = TypeVar("T")
Convert = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Ignored:
    """A part of a tool's settings that it leaves aside knowingly, and why."""

    path: str
    reason: str


def ignored(path: str, reason: str) -> Ignored:
    """Say that a part of the settings, with all below it, means nothing here; stands in a class's ``ignores``."""
    return Ignored(path, reason)


def text(*paths: str, default: Any = MISSING, convert: Convert | None = None) -> Any:
    """A setting that is the text of an element."""
    return _setting(_Text(paths, convert), default)


def formula(*paths: str, default: Any = MISSING) -> Any:
    """A setting that is a formula: the text of an element, or an attribute; ``formulas`` finds it."""
    return _setting(_Text(paths, None), default, is_formula=True)


def value(*paths: str, default: Any = MISSING, convert: Convert | None = None) -> Any:
    """A setting that is an element's attribute ``value`` (also ``Value``, or the text where there is neither)."""
    return _setting(_Value(paths, convert), default)


def attribute(*paths: str, default: Any = MISSING, convert: Convert | None = None) -> Any:
    """A setting that is an attribute: ``@field`` of the element itself, ``SortInfo@locale`` of one below it."""
    return _setting(_Text(paths, convert), default)


def many(*paths: str, of: type | None = None, each: str = "", required: bool = False, default: Any = ()) -> Any:
    """A setting for every element at a path, as a tuple: blocks *of* a class, or the text or attribute at *each*.

    *required* marks the block that makes the tool: an error where none of the paths' outer elements is there, or where
    they hold something else.
    """
    return _setting(_Many(paths, of, each, required), MISSING if required else default)


def nested(*paths: str, of: type, default: Any = MISSING) -> Any:
    """A block of settings at one place."""
    return _setting(_Nested(paths, of), default)


def texts(path: str) -> Any:
    """Every element below the one at *path* with its text, as a mapping; whoever interprets it accounts for it."""
    return field(default_factory=dict[str, str], metadata={"source": _Texts((path,))})


def field_type(*paths: str, size: str = "", scale: str = "", default: Any = MISSING) -> Any:
    """A field type by its name, its size and scale at paths of their own; a size ``19.2`` holds both."""
    return _setting(_FieldType(paths, size, scale), default)


@dataclass_transform(
    kw_only_default=True,
    frozen_default=True,
    field_specifiers=(text, formula, value, attribute, many, nested, texts, field_type),
)
def block(cls: type[T]) -> type[T]:
    """Make a class of settings: a frozen dataclass whose fields are given by name."""
    return dataclass(frozen=True, kw_only=True)(cls)


def read(cls: type[T], configuration: Element, *, place: str) -> tuple[T, tuple[str, ...]]:
    """The settings that a tool's configuration holds, and the paths of all that was not read."""
    account = Account(configuration, place)
    settings = _read(cls, configuration, account)
    leave_aside = tuple(each.path for each in getattr(cls, "ignores", ()))
    return settings, account.unread(leave_aside)


def formulas(settings: object) -> Iterator[str]:
    """The formulas among settings that were read, those of their blocks too, empty ones left out."""
    for each in dataclasses.fields(typing.cast("Any", settings)):
        found: object = getattr(settings, each.name)
        if each.metadata.get("formula"):
            yield from filter(None, [typing.cast("str", found)])
        for part in typing.cast("tuple[object, ...]", found) if isinstance(found, tuple) else (found,):
            if dataclasses.is_dataclass(part) and any("source" in inner.metadata for inner in dataclasses.fields(part)):
                yield from formulas(part)


class _Source:
    """Where a setting lives; ``find`` answers ``MISSING`` for one that is not there."""

    def find(self, at: Element, wanted: Any, account: Account) -> Any:
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class _Text(_Source):
    paths: tuple[str, ...]
    convert: Convert | None

    def find(self, at: Element, wanted: Any, account: Account) -> Any:
        there = {path: found for path in self.paths if (found := account.text(at, path)) is not None}
        if not there:
            return MISSING
        path = next((path for path, found in there.items() if found), next(iter(there)))
        return _converted(there[path], wanted, self.convert, account, path)


@dataclass(frozen=True, slots=True)
class _Value(_Source):
    paths: tuple[str, ...]
    convert: Convert | None

    def find(self, at: Element, wanted: Any, account: Account) -> Any:
        for path in self.paths:
            for spelling in (f"{path}@value", f"{path}@Value", path):
                found = account.text(at, spelling)
                if found is not None:
                    return _converted(found, wanted, self.convert, account, spelling)
        return MISSING


@dataclass(frozen=True, slots=True)
class _Many(_Source):
    paths: tuple[str, ...]
    of: type | None
    each: str
    required: bool

    def find(self, at: Element, wanted: Any, account: Account) -> Any:
        for path in self.paths:
            elements = list(account.follow(at, path))
            if elements:
                return tuple(self._items(elements, wanted, account))
        if not self.required:
            return MISSING
        outer = [path.rpartition("/")[0] for path in self.paths]
        if any(found is not None and not found.children for found in map(at.find, filter(None, outer))):
            return ()
        raise account.error(f"no {' or '.join(self.paths)} among its settings")

    def _items(self, elements: list[Element], wanted: Any, account: Account) -> Iterator[Any]:
        if self.of is not None:
            yield from (_read(self.of, element, account) for element in elements)
            return
        (item, *_) = typing.get_args(wanted)
        for element in elements:
            found = account.text(element, self.each)
            if found is not None:
                yield _converted(found, item, None, account, self.each)


@dataclass(frozen=True, slots=True)
class _Nested(_Source):
    paths: tuple[str, ...]
    of: type[object]

    def find(self, at: Element, wanted: Any, account: Account) -> Any:  # noqa: ARG002 - the source knows
        found = next((element for path in self.paths for element in account.follow(at, path)), None)
        if found is None:
            return MISSING
        return _read(self.of, found, account)


@dataclass(frozen=True, slots=True)
class _Texts(_Source):
    paths: tuple[str, ...]

    def find(self, at: Element, wanted: Any, account: Account) -> Any:  # noqa: ARG002 - always a mapping
        found = {child.tag: account.text(child, "") for child in account.follow(at, f"{self.paths[0]}/*")}
        return found or MISSING


@dataclass(frozen=True, slots=True)
class _FieldType(_Source):
    paths: tuple[str, ...]
    size: str
    scale: str

    def find(self, at: Element, wanted: Any, account: Account) -> Any:  # noqa: ARG002 - the source knows
        size, scale = self._number(at, self.size, account), self._number(at, self.scale, account)
        name = next(filter(None, (account.text(at, path) for path in self.paths)), None)
        if name is None:
            return MISSING
        whole, _, part = size.partition(".")
        try:
            numbers = [converted(each, int) if each else None for each in (whole, scale or part)]
            return FieldType.of(name, *numbers)
        except ValueError as error:
            raise account.error(str(error), self.paths[0]) from error

    def _number(self, at: Element, path: str, account: Account) -> str:
        return (account.text(at, path) or "").strip() if path else ""


def _setting(source: _Source, default: Any, *, is_formula: bool = False) -> Any:
    return field(default=default, metadata={"source": source, "formula": is_formula})


def _read(cls: type[T], at: Element, account: Account) -> T:
    given: dict[str, Any] = {}
    for name, source, wanted, optional in _settings(typing.cast("Hashable", cls)):
        found = source.find(at, wanted, account)
        if found is not MISSING:
            given[name] = found
        elif not optional:
            raise account.error(f"the setting {_paths(source)} is missing")
    return cls(**given)


@cache
def _settings(cls: Hashable) -> tuple[tuple[str, _Source, Any, bool], ...]:
    described = typing.cast("Any", cls)
    wanted = typing.get_type_hints(described)
    return tuple(
        (
            each.name,
            each.metadata["source"],
            wanted[each.name],
            each.default is not MISSING or each.default_factory is not MISSING,
        )
        for each in dataclasses.fields(described)
        if "source" in each.metadata
    )


def _converted(text: str, wanted: Any, convert: Convert | None, account: Account, path: str) -> Any:
    try:
        return converted(text, wanted) if convert is None else convert(text)
    except ValueError as error:
        raise account.error(str(error), path) from error


def _paths(source: _Source) -> str:
    return " or ".join(getattr(source, "paths", ()))
