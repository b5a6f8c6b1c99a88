"""Ask for a job's status again and again with this package's client."""

import sys
import time

from openyx import Gallery

address, count = sys.argv[1], int(sys.argv[2])
with Gallery(address, "key", "secret", auth="oauth1") as gallery:
    job = gallery.job("61031c712c4200001d000001")
    start = time.perf_counter()
    for _ in range(count):
        assert job.refresh().status == "Completed"
    print(time.perf_counter() - start)
