"""Error Message."""

from __future__ import annotations

from openyx.tools.base import Tool, tool


@tool("AlteryxGuiToolkit.Error.Error", inputs=(), outputs=(), on_canvas_only=True)
class ErrorMessage(Tool):
    """Stops an app whose answers make no sense, before anything runs. What it asks is in the workflow's properties."""
