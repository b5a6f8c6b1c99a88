"""Ask for a job's status again and again with alteryx-gallery-py."""

import sys
import time

from alteryx_gallery_py import Subscriptions

address, count = sys.argv[1], int(sys.argv[2])
gallery = Subscriptions(api_key="key", client_secret="secret", gallery_url=f"{address}/gallery")
gallery.get_job("61031c712c4200001d000001")
start = time.perf_counter()
for _ in range(count):
    assert gallery.get_job("61031c712c4200001d000001")["status"] == "Completed"
print(time.perf_counter() - start)
