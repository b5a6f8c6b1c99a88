"""The Subscription API as real clients demand it: strict ones of 2019 and lenient ones."""

from __future__ import annotations

import json
from typing import Any

import pytest

from openyx.store import Disposition
from tests.server.conftest import Serve
from tests.server.support import APP, MACRO, PLAIN, Address, packed

V1 = "/gallery/api/v1"
LIST = f"{V1}/workflows/subscription/"
MEMBERS = [
    "id", "subscriptionId", "public", "runDisabled", "packageType", "uploadDate", "fileName", "metaInfo", "isChained",
    "version", "runCount", "workerTag",
]  # fmt: skip
JOB = ["id", "appId", "createDate", "status", "disposition", "outputs", "messages", "priority", "workerTag"]
TYPES = [str, str, bool, bool, int, str, str, dict, bool, int, int, str]


def start(gallery: Address, workflow: str, body: object = None, **more: Any) -> Any:
    answer = gallery.signed("POST", f"{V1}/workflows/{workflow}/jobs/", json=body or {}, **more)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("age", ["2019", "2021.4"])
def test_a_strict_client_gets_exactly_its_ordered_members_and_types(serve: Serve, age: str) -> None:
    gallery = serve(compat=age)
    workflow = gallery.keep()
    (record,) = gallery.signed("GET", LIST).json()
    assert list(record) == MEMBERS
    assert [type(value) for value in record.values()] == TYPES
    assert list(record["metaInfo"]) == [
        "name", "description", "author", "copyright", "url", "urlText", "outputMessage", "noOutputFilesMessage",
    ]  # fmt: skip
    assert list(start(gallery, workflow)) == JOB


def test_webapi_shows_all_members_and_words(gallery: Address) -> None:
    workflow = gallery.publish()
    (record,) = gallery.bearer("GET", "/webapi/v1/workflows/subscription").json()
    assert list(record) == [*MEMBERS, "isE2"]
    assert (record["packageType"], record["isE2"]) == ("Module", True)
    job = gallery.bearer("POST", f"/webapi/v1/workflows/{workflow}/jobs").json()
    assert list(job) == [*JOB, "runWithE2"]
    (listed,) = gallery.bearer("GET", f"/webapi/v1/workflows/{workflow}/jobs").json()
    assert list(listed) == ["id", "createDate", "status", "disposition", "priority", "workerTag", "runWithE2"]
    assert listed["runWithE2"] == "True"


def test_a_workflow_tells_what_its_file_says(gallery: Address) -> None:
    gallery.publish(APP, "Regional Sales.yxwz", name="Sales by region")
    (record,) = gallery.signed("GET", LIST).json()
    assert record["packageType"] == 0
    assert record["fileName"] == "Regional Sales.yxwz"
    assert record["metaInfo"] == {
        "name": "Sales by region",
        "description": "Loads the month",
        "author": "Ann Example",
        "copyright": "None",
        "url": "https://example.com/about",
        "urlText": "About",
        "outputMessage": "Done.",
        "noOutputFilesMessage": "",
    }
    assert record["uploadDate"].endswith("Z")


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Beta", "alpha", "Gamma"]),
        ("sortField=name", ["alpha", "Beta", "Gamma"]),
        ("sortField=Name&direction=desc", ["Gamma", "Beta", "alpha"]),
        ("offset=1&limit=1", ["alpha"]),
        ("search=ALP", ["alpha"]),
        ("search=", ["Beta", "alpha", "Gamma"]),
        ("packageType=0", []),
        ("packageType=Module&limit=2", ["Beta", "alpha"]),
        ("unknown=1&sortField=&", ["Beta", "alpha", "Gamma"]),
    ],
)
def test_the_list_is_sorted_paged_and_searched(gallery: Address, query: str, names: list[str]) -> None:
    for name in ("Beta", "alpha", "Gamma"):
        gallery.publish(PLAIN, f"{name}.yxmd")
    answer = gallery.bearer("GET", f"/webapi/v1/workflows/subscription?{query}")
    assert [record["metaInfo"]["name"] for record in answer.json()] == names
    signed = gallery.signed("GET", f"{LIST}?{query.rstrip('&')}")
    assert [record["metaInfo"]["name"] for record in signed.json()] == names


