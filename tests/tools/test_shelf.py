"""The shelf of tools: what is found by which name, and what is said of the others."""

from __future__ import annotations

import pytest

from openyx.document.catalogue import palette_group, palette_name
from openyx.errors import Missing, NotHere, NotYet, Unknown
from openyx.tools.base import Tool, tool
from openyx.tools.in_out.text_input import TextInput
from openyx.tools.preparation.sort import Sort
from openyx.tools.shelf import group, shelf, shelved, title
from openyx.tools.transform.summarize import Summarize


def test_the_shelf_holds_every_tool_of_the_palette_folders() -> None:
    found = {each.__name__ for each in shelf().ids.values()}
    assert {"TextInput", "InputData", "OutputData", "Browse", "Select", "Filter", "Formula", "Sort"} <= found
    assert {"Summarize", "Test", "MessageTool", "Comment", "ToolContainer", "Question", "Action"} <= found


@pytest.mark.parametrize(
    "plugin",
    ["AlteryxBasePluginsGui.Sort.Sort", "alteryxbasepluginsgui.sort.sort", "AlteryxOtherGui.Sort.Sort", "Sort"],
)
def test_a_tool_is_found_by_its_id_and_by_its_last_word(plugin: str) -> None:
    assert shelf().find(plugin, "") is Sort


def test_one_tool_may_have_several_ids() -> None:
    assert shelf().find("AlteryxSpatialPluginsGui.Summarize.Summarize", "") is Summarize
    assert shelf().find("AlteryxBasePluginsGui.Summarize.Summarize", "") is Summarize


@pytest.mark.parametrize(
    ("plugin", "macro", "error", "said"),
    [
        ("AlteryxBasePluginsGui.Novelty.Novelty", "", NotYet, "the tool Novelty"),
        ("PortfolioPluginsGui.ComposerText.PortfolioComposerText", "", NotYet, "the tool Report Text"),
        ("LockInGui.LockInFilter.LockInFilter", "", NotYet, "the tool Filter In-DB"),
        ("", "lib\\Macros\\Histogram.yxmc", NotYet, "the tool Histogram"),
        ("", "lib\\Macros\\Forest_Model.yxmc", NotHere, r"the tool Forest Model \(statistics"),
        ("AlteryxPredictivePluginsGui.ScoreModel.ScoreModel", "", NotHere, "the tool Score"),
        ("AlteryxConnectorGui.MongoInput.MongoInput", "", NotHere, "MongoDB"),
        ("box_input_v1.0.3", "", NotHere, "Box"),
        ("JDunkerley.AlteryxAddIns.Sort", "", Unknown, "the tool JDunkerley.AlteryxAddIns.Sort"),
        ("OmniBus.XmlTools.XmlParse", "", Unknown, "the tool OmniBus.XmlTools.XmlParse"),
        ("", "", Unknown, "a tool without plugin or macro"),
    ],
)
def test_what_is_not_on_the_shelf_is_named(plugin: str, macro: str, error: type[Missing], said: str) -> None:
    with pytest.raises(error, match=said):
        shelf().find(plugin, macro)


def test_two_claims_on_one_name_are_an_error_that_names_both() -> None:
    @tool("AlteryxX.Y.Same")
    class One(Tool):
        pass

    @tool("AlteryxZ.same")
    class Two(Tool):
        pass

    with pytest.raises(RuntimeError, match=r"One and .*Two both claim 'same'"):
        shelved([One, Two])


def test_only_ids_of_the_product_are_found_by_their_last_word() -> None:
    @tool("AlteryxX.Y.Same")
    class One(Tool):
        pass

    @tool("Acme.Same")
    class Two(Tool):
        pass

    both = shelved([One, Two])
    assert both.find("AlteryxZ.Same", "") is One
    assert both.find("acme.same", "") is Two


def test_tools_are_called_as_in_the_palette() -> None:
    assert (title(Summarize), group(Summarize)) == ("Summarize", "Transform")
    assert (title(TextInput), group(TextInput)) == ("Text Input", "In/Out")


def test_every_tool_of_the_product_is_in_its_palette_group() -> None:
    known = {**shelf().ids, **shelf().macros}
    assert {name for name in known if palette_name(name) is None} == set()
    assert {name for name, tool in known.items() if palette_group(name) != group(tool)} == set()


def test_an_empty_shelf_is_an_error() -> None:
    with pytest.raises(RuntimeError, match="no tool was found"):
        shelved([])


def test_every_tool_has_a_page() -> None:
    for each in {*shelf().ids.values(), *shelf().macros.values()}:
        assert each.__doc__, each
