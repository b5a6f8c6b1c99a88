"""Input Data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from openyx.errors import NotHere, WorkflowError
from openyx.messages import Kind
from openyx.relation.run import Keep
from openyx.relation.run import run as run_relations
from openyx.testing import Records, records, table
from openyx.tools.files import Opened
from openyx.tools.in_out.input_data import InputData, Shown


def reading(path: str, **more: Any) -> InputData:
    return InputData(path=path, options={}, **more)


def read(tool: InputData, *files: Records) -> tuple[Records, list[str]]:
    """What the tool makes of files that are called ``/in/1.csv``, ``/in/2.csv``, …, and its warnings."""
    opened = tuple(Opened(Path(f"/in/{number}.csv"), file.relation) for number, file in enumerate(files, start=1))
    lowered = tool.lower(opened)
    assert {message.kind for message in lowered.messages} <= {Kind.WARNING}
    found = run_relations([Keep(lowered.outputs["Output"])]).table(0)
    return records(found), [message.text for message in lowered.messages]


TOOL = reading("*.csv")
FIRST = table("id: V_String(9), n: Int32", "a, 1")


def test_the_first_file_decides_names_and_types() -> None:
    found, said = read(TOOL, FIRST, table("ID: V_WString(20), N: Int32", "b, 2"))
    assert found == table("id: V_String(9), n: Int32", "a, 1", "b, 2")
    assert said == []


@pytest.mark.parametrize(
    "fields",
    ["id: V_String", "id: V_String, n: Int32, m: Int32", "n: Int32, id: V_String", "id: V_String, n: Double"],
    ids=["fewer", "more", "another order", "another type"],
)
def test_a_file_with_other_fields_is_left_out_with_a_warning(fields: str) -> None:
    found, said = read(TOOL, FIRST, table(fields), FIRST)
    assert found == table("id: V_String(9), n: Int32", "a, 1", "a, 1")
    assert said == ['"/in/2.csv" has a different schema than the 1st file in the set and will be skipped']


def test_a_limit_is_for_all_files_together() -> None:
    assert len(read(reading("*.csv", limit=3), *[FIRST] * 5)[0].rows) == 3
    assert len(read(reading("*.csv", limit=-1), *[FIRST] * 5)[0].rows) == 5


def test_name_or_path_of_the_file_may_be_the_last_field() -> None:
    named, _ = read(reading("*.csv", shown=Shown.NAME), FIRST, FIRST)
    assert named == table("id: V_String(9), n: Int32, FileName: V_WString(254)", "a, 1, 1.csv", "a, 1, 2.csv")
    path, _ = read(reading("*.csv", shown=Shown.PATH), FIRST)
    assert path.rows == (("a", 1, r"\in\1.csv"),)
    assert path.schema["FileName"].source == "File: FileName"


def test_the_field_gets_a_number_where_the_file_has_one_of_that_name() -> None:
    found, _ = read(reading("*.csv", shown=Shown.NAME), table("filename: V_String(9)", "x"))
    assert found.schema.names == ("filename", "FileName2")


@pytest.mark.parametrize("path", ["odbc:DSN=x|||t", "ODBC:DSN=x", "oci:me/__EncPwd1__@x|||SELECT 1", "aka:Sales|||t"])
def test_a_database_is_not_here(path: str) -> None:
    with pytest.raises(NotHere, match="the database connection"):
        reading(path).reads()


def test_a_file_must_be_chosen() -> None:
    with pytest.raises(WorkflowError, match="No file is chosen"):
        reading(" ").reads()


def test_the_connection_manager_tells_the_format_elsewhere() -> None:
    assert reading("x", managed=True, inner_code=19).reads().code == 19
    assert reading("x", code=0, inner_code=19).reads().code == 0
