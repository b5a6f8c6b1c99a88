"""The order of a dictionary."""

from __future__ import annotations

import polars as pl
import pytest

from openyx.relation.kernels.word_sort import word_sort_keys


@pytest.mark.parametrize(
    "words",
    [
        [" a", "!a", "_a", "+a", "1a", "a", "b"],
        ["a", "A", "b", "B"],
        ["ab", "aB", "Ab", "AB", "ac"],
        ["coop", "co-op", "coops"],
        ["cant", "can't", "cants"],
        ["1", "10", "2"],
        ["resume", "Resume", "resumé", "résumé", "resumes"],
        ["ad", "ae", "æ", "af"],
        ["strasse", "straße", "strasser"],
        ["€", "9", "z", "α", "б"],
        ["", "a", "aa"],
    ],
)
def test_words_stand_in_this_order(words: list[str]) -> None:
    keys = word_sort_keys(pl.Series(words, dtype=pl.String)).to_list()
    assert keys == sorted(keys)
    assert len(set(keys)) == len(words)


def test_null_has_no_key() -> None:
    assert word_sort_keys(pl.Series([None, "a"], dtype=pl.String)).to_list()[0] is None
    assert word_sort_keys(pl.Series([], dtype=pl.String)).dtype == pl.Binary
