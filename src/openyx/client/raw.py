"""The REST API itself, by generation: one method for each endpoint of the contract."""

from __future__ import annotations

from openyx.api.declaring import Bound, Driver, M
from openyx.api.oauth2 import OAuth2
from openyx.api.openyx.health import OwnHealth
from openyx.api.openyx.jobs import OwnJobs
from openyx.api.openyx.keys import OwnKeys
from openyx.api.openyx.status import OwnStatus
from openyx.api.openyx.workflows import OwnWorkflows
from openyx.api.v1.jobs import Jobs as JobsV1
from openyx.api.v1.workflows import Workflows as WorkflowsV1
from openyx.api.v3.jobs import Jobs as JobsV3
from openyx.api.v3.workflows import Workflows as WorkflowsV3


class V1(Bound[M]):
    """The Subscription API."""

    def __init__(self, driver: Driver) -> None:
        super().__init__(driver)
        self.workflows: WorkflowsV1[M] = WorkflowsV1(driver)
        self.jobs: JobsV1[M] = JobsV1(driver)


class V3(Bound[M]):
    """The V3 API; there under OAuth 2 only."""

    def __init__(self, driver: Driver) -> None:
        super().__init__(driver)
        self.workflows: WorkflowsV3[M] = WorkflowsV3(driver)
        self.jobs: JobsV3[M] = JobsV3(driver)


class OpenYX(Bound[M]):
    """What our own gallery offers beside the real API, and the token endpoint."""

    def __init__(self, driver: Driver) -> None:
        super().__init__(driver)
        self.health: OwnHealth[M] = OwnHealth(driver)
        self.status: OwnStatus[M] = OwnStatus(driver)
        self.workflows: OwnWorkflows[M] = OwnWorkflows(driver)
        self.jobs: OwnJobs[M] = OwnJobs(driver)
        self.keys: OwnKeys[M] = OwnKeys(driver)
        self.oauth2: OAuth2[M] = OAuth2(driver)
