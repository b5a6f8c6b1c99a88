"""Files are published under their name, once, or as a new version."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from openyx.cli.shell import shipped
from tests.cli.terminal import Terminal

if TYPE_CHECKING:
    from tests.cli.conftest import Served, Yx


@pytest.fixture
def file(yx: Yx, idle: Served, tmp_path: Path) -> Path:
    """A workflow that nobody has published, by a user who is logged in."""
    yx.log_in(idle)
    shipped.write(tmp_path / "samples")
    return (tmp_path / "samples" / "Monthly sales.yxmd").rename(tmp_path / "samples" / f"{tmp_path.name}.yxmd")


def test_the_id_is_the_data(yx: Yx, file: Path) -> None:
    done = yx("publish", file)
    assert done.code == 0
    assert yx("show", file.stem, "--json").json["id"] == done.out.strip()
    assert "data/sales.csv" in done.err


def test_a_second_time_needs_to_be_meant(yx: Yx, file: Path) -> None:
    first = yx("publish", file, "--json").json
    refused = yx("publish", file, "--json", given="y\n")
    assert (refused.code, refused.error["code"]) == (2, "conflict")
    assert "--new-version" in refused.error["hint"]
    second = yx("publish", file, "--new-version", "--json").json
    assert second["id"] == first["id"]
    assert len(second["versions"]) == len(first["versions"]) + 1


def test_on_a_terminal_it_asks(yx: Yx, file: Path) -> None:
    assert yx("publish", file).code == 0
    with Terminal(yx.command("publish", file), yx.env) as terminal:
        terminal.expect("Publish a new version of it?")
        terminal.press("y\n")
        terminal.expect("version 2")
        assert terminal.end() == 0


@pytest.mark.parametrize("name", ["", "  "])
def test_a_name_that_is_none_is_refused(yx: Yx, file: Path, name: str) -> None:
    refused = yx("publish", file, "--name", name, "--json")
    assert (refused.code, refused.error["code"]) == (2, "asked_wrongly")
    assert "is no name for a workflow" in refused.error["message"]


def test_another_name_is_another_workflow(yx: Yx, file: Path) -> None:
    assert yx("publish", file, "--name", f"{file.stem} II", "--json").json["name"] == f"{file.stem} II"


@pytest.mark.parametrize(
    ("name", "content"),
    [("broken.yxzp", b"PK\x03\x04 cut off"), ("page.yxmd", b"<html></html>"), ("notes.txt", b"x"), ("no.yxmd", b"")],
)
def test_what_is_no_workflow_is_refused(yx: Yx, idle: Served, tmp_path: Path, name: str, content: bytes) -> None:
    yx.log_in(idle)
    (tmp_path / name).write_bytes(content)
    refused = yx("publish", tmp_path / name, "--json")
    assert refused.code == 2
    assert refused.error["message"]


def test_what_its_engine_would_not_run_is_told_and_published_all_the_same(yx: Yx, file: Path) -> None:
    content = file.read_text().replace("data\\sales.csv</File>", "..\\sales.csv</File>")
    file.write_text(content.replace("AlteryxBasePluginsGui.Filter.Filter", "Acme.Unheard"))
    done = yx("publish", file)
    assert done.code == 0, done.err
    told = [line.strip() for line in done.err.splitlines()]
    assert "This gallery's engine would not run it:" in told
    outside = "lies outside the folder of the workflow, where this run may not go"
    assert any(line.endswith(f'setting File: "..\\sales.csv" {outside}') for line in told)
    assert any("not known: the tool Acme.Unheard" in line for line in told)
    assert "would not run" not in yx("publish", file, "--name", f"{file.stem} q", "--quiet").err


def test_of_what_runs_nothing_is_told(yx: Yx, file: Path) -> None:
    assert "would not run" not in yx("publish", file).err


def test_a_studio_key_cannot_publish(yx: Yx, idle: Served, file: Path) -> None:
    yx.log_in(idle, profile="studio", kind="studio")
    refused = yx("publish", file, "--profile", "studio", "--json")
    assert (refused.code, refused.error["code"]) == (4, "not_found")
    assert "OAuth 2" in refused.error["hint"]


def test_names_are_utf_8_whatever_the_locale(yx: Yx, file: Path) -> None:
    plain = {"LC_ALL": "C", "PYTHONIOENCODING": "ascii"}
    name = f"Zoë → 売上 {file.stem}"
    assert yx("publish", file, "--name", name, env=plain).code == 0
    assert name in [line.split("\t")[0] for line in yx("list", env=plain).lines]
    assert yx("show", name, "--json", env=plain).json["name"] == name
