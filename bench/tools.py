"""Single tools over a million records, against hand-written Polars that gives the same."""

from __future__ import annotations

from collections.abc import Iterator

from bench.measuring import Figure, paired, told

CASES = {
    "multi_row": "Multi-Row Formula: a running sum by group",
    "cross_tab_and_transpose": "Cross Tab and Transpose",
    "text_to_columns": "Text To Columns: three columns",
    "regex_parse": "RegEx: parse two groups, one a number",
    "unique_and_find_replace": "Unique and Find Replace",
}


def measure() -> Iterator[Figure]:
    """The ratios are told; what is over 2 has its reason in the guide."""
    for case, what in CASES.items():
        told("tools.py", case, "same")
        pairs = paired(lambda: told("tools.py", case, "openyx"), lambda: told("tools.py", case, "polars"), runs=5)  # noqa: B023 - called at once
        yield pairs.figure(what)
