"""Both type checkers take what is right and reject what is wrong, line by line."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parent.parent


def marked(name: str) -> set[int]:
    """The lines that have to be rejected."""
    lines = (HERE / name).read_text("utf-8").splitlines()
    return {number for number, line in enumerate(lines, 1) if "# rejected" in line}


def mypy(name: str) -> dict[int, str]:
    """The lines that mypy rejects, and why."""
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "--no-pretty", str(HERE / name)],
        capture_output=True, text=True, cwd=ROOT, check=False, timeout=600,
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stdout + done.stderr
    found = re.findall(rf"{re.escape(name)}:(\d+): error: (.*)", done.stdout)
    return {int(line): text for line, text in found}


def pyright(name: str, folder: Path) -> dict[int, str]:
    """The lines that pyright rejects in strict mode, and why."""
    settings = {
        "include": ["."],
        "typeCheckingMode": "strict",
        "pythonVersion": "3.11",
        "reportUnusedExpression": "none",
        "reportUnusedCoroutine": "none",
    }
    (folder / "pyrightconfig.json").write_text(json.dumps(settings))
    (folder / name).write_text((HERE / name).read_text("utf-8"), "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pyright", "-p", str(folder), "--pythonpath", sys.executable, "--outputjson"],
        capture_output=True, text=True, cwd=ROOT, check=False, timeout=600,
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stdout + done.stderr
    told = json.loads(done.stdout)
    assert told["summary"]["filesAnalyzed"] == 1
    return {
        each["range"]["start"]["line"] + 1: each["message"]
        for each in told["generalDiagnostics"]
        if each["severity"] == "error"
    }


@pytest.mark.parametrize("name", ["right.py", "wrong.py"])
@pytest.mark.parametrize("checker", ["mypy", "pyright"])
def test_a_checker_rejects_the_marked_lines_and_no_other(name: str, checker: str, tmp_path: Path) -> None:
    rejected = mypy(name) if checker == "mypy" else pyright(name, tmp_path)
    assert {line: rejected.get(line, "accepted") for line in rejected.keys() | marked(name)} == {
        line: rejected.get(line, "rejected") for line in marked(name)
    }


def test_there_are_wrong_lines_of_every_kind() -> None:
    assert len(marked("wrong.py")) >= 15
    assert not marked("right.py")
