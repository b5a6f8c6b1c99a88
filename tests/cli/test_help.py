"""Help is there for every command, at once, and loads nothing that it does not need."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import openyx.cli

if TYPE_CHECKING:
    from tests.cli.conftest import Yx

FOLDER = Path(openyx.cli.__file__).parent
COMMANDS = sorted(file.stem for file in FOLDER.glob("*.py") if not file.name.startswith("_"))
HEAVY = {"httpx2", "rich", "polars", "prompt_toolkit", "msgspec", "starlette", "uvicorn", "keyring", "asyncio"}


def test_all_commands_stand_in_the_help_with_the_sentence_of_their_module(yx: Yx) -> None:
    done = yx("--help")
    assert done.code == 0
    assert {"demo", "serve", "keys", "samples", "login", "list", "show", "run", "jobs", "publish", "exec"} <= {
        *COMMANDS
    }
    for command in COMMANDS:
        first = (FOLDER / f"{command}.py").read_text().splitlines()[0].strip('"')
        assert " ".join([command, *first.split()]) in " ".join(done.out.split())


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help(yx: Yx, command: str) -> None:
    done = yx(command, "--help")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"Usage: yx {command}")


def test_help_loads_nothing_heavy(yx: Yx) -> None:
    script = (
        "import sys\nfrom openyx.cli import main\ntry: main(['--help'])\nfinally: print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=yx.env, check=True)
    loaded = {name.partition(".")[0] for name in done.stderr.split()}
    assert "click" in loaded
    assert not loaded & HEAVY
    assert not [name for name in done.stderr.split() if name.startswith(("openyx.client", "openyx.engine"))]


def test_the_version_is_that_of_the_package(yx: Yx) -> None:
    from importlib.metadata import version

    assert yx("--version").out == f"openyx {version('openyx')}\n"


def test_an_unknown_command_is_a_usage_error(yx: Yx) -> None:
    refused = yx("lits", "--json")
    assert (refused.code, refused.error["code"]) == (2, "usage")


def test_a_reader_that_leaves_is_no_trouble(yx: Yx) -> None:
    ended = subprocess.run(
        ["sh", "-c", f"{' '.join(yx.command('--help'))} | true"], capture_output=True, env=yx.env, check=False
    )
    assert ended.stderr == b""
