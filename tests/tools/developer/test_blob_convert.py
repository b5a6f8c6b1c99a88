"""Blob Convert."""

from __future__ import annotations

import hashlib

import pytest

from openyx.errors import NotYet, WorkflowError
from openyx.fields import Kind
from openyx.testing import run, table
from openyx.tools.developer.blob_convert import BlobConvert

ROWS = table("id: Byte, word: String(3), last: Byte", "1, é, 7", "2, , 8")


def test_a_text_becomes_its_bytes() -> None:
    blob = run(BlobConvert(to_blob=True, to_field="WORD"), ROWS).table
    assert [field.type.kind for field in blob.schema] == [Kind.BYTE, Kind.BLOB, Kind.BYTE]
    assert [row[1] for row in blob.rows] == [b"\xe9\x00", None]
    assert run(BlobConvert(to_blob=True, to_field="word", code_page="UTF8"), ROWS).table.rows[0][1] == "é".encode()


def test_bytes_are_told_apart_by_their_md5_in_the_same_place() -> None:
    blob = run(BlobConvert(to_blob=True, to_field="word"), ROWS).table
    digest = hashlib.md5(b"\xe9\x00", usedforsecurity=False).hexdigest()
    expected = table("id: Byte, word: String(32), last: Byte", f"1, {digest}, 7", "2, , 8")
    assert run(BlobConvert(from_field="word", from_mode="MD5"), blob).table == expected


def test_what_is_not_known_is_named() -> None:
    with pytest.raises(NotYet, match="ReportSnippet"):
        run(BlobConvert(from_field="word", from_mode="ReportSnippet"), ROWS)
    with pytest.raises(NotYet, match="Field"):
        run(BlobConvert(to_blob=True, to_field="word", to_mode="Field"), ROWS)


def test_only_a_text_has_bytes_in_a_code_page() -> None:
    with pytest.raises(WorkflowError, match='"id" is no text'):
        run(BlobConvert(to_blob=True, to_field="id"), ROWS)
    with pytest.raises(WorkflowError, match='"nobody"'):
        run(BlobConvert(from_field="nobody", from_mode="MD5"), ROWS)


def test_a_number_has_no_bytes() -> None:
    with pytest.raises(WorkflowError, match='"id" holds no bytes'):
        run(BlobConvert(from_field="id", from_mode="MD5"), ROWS)
