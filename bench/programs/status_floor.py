"""Ask for a job's status again and again with httpx2 alone, over one connection, with a signature made beforehand."""

import sys
import time

import httpx2

address, count = sys.argv[1], int(sys.argv[2])
url = (
    f"{address}/gallery/api/v1/jobs/61031c712c4200001d000001/?oauth_consumer_key=k&oauth_nonce=n"
    "&oauth_signature_method=HMAC-SHA1&oauth_timestamp=1&oauth_version=1.0&oauth_signature=s"
)
with httpx2.Client() as client:
    client.get(url).json()
    start = time.perf_counter()
    for _ in range(count):
        assert client.get(url).json()["status"] == "Completed"
    print(time.perf_counter() - start)
