"""Files from a server: safe names, nothing overwritten, nothing half-written."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from openyx.api.calls import Received
from openyx.client.saving import FileSink, safe_name
from openyx.errors import AskedWrongly, Conflict, DiskFull, MissingExtra
from tests.client.conftest import Place, done, inside
from tests.client.servers import FILE, Response

HERE = Received(name="", content_type="", size=3)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("result.csv", "result.csv"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\win.ini", "win.ini"),
        ("/etc/passwd", "passwd"),
        ("C:\\temp\\x.csv", "x.csv"),
        ("C:x.csv", "C_x.csv"),
        ("..", "output"),
        (".", "output"),
        ("", "output"),
        ("   ", "output"),
        ("a/", "output"),
        ("con", "_con"),
        ("NUL.txt", "_NUL.txt"),
        ("com1.log", "_com1.log"),
        ("CONSOLE.txt", "CONSOLE.txt"),
        ("trailing. .", "trailing"),
        ("a\nb\x00c\x1b[31m.csv", "a_b_c_[31m.csv"),
        ("what? \"x\" <y>|*.csv", "what_ _x_ _y___.csv"),
        ("\u202egnp.exe", "_gnp.exe"),
        ("x" * 300 + ".csv", "x" * 176 + ".csv"),
        ("Größe €.csv", "Größe €.csv"),
    ],
)  # fmt: skip
def test_a_name_is_made_safe(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@given(st.text())
@example("é" * 400)
@example("." * 300)
@example("a." + "b" * 300)
def test_a_safe_name_is_one_that_every_system_takes(name: str) -> None:
    safe = safe_name(name)
    assert safe
    assert not set(safe) & set('/\\<>:"|?*\0\n\r')
    assert safe == safe.rstrip(". ")
    assert len(safe.encode("utf-8", "surrogatepass")) <= 180
    assert safe not in (".", "..")
    assert safe_name(safe) == safe


def kept(folder: Path, name: str, content: bytes = b"abc", **more: Any) -> Path:
    with FileSink(folder, name, **more) as sink:
        sink.begin(len(content))
        sink.write(content)
        return sink.keep(HERE)


def test_a_name_that_is_taken_is_numbered(tmp_path: Path) -> None:
    paths = [kept(tmp_path, "out.csv") for _ in range(3)]
    assert [path.name for path in paths] == ["out.csv", "out (2).csv", "out (3).csv"]
    assert kept(tmp_path, "out.csv", b"new", overwrite=True).name == "out.csv"
    assert (tmp_path / "out.csv").read_bytes() == b"new"


def test_a_path_of_ones_own_is_not_overwritten_unless_asked(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    assert kept(path, "out.csv") == path
    with pytest.raises(Conflict, match=r"mine.csv is there already"):
        kept(path, "out.csv")
    assert kept(path, "out.csv", b"new", overwrite=True).read_bytes() == b"new"


def test_a_file_that_appears_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    with FileSink(tmp_path / "mine.csv", "x") as sink:
        sink.begin(3)
        sink.write(b"abc")
        (tmp_path / "mine.csv").write_bytes(b"theirs")
        with pytest.raises(Conflict):
            sink.keep(HERE)
    assert (tmp_path / "mine.csv").read_bytes() == b"theirs"
    assert inside(tmp_path) == ["mine.csv"]


def test_what_breaks_leaves_nothing_behind(tmp_path: Path) -> None:
    with FileSink(tmp_path, "out.csv") as sink:
        sink.begin(3)
        sink.write(b"a")
        assert len(inside(tmp_path)) == 1
    assert inside(tmp_path) == []


def test_a_body_that_begins_again_drops_what_came_before(tmp_path: Path) -> None:
    with FileSink(tmp_path, "out.csv") as sink:
        sink.begin(9)
        sink.write(b"half of it")
        sink.begin(3)
        sink.write(b"abc")
        assert sink.keep(HERE).read_bytes() == b"abc"


def test_progress_is_told_in_bytes(tmp_path: Path) -> None:
    told: list[tuple[int, int | None]] = []

    def progress(done: int, total: int | None) -> None:
        told.append((done, total))

    with FileSink(tmp_path, "out.csv", progress=progress) as sink:
        sink.begin(5)
        sink.write(b"abc")
        sink.write(b"de")
        sink.keep(HERE)
    assert told == [(3, 5), (5, 5)]


def test_what_is_not_there_and_has_no_ending_is_a_folder(tmp_path: Path) -> None:
    assert kept(tmp_path / "reports" / "May", "out.csv") == tmp_path / "reports" / "May" / "out.csv"
    (tmp_path / "plain").write_bytes(b"")
    with pytest.raises(Conflict):
        kept(tmp_path / "plain", "out.csv")


def test_the_folder_of_a_path_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(AskedWrongly, match="nothing can be written"):
        kept(tmp_path / "gone" / "deep.csv", "out.csv")


Finished = Callable[..., Any]


@pytest.fixture
async def job(of_age: Callable[[str], Place], connect: Callable[..., Any]) -> Any:
    place = of_age("2025")
    place.behind.outputs = [("1", "../../x/Result:1.yxdb", ["Raw", "Yxdb", "Csv", "Xlsx"]), ("2", "", [])]
    return await done(connect(place.server).run("Monthly Load"))


async def test_an_output_is_saved_under_a_safe_form_of_its_name(job: Any, tmp_path: Path) -> None:
    assert (await done(job.outputs[0].save(tmp_path))).name == "Result_1.yxdb"
    assert (await done(job.outputs[0].save(tmp_path, format="csv"))).name == "Result_1.csv"
    assert (await done(job.outputs[1].save(tmp_path))).name == "2"


async def test_a_format_that_is_not_offered_is_refused(job: Any, tmp_path: Path) -> None:
    with pytest.raises(AskedWrongly, match="cannot be had as 'Pdf'") as caught:
        await done(job.outputs[0].save(tmp_path, format="Pdf"))
    assert "Raw, Yxdb, Csv, Xlsx" in caught.value.hint


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every disk is full."""

    def no_room(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", no_room)


@pytest.mark.usefixtures("full")
async def test_a_full_disk_is_told_and_leaves_nothing_behind(job: Any, tmp_path: Path) -> None:
    with pytest.raises(DiskFull, match="the disk is full") as caught:
        await done(job.outputs[0].save(tmp_path))
    assert str(tmp_path) in caught.value.message
    assert inside(tmp_path) == []


@pytest.mark.usefixtures("full")
async def test_a_run_whose_files_find_no_room_says_which_job_keeps_them(
    of_age: Callable[[str], Place], connect: Callable[..., Any], tmp_path: Path
) -> None:
    place = of_age("2025")
    place.behind.outputs = [("1", "a.csv", ["Raw"])]
    with pytest.raises(DiskFull) as caught:
        await done(connect(place.server).run("Monthly Load", output=tmp_path))
    assert f"yx jobs download {next(iter(place.behind.jobs))}" in caught.value.hint


async def test_a_folder_that_cannot_be_made_is_told_before_the_start(
    of_age: Callable[[str], Place], connect: Callable[..., Any], tmp_path: Path
) -> None:
    place = of_age("2025")
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(AskedWrongly, match="nothing can be written"):
        await done(connect(place.server).run("Monthly Load", output=tmp_path / "file" / "reports"))
    assert not place.behind.jobs


async def test_bytes_come_as_they_are(job: Any) -> None:
    assert await done(job.outputs[0].bytes()) == FILE


async def test_csv_is_text_unless_a_schema_says_more(job: Any) -> None:
    from openyx.fields import INT32, Field, Schema

    pytest.importorskip("polars")
    frame = await done(job.outputs[0].to_polars(format="Csv"))
    assert frame.to_dicts() == [{"id": "0012", "name": "East"}, {"id": "7", "name": "West"}]
    typed = await done(job.outputs[0].to_polars(format="Csv", schema=Schema.of(Field("id", INT32))))
    assert typed["id"].to_list() == [12, 7]
    assert (await done(job.outputs[0].to_pandas(format="Csv")))["id"].tolist() == ["0012", "7"]
    assert (await done(job.outputs[0].to_arrow(format="Csv"))).num_rows == 2


async def test_a_table_without_the_engine_names_the_extra(
    of_age: Callable[[str], Place], connect: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    place = of_age("2025")
    job = await done(connect(place.server).run("Monthly Load"))
    for name in [name for name in sys.modules if name.split(".")[0] == "polars" or name.startswith("openyx.formats")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(MissingExtra, match=r"\[engine\]"):
        await done(job.outputs[0].to_polars())


async def test_a_file_comes_without_compression_under_the_name_that_one_gives(
    of_age: Callable[[str], Place], connect: Callable[..., Any], tmp_path: Path
) -> None:
    place = of_age("2019")
    job = await done(connect(place.server).run("Monthly Load"))
    place.server.ill = [Response(200, FILE, {"Content-Disposition": 'attachment; filename="x.csv"'})]
    assert (await done(job.outputs[0].save(tmp_path / "as I say.csv"))).read_bytes() == FILE
    assert place.server.requests[-1].headers["accept-encoding"] == "identity"
