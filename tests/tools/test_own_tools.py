"""Tools of another package: the worked example, installed and run; packages that are wrong are named."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).parents[2] / "docs" / "contributing" / "example"


def openyx(site: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """The command, with what is installed in *site*."""
    return subprocess.run(
        [sys.executable, "-m", "openyx", *map(str, arguments)],
        env=os.environ | {"PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example as a user installs it."""
    folder = tmp_path_factory.mktemp("own")
    shutil.copytree(EXAMPLE, folder / "source", ignore=shutil.ignore_patterns("__pycache__"))
    alone = ["--no-deps", "--no-index", "--no-build-isolation", "--disable-pip-version-check", "--quiet"]
    command = [sys.executable, "-m", "pip", "install", *alone, "--target", str(folder / "site")]
    subprocess.run([*command, str(folder / "source")], check=True)
    return folder / "site"


def test_a_tool_of_another_package_runs_in_a_workflow(installed: Path, tmp_path: Path) -> None:
    done = openyx(installed, "exec", EXAMPLE / "cards.yxmd", "--output", tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "masked.csv").read_text().splitlines() == ["Card", "**********5678", "123", ""]


def test_a_tool_of_another_package_is_checked_by_its_name(installed: Path) -> None:
    done = openyx(installed, "check", EXAMPLE / "cards.yxmd")
    assert "2\tMask\texact\t" in done.stdout.splitlines()
    without = openyx(installed.parent, "check", EXAMPLE / "cards.yxmd")
    assert "2\tMask\tmissing\tnot known: the tool AcmeTools.Mask.Mask" in without.stdout.splitlines()


def packaged(site: Path, entry: str, **modules: str) -> Path:
    """A package by hand: its entry point, and its modules."""
    (site / "acme-1.dist-info").mkdir(parents=True)
    (site / "acme-1.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 1\n")
    (site / "acme-1.dist-info" / "entry_points.txt").write_text(f"[openyx.tools]\nacme = {entry}\n")
    for name, content in modules.items():
        (site / f"{name}.py").write_text(content)
    return site


TOOL = """
from openyx.tools.base import Tool, tool

@tool({name!r})
class Mine(Tool):
    \"\"\"Mine.\"\"\"
    def lower(self, records):
        return records
"""


@pytest.mark.parametrize(
    ("entry", "content", "said"),
    [
        ("nowhere", "", "the tools of acme cannot be loaded: No module named 'nowhere'"),
        ("acme_mine:Gone", TOOL.format(name="Acme.Mine"), "the tools of acme cannot be loaded"),
        ("acme_mine", "def", "the tools of acme cannot be loaded: invalid syntax"),
        ("acme_mine", "", "no tool in acme_mine"),
        (
            "acme_mine",
            TOOL.format(name="AlteryxBasePluginsGui.Sort.Sort"),
            "both claim 'AlteryxBasePluginsGui.Sort.Sort'",
        ),
    ],
)
def test_a_package_that_is_wrong_is_named(tmp_path: Path, entry: str, content: str, said: str) -> None:
    site = packaged(tmp_path / "site", entry, acme_mine=content)
    done = openyx(site, "check", EXAMPLE / "cards.yxmd")
    assert done.returncode != 0
    assert said in done.stderr


def test_a_tool_of_another_package_may_be_called_like_one_of_the_product(tmp_path: Path) -> None:
    site = packaged(tmp_path / "site", "acme_mine", acme_mine=TOOL.format(name="Acme.Sort"))
    done = openyx(site, "check", EXAMPLE / "cards.yxmd")
    assert "1\tText Input\texact\t" in done.stdout.splitlines(), done.stderr


LACKING = """
from openyx.document.config import text
from openyx.tools.base import Tool, tool

@tool("AcmeTools.Mask.Mask")
class Mask(Tool):
    \"\"\"Mask.\"\"\"
    field: str = text("Field")
    visible: str = text("Visible")
    def lacks(self):
        yield f"the field {self.field} in Mask"
        yield f"{self.visible} visible characters in Mask"
"""


def test_a_tool_of_another_package_says_what_it_lacks(tmp_path: Path) -> None:
    site = packaged(tmp_path / "site", "acme_mine", acme_mine=LACKING)
    lacks = ["not supported yet: the field Card in Mask", "not supported yet: 4 visible characters in Mask"]
    found = openyx(site, "check", EXAMPLE / "cards.yxmd")
    assert f"2\tMask\tmissing\t{'; '.join(lacks)}" in found.stdout.splitlines(), found.stderr
    done = openyx(site, "exec", EXAMPLE / "cards.yxmd", "--output", tmp_path / "out")
    assert done.returncode == 1
    assert lacks[0] in done.stderr
    assert not list(tmp_path.glob("out/*"))


def test_the_page_shows_the_tool_as_it_is() -> None:
    page = (EXAMPLE.parent / "own_tool.md").read_text(encoding="utf-8")
    for file in ("pyproject.toml", "acme_tools/mask.py"):
        assert (EXAMPLE / file).read_text(encoding="utf-8").strip() in page, file
