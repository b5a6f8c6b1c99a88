from __future__ import annotations

from pathlib import Path

import pytest

from openyx.engine import Output
from openyx.fields import DOUBLE, INT32, V_WSTRING, Field, Schema
from openyx.messages import Message
from openyx.relation import values
from openyx.relation.run import Keep, run
from openyx.relation.table import Table
from openyx.worker.products import formats, product, told_apart


@pytest.fixture
def heard() -> list[str]:
    return []


def table(limit: int | None = None) -> Table:
    fields = (Field("Name", V_WSTRING), Field("Count", INT32), Field("Share", DOUBLE))
    columns: dict[str, list[object]] = {
        "Name": ["Zoë", 'a "b", c', None],
        "Count": [1, None, -3],
        "Share": [0.1, 0.30000000000000004, None],
    }
    (kept,) = run([Keep(values(Schema.of(*fields), columns), limit)]).results
    assert isinstance(kept, Table)
    return kept


def test_a_table_becomes_csv_in_the_fields_own_text(tmp_path: Path, heard: list[str]) -> None:
    made = product(Output(tool=7, name="Best", records=3, table=table()), tmp_path, heard.append)
    assert (made.name, made.formats, made.records, made.kind, made.tool) == ("Best.csv", ("Raw", "Csv"), 3, "browse", 7)
    expected = 'Name,Count,Share\r\nZoë,1,0.1\r\n"a ""b"", c",,0.3\r\n,-3,\r\n'
    assert Path(made.path).read_bytes() == expected.encode()
    assert heard == []


def test_a_table_that_was_cut_is_told(tmp_path: Path, heard: list[str]) -> None:
    product(Output(tool=7, name="Best", records=3, table=table(2)), tmp_path, heard.append)
    assert heard == ["Best.csv holds the first 2 of 3 records"]


def test_a_table_does_not_take_the_place_of_a_file(tmp_path: Path, heard: list[str]) -> None:
    (tmp_path / "browse-7.csv").write_text("the workflow's own")
    made = product(Output(tool=7, name="Best", records=3, table=table()), tmp_path, heard.append)
    assert Path(made.path) != tmp_path / "browse-7.csv"
    assert (tmp_path / "browse-7.csv").read_text() == "the workflow's own"


def test_a_file_stays_as_it_is(tmp_path: Path, heard: list[str]) -> None:
    file = tmp_path / "out.xlsx"
    made = product(Output(tool=7, name="out.xlsx", records=3, path=file), tmp_path, heard.append)
    assert (made.path, made.name, made.formats, made.kind) == (str(file), "out.xlsx", ("Raw", "Xlsx"), "file")


def test_files_of_one_name_are_told_apart_and_named_with_their_folder(tmp_path: Path, heard: list[str]) -> None:
    paths = [tmp_path / each for each in ("a/x.csv", "b/x.csv", "x (2).csv", "c/X.CSV", "y.csv")]
    outputs = [Output(tool=tool, name=path.name, records=1, path=path) for tool, path in enumerate(paths, 1)]
    said: list[Message] = []
    made = list(told_apart([product(each, tmp_path, heard.append) for each in outputs], said.append))
    assert [each.name for each in made] == ["x.csv", "x (3).csv", "x (2).csv", "X (4).CSV", "y.csv"]
    assert [each.path for each in made] == [str(path) for path in paths]
    assert [(each.tool, each.text) for each in said] == [
        (2, f'"{paths[1]}" is the output "x (3).csv"'),
        (4, f'"{paths[3]}" is the output "X (4).CSV"'),
    ]


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a.CSV", ("Raw", "Csv")), ("a.yxdb", ("Raw", "Yxdb")), ("a.txt", ("Raw",)), ("csv", ("Raw",))],
)
def test_formats_follow_from_the_ending(name: str, expected: tuple[str, ...]) -> None:
    assert formats(name) == expected
