"""What an app does with its answers before it runs: each action changes the settings of a tool."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from openyx.document.model import Document
from openyx.document.xml import Element
from openyx.errors import DocumentError, NotYet

_STEP = re.compile(r"(?P<tag>[\w.:-]+)(?P<tests>(?:\[@[\w.:-]+=(?:'[^']*'|\"[^\"]*\")\])*)")
_TEST = re.compile(r"\[@(?P<name>[\w.:-]+)=(?:'(?P<one>[^']*)'|\"(?P<two>[^\"]*)\")\]")


@dataclass(frozen=True, slots=True)
class Destination:
    """A place in a tool's settings: ``22/SelectFields/SelectField[@field='Group']/@rename``."""

    tool: int
    steps: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    attribute: str = ""


def perform(document: Document, answers: Mapping[str, str]) -> None:
    """Run the actions of a document from top to bottom, on its own tree.

    Raises ``NotYet`` for a kind of action that is not supported, ``DocumentError`` for one that cannot be understood.
    """
    for group in document.root.all("Properties/RuntimeProperties/Actions"):
        for branch in group.children:
            if branch.tag != "NoCondition":
                raise NotYet(f"actions under a condition ({branch.words('Expression')})", tool=_tool(branch))
            for action in branch.all("True/Action"):
                _perform(document, action, answers)


def destination(text: str) -> Destination:
    """A destination, taken apart. Raises ``ValueError`` for a text that is none."""
    number, _, path = text.strip().partition("/")
    steps: list[tuple[str, tuple[tuple[str, str], ...]]] = []
    attribute = ""
    while path:
        if path.startswith("@"):
            attribute = path[1:]
            break
        step = _STEP.match(path)
        if step is None or path[step.end() :][:1] not in ("", "/"):
            raise ValueError(f"{text!r} is no place in a tool's settings")
        tests = tuple((test["name"], test["one"] or test["two"] or "") for test in _TEST.finditer(step["tests"]))
        steps.append((step["tag"], tests))
        path = path[step.end() + 1 :]
    return Destination(int(number), tuple(steps), attribute)


def _perform(document: Document, action: Element, answers: Mapping[str, str]) -> None:
    kind, target = action.words("Type"), action.words("Destination")
    if not target:
        return  # an action that was put on the canvas and never set up
    if kind != "UpdateValue" or action.words("Mode", "Simple") != "Simple":
        raise NotYet(f"the action {kind} ({action.words('Mode', 'Simple')})", tool=_tool(action))
    question = action.words("Variable") or _wired(document, _tool(action))
    if question not in answers:
        return
    place = f"{document.name}, line {action.line}, action of tool {_tool(action)}"
    try:
        where = destination(target)
    except ValueError as error:
        raise DocumentError(str(error), place=place) from error
    node = document.by_id.get(where.tool)
    found = _follow([node.configuration], where) if node else []
    if not found:
        raise DocumentError(f"{target!r} is not in the workflow", place=place)
    part = action.words("ReplaceText") if action.value("Replace").strip().lower() == "true" else ""
    for element in found:
        _update(element, where.attribute, part, answers[question])


def _follow(elements: Sequence[Element], where: Destination) -> list[Element]:
    found = list(elements)
    for tag, tests in where.steps:
        found = [
            child
            for element in found
            for child in element.children
            if child.tag == tag and all(child.get(name) == value for name, value in tests)
        ]
    return found


def _update(element: Element, attribute: str, part: str, answer: str) -> None:
    present = element.get(attribute) if attribute else element.text
    changed = present.replace(part, answer) if part else answer
    if attribute:
        element.attributes[attribute] = changed
    else:
        element.text = changed


def _wired(document: Document, action: int) -> str:
    """The name of the question whose line ends at an action."""
    names = {question.tool: question.name for question in document.questions}
    return next((names[line.origin] for line in document.into(action) if line.origin in names), "")


def _tool(action: Element) -> int:
    text = action.value("ToolId")
    return int(text) if re.fullmatch(r"\d{1,9}", text, re.ASCII) else -1
