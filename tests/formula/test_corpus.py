"""Expressions of real workflow files: each is read, and prints back as the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from openyx.errors import FormulaError
from openyx.formula import functions_used, parse, show
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


def test_nearly_all_calls_are_of_functions_that_are_there(expressions: list[str]) -> None:
    calls = [node.name.lower() for text in expressions for node in within(parse(text)) if isinstance(node, Call)]
    known = [name for name in calls if spelling(name)]
    missing = [name for name in known if name not in functions() and not name.startswith("st_")]
    assert set(missing) <= {"message"}
