"""What tools look like: drawing knows their anchors without the engine, and must know the right ones."""

from __future__ import annotations

import pytest

from openyx.cli.drawing.palette import look
from openyx.document import parse
from openyx.document.catalogue import CATALOGUE
from openyx.testing import workflow
from openyx.tools.shelf import shelf

LISTED = [each for group, tools in CATALOGUE.items() if group != "Interface" for ids in tools.values() for each in ids]


@pytest.mark.parametrize("plugin", [each for each in LISTED if each.lower() in shelf().ids])
def test_the_anchors_that_are_drawn_are_those_that_the_tool_has(plugin: str) -> None:
    tool = shelf().find(plugin, "")
    (node,) = parse(workflow({1: f'<GuiSettings Plugin="{plugin}"/>'}), "w.yxmd").nodes
    drawn = look(node)
    for there, shown in ((tuple(each.name for each in tool.inputs), drawn.inputs), (tool.outputs, drawn.outputs)):
        assert len(shown) == len(there) or tool.on_canvas_only
        assert shown == there or len(there) <= 1
