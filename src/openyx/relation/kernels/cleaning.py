"""Texts cleaned of what does not belong in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from enum import StrEnum
from functools import partial

import polars as pl

from openyx.fields import BOOL, V_WSTRING
from openyx.relation.expr import Expr, made
from openyx.relation.kernels.batches import batch
from openyx.relation.kernels.strings import lowered, title_cased, uppered


class Step(StrEnum):
    """One thing to clean; a text goes through them in this order."""

    NULLS = "nulls become empty"
    ENDS = "no white space at the ends"
    RUNS = "each run of white space becomes a blank"
    SPACE = "no white space"
    LETTERS = "no letters"
    NUMBERS = "no digits"
    PUNCTUATION = "no punctuation"
    UPPER = "capitals"
    LOWER = "small letters"
    TITLE = "words with a capital"


CASES = frozenset({Step.UPPER, Step.LOWER, Step.TITLE})

_PUNCTUATION = r"""[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~]+"""


def _without(form: str, values: pl.Series, by: str = "") -> pl.Series:
    return values.str.replace_all(form, by)


_WAYS: Mapping[Step, Callable[[pl.Series], pl.Series]] = {
    Step.NULLS: lambda values: values.fill_null(""),
    Step.ENDS: lambda values: values.str.strip_chars(),
    Step.RUNS: partial(_without, r"\s+", by=" "),
    Step.SPACE: partial(_without, r"\s+"),
    Step.LETTERS: partial(_without, r"\p{L}+"),
    Step.NUMBERS: partial(_without, "[0-9]+"),
    Step.PUNCTUATION: partial(_without, _PUNCTUATION),
    Step.UPPER: uppered,
    Step.LOWER: lowered,
    Step.TITLE: title_cased,
}


def cleaned(text: Expr, steps: AbstractSet[Step]) -> Expr:
    """The text after all the steps; null stays null but for the step that fills it."""

    def clean(values: pl.Series) -> pl.Series:
        for step, way in _WAYS.items():
            if step in steps:
                values = way(values)
        return values

    # A change of case may lead out of Latin-1.
    return batch(clean, V_WSTRING if steps & CASES else text.type, text)


def filled(number: Expr) -> Expr:
    """The number, and 0 for null."""
    return made(number.native.fill_null(0), number.type, number)


def any_known(values: Sequence[Expr]) -> Expr:
    """Whether any of the values is not null."""
    return made(pl.any_horizontal([value.native.is_not_null() for value in values]), BOOL)
