"""What is said of tools that are not on the shelf: not yet, not here, or never heard of."""

from __future__ import annotations

from openyx.document.catalogue import palette_group, palette_name
from openyx.errors import Missing, NotHere, NotYet, Unknown

_R = "statistics that ship their own R"
_NOT_HERE_BY_GROUP = {
    "Predictive": _R,
    "Machine Learning": "statistics that ship their own Python",
    "Calgary": "the vendor's own data format",
}
_NOT_HERE_BY_BEGINNING = {
    "alteryxpredictivepluginsgui.": _R,
    "calgarypluginsgui.": _NOT_HERE_BY_GROUP["Calgary"],
    "calgaryloadersgui.": _NOT_HERE_BY_GROUP["Calgary"],
    "alteryxbasepluginsgui.runcommand.": "commands of the system, which no run starts",
    "alteryxconnectorgui.mongo": "a connector to MongoDB",
    "alteryxrplugingui.": "R code",
    "jupytercode": "Python code",
    "box_": "a connector to Box",
    "insights": "the vendor's own viewer",
}
"""Beginnings of plugin ids, in lower case."""

_NOT_YET = ("alteryx", "portfoliopluginsgui.", "lockingui.", "plotlycharting", "reportheader")


def absent(plugin: str) -> Missing:
    """Why there is no tool for this plugin id."""
    if not plugin:
        return Unknown("a tool without plugin or macro")
    name = palette_name(plugin) or plugin.rpartition(".")[2]
    folded = plugin.lower()
    beginnings = (reason for beginning, reason in _NOT_HERE_BY_BEGINNING.items() if folded.startswith(beginning))
    reason = _NOT_HERE_BY_GROUP.get(palette_group(plugin) or "") or next(beginnings, None)
    if reason:
        return NotHere(f"the tool {name} ({reason})")
    return NotYet(f"the tool {name}") if folded.startswith(_NOT_YET) else Unknown(f"the tool {plugin}")


def absent_macro(file: str) -> Missing:
    """Why there is no tool for the product's macro of this file name."""
    name = palette_name(file)
    reason = _NOT_HERE_BY_GROUP.get(palette_group(file) or "")
    if reason:
        return NotHere(f"the tool {name} ({reason})")
    return Unknown(f"the macro {file}") if name is None else NotYet(f"the tool {name}")
