"""How the gallery is doing, for its curators."""

from __future__ import annotations

from datetime import datetime, timedelta
from importlib.metadata import version

from openyx.api.openyx.status import DiskStatus, GalleryStatus, OwnStatus, QueueStatus, WorkerStatus
from openyx.api.wire import timestamp
from openyx.errors import NotAllowed
from openyx.server.handlers import Request, handles
from openyx.store import Load, WorkerRecord
from openyx.store.room import Disk, disk_of


@handles(OwnStatus.get)
def get(request: Request) -> GalleryStatus:
    """Queue, workers and disks."""
    if not request.caller.is_curator:
        raise NotAllowed("How the gallery is doing is told to curators only, by the key of a user.")
    store, now = request.store, request.store.clock()
    return GalleryStatus(
        version=version("openyx"),
        database=store.database,
        queue=_queue(store.turns.load(), now),
        workers=[_worker(each, now, request.queue.lease) for each in store.workers.list()],
        data=_disk(disk_of(store.folder.path)),
        blobs=_disk(store.blobs.depot.disk()),
    )


def _queue(load: Load, now: datetime) -> QueueStatus:
    wait = None if load.oldest is None else max((now - load.oldest).total_seconds(), 0.0)
    return QueueStatus(waiting=load.waiting, oldest_wait=wait, running=load.running)


def _worker(worker: WorkerRecord, now: datetime, lease: timedelta) -> WorkerStatus:
    return WorkerStatus(
        name=worker.name,
        host=worker.host,
        pid=worker.pid,
        slots=worker.slots,
        started=timestamp(worker.started_at),
        heartbeat=timestamp(worker.heartbeat_at),
        silent=now - worker.heartbeat_at > lease,
    )


def _disk(disk: Disk | None) -> DiskStatus:
    return DiskStatus() if disk is None else DiskStatus(free=disk.free, total=disk.total)
