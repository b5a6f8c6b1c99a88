"""How a gallery is doing: its queue, its workers, its disks."""

from __future__ import annotations

from msgspec import field

from openyx.api.calls import Call
from openyx.api.declaring import M, Resource, endpoint
from openyx.api.wire import Record


class QueueStatus(Record):
    """How many jobs wait, for how many seconds the one that waits longest, and how many are with workers."""

    waiting: int = 0
    oldest_wait: float | None = None
    running: int = 0


class WorkerStatus(Record):
    """A worker that runs ``slots`` jobs at a time; ``silent`` when it was not heard of for longer than it may."""

    name: str = ""
    host: str = ""
    pid: int = 0
    slots: int = 0
    started: str = ""
    heartbeat: str = ""
    silent: bool = False


class DiskStatus(Record):
    """The disk that holds a folder, in bytes; 0 of 0 where nobody can tell, as of files at an address."""

    free: int = 0
    total: int = 0


class GalleryStatus(Record):
    """How a gallery is doing; ``data`` is the disk of its data folder, ``blobs`` that of its files."""

    version: str = ""
    database: str = ""
    queue: QueueStatus = field(default_factory=QueueStatus)
    workers: list[WorkerStatus] = []
    data: DiskStatus = field(default_factory=DiskStatus)
    blobs: DiskStatus = field(default_factory=DiskStatus)


class OwnStatus(Resource[M]):
    """How the gallery is doing."""

    @endpoint("GET openyx/v1/status")
    def get(self) -> Call[GalleryStatus]:
        """Queue, workers and disks; for curators, with a user's key."""
        return Call(GalleryStatus)
