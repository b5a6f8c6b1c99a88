"""What the tests of tools share: the schemas that the vendor's engine stored in real workflows."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="session")
def stored(shared: Path) -> Callable[[str], list[dict[str, Any]]]:
    """Nodes of a tool with settings, input and output schemas, from the corpus."""

    def nodes(tool: str) -> list[dict[str, Any]]:
        script = shared / "tools" / "settings.py"
        told = subprocess.run([sys.executable, script, "--schemas", tool], capture_output=True, text=True, check=True)
        return [json.loads(line) for line in told.stdout.splitlines()]

    return nodes
