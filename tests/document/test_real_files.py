"""Real workflow files: each is read, or refused with a place and a reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from openyx.document import ENDINGS, read
from openyx.errors import DocumentError


@pytest.mark.shared
def test_every_real_file_is_read_or_refused_with_a_reason(shared: Path) -> None:
    paths = [
        path for path in sorted((shared / "corpus").rglob("*")) if path.is_file() and path.suffix.lower() in ENDINGS
    ]
    assert len(paths) > 700
    refused: list[DocumentError] = []
    for path in paths:
        try:
            document = read(path)
        except DocumentError as error:
            refused.append(error)
            continue
        assert document.nodes
        assert document.meta.name
        assert len(document.questions) <= len(document.nodes)
        assert document.properties.error_limit >= 0
        assert all(node.configuration.tag == "Configuration" for node in document.nodes)
    assert len(refused) == 8
    assert all("locked by its author" in str(error) for error in refused)
    assert all(", line " in error.place for error in refused)
