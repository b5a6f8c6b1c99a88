"""What a tool looks like: the colour and shape of its palette group, a few letters, its anchors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PureWindowsPath

from openyx.document import Node
from openyx.document.catalogue import palette_group, palette_name

BOXES = frozenset(("Comment", "Explorer Box", "Tool Container"))

_CIRCLE, _SQUARE, _HEXAGON, _PILL = "circle", "square", "hexagon", "pill"
_MACRO = ("#2b3440", _CIRCLE)
_STRANGER = ("#7d7d7d", _SQUARE)
_GROUPS: Mapping[str, tuple[str, str]] = {
    "In/Out": ("#0f8a74", _SQUARE),
    "Preparation": ("#1f6fb2", _CIRCLE),
    "Join": ("#7a4ea8", _HEXAGON),
    "Parse": ("#5a8f2c", _HEXAGON),
    "Transform": ("#cf6a1e", _PILL),
    "In-Database": ("#274c7e", _SQUARE),
    "Reporting": ("#a0622d", _PILL),
    "Spatial": ("#2d8a4b", _CIRCLE),
    "Interface": ("#56636f", _PILL),
    "Data Investigation": ("#34779a", _HEXAGON),
    "Predictive": ("#a52f66", _CIRCLE),
    "Machine Learning": ("#a52f66", _HEXAGON),
    "Connectors": ("#3d68c4", _SQUARE),
    "Calgary": ("#86693a", _SQUARE),
    "Developer": ("#686d75", _CIRCLE),
}
_NO_INPUT = "Date Time Now, Directory, Input Data, Map Input, Text Input, Macro Input, Connect In-DB, MongoDB Input"
_NO_OUTPUT = (
    "Browse, Output Data, Macro Output, Test, Render, Email, Insight, Browse In-DB, Blob Output, Calgary Loader"
)
_INPUTS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(_NO_INPUT.split(", "), ()),
    **dict.fromkeys(("Join", "Join In-DB", "Detour End"), ("Left", "Right")),
    **dict.fromkeys(("Append Fields", "Find Replace", "Dynamic Rename"), ("Targets", "Source")),
    **dict.fromkeys(("Find Nearest", "Spatial Match"), ("Targets", "Universe")),
    "Dynamic Replace": ("Input", "Expressions"),
}
_OUTPUTS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(_NO_OUTPUT.split(", "), ()),
    "Block Until Done": ("Output", "Output2", "Output3"),
    "Detour": ("Left", "Right"),
    "Dynamic Replace": ("Output", "Counts"),
    "Filter": ("True", "False"),
    "Join": ("Left", "Join", "Right"),
    **dict.fromkeys(("Find Nearest", "Spatial Match"), ("Matched", "Unmatched")),
    "Unique": ("Unique", "Duplicates"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a tool is drawn; ``inputs`` and ``outputs`` are the anchors that it has whether connected or not."""

    name: str
    colour: str
    shape: str
    letters: str
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()


def look(node: Node) -> Look:
    """The look of a tool; one that nobody knows is a grey square, a macro a dark circle."""
    file = PureWindowsPath(node.macro)
    known_as = node.plugin or file.name
    name, group = palette_name(known_as), palette_group(known_as)
    if name is None or group is None:
        colour, shape = _STRANGER if node.plugin else _MACRO
        name = node.kind if node.plugin else file.stem
        return Look(name=name or "?", colour=colour, shape=shape, letters=_letters(name))
    colour, shape = _GROUPS.get(group, _STRANGER)
    wired = group == "Interface" and name not in ("Macro Input", "Macro Output")
    anchored = not wired and bool(node.plugin)
    return Look(
        name=name,
        colour=colour,
        shape=shape,
        letters=_letters(name),
        inputs=_INPUTS.get(name, ("Input",)) if anchored else (),
        outputs=_OUTPUTS.get(name, ("Output",)) if anchored else (),
    )


def _letters(name: str) -> str:
    words = [word for word in name.replace("-", " ").replace("_", " ").split() if word[0].isalnum()]
    if len(words) > 1:
        return "".join(word[0].upper() for word in words[:3])
    return name if len(name) <= 4 else name[:3]
