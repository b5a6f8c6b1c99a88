"""Run and wait for a number of jobs at once; prints the peak memory of this process in MB."""

import asyncio
import resource
import sys

from openyx import AsyncGallery


async def main(address: str, count: int) -> None:
    async with AsyncGallery(address, "key", "secret", auth="oauth1") as gallery:
        jobs = await asyncio.gather(*(gallery.run("Sales") for _ in range(count)))
    assert all(job.succeeded for job in jobs)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


asyncio.run(main(sys.argv[1], int(sys.argv[2])))
