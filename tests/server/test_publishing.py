"""Uploads as real clients send them, and what is refused with its place."""

from __future__ import annotations

import io
import os
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import httpx2
import pytest

from openyx.document import parse
from tests.server.conftest import Serve
from tests.server.support import APP, PLAIN, Address, packed

V3 = "/webapi/v3/workflows"


def multipart(boundary: str, *parts: tuple[str, str]) -> bytes:
    """A body by hand: each part is its headers and its content."""
    made = "".join(f"--{boundary}\r\n{head}\r\n\r\n{content}\r\n" for head, content in parts)
    return f"{made}--{boundary}--\r\n".encode()


def part(name: str, content: str, more: str = "") -> tuple[str, str]:
    return f'Content-Disposition: form-data; name="{name}"{more}', content


def send(gallery: Address, body: bytes, boundary: str = "x", path: str = V3, **headers: str) -> httpx2.Response:
    kind = headers.pop("kind", "multipart/form-data")
    headers = {"Content-Type": f"{kind}; boundary={boundary}"}
    return gallery.bearer("POST", path, content=body, headers=headers)


def publish(gallery: Address, content: bytes, filename: str = "Load.yxmd", **texts: Any) -> httpx2.Response:
    return gallery.bearer("POST", V3, files={"file": (filename, content)}, data={"name": "Load", **texts})


def test_the_recorded_parts_of_a_real_client_publish(gallery: Address) -> None:
    answer = publish(
        gallery, packed(), "Load.yxzp", ownerId=gallery.user.key.user_id, isPublic="false", isReadyForMigration="false",
        othersMayDownload="false", othersCanExecute="True", executionMode="Standard",
        workflowCredentialType="Default", workerTag="", districtTags="", comments="",
    )  # fmt: skip
    assert answer.status_code == 200
    assert answer.text == f'"{answer.json()}"', "the id is a JSON string"
    record = gallery.bearer("GET", f"{V3}/{answer.json()}").json()
    assert (record["othersMayDownload"], record["othersCanExecute"], record["isPublic"]) == (False, True, False)


@pytest.mark.parametrize("kind", ["multipart/form-data", "application/form-data"])
def test_text_parts_may_have_a_filename_and_the_boundary_may_be_odd(gallery: Address, kind: str) -> None:
    file = part("file", PLAIN.decode(), '; filename="Load.yxmd"\r\nContent-Type: application/octet-stream')
    name = part("name", "Quarterly Load", '; filename="name"')
    for boundary in ("--alteryx", "'a b'"):
        quoted = f'"{boundary}"' if " " in boundary else boundary
        body = multipart(boundary, part("isPublic", "True", '; filename=""'), name, file)
        headers = {"Content-Type": f"{kind}; boundary={quoted}"}
        answer = gallery.bearer("POST", V3, content=body, headers=headers)
        assert answer.status_code == 200, answer.text
        assert gallery.published(answer.json()).workflow.name == "Quarterly Load"
        assert gallery.published(answer.json()).workflow.public


def test_a_package_under_the_name_of_a_workflow_is_a_package(gallery: Address) -> None:
    package = packed(APP, "Regional Sales.yxwz")
    workflow = publish(gallery, package, "Load.yxmd").json()
    version = gallery.published(workflow).version
    assert (version.file_name, version.entry, version.package_type) == (
        "Regional Sales.yxwz",
        "Regional Sales.yxwz",
        "App",
    )
    assert gallery.bearer("GET", f"{V3}/{workflow}/package").content == package


def test_a_bare_workflow_comes_back_as_a_package_that_holds_it(gallery: Address) -> None:
    workflow = publish(gallery, PLAIN, "Monthly Load.yxmd").json()
    content = gallery.bearer("GET", f"{V3}/{workflow}/package").content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.namelist() == ["Monthly Load.yxmd"]
        assert archive.read("Monthly Load.yxmd") == PLAIN
    assert gallery.bearer("GET", f"{V3}/{workflow}/package").content == content


def test_without_a_name_the_file_s_own_counts_and_without_an_owner_the_key_s_user(gallery: Address) -> None:
    answer = gallery.bearer("POST", V3, files={"file": ("x.yxmd", PLAIN)})
    kept = gallery.published(answer.json()).workflow
    assert (kept.name, kept.owner_id) == ("Monthly Load", gallery.user.key.user_id)


def test_a_file_without_an_ending_gets_that_of_what_it_is(gallery: Address) -> None:
    assert gallery.published(publish(gallery, APP, "upload").json()).version.file_name == "upload.yxwz"


