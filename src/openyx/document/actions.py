"""What an app or a macro does with its answers before it runs: each action changes the tools."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from openyx.document import surgery
from openyx.document.destinations import Destination, Spot
from openyx.document.graph import Node
from openyx.document.model import Document
from openyx.document.wires import Wires
from openyx.document.xml import Element
from openyx.errors import DocumentError, NotYet, WorkflowError
from openyx.messages import Kind, Message

_INPUT = "{{INPUT}}"

_MAPPINGS = frozenset(
    {
        "Update Cell",
        "Update Detour Direction",
        "Update Detour Direction from Question",
        "Update Password",
        "Update Directory with Folder Browse",
        "Enable/Disable Container",
    }
)
"""What a Dynamic action writes as its expression says."""

_INVERTED = "Enable/Disable Container from Question"
"""A question that is true enables the container: what is written says whether it is disabled (one file shows it)."""

_NO_TOOL = -1
_GROUPS = ("NoCondition", "Condition")
_KINDS = frozenset(
    {"UpdateValue", "UpdateValueFormula", "UpdateRawXml", "UpdateRawXmlFormula", "Error", "DeleteTool", "UpdateSelect"}
)
"""Groups of actions, and kinds of them beside Dynamic, that are performed."""


class Evaluate(Protocol):
    """What an expression gives, as a text; ``True`` or ``False`` where it is a condition.

    *values* are texts by name; ``True`` and ``False`` among them may stand where a truth value is wanted.
    """

    def __call__(self, expression: str, values: Mapping[str, str], *, condition: bool = False) -> str:
        """Raises ``WorkflowError`` for an expression that is wrong."""
        ...


def unable(expression: str, values: Mapping[str, str], *, condition: bool = False) -> str:  # noqa: ARG001 - it refuses all
    """For a reader that has no expression language."""
    raise NotYet(f"the expression {expression!r} of an action, without an engine")


def perform(document: Document, answers: Mapping[str, str], evaluate: Evaluate = unable) -> list[Message]:
    """Run the actions of a document from top to bottom, on its own tree; what was strange is told.

    Raises ``NotYet`` for a kind of action that is not supported, ``DocumentError`` for one that cannot be understood,
    ``WorkflowError`` where an action says that the workflow must not run.
    """
    performing = _Performing(document, Wires.of(document, answers), evaluate)
    for group in document.root.all("Properties/RuntimeProperties/Actions"):
        for branch in group.children:
            performing.perform_all(branch)
    return performing.remarks


def unsupported(document: Document) -> list[NotYet]:
    """The actions of a document that are of a kind that is not supported, whatever is answered."""
    branches = [each for group in document.root.all("Properties/RuntimeProperties/Actions") for each in group.children]
    actions = [action for branch in branches for action in _actions(branch)]
    return [*(each for branch in branches for each in _refused_group(branch)), *filter(None, map(_refused, actions))]


@dataclass(slots=True)
class _Performing:
    document: Document
    wires: Wires
    evaluate: Evaluate
    remarks: list[Message] = field(default_factory=list[Message])

    def perform_all(self, branch: Element) -> None:
        """Do what the actions of a group say; what is wrong has its place where it has no tool."""
        try:
            for action in self.chosen(branch):
                self.perform(action)
        except WorkflowError as error:
            if error.tool not in self.document.by_id:
                error.hint = f"{self.document.name}, line {branch.line}, in an action of no tool"
            raise

    def chosen(self, branch: Element) -> list[Element]:
        """The actions of a group: all, or those on the side of its condition that is in force."""
        for refused in _refused_group(branch):
            raise refused
        side = self._evaluated(branch, condition=True) if branch.tag == "Condition" else "True"
        found = branch.find(side)
        return found.children if found else []

    def perform(self, action: Element) -> None:
        """Do what an action says."""
        refused = _refused(action)
        if refused is not None:
            raise refused
        match action.words("Type"):
            case "UpdateValue" if action.words("Mode", "Simple") == "Simple":
                self._write(action, self._simple)
            case "UpdateValue" | "UpdateValueFormula":
                self._write(action, lambda action, spot: self._evaluated(action, destination=spot.text))
            case "Dynamic":
                self._write(action, self._dynamic)
            case "UpdateRawXml" | "UpdateRawXmlFormula":
                self._write_xml(action)
            case "Error":
                if self._evaluated(action, condition=True) == "True":
                    raise WorkflowError(action.words("Description") or "stopped by the answers", tool=_tool(action))
            case "DeleteTool":
                surgery.delete_tool(self.document.root, action.value("DeleteTool"))
            case "UpdateSelect":
                self._choose_fields(action)
            case _:
                return  # an action that was put on the canvas and never set up

    def _write(self, action: Element, made: Callable[[Element, Spot], str | None]) -> None:
        spot = self._spot(action)
        text = made(action, spot) if spot else None
        if spot is not None and text is not None:
            part = action.words("ReplaceText") if action.value("Replace").strip().lower() == "true" else ""
            spot.write(spot.text.replace(part, text) if part else text)

    def _write_xml(self, action: Element) -> None:
        spot = self._spot(action)
        if spot is not None:
            outer = action.value("OuterXml").strip().lower() == "true"
            text = self._evaluated(action, destination=spot.xml(outer=outer))
            spot.write_xml(text, outer=outer, place=self._place(action))

    def _simple(self, action: Element, _spot: Spot) -> str | None:
        return self.wires.answer(_tool(action), action.words("Variable"))

    def _dynamic(self, action: Element, spot: Spot) -> str | None:
        mapping, expression = action.words("Mapping"), action.words("Expression", _INPUT)
        given = self.wires.answer(_tool(action), "")
        if _INPUT in expression and given is None:
            return None
        values = {"Destination": spot.text, _INPUT: given or ""}
        text = given if expression == _INPUT else self.evaluate(expression.replace(_INPUT, f"[{_INPUT}]"), values)
        return self.evaluate(f"![{_INPUT}]", {_INPUT: text or ""}, condition=True) if mapping == _INVERTED else text

    def _choose_fields(self, action: Element) -> None:
        number = _number(action, "SelectTool")
        chosen = self.wires.answer(_tool(action), action.words("Variable"))
        if number and chosen is not None:
            surgery.choose_fields(self._node(action, number), chosen)

    def _evaluated(self, action: Element, *, condition: bool = False, destination: str = "") -> str:
        values = self.wires.values(_tool(action)) | {"Destination": destination}
        try:
            return self.evaluate(action.words("Expression"), values, condition=condition)
        except WorkflowError as error:
            error.tool = _tool(action)
            raise

    def _spot(self, action: Element) -> Spot | None:
        """The place that an action changes; nothing for an action that was never set up, or whose tool is gone."""
        target, place = action.words("Destination"), self._place(action)
        if not target:
            return None
        try:
            where = Destination.read(target)
        except ValueError as error:
            raise DocumentError(str(error), place=place) from error
        node = self._node(action, where.tool)
        spot = where.spot(node) if node else None
        if node is not None and spot is None:
            raise DocumentError(f"{target!r} is not in the workflow", place=place)
        return spot

    def _node(self, action: Element, number: int) -> Node | None:
        node = self.document.by_id.get(number)
        if node is None:
            text = f"The action of tool {_tool(action)} is ignored: there is no tool {number}"
            self.remarks.append(Message(kind=Kind.WARNING, text=text))
        return node

    def _place(self, action: Element) -> str:
        return f"{self.document.name}, line {action.line}, action of tool {_tool(action)}"


def _actions(branch: Element) -> Iterator[Element]:
    """The actions of a group on all its sides, and those that stand right in it."""
    for side in branch.children:
        yield from (side,) if side.tag == "Action" else side.children


def _refused_group(branch: Element) -> Iterator[NotYet]:
    if branch.tag not in _GROUPS:
        yield NotYet(f"the action group {branch.tag}", tool=_tool(branch))
        return
    for astray in branch.all("Action"):
        yield NotYet(f"an action that stands right in its {branch.tag}", tool=_tool(astray))


def _refused(action: Element) -> NotYet | None:
    """Why an action cannot be performed, by its kind."""
    kind, mapping = action.words("Type"), action.words("Mapping")
    if kind == "Dynamic":
        known = mapping in (*_MAPPINGS, _INVERTED) or not action.words("Destination")
        return None if known else NotYet(f"the action {mapping!r}", tool=_tool(action))
    known = kind in _KINDS or (kind == "UpdateInput" and not _number(action, "InputTool"))
    return None if known else NotYet(f"the action {kind or action.tag}", tool=_tool(action))


def _tool(action: Element) -> int:
    return _number(action, "ToolId") or _NO_TOOL


def _number(action: Element, tag: str) -> int | None:
    """The number of a tool; nothing where none was chosen."""
    text = action.value(tag)
    return int(text) if re.fullmatch(r"\d{1,9}", text, re.ASCII) else None
