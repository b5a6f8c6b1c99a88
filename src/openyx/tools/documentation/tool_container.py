"""Tool Container."""

from __future__ import annotations

from openyx.tools.base import Tool, tool


@tool("AlteryxGuiToolkit.ToolContainer.ToolContainer", inputs=(), outputs=(), on_canvas_only=True)
class ToolContainer(Tool):
    """Holds other tools. While it is disabled they are not there, and neither are the connections to and from them."""
