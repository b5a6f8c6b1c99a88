"""Insert rows of a job's size one by one, each on disk before the next; prints the seconds."""

import json
import sqlite3
import sys
import tempfile
import time

folder, count = sys.argv[1], int(sys.argv[2])
with tempfile.TemporaryDirectory(dir=folder) as place:
    database = sqlite3.connect(f"{place}/floor.sqlite", isolation_level=None)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    database.execute("CREATE TABLE jobs (id TEXT PRIMARY KEY, workflow TEXT, answers TEXT, state TEXT, created TEXT)")
    database.execute("CREATE INDEX waiting ON jobs (state, created)")
    answers = json.dumps({"Region": "East"})
    start = time.perf_counter()
    for number in range(count):
        database.execute(
            "INSERT INTO jobs VALUES (?, ?, ?, 'queued', ?)", (f"{number:024x}", "w" * 24, answers, f"{number:030}")
        )
    print(time.perf_counter() - start)
