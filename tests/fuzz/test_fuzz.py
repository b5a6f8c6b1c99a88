"""Bad input of every sort: it may be refused or fail, with a place, and never does anything else."""

from __future__ import annotations

from collections.abc import Generator
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz import gallery
from tests.fuzz.trial import SORTS, Place, made, tried

QUICK = settings(
    max_examples=60,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=(HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much),
)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Generator[Place]:
    yield Place.made(tmp_path_factory.mktemp("fuzz"))
    gallery.close_all()


@QUICK
@given(chance=st.randoms(use_true_random=False))
def test_a_spoiled_document_is_refused_or_runs(place: Place, chance: Random) -> None:
    tried(SORTS["documents"], SORTS["documents"].make(chance), place)


@QUICK
@given(chance=st.randoms(use_true_random=False))
def test_tools_take_any_settings_or_say_what_is_wrong(place: Place, chance: Random) -> None:
    tried(SORTS["settings"], SORTS["settings"].make(chance), place)


@QUICK
@given(chance=st.randoms(use_true_random=False))
def test_lines_may_lead_anywhere(place: Place, chance: Random) -> None:
    tried(SORTS["lines"], SORTS["lines"].make(chance), place)


@settings(QUICK, max_examples=300)
@given(chance=st.randoms(use_true_random=False))
def test_a_gallery_answers_whatever_it_is_asked(place: Place, chance: Random) -> None:
    tried(SORTS["requests"], SORTS["requests"].make(chance), place)


@settings(QUICK, max_examples=30)
@given(chance=st.randoms(use_true_random=False))
def test_a_gallery_takes_any_bytes_on_a_connection(place: Place, chance: Random) -> None:
    tried(SORTS["raw"], SORTS["raw"].make(chance), place)


@settings(QUICK, max_examples=200)
@given(chance=st.randoms(use_true_random=False))
def test_an_expression_is_computed_or_wrong_at_a_place(place: Place, chance: Random) -> None:
    tried(SORTS["formulas"], SORTS["formulas"].make(chance), place)


@pytest.mark.parametrize("sort", SORTS)
def test_many_inputs_of_each_sort_run_well(place: Place, sort: str) -> None:
    """Else nothing would be tried but the refusal."""
    ended = [tried(SORTS[sort], made(sort, 0, number), place) for number in range(40)]
    assert "well" in ended
    assert len(set(ended)) > 1


@pytest.mark.parametrize("sort", SORTS)
def test_the_same_numbers_give_the_same_input(sort: str) -> None:
    assert made(sort, 3, 7) == made(sort, 3, 7) != made(sort, 3, 8)
