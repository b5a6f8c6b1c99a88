"""The functions of the language, one module per category of the expression editor."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import cache

from openyx.formula.shelf import Function, discover


@cache
def functions() -> Mapping[str, Function]:
    """Every function that is there, by its name in lower case."""
    return discover(sys.modules[__name__])
