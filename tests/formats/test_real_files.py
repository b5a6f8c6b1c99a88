"""Delimited files of real workflows: names, types and sizes as the product stored them."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest

from openyx.formats.csv import CsvInput
from openyx.formats.delimited.reader import CsvReader

pytestmark = pytest.mark.shared

Stored = list[tuple[str | None, str | None, str | None]]


def inputs(corpus: Path) -> Iterator[tuple[str, Path, CsvInput, Stored]]:
    """Tools that read delimited text whose file is there, with the schema that is stored."""
    for workflow in sorted(path for path in corpus.rglob("*.yx*") if path.is_file()):
        content = workflow.read_bytes()
        if b'FileFormat="0"' not in content or b"DbFileInput" not in content:
            continue
        for node in ET.fromstring(content).iter("Node"):
            file = node.find("Properties/Configuration/File")
            gui = node.find("GuiSettings")
            if gui is None or not gui.get("Plugin", "").endswith("DbFileInput") or file is None:
                continue
            fields = node.findall("Properties/MetaInfo[@connection='Output']/RecordInfo/Field")
            path = workflow.parent / (file.text or "").replace("\\", "/")
            if file.get("FileFormat") != "0" or file.get("OutputFileName") or not fields or not path.is_file():
                continue
            if path.read_bytes().startswith(b"version https://git-lfs"):
                continue
            texts = {
                one.tag: one.text or "" for one in node.iterfind("Properties/Configuration/FormatSpecificOptions/*")
            }
            stored: Stored = [(field.get("name"), field.get("type"), field.get("size")) for field in fields]
            yield f"{workflow.name} {node.get('ToolID')}", path, CsvInput.of(texts), stored


def test_schemas_are_those_that_the_product_stored(shared: Path) -> None:
    checked: list[str] = []
    for label, path, options, stored in inputs(shared / "corpus"):
        reader = CsvReader(path, options, lambda _: None)
        found = [(field.name, field.type.kind.value, str(field.type.size)) for field in reader.schema]
        assert found == stored, label
        assert reader.frame().head(20).collect().width == len(found)
        checked.append(label)
    assert len(checked) > 10
