"""What is said of tools that are not on the shelf: not yet, not here, or never heard of."""

from __future__ import annotations

from openyx.errors import Missing, NotHere, NotYet, Unknown

_NOT_HERE = {
    "alteryxpredictivepluginsgui.": "statistics that ship their own R",
    "calgarypluginsgui.": "the vendor's own data format",
    "calgaryloadersgui.": "the vendor's own data format",
    "alteryxconnectorgui.mongo": "a connector to MongoDB",
    "alteryxrplugingui.": "R code",
    "jupytercode": "Python code",
    "linear_regression": "statistics that ship their own R",
    "box_": "a connector to Box",
    "insights": "the vendor's own viewer",
    "automl": "statistics that ship their own Python",
    "modeling": "statistics that ship their own Python",
    "transformation": "statistics that ship their own Python",
    "regression": "statistics that ship their own Python",
    "predict": "statistics that ship their own Python",
    "fit": "statistics that ship their own Python",
}
"""Beginnings of plugin ids, in lower case."""

_NOT_YET = ("alteryx", "portfoliopluginsgui.", "lockingui.", "plotlycharting", "reportheader")


def absent(plugin: str) -> Missing:
    """Why there is no tool for this plugin id."""
    if not plugin:
        return Unknown("a tool without plugin or macro")
    name = plugin.rpartition(".")[2]
    folded = plugin.lower()
    for beginning, reason in _NOT_HERE.items():
        if folded == beginning or (beginning.endswith((".", "_", "mongo")) and folded.startswith(beginning)):
            return NotHere(f"the tool {name} ({reason})")
    return NotYet(f"the tool {name}") if folded.startswith(_NOT_YET) else Unknown(f"the tool {plugin}")
