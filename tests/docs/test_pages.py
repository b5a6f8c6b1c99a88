"""The printed pages: every tool and function has one, and the page of compatibility names all that is known."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from docs import build
from docs.compatibilitypage import compatibility
from docs.functionpages import function_pages
from docs.toolpages import every_tool, not_yet, place, tool_pages
from openyx.document.catalogue import CATALOGUE as TOOLS
from openyx.formats.others import OTHERS
from openyx.formula.catalogue import CATALOGUE as FUNCTIONS
from openyx.formula.functions import functions
from openyx.tools.in_out.text_input import TextInput
from openyx.tools.preparation.filter import Filter


def test_every_tool_has_a_page_with_its_settings() -> None:
    pages = {where.as_posix(): text for where, text in tool_pages()}
    assert set(pages) == {place(each).as_posix() for each in every_tool()}
    sort = pages["tools/preparation/sort.md"]
    assert sort.startswith("# Sort\n")
    assert "| fields | `SortInfo/Field`, `SortFields/SortField` |  | must be there |" in sort
    assert "| · order | `SortInfo/Field@order` | `Ascending`, `Descending` | `Ascending` |" in sort
    assert "- `SortInfo@stable`: every sort is" in sort


def test_values_and_defaults_are_words_of_the_file() -> None:
    pages = {where.as_posix(): text for where, text in tool_pages()}
    assert "| first_row | `FirstRow` |  |  |" in pages["tools/developer/dynamic_rename.md"]
    assert "| tiles | `EqualRecords/NumTiles@value` | whole number |  |" in pages["tools/preparation/tile.md"]
    assert "| type | `FieldType` |  | `Int32` |" in pages["tools/preparation/record_id.md"]
    assert not [where for where, text in pages.items() if "=<" in text or "=False" in text]


def test_pages_are_the_same_whatever_the_order_of_sets() -> None:
    printed = "from docs.toolpages import tool_pages, tools; print(tools(), *tool_pages())"
    found = {
        subprocess.run(
            [sys.executable, "-c", printed],
            cwd=Path(build.__file__).parents[1],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in "1234"
    }
    assert len(found) == 1


def test_every_function_has_a_page_with_its_examples() -> None:
    pages = {place.as_posix(): text for place, text in function_pages()}
    assert len(pages) == len(functions())
    assert 'Left("92688", 3)      -> "926"' in pages["functions/string/left.md"]


def test_what_a_tool_refuses_is_read_off_its_module() -> None:
    assert any(what.startswith("the operator …") for what in not_yet(Filter))
    assert not_yet(TextInput) == []


def test_the_page_of_compatibility_names_each_known_tool_once() -> None:
    said, _, _ = compatibility().partition("## Formats")
    lines = re.findall(r"^\| \[?([^]|]+?)(?:\]\([^)]*\))? \| (.*?) \|", said, re.MULTILINE)
    names = [name for name, _ in lines]
    for tools in TOOLS.values():
        for name in tools:
            assert names.count(name) == 1, name
    states = dict(lines)
    assert states["Text Input"] == "exact"
    assert states["Report Text"] == "not supported yet"
    assert states["MongoDB Input"] == "not available here"


def test_the_page_of_compatibility_names_each_format_and_function() -> None:
    page = compatibility()
    assert all(each.name in page for each in OTHERS)
    for names in FUNCTIONS.values():
        for name in names:
            assert re.search(rf"\b{name}\b", page), name


def test_links_of_printed_pages_lead_somewhere() -> None:
    pages = dict(build.printed())
    for path, text in pages.items():
        for target in re.findall(r"\]\(([^)#:]+\.md)\)", text):
            assert Path(path.parent / target) in pages, f"{path}: {target}"
