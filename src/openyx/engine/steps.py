"""What a plan is made of: tools that will run, the lines between them, and what cannot run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from openyx.document import Node
from openyx.engine.scope import Scope
from openyx.errors import OpenYXError
from openyx.messages import Kind, Message
from openyx.tools.base import Tool

_TOLD_OUTSIDE = frozenset({Kind.WARNING, Kind.ERROR, Kind.CONVERSION_ERROR, Kind.CONVERSION_LIMIT})


@dataclass(frozen=True, slots=True)
class Arriving:
    """A line into an input anchor: its name (``#1``, ``#2``, …), and the output anchor that it comes from."""

    name: str
    tool: int
    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A tool that will run, and what arrives at each of its input anchors.

    The number of its ``node`` is its own in the whole run; inside macros it is not the one in the file. ``scope`` is
    the document's. What the tool has to report is told under the number ``speaker``.
    """

    node: Node
    tool: Tool
    arriving: Mapping[str, tuple[Arriving, ...]]
    scope: Scope
    speaker: int
    inside: bool = False

    @property
    def called(self) -> str:
        """How a message about another tool names this one: by its number in its file."""
        return f"tool {self.node.element.get('ToolID')}"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a tool cannot run."""

    tool: int
    error: OpenYXError


@dataclass(frozen=True, slots=True)
class Inner:
    """A tool inside a macro: the outermost call, under whose number it is told, and how it is called then.

    Only warnings and errors are told, unless it is ``loud``.
    """

    tool: int
    called: str
    loud: bool = False

    def told(self, message: Message) -> Message | None:
        """What is told of a message outside the macro."""
        if not self.loud and message.kind not in _TOLD_OUTSIDE:
            return None
        return replace(message, tool=self.tool, text=f"{self.called}{message.text}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The tools in an order in which each has its inputs, what is to be said before they run, and why they cannot.

    ``inner`` are the tools inside macros by their number in the run: it means nothing outside. ``aside`` are tools that
    would run without these problems, as far as their settings: a check asks them what they lack. ``absent`` is what
    is missing among them.
    """

    steps: tuple[Step, ...]
    messages: tuple[Message, ...]
    problems: tuple[Problem, ...]
    inner: Mapping[int, Inner] = field(default_factory=dict[int, Inner])
    aside: tuple[Step, ...] = ()
    absent: tuple[Problem, ...] = ()