@pytest.mark.parametrize("query", ["sortField=size", "direction=up", "offset=-1", "limit=x", "packageType=5"])
def test_what_a_list_does_not_know_is_refused(gallery: Address, query: str) -> None:
    answer = gallery.signed("GET", f"{LIST}?{query}")
    assert (answer.status_code, answer.json()["exceptionName"]) == (400, "BadRequestException")


def test_questions_come_in_order_without_the_members_they_do_not_have(gallery: Address) -> None:
    workflow = gallery.publish(APP, "Regional Sales.yxwz")
    assert gallery.signed("GET", f"{V1}/workflows/{workflow}/questions/").json() == [
        {"name": "Title", "type": "QuestionTextBox", "description": "Title of the report", "value": "Sales"},
        {
            "name": "Region",
            "type": "QuestionListBox",
            "description": "Region",
            "items": [{"key": "East", "value": "E"}, {"key": "West", "value": "W"}],
            "multiple": "False",
        },
        {"name": "Since", "type": "QuestionDate", "description": "Since", "value": "2026-01-01"},
        {"name": "Top", "type": "QuestionNumericUpDown", "description": "Top", "value": "10"},
        {
            "name": "Check Box (6)",
            "type": "QuestionBooleanGroup",
            "description": "Include closed",
            "value": "False",
        },
    ]


def test_a_workflow_without_an_interface_asks_nothing(gallery: Address) -> None:
    assert gallery.signed("GET", f"{V1}/workflows/{gallery.publish()}/questions/").text == "[]"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"null",
        b'{"questions":{}}',
        b'{"questions":[]}',
        b'{"questions":[[]]}',
        b'{"questions":null}',
        b'{"questions":"", "priority":""}',
        b'\xef\xbb\xbf{"Questions":[[]],"Priority":"1"}',
    ],
)
def test_every_way_to_answer_nothing_starts_a_job(gallery: Address, body: bytes) -> None:
    path = f"{V1}/workflows/{gallery.publish()}/jobs/"
    answer = gallery.signed("POST", path, content=body)
    assert answer.status_code == 200, answer.text
    assert answer.json()["status"] == "Queued"
    assert answer.json()["disposition"] == "None"
    assert answer.reason_phrase == "OK"
    assert answer.http_version == "HTTP/1.1"


def test_a_body_of_any_content_type_is_json(gallery: Address) -> None:
    path = f"{V1}/workflows/{gallery.publish()}/jobs/"
    for kind in ("text/json", "text/plain", "application/x-www-form-urlencoded"):
        assert gallery.signed("POST", path, content=b"{}", headers={"Content-Type": kind}).status_code == 200
    got = gallery.signed("GET", path, headers={"Content-Type": "application/json"})
    assert got.status_code == 200


@pytest.mark.parametrize(
    ("given", "word"),
    [(0, "Low"), ("1", "Medium"), ("High", "High"), ("critical", "Critical"), ("Default", "Low"), (None, "Low")],
)
def test_priority_is_a_number_a_digit_or_a_word(gallery: Address, given: object, word: str) -> None:
    assert start(gallery, gallery.publish(), {"priority": given})["priority"] == word


@pytest.mark.parametrize(("value", "kept"), [(50, "50"), ("50", "50"), (5e1, "50.0"), (7.0, "7.0")])
def test_numbers_as_answers_become_text_as_they_were_written(gallery: Address, value: object, kept: str) -> None:
    workflow = gallery.publish(APP, "Regional Sales.yxwz")
    questions = [{"name": "Top", "value": value}, {"name": "Region", "value": "E"}]
    job = start(gallery, workflow, {"questions": questions})
    assert gallery.store.jobs.find(job["id"]).answers["Top"] == kept


