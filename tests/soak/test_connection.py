"""The connection to PostgreSQL is cut, and comes back: nothing that was answered is lost."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random
from urllib.parse import urlsplit, urlunsplit

from openyx.store import JobQuery, State
from tests.soak import account, invariants
from tests.soak.cast import Cast, until
from tests.soak.clients import Clients
from tests.soak.length import LONG
from tests.soak.place import Place, place
from tests.soak.proxy import Wire
from tests.stores import SERVER

UNAVAILABLE = 503
ROUNDS = 60 if LONG else 4


def size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def trial(here: Place, cast: Cast, break_it: Callable[[Random], None]) -> str:
    """Let clients work while the connection breaks again and again; what it came to."""
    random = Random(5)
    until(cast.works, "all have begun")  # who finds no gallery when it begins, ends
    with Clients(here, lambda: cast.url, seed=5, busy=(UNAVAILABLE,)) as clients:
        for _ in range(ROUNDS):
            begun = size(here.notes)
            until(lambda: cast.listens() and size(here.notes) > begun, "a job begins")  # noqa: B023 - it is awaited here
            break_it(random)
    journal = clients.journal
    with here.opened() as store:
        waiting = JobQuery(states=(State.QUEUED, State.CLAIMED, State.RUNNING))
        until(lambda: store.jobs.count(waiting) == 0, "all jobs are over")
        settled = account.settle(here, store, journal)
    cast.end()
    assert settled.wrong == []
    assert invariants.broken(here) == []
    return (
        f"{ROUNDS} times, answers {dict(sorted(journal.statuses.items()))}, {len(journal.answered):,} jobs answered: "
        f"{settled}; {len(settled.wrong)} wrong"
    )


def test_all_sessions_are_ended_by_the_server_again_and_again(tmp_path: Path, told: Callable[[object], None]) -> None:
    import psycopg

    with place(tmp_path / "gallery", SERVER) as here, Cast(here) as cast:
        name = urlsplit(here.database).path.removeprefix("/")

        def end_all(_random: Random) -> None:
            with psycopg.connect(SERVER, autocommit=True) as server:
                server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])

        told(f"all sessions were ended {trial(here, cast, end_all)}")


def test_the_wire_is_cut_and_comes_back(tmp_path: Path, told: Callable[[object], None]) -> None:
    with place(tmp_path / "gallery", SERVER) as here:
        parts = urlsplit(here.database)
        with Wire.strung((parts.hostname or "localhost", parts.port or 5432)) as wire:
            user = f"{parts.username}@" if parts.username else ""
            by_wire = urlunsplit(parts._replace(netloc=f"{user}127.0.0.1:{wire.port}"))

            def break_it(random: Random) -> None:
                wire.hold()
                time.sleep(random.uniform(0, 3))
                wire.cut()
                time.sleep(random.uniform(0, 3))
                wire.mend()

            with Cast(replace(here, database=by_wire)) as cast:
                told(f"the wire was held, then cut, {trial(here, cast, break_it)}")


def test_what_is_durable_is_synced_by_the_server_before_it_is_answered(here: Place) -> None:
    with here.opened() as store:
        for durable, expected in ((True, "on"), (False, "off")):
            with store.transaction(durable=durable):
                asked = "SELECT current_setting('synchronous_commit') AS commit, current_setting('fsync') AS sync"
                assert store._database.one(asked, {}) == {"commit": expected, "sync": "on"}
