"""Texts of all lengths come in the order of their UTF-16 code units, equal ones as they were."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openyx.fields import INT32, V_STRING, V_WSTRING, Field, FieldType, Schema
from openyx.relation import Key, values
from openyx.relation.run import Keep, run

TEXTS = st.lists(
    st.one_of(
        st.none(), st.text(alphabet="ab\0\x01é\ue000\U0001f600", max_size=3), st.sampled_from(["a" * 16, "a" * 17])
    )
    | st.text(alphabet="ab", min_size=14, max_size=70),
    max_size=12,
)
ALIKE = st.sampled_from([0, 1, 3, 4, 7, 8, 16, 17]).flatmap(
    lambda size: st.lists(st.none() | st.text(alphabet="ab\0", min_size=size, max_size=size), max_size=12)
)


def units(text: str | None) -> tuple[bool, bytes]:
    """What orders a text, nulls first."""
    return (False, b"") if text is None else (True, text.encode("utf-16-be"))


@pytest.mark.parametrize("descending", [False, True])
@settings(deadline=None)
@given(texts=TEXTS | ALIKE, piece=st.sampled_from([3, 500_000]))
def test_texts_are_sorted_by_their_code_units_and_stay_in_order_where_equal(
    texts: list[str | None], piece: int, descending: bool
) -> None:
    schema = Schema.of(Field("t", V_WSTRING), Field("n", INT32))
    table = values(schema, {"t": texts, "n": list(range(len(texts)))})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("openyx.relation.sorting.PIECE", piece)
        found = run([Keep(table.sort([Key("t", descending)]))]).table(0).rows()
    rows = zip(texts, range(len(texts)), strict=True)
    assert found == sorted(rows, key=lambda row: units(row[0]), reverse=descending)


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("type_", [V_STRING, V_WSTRING], ids=str)
def test_many_records_of_few_texts_are_sorted_in_the_same_way(type_: FieldType, descending: bool) -> None:
    told = random.Random(5)
    texts = ["", None, "a" * 17, "b", "é", "b" * 40] + (["\ue000", "\U0001f600"] if type_.is_wide else [])
    rows = [(told.choice(texts), told.choice([None, 2, 1]), place) for place in range(120_000)]
    schema = Schema.of(Field("t", type_), Field("i", INT32), Field("n", INT32))
    columns: dict[str, list[object]] = {
        "t": [row[0] for row in rows],
        "i": [row[1] for row in rows],
        "n": [row[2] for row in rows],
    }
    found = run([Keep(values(schema, columns).sort([Key("t", descending), Key("i")]))]).table(0).rows()
    by_number = sorted(rows, key=lambda row: (row[1] is not None, row[1] or 0))
    assert found == sorted(by_number, key=lambda row: units(row[0]), reverse=descending)


def test_a_short_text_stands_before_a_long_one() -> None:
    table = values(Schema.of(Field("t", V_WSTRING)), {"t": ["a" * 17, "", "a" * 16, "a" * 40, None, "a"]})
    found = run([Keep(table.sort(["t"]))]).table(0).column("t")
    assert found == [None, "", "a", "a" * 16, "a" * 17, "a" * 40]
