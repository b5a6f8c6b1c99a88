"""Condition."""

from __future__ import annotations

from openyx.tools.base import Tool, tool


@tool("AlteryxGuiToolkit.Condition.Condition", inputs=(), outputs=(), on_canvas_only=True)
class Condition(Tool):
    """Decides by an app's answers which actions are taken. What it asks is in the workflow's properties."""
