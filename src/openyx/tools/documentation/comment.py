"""Comment."""

from __future__ import annotations

from openyx.tools.base import Tool, tool


@tool("AlteryxGuiToolkit.TextBox.TextBox", inputs=(), outputs=(), on_canvas_only=True)
class Comment(Tool):
    """A note on the canvas; it has nothing to do."""
