"""Workflow files written in a few lines."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

PLUGINS = {
    "TextInput": "AlteryxBasePluginsGui.TextInput.TextInput",
    "Browse": "AlteryxBasePluginsGui.BrowseV2.BrowseV2",
    "Input": "AlteryxBasePluginsGui.DbFileInput.DbFileInput",
    "Output": "AlteryxBasePluginsGui.DbFileOutput.DbFileOutput",
    "Select": "AlteryxBasePluginsGui.AlteryxSelect.AlteryxSelect",
    "Filter": "AlteryxBasePluginsGui.Filter.Filter",
    "Formula": "AlteryxBasePluginsGui.Formula.Formula",
    "Sort": "AlteryxBasePluginsGui.Sort.Sort",
    "Summarize": "AlteryxSpatialPluginsGui.Summarize.Summarize",
    "Test": "AlteryxBasePluginsGui.Test.Test",
    "Message": "AlteryxBasePluginsGui.Message.Message",
    "Comment": "AlteryxGuiToolkit.TextBox.TextBox",
    "Container": "AlteryxGuiToolkit.ToolContainer.ToolContainer",
    "Question": "AlteryxGuiToolkit.Questions.TextBox.QuestionTextBox",
    "Action": "AlteryxGuiToolkit.Action.Action",
    "MacroInput": "AlteryxBasePluginsGui.MacroInput.MacroInput",
    "MacroOutput": "AlteryxBasePluginsGui.MacroOutput.MacroOutput",
}
_LINE = re.compile(r"(?P<a>\d+)(?:\.(?P<out>[\w ]+))? > (?P<b>\d+)(?:\.(?P<into>[\w ]+))?(?: (?P<name>#\d+))?")


def node(tool: str, settings: str = "", *, name: str = "", inside: str = "") -> str:
    """A tool, by a word of ``PLUGINS`` or a plugin id. *inside*: a container's nodes."""
    children = f"<ChildNodes>{inside}</ChildNodes>" if inside else ""
    return (
        f"<GuiSettings Plugin={quoteattr(PLUGINS.get(tool, tool))}/>"
        f"<Properties><Configuration>{settings}</Configuration><Annotation><Name>{name}</Name></Annotation>"
        f"</Properties>{children}"
    )


def call(macro: str, **answers: str) -> str:
    """A tool that calls a macro by its path; what its questions are answered, by name."""
    values = "".join(f"<Value name={quoteattr(name)}>{escape(text)}</Value>" for name, text in answers.items())
    return (
        f"<GuiSettings/><Properties><Configuration>{values}</Configuration></Properties>"
        f"<EngineSettings Macro={quoteattr(macro)}/>"
    )


def text_input(fields: str, *rows: str) -> str:
    """A Text Input: field names parted by blanks, rows with bars between the cells."""
    names = "".join(f"<Field name={quoteattr(name)}/>" for name in fields.split())
    cells = "".join(f"<r>{''.join(f'<c>{cell}</c>' for cell in row.split('|'))}</r>" for row in rows)
    return node("TextInput", f"<Fields>{names}</Fields><Data>{cells}</Data>")


def workflow(nodes: Mapping[int, str], *lines: str, properties: str = "", version: str = "2021.4") -> bytes:
    """A workflow of these tools; lines such as ``1 > 2``, ``2.False > 3`` or ``4 > 5.Input #2``."""
    tools = "".join(f'<Node ToolID="{number}">{content}</Node>' for number, content in nodes.items())
    connections = "".join(map(_connection, lines))
    return (
        f'<AlteryxDocument yxmdVer="{version}"><Nodes>{tools}</Nodes><Connections>{connections}</Connections>'
        f"<Properties>{properties}</Properties></AlteryxDocument>"
    ).encode()


def _connection(line: str) -> str:
    found = _LINE.fullmatch(line)
    if found is None:
        raise ValueError(f"{line!r} is no line")
    name = f' name="{found["name"]}"' if found["name"] else ""
    return (
        f'<Connection{name}><Origin ToolID="{found["a"]}" Connection="{found["out"] or "Output"}"/>'
        f'<Destination ToolID="{found["b"]}" Connection="{found["into"] or "Input"}"/></Connection>'
    )