@pytest.mark.parametrize("filename", ["../../x.yxmd", "C:\\temp\\x.yxmd", "/etc/x.yxmd"])
def test_the_file_s_name_cannot_leave_its_folder(gallery: Address, filename: str) -> None:
    assert gallery.published(publish(gallery, PLAIN, filename).json()).version.file_name == "x.yxmd"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", "empty"),
        (b"not a workflow", "Load.yxmd"),
        (b"<html></html>", "<html>"),
        (b"<AlteryxDocument>", "Load.yxmd"),
        (packed()[:-40], "zip"),
        (packed(name="readme.txt"), "no workflow"),
        (packed(more={"../evil.csv": b"x"}), "evil.csv"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><AlteryxDocument>&b;</AlteryxDocument>', "Load.yxmd"),
        (b"<a>" * 100_000, "Load.yxmd"),
    ],
    ids=["empty", "text", "html", "cut off", "cut zip", "no workflow", "leaves", "entities", "nested"],
)
def test_what_is_no_workflow_is_refused_with_its_place(gallery: Address, content: bytes, text: str) -> None:
    answer = publish(gallery, content)
    assert answer.status_code == 400
    assert text in answer.text
    assert gallery.bearer("GET", V3).json() == []
    assert list(gallery.store.folder.uploads.iterdir()) == []


@pytest.mark.parametrize(
    ("texts", "field"),
    [
        ({"isPublic": "yes"}, "contract.IsPublic"),
        ({"executionMode": "Unrestricted"}, "contract.ExecutionMode"),
        ({"workflowCredentialType": "Mine"}, "contract.WorkflowCredentialType"),
        ({"districtTags": "north"}, "contract.DistrictTags"),
        ({"collectionIds": '["c"]'}, "contract.CollectionIds"),
        ({"credentialId": "c"}, "contract.CredentialId"),
        ({"ownerId": "ann@example.com"}, "contract.OwnerId"),
        ({"name": "x" * 256}, "contract.Name"),
    ],
)
def test_texts_that_do_not_fit_are_named(gallery: Address, texts: dict[str, str], field: str) -> None:
    answer = publish(gallery, PLAIN, **texts)
    assert answer.status_code == 400
    assert list(answer.json()["modelState"]) == [field]


def test_a_source_id_is_taken_once(gallery: Address) -> None:
    assert publish(gallery, PLAIN, sourceAppId="57acaca4065e3f26a82b0001").status_code == 200
    answer = publish(gallery, PLAIN, sourceAppId="57acaca4065e3f26a82b0001")
    assert (answer.status_code, list(answer.json()["modelState"])) == (400, ["contract.SourceAppId"])


def test_unknown_parts_are_ignored(gallery: Address) -> None:
    assert publish(gallery, PLAIN, makePublic="true", canDownload="true", colour="red").status_code == 200


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"", "cut off"),
        (b"nonsense", "malformed"),
        (multipart("x"), "file"),
        (multipart("x", part("name", "Load")), "file"),
        (multipart("x", part("file", "a"), part("file", "b")), "One file"),
        (multipart("x", ("Content-Disposition: form-data", "a")), "no name"),
        (multipart("x", ("X: " + "y" * 10_000, "a")), "malformed"),
        (multipart("x", ("", "a")), "no name"),
        (multipart("x", part("file", "a"))[:-6], "cut off"),
        (multipart("x", *[part(f"p{number}", "a") for number in range(100)]), "parts"),
        (multipart("x", part("comments", "a" * 70_000)), "comments"),
        (multipart("x", part("comments", "a")).replace(b"\r\na\r\n", b"\r\n\xff\r\n"), "UTF-8"),
    ],
)
def test_broken_uploads_are_refused(gallery: Address, body: bytes, text: str) -> None:
    answer = send(gallery, body)
    assert answer.status_code in (400, 413)
    assert text in answer.text
    assert list(gallery.store.folder.uploads.iterdir()) == []


@pytest.mark.parametrize(
    "kind", ["", "application/json", "multipart/form-data", "multipart/form-data; boundary=" + "b" * 300]
)
def test_a_body_that_is_no_upload_is_refused(gallery: Address, kind: str) -> None:
    answer = gallery.bearer("POST", V3, content=b"{}", headers={"Content-Type": kind} if kind else {})
    assert answer.status_code == 400


def test_an_upload_that_is_too_large_is_refused(serve: Serve) -> None:
    from openyx.server import Limits

    gallery = serve(limits=Limits(upload=100_000))
    declared = publish(gallery, b"x" * 200_000)
    body = multipart("x", part("file", "y" * 200_000, '; filename="a.yxmd"'))
    pieces = (body[at : at + 10_000] for at in range(0, len(body), 10_000))
    chunked = gallery.bearer("POST", V3, content=pieces, headers={"Content-Type": "multipart/form-data; boundary=x"})
    assert (declared.status_code, chunked.status_code) == (413, 413)
    assert list(gallery.store.folder.uploads.iterdir()) == []


