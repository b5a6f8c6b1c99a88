"""Action, Condition and Error Message."""

from __future__ import annotations

from openyx.tools.base import Tool, tool


@tool(
    "AlteryxGuiToolkit.Action.Action",
    "AlteryxGuiToolkit.Condition.Condition",
    "AlteryxGuiToolkit.Error.Error",
    inputs=(),
    outputs=(),
    on_canvas_only=True,
)
class Action(Tool):
    """Changes other tools by an app's answers, before anything runs. What it does is in the workflow's properties."""
