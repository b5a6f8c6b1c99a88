"""Where paths lead, and where they may not."""

from __future__ import annotations

from pathlib import Path

import pytest

from openyx.engine.places import Mirror, Places, selector
from openyx.errors import NotHere, WorkflowError


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A workflow's folder with data, beside a folder that is none of its business."""
    for path in ("work/Data/Sales.csv", "work/Data/a1.csv", "work/Data/A2.CSV", "work/Data/deep/a0.csv", "other/x.csv"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("a\n1\n")
    for folder in ("out", "temporary"):
        (tmp_path / folder).mkdir()
    return tmp_path


def places(home: Path, *, anywhere: bool = False, makes_folders: bool = False, mirror: Mirror | None = None) -> Places:
    return Places(
        source=home / "work",
        target=home / "out",
        temporary=home / "temporary",
        anywhere=anywhere,
        makes_folders=makes_folders,
        mirror=mirror,
    )


@pytest.mark.parametrize(
    "written",
    ["Data/Sales.csv", "Data\\Sales.csv", ".\\Data\\Sales.csv", "data\\SALES.CSV", "Data\\deep\\..\\Sales.csv"],
)
def test_paths_are_relative_to_the_workflow_in_either_slash_and_any_case(home: Path, written: str) -> None:
    assert places(home).inputs(written) == (home / "work" / "Data" / "Sales.csv",)


def test_the_exact_case_wins(home: Path) -> None:
    (home / "work" / "Data" / "sales.csv").write_text("lower")
    assert places(home).inputs("Data\\sales.csv")[0].read_text() == "lower"


def test_a_wildcard_matches_by_name_in_any_case(home: Path) -> None:
    found = places(home).inputs("Data\\a*.csv")
    assert [path.name for path in found] == ["a1.csv", "A2.CSV"]


def test_a_wildcard_may_look_below(home: Path) -> None:
    found = places(home).inputs("Data\\a?.csv", below=True)
    assert [path.name for path in found] == ["a0.csv", "a1.csv", "A2.CSV"]


def test_a_bracket_in_a_wildcard_is_a_character_like_any_other(home: Path) -> None:
    (home / "work" / "Data" / "a[1].csv").touch()
    assert [path.name for path in places(home).inputs("Data\\a[1]*.csv")] == ["a[1].csv"]


def test_a_wildcard_without_a_match_is_an_error(home: Path) -> None:
    with pytest.raises(WorkflowError, match="no files found matching the wildcard path: Data"):
        places(home).inputs("Data\\z*.csv")


def test_a_missing_file_is_an_error_that_names_it(home: Path) -> None:
    with pytest.raises(WorkflowError, match=r'The file "gone\.csv" does not exist') as caught:
        places(home).inputs("gone.csv")
    assert str(home / "work" / "gone.csv") in caught.value.hint


@pytest.mark.parametrize("written", ["C:\\data\\x.csv", "d:x.csv", "\\\\server\\share\\x.csv", "//server/share/x.csv"])
def test_drives_and_shares_are_not_here(home: Path, written: str) -> None:
    with pytest.raises(NotHere):
        places(home, anywhere=True).inputs(written)
    with pytest.raises(NotHere):
        places(home, anywhere=True).output(written)


@pytest.mark.parametrize(
    "written", ["../other/x.csv", "..\\other\\x.csv", "Data/../../other/x.csv", "{home}/other/x.csv"]
)
def test_a_run_stays_in_the_workflows_folder_unless_it_may_go_anywhere(home: Path, written: str) -> None:
    written = written.format(home=home)
    with pytest.raises(NotHere, match="lies outside the folder"):
        places(home).inputs(written)
    assert places(home, anywhere=True).inputs(written) == (home / "other" / "x.csv",)


def test_a_link_does_not_lead_out(home: Path) -> None:
    (home / "work" / "link").symlink_to(home / "other")
    with pytest.raises(NotHere):
        places(home).inputs("link/x.csv")


@pytest.mark.parametrize("written", ["../other/gone.csv", "../other/*.txt"])
def test_what_is_outside_is_not_even_looked_for(home: Path, written: str) -> None:
    with pytest.raises(NotHere, match="lies outside the folder"):
        places(home).inputs(written)


def test_wildcards_do_not_lead_out_either(home: Path) -> None:
    (home / "work" / "link.csv").symlink_to(home / "other" / "x.csv")
    with pytest.raises(NotHere):
        places(home).inputs("*.csv")


@pytest.mark.parametrize(
    ("written", "at"),
    [("C:\\data\\x.csv", "C/data/x.csv"), ("\\\\server\\share\\x.csv", "server/share/x.csv"), ("../x.csv", "x.csv")],
)
def test_with_a_mirror_what_is_written_elsewhere_is_written_in_its_image(home: Path, written: str, at: str) -> None:
    mirrored = places(home, mirror=Mirror(home, home / "out"), makes_folders=True)
    assert mirrored.output(written) == home / "out" / at


def test_the_image_of_a_drive_does_not_lead_out_either(home: Path) -> None:
    with pytest.raises(NotHere, match="lies outside the folder"):
        places(home, mirror=Mirror(home, home / "out"), makes_folders=True).output("C:\\..\\..\\..\\x.csv")


def test_outputs_start_in_the_target(home: Path) -> None:
    assert places(home).output("new.csv") == home / "out" / "new.csv"


@pytest.mark.parametrize("written", ["../new.csv", "/new.csv", "..\\other\\x.csv"])
def test_an_output_stays_in_reach(home: Path, written: str) -> None:
    with pytest.raises(NotHere):
        places(home).output(written)


def test_a_missing_folder_is_made_only_where_that_is_wanted(home: Path) -> None:
    with pytest.raises(WorkflowError, match="Unable to open file for write"):
        places(home).output("deep/new.csv")
    assert places(home, makes_folders=True).output("deep\\new.csv").parent.is_dir()


def test_no_folder_is_made_outside(home: Path) -> None:
    with pytest.raises(NotHere):
        places(home, makes_folders=True).output("../elsewhere/new.csv")
    assert not (home / "elsewhere").exists()


def test_a_folder_is_no_output(home: Path) -> None:
    (home / "out" / "folder").mkdir()
    with pytest.raises(WorkflowError, match="is a folder"):
        places(home).output("folder")


def test_a_path_is_parted_from_its_selector_at_the_first_bars() -> None:
    assert selector("book.xlsx|||`Sheet|||1$`") == ("book.xlsx", "`Sheet|||1$`")


@pytest.mark.parametrize("written", ["x" * 5000, "a/" * 3000 + "b.csv"])
def test_a_path_that_no_system_takes_is_an_error(home: Path, written: str) -> None:
    with pytest.raises(WorkflowError):
        places(home).inputs(written)
    with pytest.raises(WorkflowError):
        places(home).output(written)
