"""A command whose part of the package is not installed says how to get it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Yx


@pytest.mark.parametrize(
    ("arguments", "module", "extra"),
    [
        (("exec", "x.yxmd"), "polars", "engine"),
        (("run", "x.yxmd"), "polars", "engine"),
        (("keys", "list"), "cryptography", "server"),
        (("serve", "--workers", "0"), "uvicorn", "server"),
    ],
)
def test_a_missing_extra_is_named(yx: Yx, tmp_path: Path, arguments: tuple[str, ...], module: str, extra: str) -> None:
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    (hidden / f"{module}.py").write_text(f"raise ModuleNotFoundError('No module named {module}', name={module!r})\n")
    assert yx("samples", tmp_path).code == 0
    (tmp_path / "Best customers.yxmd").rename(tmp_path / "x.yxmd")
    refused = yx(*arguments, "--json", env={"PYTHONPATH": str(hidden)}, cwd=tmp_path)
    assert (refused.code, refused.error["code"]) == (2, "missing_extra")
    assert refused.error["hint"] == f"pip install 'openyx[{extra}]'"
