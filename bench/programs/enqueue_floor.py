"""Insert jobs one by one into the gallery's own table, each on disk before the next; prints the seconds.

``enqueue_floor.py FOLDER JOBS``, where FOLDER has a gallery with a workflow that has had a job.
"""

import sqlite3
import sys
import time
from pathlib import Path

folder, count = Path(sys.argv[1]), int(sys.argv[2])
database = sqlite3.connect(folder / "gallery.sqlite", isolation_level=None)
for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
    database.execute(f"PRAGMA {pragma}")
found = database.execute("SELECT * FROM jobs LIMIT 1")
names = [column[0] for column in found.description]
job = dict(zip(names, found.fetchone(), strict=True)) | {"idempotency_key": None, "fingerprint": None}
del job["sequence"]
insert = f"INSERT INTO jobs ({', '.join(job)}) VALUES ({', '.join(':' + name for name in job)})"
begun = time.time_ns()
start = time.perf_counter()
for number in range(count):
    database.execute(insert, job | {"id": f"{begun + number:024x}"})
print(time.perf_counter() - start)
