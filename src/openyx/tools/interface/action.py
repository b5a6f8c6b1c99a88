"""Action."""

from __future__ import annotations

from openyx.tools.base import Tool, tool


@tool("AlteryxGuiToolkit.Action.Action", inputs=(), outputs=(), on_canvas_only=True)
class Action(Tool):
    """Changes another tool by an app's answers, before anything runs. What it does is in the workflow's properties."""
