"""Take waiting jobs one by one and end them; prints the seconds that the taking took: ``claiming.py FOLDER JOBS``."""

import sys
import time
from pathlib import Path

from openyx.queue import Queue
from openyx.store import Disposition, open_store

folder, count = Path(sys.argv[1]), int(sys.argv[2])
seconds = 0.0
with open_store(folder, sealed=False) as store:
    queue = Queue(store)
    for _ in range(count):
        start = time.perf_counter()
        job = queue.claim("bench")
        seconds += time.perf_counter() - start
        assert job is not None
        queue.finish(queue.start(job), Disposition.SUCCESS)
print(seconds)
