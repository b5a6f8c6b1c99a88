"""Packages: which file starts, what is unpacked where, and what is refused."""

from __future__ import annotations

import io
import stat
import zipfile
from pathlib import Path

import pytest

from openyx.document import pack, read, start_file, unpack
from openyx.document.package import Limits
from openyx.errors import DocumentError

WORKFLOW = b"<AlteryxDocument><Nodes/></AlteryxDocument>"


def package(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize(
    ("members", "start"),
    [
        (["deep/a.yxmd", "top.yxmd", "data.csv"], "top.yxmd"),
        (["b.yxmd", "a.yxmd"], "a.yxmd"),
        (["b.yxmd", "A.yxmd", "Report.YXWZ"], "Report.YXWZ"),
        (["x/b.yxmd", "x/m.yxmc", "m.yxmc"], "x/b.yxmd"),
        (["m.yxmc", "data.csv"], "m.yxmc"),
        (["x\\b.yxmd", "x\\data.csv"], "x/b.yxmd"),
    ],
)
def test_the_start_file_is_the_shallowest_workflow(tmp_path: Path, members: list[str], start: str) -> None:
    path = package(tmp_path / "report.yxzp", dict.fromkeys(members, WORKFLOW))
    assert str(start_file(path)) == start
    assert read(path).name == start.split("/")[-1]


def test_a_package_is_unpacked_with_its_folders(tmp_path: Path) -> None:
    path = package(tmp_path / "p.yxzp", {"w.yxmd": WORKFLOW, "data/": b"", "data/in.csv": b"a\n1\n"})
    (tmp_path / "out").mkdir()
    start = unpack(path, tmp_path / "out")
    assert start == tmp_path / "out" / "w.yxmd"
    assert (tmp_path / "out" / "data" / "in.csv").read_bytes() == b"a\n1\n"


@pytest.mark.parametrize(
    "name", ["../evil.txt", "a/../../evil.txt", "/etc/evil", "C:/evil", "..\\evil", "a:b", "\\evil"]
)
def test_a_member_that_would_leave_its_folder_refuses_the_package(tmp_path: Path, name: str) -> None:
    path = package(tmp_path / "p.yxzp", {"w.yxmd": WORKFLOW, name: b"x"})
    (tmp_path / "out").mkdir()
    with pytest.raises(DocumentError, match="would leave its folder"):
        unpack(path, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_link_refuses_the_package(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "p.yxzp", "w") as archive:
        link = zipfile.ZipInfo("link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("w.yxmd", WORKFLOW)
    with pytest.raises(DocumentError, match="'link' is a link or a device"):
        read(tmp_path / "p.yxzp")


def test_two_members_of_one_name_refuse_the_package(tmp_path: Path) -> None:
    path = package(tmp_path / "p.yxzp", {"w.yxmd": WORKFLOW, "W.YXMD": b"x"})
    with pytest.raises(DocumentError, match="two members are called"):
        read(path)


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        (Limits(members=1), "2 members, more than 1"),
        (Limits(size=1_000_000), "unpacks to more than 1,000,000 bytes"),
        (Limits(ratio=50), "packed more than 50 times"),
    ],
)
def test_bombs_are_refused_before_anything_is_written(tmp_path: Path, limits: Limits, said: str) -> None:
    path = package(tmp_path / "p.yxzp", {"w.yxmd": WORKFLOW, "big.csv": b"0" * 2_000_000})
    (tmp_path / "out").mkdir()
    with pytest.raises(DocumentError, match=said):
        unpack(path, tmp_path / "out", limits=limits)
    assert list((tmp_path / "out").iterdir()) == []


def test_a_member_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    path = package(tmp_path / "p.yxzp", {"w.yxmd": WORKFLOW, "big.csv": b"0123456789" * 100})
    raw = path.read_bytes()
    path.write_bytes(raw.replace((1000).to_bytes(4, "little"), (10).to_bytes(4, "little")))
    (tmp_path / "out").mkdir()
    with pytest.raises(DocumentError):
        unpack(path, tmp_path / "out")
    assert (tmp_path / "out" / "big.csv").stat().st_size <= 10


@pytest.mark.parametrize("keep", [0, 3, 60, -30])
def test_a_truncated_package_is_refused(tmp_path: Path, keep: int) -> None:
    path = package(tmp_path / "p.yxzp", {"w.yxmd": WORKFLOW, "a.csv": bytes(range(256)) * 40})
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(DocumentError, match="no zip archive, or a damaged one"):
        read(path)


def test_a_damaged_member_is_refused(tmp_path: Path) -> None:
    path = package(tmp_path / "p.yxzp", {"w.yxmd": WORKFLOW * 50})
    raw = bytearray(path.read_bytes())
    raw[45:60] = bytes(15)
    path.write_bytes(bytes(raw))
    with pytest.raises(DocumentError, match=r"p\.yxzp"):
        read(path)


def test_a_directory_too_large_for_its_members_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = package(tmp_path / "p.yxzp", {"w.yxmd": WORKFLOW})
    raw = bytearray(path.read_bytes())
    many = bytes(3 << 20)
    at = raw.rfind(b"PK\x05\x06")
    raw[at + 12 : at + 16] = (len(many) + int.from_bytes(raw[at + 12 : at + 16], "little")).to_bytes(4, "little")
    path.write_bytes(many + raw)
    with pytest.raises(DocumentError, match=r"its directory has 3,\d+,\d+ bytes, more than 2,097,152"):
        start_file(path, limits=Limits(members=10))


def test_whatever_byte_is_wrong_a_package_opens_or_is_refused(tmp_path: Path) -> None:
    path = package(tmp_path / "p.yxzp", {"w.yxmd": WORKFLOW, "d/a.csv": b"a,b\n" * 50})
    whole = path.read_bytes()
    opened = 0
    for at in range(len(whole)):
        for wrong in (0x00, 0x80, 0xFF):
            path.write_bytes(whole[:at] + bytes([wrong]) + whole[at + 1 :])
            try:
                read(path)
                opened += 1
            except DocumentError as error:
                assert error.place.startswith(("p.yxzp", "w.yxmd"))  # noqa: PT017 - opening it is as good
    assert 0 < opened < 3 * len(whole)


def test_a_name_that_is_no_text_refuses_the_package(tmp_path: Path) -> None:
    path = package(tmp_path / "p.yxzp", {"w.yxmd": WORKFLOW, "ü.csv": b"1"})
    path.write_bytes(path.read_bytes().replace("ü".encode(), b"\xff\xff"))
    with pytest.raises(DocumentError, match="damaged"):
        read(path)


@pytest.mark.parametrize("name", ["ü" * 130 + ".csv", "/".join(["folder"] * 200)])
def test_a_name_that_no_file_can_have_refuses_the_package(tmp_path: Path, name: str) -> None:
    with pytest.raises(DocumentError, match="is too long"):
        read(package(tmp_path / "p.yxzp", {"w.yxmd": WORKFLOW, name: b""}))


@pytest.mark.parametrize("names", [["d", "d/in.csv"], ["d/in.csv", "D"], ["d/", "d"]])
def test_a_file_that_is_a_folder_too_refuses_the_package(tmp_path: Path, names: list[str]) -> None:
    with pytest.raises(DocumentError, match="'d' is both a file and a folder"):
        read(package(tmp_path / "p.yxzp", {"w.yxmd": WORKFLOW, **dict.fromkeys(names, b"")}))


def test_errors_call_a_package_by_the_name_that_is_given(tmp_path: Path) -> None:
    path = package(tmp_path / "0a1b2c", {"a.csv": b""})
    with pytest.raises(DocumentError, match=r"^the package of w\.yxmd: it holds no workflow"):
        unpack(path, tmp_path, name="the package of w.yxmd")


def test_a_package_without_a_workflow_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="holds no workflow"):
        read(package(tmp_path / "p.yxzp", {"a.csv": b""}))


def test_a_package_around_a_workflow_holds_it_and_is_always_the_same() -> None:
    packed = pack(WORKFLOW, "dir\\monthly.yxmd")
    assert packed == pack(WORKFLOW, "monthly.yxmd")
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.namelist() == ["monthly.yxmd"]
        assert archive.read("monthly.yxmd") == WORKFLOW