def test_booleans_lists_and_maps_as_answers_are_understood(gallery: Address) -> None:
    workflow = gallery.publish(APP, "Regional Sales.yxwz")
    job = start(gallery, workflow, {"questions": [{"name": "Region", "value": "W"},
                                                  {"Name": "Check Box (6)", "Value": True},
                                                  {"name": "Title", "value": None}]})  # fmt: skip
    assert gallery.store.jobs.find(job["id"]).answers == {"Region": "W", "Check Box (6)": "True"}
    mapped = start(gallery, workflow, {"questions": {"Region": "E"}})
    assert gallery.store.jobs.find(mapped["id"]).answers == {"Region": "E"}


@pytest.mark.parametrize(
    ("questions", "text"),
    [
        ([], "'Region'"),
        ([{"name": "Region", "value": "North"}], "one of E, W"),
        ([{"name": "Region", "value": "E"}, {"name": "Regoin", "value": "E"}], "did you mean 'Region'"),
        ([{"name": "Region", "value": "E"}, {"name": "Region", "value": "W"}], "answered twice"),
        ([{"name": "Region", "value": "E"}, {"name": "Since", "value": "2026-02-30"}], "'2026-02-30'"),
        ([{"name": "Region", "value": "E"}, {"name": "Since", "value": "yesterday"}], "a date"),
        ([{"name": "Region", "value": "E"}, {"name": "Top", "value": "many"}], "a number"),
        ([{"name": "Region", "value": "E"}, {"name": "Top", "value": 101}], "at most 100"),
        ([{"name": "Region", "value": "E"}, {"name": "Check Box (6)", "value": "maybe"}], "True or False"),
        ([{"name": "Region", "value": {"a": 1}}], "must be a text"),
        ([{"value": "E"}], "such as"),
        (["Region"], "such as"),
        ("Region", "a list of names and values"),
    ],
)
def test_wrong_answers_are_refused_in_the_form_of_the_family(gallery: Address, questions: object, text: str) -> None:
    workflow = gallery.publish(APP, "Regional Sales.yxwz")
    body = {"questions": questions}
    signed = gallery.signed("POST", f"{V1}/workflows/{workflow}/jobs/", json=body)
    assert signed.status_code == 400
    assert signed.json()["exceptionName"] == "BadRequestException"
    assert text in signed.json()["message"]
    bearer = gallery.bearer("POST", f"/webapi/v3/workflows/{workflow}/jobs", json=body)
    assert bearer.status_code == 400
    assert bearer.json()["message"] == "The request is invalid."
    assert text in bearer.json()["modelState"]["contract.Questions"][0]
    assert gallery.signed("GET", f"{V1}/workflows/{workflow}/jobs/").json() == []


@pytest.mark.parametrize("body", [b"{", b"[]", b"7", b'"x"', b"{}{}", b'{"priority": NaN}', b'{"priority": "Urgent"}'])
def test_bodies_that_are_no_order_are_refused(gallery: Address, body: bytes) -> None:
    answer = gallery.signed("POST", f"{V1}/workflows/{gallery.publish()}/jobs/", content=body)
    assert answer.status_code == 400, answer.text


def test_a_macro_does_not_run(gallery: Address) -> None:
    workflow = gallery.publish(MACRO, "Clean.yxmc")
    answer = gallery.signed("POST", f"{V1}/workflows/{workflow}/jobs/")
    assert (answer.status_code, "macro" in answer.json()["message"]) == (400, True)


def test_the_same_idempotency_key_gives_the_same_job(gallery: Address) -> None:
    workflow = gallery.publish(APP, "Regional Sales.yxwz")
    headers = {"Idempotency-Key": "month-end-2026-11"}
    body = {"questions": [{"name": "Region", "value": "E"}]}
    first, again = (start(gallery, workflow, body, headers=headers)["id"] for _ in range(2))
    assert first == again
    files = {"file": ("Regional Sales.yxwz", APP)}
    assert gallery.bearer("POST", f"/webapi/v3/workflows/{workflow}/versions", files=files).status_code == 200
    assert start(gallery, workflow, body, headers=headers)["id"] == first, "a new version does not matter"
    other = {"questions": [{"name": "Region", "value": "W"}]}
    refused = gallery.signed("POST", f"{V1}/workflows/{workflow}/jobs/", json=other, headers=headers)
    assert (refused.status_code, refused.json()["exceptionName"]) == (409, "ConflictException")
    assert start(gallery, workflow, body)["id"] != first


