"""Workflows are listed, all or those whose name holds a text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.cli.conftest import Served, Yx


def test_a_search_looks_at_names_and_at_nothing_else(yx: Yx, gallery: Served) -> None:
    yx.log_in(gallery, kind="studio")
    everything = yx("list", "--json").json
    first = everything[0]["id"]
    assert yx("list", "--search", first).out == ""
    assert [line.split("\t")[0] for line in yx("list", "--search", "PRICE").lines] == ["Price list"]
