from __future__ import annotations

from importlib.resources import files

import pytest

from openyx.store.queries import parse, queries


def test_a_block_begins_with_its_name_and_may_explain_itself() -> None:
    found = parse("-- one\n-- Says one.\nSELECT 1\n\n-- two\nSELECT\n  2\n", "t")
    assert found == {"one": "-- Says one.\nSELECT 1", "two": "SELECT\n  2"}


@pytest.mark.parametrize(
    "text", ["SELECT 1", "-- two words\nSELECT 1", "-- lonely", "-- a\nSELECT 1\n\n-- a\nSELECT 2"]
)
def test_a_file_that_is_not_in_order_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"t\.sql"):
        parse(text, "t")


def test_every_file_of_queries_is_in_order() -> None:
    names = [file.name.removesuffix(".sql") for file in files("openyx.store").joinpath("sql").iterdir()]
    assert len(names) >= 10
    assert all(queries(name) for name in names)
