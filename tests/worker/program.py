"""What a test's child does: it speaks the protocol, does what the answer "do" says, and imports little."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any


def write(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def tell(type_: str, **members: object) -> None:
    write(json.dumps({"type": type_, **members}))


def said(kind: int, text: str, tool: int = 7) -> None:
    tell("said", kind=kind, text=text, tool=tool)


def ended(folder: Path, *names: str, well: bool = True) -> None:
    products: list[dict[str, object]] = []
    for name in names:
        (folder / name).write_text(f"a,b\n{name},1\n")
        products.append({"path": str(folder / name), "name": name, "formats": ["Raw", "Csv"], "records": 1, "tool": 3})
    tell("ended", well=well, products=products)


def sleeper(script: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-S", "-c", script], stdin=subprocess.PIPE)


def pids(*others: subprocess.Popen[bytes]) -> None:
    said(1, json.dumps([os.getpid(), *(each.pid for each in others)]))


def deserter(env: dict[str, str] | None = None) -> subprocess.Popen[bytes]:
    """A process that has left group and session, and holds nothing of ours open."""
    script = "import signal; signal.pause()"
    return subprocess.Popen(
        [sys.executable, "-S", "-c", script],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
        env=env,
    )


def exceed(what: str, folder: Path) -> None:
    """Take too much, and wait."""
    match what:
        case "memory of a deserter":
            script = "import signal; much = bytearray(b'x') * 300_000_000; signal.pause()"
            pids(subprocess.Popen([sys.executable, "-S", "-c", script], start_new_session=True))
        case "many files":
            pids()
            for number in range(30):
                (folder / str(number)).write_bytes(bytes(100_000))
        case "one file":
            signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
            pids(deserter())
            (folder / "large").write_bytes(bytes(3_000_000))
        case "time":
            pids(deserter())
        case unknown:
            raise ValueError(unknown)
    while True:
        signal.pause()


def act(task: dict[str, Any]) -> None:
    answers, folder = task["answers"], Path(task["folder"])
    match answers["do"]:
        case "succeed":
            said(1, "one")
            said(9, "two", tool=3)
            tell("progress", records=12)
            ended(folder, "a.csv", "b.csv")
        case "warn":
            said(5, "x is no number")
            ended(folder, "a.csv")
        case "fail":
            said(3, "no such field")
            ended(folder, "a.csv", well=False)
        case "say an error and go on":
            said(3, "an error")
            ended(folder, "a.csv")
        case "go on after its end":
            ended(folder, "a.csv")
            while True:
                said(1, "and another thing")
        case "lose its output":
            lost = {"path": str(folder / "gone.csv"), "name": "gone.csv", "formats": ["Raw"]}
            tell("ended", well=True, products=[lost])
        case "die":
            os.kill(os.getpid(), signal.SIGKILL)
        case "exit":
            sys.stderr.write("the reason why\n")
            sys.exit(3)
        case "babble":
            write("this is not what was agreed")
            signal.pause()
        case "tell":
            file = Path(task["workflow"])
            seen = {"cwd": str(Path.cwd()), "env": dict(os.environ), "name": file.name, "text": file.read_text()}
            said(1, json.dumps(seen))
            ended(folder)
        case "hang":
            grandchild = sleeper("import sys; sys.stdin.read()")
            said(1, json.dumps([os.getpid(), grandchild.pid]))
            while True:
                signal.pause()
        case "leave a grandchild":
            said(1, str(sleeper("import signal; signal.pause()").pid))
            ended(folder)
        case "desert":
            pids(deserter(), deserter({}))
            ended(folder, "a.csv")
        case "desert and hang":
            pids(deserter(), deserter({}))
            while True:
                signal.pause()
        case "exceed":
            exceed(answers["what"], folder)
        case "write much and end":
            for number in range(30):
                (folder / str(number)).write_bytes(bytes(100_000))
            ended(folder, "a.csv")
        case "give a link":
            (folder / "link.csv").symlink_to(answers["target"])
            tell("ended", well=True, products=[{"path": str(folder / "link.csv"), "name": "a", "formats": ["Raw"]}])
        case "give":
            tell("ended", well=True, products=[{"path": answers["target"], "name": "a", "formats": ["Raw"]}])
        case "wait for a file":
            said(1, "waiting")
            Path(answers["fifo"]).read_text()
            ended(folder, "a.csv")
        case unknown:
            raise ValueError(unknown)


def die_with_worker() -> None:
    sys.stdin.read()
    os.killpg(0, signal.SIGKILL)


def die_at_first(deaths: Path, most: int) -> None:
    with deaths.open("a") as file:
        file.write("x")
    if deaths.stat().st_size <= most:
        sys.stderr.write("no such module\n")
        sys.exit(4)


def main() -> None:
    if len(sys.argv) > 2 and sys.argv[2] == "at once":
        die_at_first(Path(sys.argv[1]), int(sys.argv[3]))
    tell("ready")
    if line := sys.stdin.readline():
        if len(sys.argv) == 3:
            die_at_first(Path(sys.argv[1]), int(sys.argv[2]))
        tell("taken")
        threading.Thread(target=die_with_worker, daemon=True).start()
        task = json.loads(line)
        if task.get("largest") and sys.platform != "win32":
            resource.setrlimit(resource.RLIMIT_FSIZE, (task["largest"],) * 2)
        act(task)


if __name__ == "__main__":
    main()
