"""How messages name files: hosts are not described by them, and what a workflow names is told as it is."""

from __future__ import annotations

from pathlib import Path

from openyx.worker.wording import Wording

FILES, TEMPORARY = Path("/srv/work/1/files"), Path("/srv/work/1/tmp")


def test_paths_in_reach_are_told_as_they_are_also_below_what_is_hidden() -> None:
    word = Wording(FILES, TEMPORARY, hidden=[Path("/data")], reach=[Path("/data/in"), Path("/data/out")])
    assert word('"/data/in/x.csv", "/data/out"') == '"/data/in/x.csv", "/data/out"'
    assert word('"/data/inner/x.csv", "/data/m.yxmc"') == '"…/inner/x.csv", "…/m.yxmc"'


def test_a_file_that_is_called_like_the_folder_is_not_taken_for_it() -> None:
    word = Wording(FILES, TEMPORARY)
    assert word('"/srv/work/1/files.csv"') == '"…/files.csv"'
    assert word("It lies in /srv/work/1/files.") == "It lies in .."
