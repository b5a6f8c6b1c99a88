"""What runs in the place of the engine: it notes its run in a file outside of the gallery, and does as it is asked."""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

PAUSE = [sys.executable, "-S", "-c", "import signal; signal.pause()"]


def tell(type_: str, **members: object) -> None:
    sys.stdout.write(json.dumps({"type": type_, **members}) + "\n")
    sys.stdout.flush()


def note(notes: Path, *words: str) -> None:
    """One write of one line: whole or not at all, whoever else writes."""
    with notes.open("ab", buffering=0) as file:
        file.write(f"{' '.join(words)}\n".encode())


def act(task: dict[str, Any], notes: Path, gate: Path) -> None:
    folder, token = Path(task["folder"]), secrets.token_hex(8)
    worker = folder.parents[1].name
    what, _, seconds = task["answers"].get("do", "quick").partition(" ")
    note(notes, "begun", task["job"], worker, token)
    tell("said", kind=1, text=token, tool=1)
    output = folder / "out.csv"
    with output.open("w") as file:
        file.write("job,worker,token\n")
        file.flush()
        match what:
            case "quick" | "fail":
                pass
            case "slow":
                time.sleep(float(seconds))
            case "fork":
                subprocess.Popen(PAUSE)
            case "hold":
                subprocess.run([*PAUSE, notes], check=True)
            case "desert":  # its own session, another folder, nothing in common with who started it
                subprocess.Popen([*PAUSE, notes], start_new_session=True, cwd="/")
            case "gate":
                while not gate.exists():
                    time.sleep(0.02)
            case unknown:
                raise ValueError(unknown)
        file.write(f"{task['job']},{worker},{token}\n")
    if what == "fail":
        tell("said", kind=3, text="no such field", tool=1)
    note(notes, "ended", task["job"], worker, token)
    made = {"path": str(output), "name": "out.csv", "formats": ["Raw", "Csv"], "records": 1, "tool": 2}
    tell("ended", well=what != "fail", products=[made])


def die_with_worker() -> None:
    sys.stdin.read()
    os.killpg(0, signal.SIGKILL)


def main() -> None:
    tell("ready")
    if line := sys.stdin.readline():
        tell("taken")
        threading.Thread(target=die_with_worker, daemon=True).start()
        act(json.loads(line), Path(sys.argv[1]), Path(sys.argv[2]))


if __name__ == "__main__":
    main()
