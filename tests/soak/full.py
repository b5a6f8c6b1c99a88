"""A gallery on a disk that is full, or that may only be read: run in a namespace of its own, where it may mount one.

``unshare -rm python -m tests.soak.full full FOLDER TIMES`` prints what it saw as JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

from tests.soak import account, invariants
from tests.soak.cast import ROOT, Cast, until
from tests.soak.place import WORKFLOW, Place, place
from tests.soak.placing import Asker

INSUFFICIENT_STORAGE = 507
_SIZE = "24m"
_STEP = 1 << 16


def fill(ballast: Path) -> None:
    """Take all the room there is."""
    with ballast.open("ab", buffering=0) as file:
        for step in (_STEP, 4096, 1):
            try:
                while file.write(bytes(step)) == step:
                    pass
            except OSError:
                continue


def full(folder: Path, times: int) -> dict[str, object]:
    """Fill the disk while jobs wait and run, ask for more, make room: what was answered runs, and ends once."""
    _mount("-t", "tmpfs", "-o", f"size={_SIZE}", "none", str(folder))
    statuses = Counter[int]()
    with place(folder / "gallery") as here, Cast(here, workers=1, logs=folder.parent / "logs") as cast:
        with Asker(here, lambda: cast.url, busy=(INSUFFICIENT_STORAGE,)) as asker:
            for number in range(times):
                statuses += _filled_once(here, asker, folder / "ballast", number)
            with here.opened() as store:
                settled = account.settle(here, store, asker.journal)
        wrong = settled.wrong + invariants.broken(here)
        wrong += [f"{status} was answered" for status in statuses if status not in (200, INSUFFICIENT_STORAGE)]
        return {"wrong": wrong, "statuses": statuses, "counts": str(settled)}


def _filled_once(here: Place, asker: Asker, ballast: Path, number: int) -> Counter[int]:
    here.gate.unlink(missing_ok=True)
    running = [asker.start(here.once, "gate") for _ in range(2)]
    until(lambda: set(running) <= account.noted(here.notes).keys(), "two run")
    waiting = [asker.start(here.again, "quick") for _ in range(5)]
    fill(ballast)
    here.gate.touch()  # what runs is over, and has no room to say so
    statuses = Counter[int]()
    for attempt in range(20):
        asked = {"questions": [{"name": "do", "value": "quick"}]}
        answer = asker.ask("POST", f"/webapi/v3/workflows/{here.again}/jobs", json=asked)
        statuses[answer.status_code] += 1
        if answer.status_code == 200:
            waiting.append(str(answer.json()["id"]))
        content = WORKFLOW + os.urandom(200_000).hex().encode()
        files, data = {"file": ("a.yxwz", content)}, {"name": f"Upload {number} {attempt}"}
        statuses[asker.ask("POST", "/webapi/v3/workflows", files=files, data=data).status_code] += 1
    ballast.unlink()
    waiting += [asker.start(here.again, "quick") for _ in range(3)]
    until(lambda: all(asker.over(job) for job in (*running, *waiting)), "all that was answered is over")
    assert {asker.seen(job)["disposition"] for job in (*running, *waiting)} == {"Success"}
    return statuses


def read_only(folder: Path) -> dict[str, object]:
    """Start a server and a worker on a gallery that may only be read."""
    with place(folder / "gallery") as here:
        _mount("--bind", str(folder), str(folder))
        _mount("-o", "remount,bind,ro", str(folder))
        serve = ["-m", "openyx", "serve", "--json", "--port", "0", "--workers", "0", "--data", str(here.data)]
        work = ["-m", "openyx.worker", "--data", str(here.data)]
        said = [
            subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, text=True, check=False)
            for command in (serve, work)
        ]
        return {"said": [(each.returncode, each.stdout, each.stderr) for each in said]}


def _mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True)


if __name__ == "__main__":
    what, where, *more = sys.argv[1:]
    found = full(Path(where), int(more[0])) if what == "full" else read_only(Path(where))
    sys.stdout.write(json.dumps(found))
