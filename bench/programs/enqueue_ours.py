"""Ask the queue for runs one by one; prints the seconds."""

import sys
import tempfile
import time
from pathlib import Path

from openyx.queue import Order, Queue
from openyx.store import NewVersion, NewWorkflow, PackageType, open_store

folder, count = sys.argv[1], int(sys.argv[2])
with tempfile.TemporaryDirectory(dir=folder) as place, open_store(Path(place)) as store:
    blob = store.blobs.add(b"workflow")
    owner = store.users.owner().id
    version = NewVersion(
        digest=blob.digest, size=blob.size, package_type=PackageType.MODULE, file_name="A.yxmd", name="A"
    )
    workflow = store.workflows.publish(NewWorkflow(name="A", owner_id=owner), version, by=owner).workflow
    queue = Queue(store)
    order = Order(workflow_id=workflow.id, user_id=owner, answers={"Region": "East"})
    start = time.perf_counter()
    for _ in range(count):
        queue.enqueue(order)
    print(time.perf_counter() - start)
