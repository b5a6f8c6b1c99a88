"""The public door: typed, complete, and cheap to open."""

from __future__ import annotations

import subprocess
import sys

import pytest

import openyx
from openyx import errors

HEAVY = ("httpx2", "msgspec", "polars", "starlette", "openyx.client", "openyx.engine", "openyx.server", "openyx.store")


def loaded_after(statement: str) -> set[str]:
    """The modules that a fresh interpreter has after a statement."""
    code = f"{statement}\nimport sys\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    return set(done.stdout.split())


def test_importing_it_loads_nothing_of_weight() -> None:
    assert not loaded_after("import openyx") & set(HEAVY)


def test_a_gallery_loads_neither_engine_nor_server() -> None:
    loaded = loaded_after("from openyx import Gallery")
    assert "openyx.client.gallery" in loaded
    assert not loaded & {"polars", "starlette", "openyx.engine", "openyx.server", "openyx.store", "keyring", "click"}


def test_everything_that_is_promised_is_there() -> None:
    for name in openyx.__all__:
        assert getattr(openyx, name) is not None
        assert name in dir(openyx)
    assert set(openyx._HOMES) == set(openyx.__all__)


def test_what_is_not_promised_is_not_there() -> None:
    with pytest.raises(AttributeError, match="no attribute 'NoSuchThing'"):
        getattr(openyx, "NoSuchThing")  # noqa: B009 - a type checker knows that it is not there


def test_the_errors_are_those_of_the_tree() -> None:
    assert openyx.JobFailed is errors.JobFailed
    assert openyx.NotFound("x").exit == 4


def test_a_run_here_without_the_engine_names_the_extra() -> None:
    code = (
        "import sys\n"
        "sys.modules['polars'] = None\n"
        "from openyx import MissingExtra\n"
        "try:\n"
        "    from openyx import run_workflow\n"
        "except MissingExtra as error:\n"
        "    print(error.hint)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout == "pip install 'openyx[engine]'\n"
