"""A PostgreSQL server for the time of a command: ``python -m tests.postgresql COMMAND…`` names it to the tests."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

USER = "postgres"


@contextmanager
def server() -> Generator[str]:
    """A server of one's own on loopback, in a temporary folder; its address."""
    root = os.getuid() == 0
    with tempfile.TemporaryDirectory(prefix="openyx-postgresql-") as place:
        folder = Path(place)
        if root:  # the server refuses to run as root
            shutil.chown(folder, USER)
        who = pwd.getpwnam(USER).pw_uid if root else None

        def run(program: str, *arguments: str) -> None:
            command = [str(tools() / program), "-D", str(folder / "data"), *arguments]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, user=who, cwd=folder)

        run("initdb", "-A", "trust", "-U", USER, "-E", "UTF8", "--no-sync")
        port = free_port()
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c max_connections=300"
        run("pg_ctl", "-l", str(folder / "log"), "-o", options, "-w", "start")
        try:
            yield f"postgresql://{USER}@127.0.0.1:{port}/postgres"
        finally:
            run("pg_ctl", "-m", "immediate", "-w", "stop")


def tools() -> Path:
    """Where the server's programs are; on Debian they are not on the path."""
    if found := shutil.which("initdb"):
        return Path(found).parent
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
    if not folders:
        raise SystemExit("there is no PostgreSQL here: apt-get install postgresql")
    return folders[-1]


def free_port() -> int:
    """A port that nobody listens on."""
    import socket

    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


if __name__ == "__main__":
    given = os.environ.get("OPENYX_TEST_DATABASE")
    if given:
        sys.exit(subprocess.run(sys.argv[1:], check=False).returncode)
    with server() as address:
        environment = {**os.environ, "OPENYX_TEST_DATABASE": address}
        status = subprocess.run(sys.argv[1:], check=False, env=environment).returncode
    sys.exit(status)
