"""Tools of the shelf with settings that are made up from where each says that it reads them."""

from __future__ import annotations

import types
import typing
from collections.abc import Hashable
from enum import Enum
from random import Random

from openyx.document import config
from openyx.document.xml import Element
from openyx.fields import FieldType, Kind
from openyx.tools.base import Tool
from openyx.tools.shelf import shelf
from tests.fuzz import formulas, odd
from tests.fuzz.cases import stock
from tests.fuzz.documents import spoil, written
from tests.fuzz.sources import line, node, records

_FIELD_NAMES = ("field", "name")
_PATH_WORDS = ("file", "path", "directory")


def tool_with_settings(chance: Random) -> bytes:
    """A workflow of records, one or two tools with settings of any kind, and Browses."""
    root = Element("AlteryxDocument", {"yxmdVer": odd.pick(chance, ("2021.4", "2016.1", ""))})
    nodes, lines = Element("Nodes"), Element("Connections")
    root.children += [nodes, lines]
    nodes.children.append(records())
    feeding = (1, "Output")
    for number in range(10, 11 + chance.randrange(2)):
        tool = odd.pick(chance, tools())
        nodes.children.append(node(number, plugin(tool), configuration(chance, tool), macro=not tool.ids))
        lines.children += [line(*feeding, number, each.name) for each in tool.inputs]
        lines.children += [line(1, "Output", number, each.name) for each in tool.inputs if each.many]
        for place, anchor in enumerate(tool.outputs):
            nodes.children.append(node(number * 10 + place, "AlteryxBasePluginsGui.BrowseV2.BrowseV2"))
            lines.children.append(line(number, anchor, number * 10 + place, "Input"))
        feeding = (number, tool.outputs[0]) if tool.outputs else feeding
    if odd.one_in(chance, 4):
        spoil(chance, nodes)
    return written(root)


def tools() -> list[type[Tool]]:
    """All that the shelf has, in an order that stays."""
    return sorted({*shelf().ids.values(), *shelf().macros.values()}, key=lambda tool: tool.__qualname__)


def plugin(tool: type[Tool]) -> str:
    """The id by which a file asks for a tool, or the name of the macro that it is."""
    return (*tool.ids, *tool.macros)[0]


def configuration(chance: Random, tool: type[Tool]) -> Element:
    """Settings for a tool: those of a case with something changed, or some that nobody has seen."""
    known = [each for name in tool.ids for each in stock().settings.get(name, ())]
    if known and odd.one_in(chance, 2):
        settings = odd.pick(chance, known).copy()
        for element in settings.walk():
            for name in [each for each in _FIELD_NAMES if each in element.attributes]:
                element.attributes[name] = odd.pick(chance, odd.FIELDS)
        for _ in range(chance.randrange(3)):
            spoil(chance, settings)
        return settings
    settings = Element("Configuration")
    _fill(chance, settings, tool)
    return settings


def _fill(chance: Random, at: Element, cls: type[object]) -> None:
    for name, source, wanted, _ in config._settings(typing.cast("Hashable", cls)):
        if odd.one_in(chance, 10):
            continue
        _put(chance, at, name, source, wanted)
        if odd.one_in(chance, 20):
            _put(chance, at, name, source, wanted)


def _put(chance: Random, at: Element, name: str, source: object, wanted: object) -> None:
    match source:
        case config._Many(paths=paths, of=of, each=each):
            path = odd.pick(chance, paths)
            outer, _, last = path.rpartition("/")
            block = _made(at, outer)
            for _ in range(odd.pick(chance, (0, 1, 1, 1, 2, 2, 3, 5))):
                item = Element(last)
                block.children.append(item)
                if of is not None:
                    _fill(chance, item, of)
                else:
                    _write(item, each, _value(chance, f"{path}/{name}", typing.get_args(wanted)[0]))
        case config._Nested(paths=paths, of=of):
            _fill(chance, _made(at, odd.pick(chance, paths)), of)
        case config._Texts(paths=paths):
            block = _made(at, paths[0])
            for _ in range(chance.randrange(4)):
                block.children.append(Element(odd.pick(chance, stock().tags), text=odd.text(chance)))
        case config._FieldType(paths=paths, size=size, scale=scale):
            _write(at, odd.pick(chance, paths), _value(chance, name, FieldType))
            for each in filter(None, (size, scale)):
                _write(at, each, odd.number(chance))
        case config._Value(paths=paths):
            _write(at, f"{odd.pick(chance, paths)}@value", _value(chance, odd.pick(chance, paths), wanted))
        case config._Text(paths=paths):
            path = odd.pick(chance, paths)
            _write(at, path, _value(chance, path, wanted))
        case _:
            raise AssertionError(f"{source} is a new kind of setting")


def _made(at: Element, path: str) -> Element:
    """The element at a path, made where it is not there."""
    for tag in filter(None, path.split("/")):
        found = at.find(tag)
        if found is None:
            at.children.append(found := Element(tag))
        at = found
    return at


def _write(at: Element, path: str, value: str) -> None:
    where, sign, attribute = path.partition("@")
    element = _made(at, where)
    if sign:
        element.attributes[attribute] = value
    else:
        element.text = value


def _value(chance: Random, path: str, wanted: object) -> str:
    if odd.one_in(chance, 6):
        return odd.text(chance)
    if typing.get_origin(wanted) in (typing.Union, types.UnionType):
        wanted = typing.get_args(wanted)[0]
    if wanted is bool:
        return odd.pick(chance, ("True", "False"))
    if wanted is int or wanted is float:
        return odd.number(chance)
    if wanted is FieldType:
        return odd.pick(chance, list(Kind)).value
    if isinstance(wanted, type) and issubclass(wanted, Enum):
        return str(odd.pick(chance, list(wanted)).value)
    return _text(chance, path)


def _text(chance: Random, path: str) -> str:
    last = path.replace("@", "/").rpartition("/")[2]
    if odd.one_in(chance, 2):
        return odd.pick(chance, stock().words.get(last, odd.FIELDS))
    if "xpression" in path or "ormula" in path:
        return formulas.expression(chance)
    if any(word in path.lower() for word in _PATH_WORDS):
        return odd.pick(chance, ("out.csv", "data/orders.csv", "new/out.csv", "data", *odd.TEXTS))
    return odd.pick(chance, odd.FIELDS)