def test_nothing_of_an_upload_is_read_before_its_sender_is_known(gallery: Address) -> None:
    body = multipart("x", part("file", PLAIN.decode(), '; filename="a.yxmd"'))
    answer = gallery.http.post(
        gallery.url + V3, content=body, headers={"Content-Type": "multipart/form-data; boundary=x"}
    )
    assert answer.status_code == 401


def test_a_version_does_not_move_a_workflow_to_another_owner(gallery: Address) -> None:
    workflow = gallery.publish()
    data = {"name": "Load", "ownerId": "57acaca4065e3f26a82b0001"}
    answer = gallery.bearer("POST", f"{V3}/{workflow}/versions", files={"file": ("a.yxmd", PLAIN)}, data=data)
    assert (answer.status_code, list(answer.json()["modelState"])) == (400, ["contract.OwnerId"])


def test_a_version_may_be_kept_back(gallery: Address) -> None:
    workflow = gallery.publish()
    data = {"name": "Load", "makePublished": "false"}
    answer = gallery.bearer("POST", f"{V3}/{workflow}/versions", files={"file": ("a.yxwz", APP)}, data=data)
    assert [version["published"] for version in answer.json()["versions"]] == [True, False]
    assert gallery.bearer("GET", f"{V3}/{workflow}/questions").json() == []
    held = answer.json()["versions"][1]["versionId"]
    assert len(gallery.bearer("GET", f"{V3}/{workflow}/questions?versionId={held}").json()) == 5


def test_the_workflows_of_these_tests_are_workflows() -> None:
    assert len(parse(APP, "a.yxwz").questions) == 5


@pytest.mark.parametrize("name", ["a\x00b", "a\nb", "\x1b[2J", "a\u2028b"])
def test_a_name_that_would_upset_a_terminal_is_refused(gallery: Address, name: str) -> None:
    answer = publish(gallery, PLAIN, name=name)
    assert answer.status_code == 400
    said = answer.json()["modelState"]
    assert said == {"contract.Name": ["A name has no control characters and no line breaks."]}


def test_a_name_in_any_script_is_taken(gallery: Address) -> None:
    for name in ("月次　ロード", "Prix\u00a0: 5\u202f€", "👩\u200d🔬", "التقرير", "a/b\\c:.."):
        made = publish(gallery, PLAIN, name=name).json()
        assert gallery.bearer("GET", f"{V3}/{made}").json()["name"] == name


def test_a_file_name_too_long_for_a_disk_is_shortened(gallery: Address) -> None:
    made = publish(gallery, PLAIN, "\U0001f389" * 150 + ".yxmd").json()
    (version,) = gallery.bearer("GET", f"{V3}/{made}").json()["versions"]
    name = version["details"]["fileName"]
    assert name.endswith(".yxmd")
    assert len(name.encode()) <= 255


def test_an_archive_of_nothing_is_said_to_be_one(gallery: Address) -> None:
    answer = publish(gallery, b"PK\x05\x06" + bytes(18), "Load.yxzp")
    assert answer.json()["modelState"] == {"file": ["Load.yxzp: it holds no workflow (.yxmd, .yxwz, .yxmc)"]}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has a device that is always full")
def test_a_full_disk_is_told_and_nothing_is_published(
    gallery: Address, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def on_a_full_disk(**_: object) -> tuple[int, str]:
        return os.open("/dev/full", os.O_WRONLY), str(tmp_path / "begun")

    with monkeypatch.context() as patched:
        patched.setattr(tempfile, "mkstemp", on_a_full_disk)
        answer = publish(gallery, packed())
    assert (answer.status_code, "full" in answer.json()["message"]) == (507, True)
    assert gallery.bearer("GET", V3).json() == []
    assert publish(gallery, packed()).status_code == 200


def files_of(gallery: Address) -> list[Path]:
    """The files of a gallery, beside its mark."""
    return [each for each in gallery.store.folder.blobs.rglob("*") if each.is_file() and each.name != ".gallery"]


def test_what_is_refused_leaves_no_file(gallery: Address) -> None:
    for texts in ({"isPublic": "perhaps"}, {"ownerId": "nobody"}, {"districtTags": "no list"}):
        assert publish(gallery, packed(), **texts).status_code == 400
    assert files_of(gallery) == []
    workflow = publish(gallery, PLAIN).json()
    files = {"file": ("Load.yxmd", APP)}
    answer = gallery.bearer("POST", f"{V3}/{workflow}/versions", files=files, data={"makePublished": "perhaps"})
    assert answer.status_code == 400
    assert len(files_of(gallery)) == 1
