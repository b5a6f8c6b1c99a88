"""What stands on the stage when the contract is performed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import httpx2

from openyx.client.gallery import AsyncGallery, Gallery
from openyx.client.options import Options
from openyx.queue import Order, Queue
from openyx.store import (
    Disposition,
    Item,
    NewKey,
    NewOutput,
    NewVersion,
    NewWorkflow,
    Origin,
    PackageType,
    Question,
    Store,
)
from tests.server.support import APP, packed

TABLE = b"Region,Sales\r\nE,10\r\n"
PACKAGE = packed(APP, "Regional Sales.yxwz")


@dataclass(frozen=True)
class Standing:
    """A gallery that listens and can be called in process, with a key for each kind of authentication."""

    url: str
    app: Any
    store: Store
    queue: Queue
    keys: dict[str, NewKey]

    def sync_client(self, auth: Any) -> Gallery:
        """Our client over loopback."""
        key = self.keys[auth]
        return Gallery(self.url, key.key.key, key.secret.reveal(), auth=auth)

    def async_client(self, auth: Any) -> AsyncGallery:
        """Our client in process."""
        key = self.keys[auth]
        options = Options(async_transport=httpx2.ASGITransport(self.app))
        return AsyncGallery("http://127.0.0.1/", key.key.key, key.secret.reveal(), auth=auth, options=options)

    def finish(self) -> None:
        """Run the next job as a worker would."""
        claimed = self.queue.claim("a worker")
        assert claimed is not None
        blob = self.store.blobs.add(TABLE)
        output = NewOutput(name="sales.csv", formats=("Raw", "Csv"), digest=blob.digest, size=blob.size)
        self.queue.finish(self.queue.start(claimed), Disposition.SUCCESS, outputs=[output])


@dataclass(frozen=True)
class Scene:
    """The ids of what is there."""

    standing: Standing
    workflow: str
    version: str
    done: str
    output: str
    waiting: str

    @classmethod
    def set_up(cls, standing: Standing) -> Scene:
        """Publish an app and start it twice; the first job ends well."""
        store, user = standing.store, standing.store.users.owner().id
        blob = store.blobs.add(PACKAGE)
        version = NewVersion(
            file_name="Regional Sales.yxwz",
            entry="Regional Sales.yxwz",
            digest=blob.digest,
            size=blob.size,
            package_type=PackageType.APP,
            name="Regional Sales",
            questions=(
                Question(
                    name="Region",
                    type="QuestionListBox",
                    description="Region",
                    multiple=False,
                    items=(Item(key="East", value="E"), Item(key="West", value="W")),
                    required=True,
                ),
            ),
        )
        new = NewWorkflow(name="Regional Sales", owner_id=user)
        published = store.workflows.publish(new, version, by=user)
        order = Order(
            workflow_id=published.workflow.id, user_id=user, answers={"Region": "E"}, origin=Origin.SUBSCRIPTION
        )
        done = standing.queue.enqueue(order)
        standing.finish()
        waiting = standing.queue.enqueue(order)
        return cls(
            standing=standing,
            workflow=published.workflow.id,
            version=published.version.id,
            done=done.id,
            output=store.outputs.of(done.id)[0].id,
            waiting=waiting.id,
        )


@dataclass
class Memory:
    """A sink that keeps what it gets."""

    expected: int | None = None
    content: bytearray = field(default_factory=bytearray)

    def begin(self, expected: int | None) -> None:
        """A body begins."""
        self.expected = expected
        self.content.clear()

    def write(self, chunk: bytes) -> None:
        """The next bytes."""
        self.content += chunk
