"""The questions of an app, and what lays them out."""

from __future__ import annotations

from openyx.tools.base import Tool, tool


@tool(
    "AlteryxGuiToolkit.Questions.Tab.Tab",
    "AlteryxGuiToolkit.Questions.TextBox.QuestionTextBox",
    "AlteryxGuiToolkit.Questions.NumericUpDown.NumericUpDown",
    "AlteryxGuiToolkit.Questions.CheckBoxGroup.CheckBoxGroup",
    "AlteryxGuiToolkit.Questions.RadioButtonGroup.RadioButtonGroup",
    "AlteryxGuiToolkit.Questions.DropDownListBox.DropDown",
    "AlteryxGuiToolkit.Questions.DropDownListBox.ListBox",
    "AlteryxGuiToolkit.Questions.Date.Date",
    "AlteryxGuiToolkit.Questions.FileBrowse.FileBrowse",
    "AlteryxGuiToolkit.Questions.FolderBrowse.FolderBrowse",
    "AlteryxGuiToolkit.Questions.Label.Label",
    "AlteryxGuiToolkit.Questions.LabelGroup.LabelGroup",
    "AlteryxGuiToolkit.Questions.Link.Link",
    inputs=(),
    outputs=(),
    on_canvas_only=True,
)
class Question(Tool):
    """A question or a piece of an app's interface. What it asks is in the workflow's own properties."""
