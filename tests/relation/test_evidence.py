"""What texts look like: the same whether they are few and looked at one by one, or many and looked at together."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openyx.fields import V_WSTRING, Field, Schema
from openyx.relation import union, values
from openyx.relation.evidence import Evidence, Like, evidence, judged, witnesses
from openyx.relation.run import Keep, run

TEXTS = st.one_of(
    st.none(),
    st.integers().map(str),
    st.integers(-300, 300).map(str),
    st.decimals(allow_nan=False, allow_infinity=False).map(str),
    st.dates().map(str),
    st.datetimes().map(lambda moment: moment.strftime("%Y-%m-%d %H:%M:%S")),
    st.times().map(lambda moment: moment.strftime("%H:%M:%S")),
    st.sampled_from(["True", "f", "TRUE", "", "007", "1.", ".5", "-0", '{"type": "Point"}', " {", "2026-02-29", "1\n"]),
    st.text(max_size=4),
)
COLUMNS = st.one_of(*(st.lists(each, max_size=4) for each in (TEXTS, st.dates().map(str), st.integers().map(str))))


def together(*columns: list[str | None]) -> Evidence:
    """What the relation's way says of batches of texts."""
    schema = Schema.of(Field("t", V_WSTRING))
    records = union([values(schema, {"t": column}) for column in columns])
    seen = run([Keep(witnesses(records, ["T"]))]).table(0)
    return judged(seen, ["T"])["T"]


@given(COLUMNS, COLUMNS)
@settings(max_examples=150, deadline=None)
def test_one_by_one_and_together_say_the_same(one: list[str | None], two: list[str | None]) -> None:
    assert together(one, two) == evidence([*one, *two])
    assert evidence(one) + evidence(two) == evidence([*one, *two])


def test_no_text_looks_like_anything() -> None:
    assert evidence([None, None]) == Evidence(rows=2)
    assert together([]) == Evidence()


@pytest.mark.parametrize(
    ("text", "like"),
    [
        ("True", Like.BOOL),
        ("false", Like.BOOL),
        ("T", Like.BOOL),
        ("Y", Like(0)),
        ("falſe", Like(0)),
        ("-12", Like.WHOLE | Like.NUMBER),
        ("012", Like(0)),
        ("1e5", Like.NUMBER),
        ("1399-12-31", Like(0)),
        ("1400-01-01", Like.DATE),
        ("2026-11-24 23:59:59", Like.DATETIME),
        ("24:00:00", Like(0)),
        ("23:59:59", Like.TIME),
        ('{"type": "Point", "coordinates": [1, 2]}', Like.SHAPE),
        ("٣", Like(0)),
    ],
)
def test_a_text_looks_like_what_it_can_become(text: str, like: Like) -> None:
    assert evidence([text]).like == like
    assert together([text]).like == like


def test_lengths_count_code_units() -> None:
    found = together(["\U0001f3c8", "abc"], [None])
    assert (found.units, found.longest, found.wide, found.rows, found.known) == (5, 3, True, 3, 2)
