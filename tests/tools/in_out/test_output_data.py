"""Output Data."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from openyx.errors import NotHere, WorkflowError
from openyx.testing import table
from openyx.tools.files import Naming, Parted
from openyx.tools.in_out.output_data import OutputData


def writing(path: str = "", **more: Any) -> OutputData:
    return OutputData(path=path, options={}, **more)


RECORDS = table("id: V_String(9)", "a").relation


def test_records_are_written_and_none_goes_on() -> None:
    lowered = writing("out.csv", code=0).lower(RECORDS)
    assert lowered.written is RECORDS
    assert lowered.outputs == {}


def test_a_disabled_output_writes_nothing() -> None:
    assert writing("out.csv", disabled=True).writes() is None


@pytest.mark.parametrize(
    ("naming", "path"),
    [
        (Naming.PATH, "north"),
        (Naming.NAME, "out/north.csv"),
        (Naming.SUFFIX, "out/salesnorth.csv"),
        (Naming.PREFIX, "out/northsales.csv"),
    ],
)
def test_a_value_names_the_file(naming: Naming, path: str) -> None:
    tool = writing("out\\sales.csv", one_per_value=True, naming=naming, parting_field="region")
    wanted = tool.writes()
    assert wanted is not None
    assert wanted.parted == (parted := Parted(field="region", naming=naming, keeps=False))
    assert parted.path(wanted.path, "north") == path


def test_only_a_value_that_is_the_path_needs_no_file() -> None:
    assert writing(one_per_value=True, naming=Naming.PATH, parting_field="id").writes() is not None
    for tool in (writing(), writing(one_per_value=True, naming=Naming.PREFIX, parting_field="id")):
        with pytest.raises(WorkflowError, match="No file is chosen"):
            tool.writes()


def test_the_field_that_parts_must_be_there() -> None:
    with pytest.raises(WorkflowError, match='The field "region" is not contained in the record'):
        writing("x.csv", one_per_value=True, parting_field="region").lower(RECORDS)


def test_what_is_not_there_is_named() -> None:
    with pytest.raises(NotHere, match="the database connection snowbl:"):
        writing("snowbl:DSN=Snowflake;Staging=local|||t").writes()
    several = writing("x.csv", one_per_value=True, naming=Naming.NAME, parting_field="id", most_records=5)
    assert list(several.lacks()) == ["a largest number of records per file, beside a file per value, in Output Data"]
    assert not list(replace(several, disabled=True).lacks())
