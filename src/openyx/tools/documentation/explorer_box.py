"""Explorer Box."""

from __future__ import annotations

from openyx.tools.base import Tool, tool


@tool("AlteryxGuiToolkit.HtmlBox.HtmlBox", inputs=(), outputs=(), on_canvas_only=True)
class ExplorerBox(Tool):
    """A page or a folder that is shown on the canvas; it has nothing to do."""
