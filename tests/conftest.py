"""What all tests share: where the reference material lies, and that nothing is skipped where nothing may be."""

from __future__ import annotations

import os
import signal
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.stores import SERVER

# A script that starts the tests in its background has Ctrl-C ignored, and so would have all that they start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# The same examples each time: other ones come with --hypothesis-profile=default.
settings.register_profile("same", derandomize=True)
settings.load_profile("same")

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"
PEERS = ROOT / ".peers"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is about the other database; skip by name what needs something that is not on this machine."""
    other = "sqlite" if SERVER else "postgresql"
    left_out = [item for item in items if item.get_closest_marker(other)]
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)
    needs = {
        "shared": (SHARED, "the reference material is not beside the checkout"),
        "peers": (PEERS / ".python", "the third-party clients are not installed (make peers)"),
        "node": (PEERS / ".node", "the mock server is not installed (make peers)"),
    }
    for item in items:
        for marker, (path, reason) in needs.items():
            if item.get_closest_marker(marker) and not path.exists():
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With OPENYX_NO_SKIPS a skipped test is a failed one: where all is installed, nothing may be missing.

    What the system itself may forbid, or not have, is left aside.
    """
    report = yield
    if report.skipped and os.environ.get("OPENYX_NO_SKIPS") and not item.get_closest_marker("system"):
        report.outcome = "failed"
        report.longrepr = f"skipped where nothing may be: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with the reference material."""
    return SHARED


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test has a home of its own and none of the user's settings."""
    home = tmp_path_factory.mktemp("home")
    for name in [name for name in os.environ if name.startswith("OPENYX_") and name != "OPENYX_NO_SKIPS"]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(home / name.removeprefix("XDG_").lower()))
