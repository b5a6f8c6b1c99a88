"""What is said of tools that are not on the shelf: not yet, not here, or never heard of."""

from __future__ import annotations

from openyx.errors import Missing, NotHere, NotYet, Unknown
from openyx.tools.catalogue import palette_name

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

_MACROS_NOT_HERE = frozenset(
    ("arima", "boosted_model", "forest_model", "linear_regression", "principal_components", "score", "ts_forecast")
)
"""Macro files of the predictive tools, without their ending."""

_NOT_YET = ("alteryx", "portfoliopluginsgui.", "lockingui.", "plotlycharting", "reportheader")
_ENDING = ".yxmc"


def absent(plugin: str) -> Missing:
    """Why there is no tool for this plugin id."""
    if not plugin:
        return Unknown("a tool without plugin or macro")
    name = palette_name(plugin) or plugin.rpartition(".")[2]
    folded = plugin.lower()
    for beginning, reason in _NOT_HERE.items():
        if folded == beginning or (beginning.endswith((".", "_", "mongo")) and folded.startswith(beginning)):
            return NotHere(f"the tool {name} ({reason})")
    return NotYet(f"the tool {name}") if folded.startswith(_NOT_YET) else Unknown(f"the tool {plugin}")


def absent_macro(file: str) -> Missing:
    """Why there is no tool for the product's macro of this file name."""
    name = palette_name(file)
    if file.lower().removesuffix(_ENDING) in _MACROS_NOT_HERE:
        return NotHere(f"the tool {name} (statistics that ship their own R)")
    return Unknown(f"the macro {file}") if name is None else NotYet(f"the tool {name}")
