"""Whether a gallery lives, and whether it can take work; asked without a key, and answered without detail."""

from __future__ import annotations

from openyx.api.calls import Call
from openyx.api.declaring import M, Resource, endpoint
from openyx.api.wire import Record


class Health(Record):
    """That all is well."""

    status: str = ""


class OwnHealth(Resource[M]):
    """The health of the gallery."""

    @endpoint("GET openyx/v1/health")
    def alive(self) -> Call[Health]:
        """That the server lives, whatever is with its store; without a key."""
        return Call(Health, repeatable=False)

    @endpoint("GET openyx/v1/ready")
    def ready(self) -> Call[Health]:
        """That its store answers, has room and can be written; 503 when not. Without a key."""
        return Call(Health, repeatable=False)
