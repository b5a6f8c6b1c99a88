"""A workflow is published with the files beside it that it reads."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from openyx.cli.shell import shipped
from openyx.cli.shell.packing import packed
from openyx.cli.shell.session import Session
from openyx.errors import DocumentError


def members(package: Path) -> list[str]:
    with zipfile.ZipFile(package) as archive:
        return archive.namelist()


def test_the_files_that_it_reads_go_with_it(tmp_path: Path) -> None:
    shipped.write(tmp_path)
    with packed(Session(), tmp_path / "Monthly sales.yxmd", silent=True) as package:
        assert package.name == "Monthly sales.yxzp"
        assert members(package) == ["Monthly sales.yxmd", "data/sales.csv"]
    assert not package.exists()


def test_files_of_a_wildcard_and_in_another_case_go_with_it(tmp_path: Path) -> None:
    shipped.write(tmp_path)
    workflow = tmp_path / "Monthly sales.yxmd"
    content = workflow.read_text()
    for written in ("DATA\\Sales.csv", "data\\sal*.csv"):
        workflow.write_text(content.replace("data\\sales.csv</File>", f"{written}</File>"))
        with packed(Session(), workflow, silent=True) as package:
            assert members(package) == ["Monthly sales.yxmd", "data/sales.csv"]


def test_a_file_from_before_1980_goes_with_it(tmp_path: Path) -> None:
    shipped.write(tmp_path)
    os.utime(tmp_path / "data" / "sales.csv", (0, 0))
    with packed(Session(), tmp_path / "Monthly sales.yxmd", silent=True) as package:
        assert "data/sales.csv" in members(package)


def test_a_workflow_that_reads_nothing_goes_as_it_is(tmp_path: Path) -> None:
    shipped.write(tmp_path)
    with packed(Session(), tmp_path / "Best customers.yxmd") as package:
        assert package == tmp_path / "Best customers.yxmd"


def test_nothing_outside_its_folder_goes_with_it(tmp_path: Path) -> None:
    shipped.write(tmp_path / "inner")
    workflow = tmp_path / "inner" / "Monthly sales.yxmd"
    (tmp_path / "secret.csv").write_text("a\n1\n")
    workflow.write_text(workflow.read_text().replace("data\\sales.csv</File>", "..\\secret.csv</File>"))
    with packed(Session(), workflow) as package:
        assert package == workflow


def test_a_package_is_not_packed_again(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.yxzp", "w") as archive:
        archive.writestr("x.yxmd", "<AlteryxDocument/>")
    with packed(Session(), tmp_path / "x.yxzp") as package:
        assert package == tmp_path / "x.yxzp"


def test_a_package_that_broke_off_is_none(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.yxzp", "w") as archive:
        archive.writestr("x.yxmd", "<AlteryxDocument/>" * 100)
    (tmp_path / "x.yxzp").write_bytes((tmp_path / "x.yxzp").read_bytes()[:-40])
    with pytest.raises(DocumentError, match="no zip archive"), packed(Session(), tmp_path / "x.yxzp"):
        pass
