"""What the things that a gallery hands out have in common: a driver that performs, a session that knows."""

from __future__ import annotations

from openyx.api.declaring import Bound, Driver, M
from openyx.client.session import Session


class Handle(Bound[M]):
    """Something on a server that can be asked and told: a workflow, a job, an output."""

    def __init__(self, driver: Driver, session: Session) -> None:
        super().__init__(driver)
        self._session = session
