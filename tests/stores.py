"""A real store for a test: SQLite in its folder, or a schema of its own on the PostgreSQL server that is named."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from openyx.store import Blobs, Clock, Store, open_store, utc_now
from openyx.store.shelves import Shelves

SERVER = os.environ.get("OPENYX_TEST_DATABASE", "")
"""``postgresql://user@host/name``: where the tests make schemas; nothing: they use SQLite."""


def database_of(folder: Path) -> str:
    """The database of the gallery in a folder: the same for the same folder, and nobody else's."""
    if not SERVER:
        return ""
    import psycopg

    schema = schema_of(folder)
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}".encode())
    return f"{SERVER}?application_name={schema}&options=-csearch_path%3D{schema}"


def schema_of(folder: Path) -> str:
    """The name of a gallery's schema, and of its connections."""
    return "test_" + hashlib.sha256(str(folder).encode()).hexdigest()[:16]


def cut_off(folder: Path) -> None:
    """End every connection of the gallery in a folder to its server."""
    import psycopg

    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s"
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(cut, [schema_of(folder)])


def opened(folder: Path, *, clock: Clock = utc_now) -> Store:
    """The store in a folder."""
    return open_store(folder, database=database_of(folder), clock=clock)


def shelves(blobs: Blobs) -> Shelves:
    """The folder in which blobs lie."""
    assert isinstance(blobs.depot, Shelves)
    return blobs.depot


def path_of(blobs: Blobs, digest: str) -> Path:
    """The file of a blob in a folder."""
    with blobs.lent(digest) as path:
        return path
