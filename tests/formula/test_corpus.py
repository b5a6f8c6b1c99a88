"""Expressions of real workflow files: each is read, and prints back as the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from openyx.errors import FormulaError, NotYet
from openyx.fields import Field, FieldType, Schema, folded
from openyx.formula import compile_expression, functions_used, parse, show
from openyx.formula.catalogue import spelling
from openyx.formula.functions import functions
from openyx.formula.nodes import Call, within

pytestmark = pytest.mark.shared

_ENDINGS = (".yxmd", ".yxmc", ".yxwz", ".yxmcbatch", ".yxmciterative")
_PLACES = ("Expression", "Expression_Init", "Expression_Cond", "Expression_Loop", "MessageExpression")
_OTHER_LANGUAGES = ("RegEx", "Table", "Lock", "Charting")


def _documents(folder: Path) -> Iterator[ET.Element]:
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in _ENDINGS:
            try:
                yield ET.parse(path).getroot()
            except ET.ParseError:  # some are broken, on purpose or by age
                continue


def _tool(node: ET.Element) -> str:
    settings = node.find("GuiSettings")
    return (settings.get("Plugin") or "").rpartition(".")[2] if settings is not None else ""


def _expressions(folder: Path) -> Iterator[str]:
    for root in _documents(folder):
        for node in root.iter("Node"):
            if any(word in _tool(node) for word in _OTHER_LANGUAGES) or "InDB" in _tool(node):
                continue
            configuration = node.find("Properties/Configuration")
            for element in configuration.iter() if configuration is not None else ():
                if element.tag in _PLACES and (element.text or "").strip():
                    yield element.text or ""
                if element.tag == "FormulaField" and element.get("expression", "").strip():
                    yield element.get("expression", "")


@pytest.fixture(scope="module")
def expressions(shared: Path) -> list[str]:
    """Every distinct one."""
    return list(dict.fromkeys(_expressions(shared / "corpus")))


def test_every_expression_is_read_and_printed_back(expressions: list[str]) -> None:
    refused = {}
    for text in expressions:
        try:
            assert parse(show(parse(text))) == parse(text)
        except FormulaError as error:
            refused[text] = error.message
    assert len(expressions) > 1_000
    assert refused == {}


def test_every_function_that_is_called_is_known(expressions: list[str], shared: Path) -> None:
    libraries = " ".join(path.read_text("utf-8", "replace") for path in (shared / "corpus").rglob("*.xml"))
    added = {name.lower() for name in re.findall(r"<Name>\s*(\w+)\s*</Name>", libraries)}
    called = {name for text in expressions for name in functions_used(text)}
    unknown = {name for name in called if not spelling(name) and name.lower() not in added}
    assert unknown == set()


def _schemas(root: ET.Element) -> dict[tuple[str, str], Schema]:
    """What the vendor's engine recorded of each anchor: tool, anchor → fields."""
    found = dict[tuple[str, str], Schema]()
    for node in root.iter("Node"):
        for meta in node.findall("Properties/MetaInfo"):
            fields = [_field(one) for one in meta.findall("RecordInfo/Field")]
            if len({folded(one.name) for one in fields}) == len(fields):
                found[node.get("ToolID", ""), meta.get("connection", "")] = Schema(tuple(fields))
    return found


def _field(element: ET.Element) -> Field:
    return Field(element.get("name") or element.get("field") or "", _type(element))


def _type(element: ET.Element) -> FieldType:
    size, _, scale = element.get("size", "").partition(".")
    return FieldType.of(element.get("type", ""), int(size) if size else None, int(scale) if scale else None)


def _formulas(root: ET.Element) -> Iterator[tuple[Schema, list[ET.Element]]]:
    """The lines of each Formula tool with the fields that arrive there."""
    schemas = _schemas(root)
    arriving = dict[str, tuple[str, str]]()
    for line in root.iter("Connection"):
        origin, destination = line.find("Origin"), line.find("Destination")
        if origin is not None and destination is not None:
            arriving[destination.get("ToolID", "")] = origin.get("ToolID", ""), origin.get("Connection", "")
    for node in root.iter("Node"):
        schema = schemas.get(arriving.get(node.get("ToolID", ""), ("", "")))
        if _tool(node) == "Formula" and schema is not None:
            yield schema, node.findall("Properties/Configuration/FormulaFields/FormulaField")


def test_no_formula_that_ran_is_refused_for_its_types(shared: Path) -> None:
    compiled, refused = 0, list[str]()
    for root in _documents(shared / "corpus"):
        for schema, lines in _formulas(root):
            fields = schema
            for line in lines:
                text, made = line.get("expression", ""), _field(line)
                try:
                    compile_expression(text, fields, target=made.type)
                    compiled += 1
                except NotYet:
                    pass
                except FormulaError as error:
                    # Constants of the workflow and functions of libraries are not given here.
                    if "Unknown" not in error.message and text.strip():
                        refused.append(error.message)
                if made.name not in fields:
                    fields = Schema((*fields.fields, made))
    assert compiled > 400
    assert refused == []


def test_nearly_all_calls_are_of_functions_that_are_there(expressions: list[str]) -> None:
    calls = [node.name.lower() for text in expressions for node in within(parse(text)) if isinstance(node, Call)]
    known = [name for name in calls if spelling(name)]
    missing = [name for name in known if name not in functions() and not name.startswith("st_")]
    assert set(missing) <= {"message"}
