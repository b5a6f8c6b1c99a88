"""Third-party clients, unmodified, against our gallery: list, questions, start, poll, output."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from tests.peers.conftest import Running

pytestmark = pytest.mark.peers

APP = "Price list"
ANSWERS = [
    {"name": "Customer", "value": "Ann & Sons"},
    {"name": "Currency", "value": "GBP"},
    {"name": "Valid from", "value": "2026-09-15"},
    {"name": "Discount", "value": 5},
    {"name": "With tax", "value": False},
]


def spoken(running: Running, program: str, *before: str) -> dict[str, Any]:
    keys = running.studio["key"], running.studio["secret"]
    said = running.peer(program, *before, f"{running.address}/gallery", *keys, APP, json.dumps(ANSWERS))
    answer: dict[str, Any] = json.loads(said)
    return answer


def asked_and_ran(said: dict[str, Any]) -> None:
    assert [(each["name"], each["type"]) for each in said["questions"]] == [
        ("Customer", "QuestionTextBox"),
        ("Currency", "QuestionListBox"),
        ("Valid from", "QuestionDate"),
        ("Discount", "QuestionNumericUpDown"),
        ("With tax", "QuestionBooleanGroup"),
    ]
    assert (said["job"]["status"], said["job"]["disposition"]) == ("Completed", "Success")
    (name,) = said["outputs"]
    rows = list(csv.DictReader(io.StringIO(said["outputs"][name])))
    assert len(rows) == 6
    assert {(row["Customer"], row["Currency"], row["Valid from"]) for row in rows} == {
        ("Ann & Sons", "GBP", "2026-09-15")
    }


def test_alteryx_gallery_py_asks_starts_polls_and_fetches(running: Running) -> None:
    said = spoken(running, "gallery_py.py")
    asked_and_ran(said)
    assert said["job"]["id"] in said["jobs"]
    assert said["package"] == "PK"


@pytest.mark.parametrize("place", ["AUTH_HEADER", "QUERY"])
def test_a_requests_oauthlib_session_asks_starts_polls_and_fetches(running: Running, place: str) -> None:
    asked_and_ran(spoken(running, "oauthlib_session.py", place))
