"""How functions are found, and what their arguments may be."""

from __future__ import annotations

import sys
from importlib import invalidate_caches
from pathlib import Path
from types import ModuleType

import pytest

from openyx.formula.functions import functions
from openyx.formula.shelf import NUMBER, STRING, discover, function
from openyx.relation.expr import Expr

MODULE = """
from openyx.formula.shelf import NUMBER, function
from openyx.relation.expr import literal

@function("{name}", returns=NUMBER)
def found():
    return literal(1)
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """An empty package that can be imported."""
    folder = tmp_path / "odd_functions"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    invalidate_caches()
    for name in [name for name in sys.modules if name.startswith("odd_functions")]:
        monkeypatch.delitem(sys.modules, name)
    return __import__("odd_functions")


def _add(package: ModuleType, module: str, name: str) -> None:
    (Path(package.__path__[0]) / f"{module}.py").write_text(MODULE.format(name=name))


def test_a_decorated_function_is_found_by_looking(package: ModuleType) -> None:
    _add(package, "first", "One")
    assert set(discover(package)) == {"one"}


def test_two_claims_on_a_name_are_an_error_that_names_both(package: ModuleType) -> None:
    _add(package, "first", "One")
    _add(package, "second", "ONE")
    with pytest.raises(RuntimeError, match=r"claimed by .*found.* and by .*found"):
        discover(package)


def test_a_shelf_without_functions_is_an_error(package: ModuleType) -> None:
    with pytest.raises(RuntimeError, match="no function"):
        discover(package)


def test_the_parameters_say_how_many_arguments_a_function_takes() -> None:
    def build(first: Expr, second: Expr, third: Expr | None = None) -> Expr:
        return third or second or first

    def many(first: Expr, *others: Expr) -> Expr:
        return others[0] or first

    three = function("Three", (STRING,), returns=NUMBER)(build)
    assert [three.fits(count) for count in range(5)] == [False, False, True, True, False]
    open_ended = function("Many", (STRING, NUMBER), returns=NUMBER)(many)
    assert [open_ended.fits(count) for count in range(4)] == [False, True, True, True]
    assert [open_ended.kind(place) for place in range(4)] == [STRING, NUMBER, NUMBER, NUMBER]
    switch = functions()["switch"]
    assert [switch.fits(count) for count in range(3, 9)] == [False, True, False, True, False, True]
    assert [switch.kind(place).name for place in range(6)] == ["Alike", "Same", "Alike", "Same", "Alike", "Same"]
