"""The ages of a Server: which families each speaks, which routes it lacks, which members its records show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from openyx.api.declaring import Endpoint
from openyx.api.v3.jobs import Jobs
from openyx.api.v3.workflows import ReducedWorkflowView, Workflows, WorkflowView
from openyx.api.wire import Record
from openyx.errors import AskedWrongly

Hidden = Mapping[type[Record], frozenset[str]]

DEFAULT = "2021.4"


class Family(Enum):
    """The families of routes; each has its own authentication and its own form of an error."""

    GALLERY = "gallery"
    WEBAPI = "webapi"
    OWN = "openyx"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How records look in one family of one age.

    ``amp`` shows the members ``isE2`` and ``runWithE2``, ``numbers`` writes ``packageType`` as a number.
    """

    amp: bool = True
    numbers: bool = False
    upload_source: str = "ServerUIorServerAPI"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compat:
    """A Server of one age.

    ``oauth1`` has ``/gallery/api``, ``oauth2`` has ``/webapi``; ``lacks`` are endpoints that came later, ``hidden``
    the members that did.
    """

    name: str
    oauth1: bool = True
    oauth2: bool = True
    lacks: frozenset[Endpoint[..., Any]] = frozenset()
    hidden: Hidden = field(default_factory=dict[type[Record], frozenset[str]])
    upload_source: str = "ServerUIorServerAPI"

    def shape(self, family: Family) -> Shape:
        """How records look in a family.

        Strict clients of 2019 compare them member by member, so the OAuth 1 family never shows the later ones.
        """
        if family is Family.GALLERY:
            return Shape(amp=False, numbers=True, upload_source=self.upload_source)
        return Shape(upload_source=self.upload_source)


# What a server of 2022 lacks was found by comparing clients that were generated from its description and from a later
# one; every other age that has /webapi serves all of V3.
_AFTER_2022 = frozenset[Endpoint[..., Any]]({Jobs.get, Jobs.messages, Jobs.cancel, Jobs.list, Workflows.start})
_HIDDEN_IN_2022: Hidden = {
    ReducedWorkflowView: frozenset({"sourceAppId"}),
    WorkflowView: frozenset({"sourceAppId", "packageWorkflowType"}),
}

AGES: Mapping[str, Compat] = {
    age.name: age
    for age in (
        Compat(name="2019", oauth2=False),
        Compat(name="2021.4"),
        Compat(name="2022", oauth1=False, lacks=_AFTER_2022, hidden=_HIDDEN_IN_2022, upload_source="Direct"),
        Compat(name="2025", oauth1=False),
    )
}


def compat(name: str) -> Compat:
    """The age of that name; AskedWrongly when there is none.

    >>> compat("2022").oauth1
    False
    """
    if name not in AGES:
        raise AskedWrongly(f"there is no compat {name!r}", hint="choose one of " + ", ".join(AGES))
    return AGES[name]