def test_a_repeated_start_gives_its_job_though_the_questions_have_changed_meanwhile(gallery: Address) -> None:
    workflow = gallery.publish(APP, "Regional Sales.yxwz")
    headers = {"Idempotency-Key": "month-end-2026-11"}
    body = {"questions": [{"name": "Region", "value": "E"}]}
    first = start(gallery, workflow, body, headers=headers)["id"]
    files = {"file": ("Regional Sales.yxmd", PLAIN)}
    assert gallery.bearer("POST", f"/webapi/v3/workflows/{workflow}/versions", files=files).status_code == 200
    assert start(gallery, workflow, body, headers=headers)["id"] == first


@pytest.mark.sqlite
def test_a_full_disk_is_told_and_nothing_is_queued(gallery: Address) -> None:
    workflow = gallery.publish(APP, "Regional Sales.yxwz")
    body = {"questions": [{"name": "Region", "value": "E"}, {"name": "Title", "value": "x" * 60_000}]}
    database = gallery.store._database
    database.all("PRAGMA max_page_count = 1", {})
    answer = gallery.signed("POST", f"{V1}/workflows/{workflow}/jobs/", json=body)
    database.all("PRAGMA max_page_count = 100000", {})
    assert (answer.status_code, answer.json()["exceptionName"]) == (507, "InsufficientStorageException")
    assert "full" in answer.json()["message"]
    assert gallery.signed("GET", f"{V1}/workflows/{workflow}/jobs/").json() == []
    start(gallery, workflow, body)


def test_a_workflow_lists_only_the_jobs_that_came_through_this_api(gallery: Address) -> None:
    workflow = gallery.publish()
    gallery.bearer("POST", f"/webapi/v3/workflows/{workflow}/jobs")
    job = start(gallery, workflow)
    (listed,) = gallery.signed("GET", f"{V1}/workflows/{workflow}/jobs/?sortField=createdate&direction=desc").json()
    assert listed["id"] == job["id"]
    assert list(listed) == ["id", "createDate", "status", "disposition", "priority", "workerTag"]


def test_unknown_workflows_answer_404_with_their_id(gallery: Address) -> None:
    answer = gallery.signed("GET", f"{V1}/workflows/57acaca4065e3f26a82b0001/questions/")
    assert answer.status_code == 404
    assert answer.json()["exceptionName"] == "NotFoundException"
    assert answer.json()["message"] == "Workflow 57acaca4065e3f26a82b0001 was not found."


@pytest.mark.parametrize("path", ["v1/workflows/{}/package/", "v1/{}/package/"])
def test_a_package_comes_back_byte_for_byte_by_both_paths(gallery: Address, path: str) -> None:
    package = packed(more={"data.csv": b"a,b\n1,2\n"})
    workflow = gallery.publish(package, "Monthly Load.yxzp")
    signed = gallery.signed("GET", f"/gallery/api/{path.format(workflow)}")
    assert signed.content == package
    assert signed.headers["content-disposition"] == 'attachment; filename="Monthly Load.yxzp"'
    assert signed.headers["content-type"] == "application/octet-stream"
    assert gallery.bearer("GET", f"/webapi/{path.format(workflow).rstrip('/')}").content == package


def test_jobs_count_as_runs(gallery: Address) -> None:
    workflow = gallery.publish()
    job = start(gallery, workflow)
    gallery.finish(job["id"], Disposition.SUCCESS)
    (record,) = gallery.signed("GET", LIST).json()
    assert record["runCount"] == 1
    assert json.loads(gallery.signed("GET", LIST).text)[0]["version"] == 1
