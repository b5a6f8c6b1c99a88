"""What the command costs before it does anything: help against an empty interpreter, a list against a bare script."""

from __future__ import annotations

import compileall
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import openyx
from bench.loopback import server
from bench.measuring import PROGRAMS, Figure, paired, whole

YX = Path(sys.executable).with_name("yx")
WORKFLOW = (
    b'{"id":"57acaca4065e3f26a82b0001","subscriptionId":"503bac188031af11f8f80001","public":false,"runDisabled":false,'
    b'"packageType":1,"uploadDate":"2019-08-11T16:49:40.732Z","fileName":"Sales.yxmd","metaInfo":{"name":"Sales",'
    b'"description":"","author":"","copyright":"","url":"","urlText":"","outputMessage":"","noOutputFilesMessage":""},'
    b'"isChained":false,"version":1,"runCount":4,"workerTag":""}'
)
HEAVY = ("polars", "starlette", "uvicorn", "httpx2", "rich", "prompt_toolkit", "keyring", "cryptography")


def measure() -> Iterator[Figure]:
    """The ratios, with byte code on both sides: an installer compiles what it installs."""
    compileall.compile_dir(Path(openyx.__file__).parent, quiet=1)
    help_ = paired(lambda: whole([YX, "--help"]), lambda: whole([sys.executable, "-c", "pass"]), runs=15)
    yield help_.figure("yx --help against python -c pass", most=5)
    with server({"subscription": b"[" + b",".join([WORKFLOW] * 20) + b"]"}) as address:
        access = {
            "OPENYX_URL": f"{address}/gallery",
            "OPENYX_KEY": "key",
            "OPENYX_SECRET": "secret",
            "OPENYX_AUTH": "oauth1",
        }
        list_ = paired(
            lambda: whole([YX, "list"], access),
            lambda: whole([sys.executable, PROGRAMS / "list_floor.py"], access),
            runs=15,
        )
        yield list_.figure("yx list against a bare httpx2 script", most=1.3)
    code = f"import openyx, sys; print(*[name for name in {HEAVY!r} if name in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    yield Figure(
        what="import openyx loads of engine and server", value=loaded or "nothing", wanted="nothing", met=not loaded
    )
