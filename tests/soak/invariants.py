"""What holds in the database at any moment, as queries that find nothing, and the database's own check."""

from __future__ import annotations

import sqlite3

from tests.soak.place import Place

NEVER = {
    "a job that is over and does not say how": (
        "SELECT id FROM jobs WHERE state IN ('finished', 'cancelled', 'given_up')"
        " AND (disposition = 'None' OR finished_at IS NULL OR lease_until IS NOT NULL)"
    ),
    "a job that is not over and says that it is": (
        "SELECT id FROM jobs WHERE state IN ('created', 'queued', 'claimed', 'running')"
        " AND (disposition <> 'None' OR finished_at IS NOT NULL)"
    ),
    "a job that nobody holds and that has a lease": (
        "SELECT id FROM jobs WHERE state = 'queued' AND (worker IS NOT NULL OR lease_until IS NOT NULL)"
    ),
    "a job that is held, by nobody": (
        "SELECT id FROM jobs WHERE state IN ('claimed', 'running') AND (worker IS NULL OR lease_until IS NULL)"
    ),
    "a job with more or fewer attempts than it counts": (
        "SELECT j.id FROM jobs j LEFT JOIN attempts a ON a.job_id = j.id GROUP BY j.id, j.attempt"
        " HAVING COUNT(a.number) <> j.attempt OR COALESCE(MAX(a.number), 0) <> j.attempt"
    ),
    "an attempt that is open while its job is not held, or not the last one": (
        "SELECT j.id FROM jobs j JOIN attempts a ON a.job_id = j.id WHERE (a.ending IS NULL) <>"
        " (j.state IN ('claimed', 'running') AND a.number = j.attempt AND a.worker = j.worker)"
    ),
    "an attempt that has ended and does not say when": (
        "SELECT job_id FROM attempts WHERE (ending IS NULL) <> (ended_at IS NULL)"
    ),
    "a job that has ended well more than once": (
        "SELECT job_id FROM attempts WHERE ending IN ('finished', 'cancelled') GROUP BY job_id HAVING COUNT(*) > 1"
    ),
    "an end that is not that of the last attempt": (
        "SELECT j.id FROM jobs j JOIN attempts a ON a.job_id = j.id"
        " WHERE a.ending IN ('finished', 'cancelled') AND (a.number <> j.attempt OR a.ending <> j.state)"
    ),
    "a job that has lost other than its attempts": (
        "SELECT j.id FROM jobs j LEFT JOIN attempts a ON a.job_id = j.id AND a.ending = 'lost'"
        " GROUP BY j.id, j.lost, j.state HAVING COUNT(a.number) <> j.lost + CASE WHEN j.state = 'cancelled'"
        " AND COUNT(a.number) > j.lost THEN 1 ELSE 0 END"
    ),
    "an output of a job that has not ended well": (
        "SELECT o.id FROM outputs o JOIN jobs j ON j.id = o.job_id"
        " WHERE j.state <> 'finished' OR j.disposition NOT IN ('Success', 'Warning')"
    ),
    "a message of an attempt that there never was": (
        "SELECT m.job_id FROM messages m JOIN jobs j ON j.id = m.job_id WHERE m.attempt > j.attempt + 1"
    ),
    "two jobs of one idempotency key": (
        "SELECT user_id FROM jobs WHERE idempotency_key IS NOT NULL GROUP BY user_id, idempotency_key"
        " HAVING COUNT(*) > 1"
    ),
}


def broken(place: Place) -> list[str]:
    """What does not hold."""
    return _of_postgresql(place.database) if place.database else _of_sqlite(place)


def _of_sqlite(place: Place) -> list[str]:
    connection = sqlite3.connect(place.data / "gallery.sqlite", timeout=60)
    try:
        own = [row[0] for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
        own += [f"without what it refers to: {row}" for row in connection.execute("PRAGMA foreign_key_check")]
        return own + [f"{what}: {rows}" for what, sql in NEVER.items() if (rows := connection.execute(sql).fetchall())]
    finally:
        connection.close()


def _of_postgresql(database: str) -> list[str]:
    import psycopg

    with psycopg.connect(database, autocommit=True) as connection:
        return [
            f"{what}: {rows}" for what, sql in NEVER.items() if (rows := connection.execute(sql.encode()).fetchall())
        ]
