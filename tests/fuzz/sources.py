"""Records of every type and the parts of a workflow that hold and carry them."""

from __future__ import annotations

from functools import cache

from openyx.document.xml import Element
from openyx.fields import Kind
from openyx.relation import Relation
from openyx.testing import table

GIVEN = "given"
TYPED = {
    "a": Kind.INT32,
    "b": Kind.V_WSTRING,
    "c": Kind.STRING,
    "n": Kind.INT64,
    "x": Kind.DOUBLE,
    "d": Kind.DATE,
    "t": Kind.TIME,
    "when": Kind.DATETIME,
    "yes": Kind.BOOL,
    "dec": Kind.FIXED_DECIMAL,
    "^a.*$": Kind.V_STRING,
    "*": Kind.BYTE,
}
ROWS = (
    ("1", "x y", "a,b", "9223372036854775807", "1e300", "2020-02-29", "23:59:59", "2020-01-01 00:00:00", "1", "1.25"),
    ("2", "", "é", "-1", "-0.5", "1400-01-01", "00:00:00", "9999-12-31 23:59:59", "0", "-99999.99"),
    ("", "1", "", "", "", "", "", "", "", ""),
    ("2", "x y", "<a>1</a>", "3", "0.1", "2020-02-29", "12:00:00", "2020-01-01 00:00:00", "1", "0"),
    ("-2147483648", "😀", "A", "0", "1e-300", "1999-12-31", "01:02:03", "1999-12-31 01:02:03", "0", "7"),
)
_TRUTHS = {8: {"1": "True", "0": "False"}}


def line(origin: int, anchor: str, destination: int, into: str, **attributes: str) -> Element:
    """A connection."""
    ends = [
        Element("Origin", {"ToolID": str(origin), "Connection": anchor}),
        Element("Destination", {"ToolID": str(destination), "Connection": into}),
    ]
    return Element("Connection", attributes, children=ends)


def node(number: int, plugin: str, configuration: Element | None = None, *, macro: bool = False) -> Element:
    """A tool; *plugin* is its id, or the path of a macro."""
    settings = configuration or Element("Configuration")
    gui = Element("GuiSettings", {} if macro else {"Plugin": plugin})
    engine = [Element("EngineSettings", {"Macro": plugin})] if macro else []
    properties = Element("Properties", children=[settings])
    return Element("Node", {"ToolID": str(number)}, children=[gui, properties, *engine])


def records() -> Element:
    """Tool 1, which is given records of every type when it is run."""
    given = node(1, "AlteryxBasePluginsGui.DbFileInput.DbFileInput", Element("Configuration"))
    given.children[1].children.append(Element("Annotation", children=[Element("Name", text=GIVEN)]))
    return given


@cache
def relation() -> Relation:
    """Records of every type, for expressions."""
    rows = [", ".join(f'"{cell}"' if cell else "" for cell in (_TRUTHS.get(at, {}).get(cell, cell)
            for at, cell in enumerate(_whole(row)))) for row in ROWS]  # fmt: skip
    return table(", ".join(f"{name}: {kind.value}" for name, kind in TYPED.items()), *rows).relation


def _whole(row: tuple[str, ...]) -> list[str]:
    """The cells, with one for each of the two fields of strange names."""
    return [*row, row[1], row[0] if row[0] in ("1", "2") else ""]
