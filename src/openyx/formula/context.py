"""What a formula may know of the world around it: the clock, chance, the environment and the disk."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

from openyx.relation.kernels.date_zones import MachineZone

if TYPE_CHECKING:
    from openyx.formula.addins import AddIn


def _is_there(path: str) -> bool:
    try:
        return Path(path).exists()
    except (OSError, ValueError):  # what no system takes for a path is not there
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The world as the formulas of one run see it.

    ``now`` is when the run looked at the clock, in the zone in which its dates are told; it does not move while records
    pass. ``start`` is when the run began. ``chance`` draws random numbers, ``environment`` holds variables by name,
    ``exists`` tells whether there is a file of that path. ``addins`` are the functions that users wrote, by their names
    in lower case.
    """

    now: datetime
    start: datetime
    chance: random.Random = field(default_factory=random.SystemRandom)
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    exists: Callable[[str], bool] = _is_there
    addins: Mapping[str, AddIn] = field(default_factory=dict[str, "AddIn"])

    @classmethod
    def here(cls, zone: tzinfo | None = None) -> Context:
        """The world as it is on this machine now; *zone* is the machine's own when none is given."""
        now = datetime.now(zone or MachineZone())
        return cls(now=now, start=now, environment=dict(os.environ))
