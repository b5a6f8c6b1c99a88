"""What somebody asks for when a workflow is to be run."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from openyx.store import Origin, Priority


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A run that is asked for: of the published version unless one is named.

    ``answers`` go by the question's name; what is not answered keeps its default.
    """

    workflow_id: str
    user_id: str
    answers: Mapping[str, str]
    origin: Origin = Origin.USER
    version_id: str | None = None
    priority: Priority = Priority.DEFAULT
    worker_tag: str = ""

    @property
    def fingerprint(self) -> str:
        """A hash of what is asked for: two orders with the same one are the same order.

        >>> one = Order(workflow_id="w", user_id="u", answers={"a": "1", "b": "2"})
        >>> two = Order(workflow_id="w", user_id="u", answers={"b": "2", "a": "1"})
        >>> one.fingerprint == two.fingerprint
        True
        """
        asked = (self.workflow_id, self.version_id, sorted(self.answers.items()), int(self.priority), self.worker_tag)
        return hashlib.sha256(msgspec.json.encode(asked)).hexdigest()
