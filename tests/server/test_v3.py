"""V3 as its description declares it: members, order, nulls, rights."""

from __future__ import annotations

from typing import Any

import pytest

from openyx.store import Disposition, KeyKind, NewKey, Role
from tests.server.conftest import Serve
from tests.server.support import APP, PLAIN, Address, packed

V3 = "/webapi/v3"


def colleague(gallery: Address, role: Role = Role.ARTISAN) -> NewKey:
    """The key of another user."""
    user = gallery.store.users.create("ann@example.com", first_name="Ann", last_name="Example", role=role)
    return gallery.store.keys.create(KeyKind.USER, user_id=user.id)


def start(gallery: Address, workflow: str, **more: Any) -> Any:
    answer = gallery.bearer("POST", f"{V3}/workflows/{workflow}/jobs", **more)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_list_item_has_the_recorded_members_in_order(gallery: Address) -> None:
    workflow = gallery.publish()
    (record,) = gallery.bearer("GET", f"{V3}/workflows").json()
    assert list(record.items()) == [
        ("id", workflow),
        ("sourceAppId", ""),
        ("name", "Monthly Load"),
        ("ownerId", gallery.user.key.user_id),
        ("dateCreated", record["dateCreated"]),
        ("publishedVersionNumber", 1),
        ("isAmp", True),
        ("executionMode", "Standard"),
    ]


def test_a_workflow_has_the_recorded_members_in_order(gallery: Address) -> None:
    workflow = gallery.publish(APP, "Regional Sales.yxwz", comments="first")
    record = gallery.bearer("GET", f"{V3}/workflows/{workflow}").json()
    assert list(record) == [
        "id", "sourceAppId", "dateCreated", "runCount", "versions", "name", "ownerId", "workerTag", "districtTags",
        "comments", "isPublic", "isReadyForMigration", "publishedVersionId", "othersMayDownload",
        "othersCanViewHistory", "othersCanExecute", "executionMode", "hasPrivateDataExemption", "packageWorkflowType",
    ]  # fmt: skip
    (version,) = record["versions"]
    assert list(version) == [
        "versionId", "versionNumber", "dateCreated", "uploadSource", "uploadDate", "packageWorkflowType", "published",
        "comments", "runDisabled", "executionMode", "workflowCredentialType", "credentialId",
        "hasPrivateDataExemption", "othersMayDownload", "othersCanViewHistory", "details",
    ]  # fmt: skip
    assert list(version["details"]) == [
        "isAmp", "fileName", "author", "copyright", "description", "name", "noOutputFilesMessage", "outputMessage",
        "url", "urlText",
    ]  # fmt: skip
    assert (record["publishedVersionId"], record["packageWorkflowType"]) == (version["versionId"], "App")
    assert version["hasPrivateDataExemption"] is None, "nulls are written out"
    assert (record["comments"], version["published"]) == ("first", True)


def test_a_server_of_2022_lacks_what_came_later(serve: Serve) -> None:
    gallery = serve(compat="2022")
    workflow = gallery.publish()
    (record,) = gallery.bearer("GET", f"{V3}/workflows").json()
    assert "sourceAppId" not in record
    whole = gallery.bearer("GET", f"{V3}/workflows/{workflow}").json()
    assert "packageWorkflowType" not in whole
    assert whole["versions"][0]["uploadSource"] == "Direct"
    assert gallery.bearer("POST", f"{V3}/workflows/{workflow}/jobs").status_code == 405
    assert gallery.bearer("GET", f"{V3}/jobs").status_code == 404
    assert gallery.bearer("POST", f"/webapi/v1/workflows/{workflow}/jobs").status_code == 200


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("name=LOAD", 1),
        ("name=absent", 0),
        ("view=Full", 1),
        ("ownerId=nobody", 0),
        ("createdAfter=2020-01-01&createdBefore=2100-01-01T00:00:00Z", 1),
        ("createdAfter=2100-01-01", 0),
        ("skip=1&take=0", 1),
    ],
)
def test_the_list_is_filtered(gallery: Address, query: str, count: int) -> None:
    gallery.publish()
    assert len(gallery.bearer("GET", f"{V3}/workflows?{query}").json()) == count


@pytest.mark.parametrize("query", ["view=Small", "createdAfter=monday"])
def test_what_the_list_does_not_know_is_refused(gallery: Address, query: str) -> None:
    answer = gallery.bearer("GET", f"{V3}/workflows?{query}")
    assert answer.status_code == 400
    assert answer.json()["message"] == "The request is invalid."
    assert list(answer.json()["modelState"]) == [query.partition("=")[0]]


def test_questions_write_their_nulls_out(gallery: Address) -> None:
    workflow = gallery.publish(APP, "Regional Sales.yxwz")
    title, region, *_, box = gallery.bearer("GET", f"{V3}/workflows/{workflow}/questions").json()
    assert title == {
        "name": "Title",
        "questionType": "QuestionTextBox",
        "description": "Title of the report",
        "value": "Sales",
        "multiple": False,
        "items": None,
    }
    assert region["value"] is None
    assert region["items"] == [{"key": "East", "value": "E"}, {"key": "West", "value": "W"}]
    assert (box["questionType"], box["value"]) == ("QuestionBooleanGroup", "False")


def test_a_job_has_the_declared_members_and_what_a_known_client_wants(gallery: Address) -> None:
    workflow = gallery.publish()
    job = start(gallery, workflow, json={"questions": [], "priority": "Default", "workerTag": "big"})
    assert list(job) == [
        "id", "appId", "createDateTime", "status", "disposition", "outputs", "messages", "priority", "workerTag",
        "runWithE2",
    ]  # fmt: skip
    assert (job["status"], job["disposition"], job["workerTag"], job["runWithE2"]) == ("Queued", "None", "big", True)
    gallery.finish(job["id"], result__csv=b"a\n")
    done = gallery.bearer("GET", f"{V3}/jobs/{job['id']}?includeMessages=true").json()
    (output,) = done["outputs"]
    assert list(output) == ["id", "availableFormats", "fileName", "name", "format"]
    assert (output["fileName"], output["availableFormats"]) == ("result.csv", ["Raw", "Csv"])
    assert gallery.bearer("GET", f"{V3}/jobs/{job['id']}/messages").json() == []


def test_cancelling_answers_an_empty_200_and_can_be_repeated(gallery: Address) -> None:
    job = start(gallery, gallery.publish())["id"]
    for _ in range(2):
        answer = gallery.bearer("DELETE", f"{V3}/jobs/{job}")
        assert (answer.status_code, answer.content) == (200, b"")
    record = gallery.bearer("GET", f"{V3}/jobs/{job}").json()
    assert (record["status"], record["disposition"]) == ("Cancelled", "Error")
    assert gallery.bearer("DELETE", f"{V3}/jobs/nobodys").status_code == 404


def test_a_running_job_is_asked_to_stop(gallery: Address) -> None:
    job = start(gallery, gallery.publish())["id"]
    claimed = gallery.queue.claim("a worker")
    assert claimed is not None
    running = gallery.queue.start(claimed)
    assert gallery.bearer("DELETE", f"{V3}/jobs/{job}").status_code == 200
    assert gallery.bearer("GET", f"{V3}/jobs/{job}").json()["status"] == "Running"
    assert gallery.queue.heartbeat(running).cancel_requested_at is not None


def test_the_jobs_of_a_workflow_are_filtered_by_state_and_result(gallery: Address) -> None:
    workflow = gallery.publish()
    failed, done, waiting = (start(gallery, workflow)["id"] for _ in range(3))
    gallery.finish(failed, Disposition.ERROR)
    gallery.finish(done)
    path = f"{V3}/workflows/{workflow}/jobs"

    def listed(query: str) -> list[str]:
        return [job["id"] for job in gallery.bearer("GET", f"{path}?{query}").json()]

    assert listed("") == [failed, done, waiting]
    assert listed("status=Complete") == [failed, done]
    assert listed("status=Queued&limit=5&offset=0") == [waiting]
    assert listed("status=Error") == listed("resultCode=error") == [failed]
    assert gallery.bearer("GET", f"{path}?status=Complete").json()[0]["status"] == "Completed"
    assert gallery.bearer("GET", f"{path}?resultCode=Maybe").status_code == 400


def test_the_queue_is_paged_in_an_envelope(gallery: Address) -> None:
    workflow = gallery.publish()
    jobs = [start(gallery, workflow, json={"priority": "High"})["id"] for _ in range(3)]
    gallery.finish(jobs[0])
    answer = gallery.bearer("GET", f"{V3}/jobs?offset=2&limit=2&sortField=CreateDate&direction=asc").json()
    assert answer["pagination"] == {
        "currentPage": 2,
        "pageSize": 2,
        "totalItems": 3,
        "totalPages": 2,
        "hasNextPage": False,
        "hasPreviousPage": True,
    }
    (job,) = answer["data"]
    assert list(job) == [
        "jobId", "status", "workflowName", "workflowId", "submittedBy", "startTime", "queueTime", "executionTime",
        "priority",
    ]  # fmt: skip
    assert (job["jobId"], job["workflowName"], job["submittedBy"]) == (jobs[2], "Monthly Load", "Gallery Owner")
    complete = gallery.bearer("GET", f"{V3}/jobs?statuses=Complete&statuses=Running&priorities=High,3").json()["data"]
    assert [(each["jobId"], each["executionTime"]) for each in complete] == [(jobs[0], "00:00:00")]
    assert gallery.bearer("GET", f"{V3}/jobs?workflowNames=Other").json()["data"] == []
    claimed = gallery.queue.claim("a worker")
    assert claimed is not None
    queued = gallery.bearer("GET", f"{V3}/jobs?statuses=Queued").json()["data"]
    assert [(each["jobId"], each["status"]) for each in queued] == [(jobs[1], "Queued"), (jobs[2], "Queued")]
    assert gallery.bearer("GET", f"{V3}/jobs?completedBefore=2020-01-01").json()["data"] == []


def test_others_jobs_are_seen_by_curators_who_ask_for_them(gallery: Address) -> None:
    ann = colleague(gallery)
    workflow = gallery.publish(isPublic="true")
    mine = start(gallery, workflow)["id"]
    hers = start(gallery, workflow, key=ann)["id"]

    def listed(query: str, key: NewKey) -> list[str]:
        return [job["jobId"] for job in gallery.bearer("GET", f"{V3}/jobs{query}", key=key).json()["data"]]

    assert listed("", gallery.user) == [mine]
    assert listed("?allUsers=true", gallery.user) == [mine, hers]
    assert listed(f"?allUsers=true&users={ann.key.user_id}", gallery.user) == [hers]
    assert listed("?allUsers=true", ann) == [hers]
    assert gallery.bearer("GET", f"{V3}/jobs/{mine}", key=ann).status_code == 404
    assert gallery.bearer("DELETE", f"{V3}/jobs/{mine}", key=ann).status_code == 404
    assert gallery.bearer("GET", f"{V3}/jobs/{hers}").status_code == 200


def test_what_is_for_curators_answers_401_to_others(gallery: Address) -> None:
    ann = colleague(gallery)
    job = start(gallery, gallery.publish(isPublic="true"), key=ann)["id"]
    answer = gallery.bearer("GET", f"{V3}/jobs/{job}/messages", key=ann)
    assert (answer.status_code, answer.text) == (401, '{"message":"Authorization has been denied for this request."}')


def test_others_see_run_and_download_what_they_may(gallery: Address) -> None:
    ann = colleague(gallery)
    private = gallery.publish(PLAIN, "Private.yxmd")
    shown = gallery.publish(PLAIN, "Shown.yxmd", isPublic="true", othersCanExecute="false", othersMayDownload="False")
    assert [each["id"] for each in gallery.bearer("GET", f"{V3}/workflows", key=ann).json()] == [shown]
    assert gallery.bearer("GET", f"{V3}/workflows/{private}", key=ann).status_code == 404
    run = gallery.bearer("POST", f"{V3}/workflows/{shown}/jobs", key=ann)
    download = gallery.bearer("GET", f"{V3}/workflows/{shown}/package", key=ann)
    assert (run.status_code, download.status_code) == (403, 403)
    assert "owner" in download.json()["message"]


def test_publishing_needs_the_right(gallery: Address) -> None:
    viewer = colleague(gallery, Role.VIEWER)
    files = {"file": ("a.yxmd", PLAIN)}
    answer = gallery.bearer("POST", f"{V3}/workflows", key=viewer, files=files, data={"name": "a"})
    assert (answer.status_code, "Artisan" in answer.json()["message"]) == (403, True)


def test_who_is_shut_out_has_no_way_in(gallery: Address) -> None:
    viewer = colleague(gallery, Role.VIEWER)
    with gallery.store.transaction():
        gallery.store._database.run("UPDATE users SET active = 0 WHERE id = :id", {"id": viewer.key.user_id})
    assert gallery.bearer("GET", f"{V3}/workflows", key=viewer).status_code == 401


def test_a_version_of_a_workflow_can_be_asked_for(gallery: Address) -> None:
    first, second = packed(PLAIN), packed(more={"extra.csv": b"2"})
    workflow = gallery.publish(first, "Monthly Load.yxzp")
    added = gallery.bearer(
        "POST",
        f"{V3}/workflows/{workflow}/versions",
        files={"file": ("Monthly Load.yxzp", second)},
        data={"name": "Monthly Load", "makePublished": "true"},
    ).json()
    assert [version["published"] for version in added["versions"]] == [False, True]
    path = f"{V3}/workflows/{workflow}/package"
    old = added["versions"][0]["versionId"]
    assert gallery.bearer("GET", path).content == second
    assert gallery.bearer("GET", f"{path}?versionId={old}").content == first
    assert gallery.bearer("GET", f"{path}?versionId=").content == second
    assert gallery.bearer("GET", f"{path}?versionId=57acaca4065e3f26a82b0001").status_code == 404


def test_our_own_list_shows_all_jobs_newest_first(gallery: Address) -> None:
    one, two = gallery.publish(PLAIN, "One.yxmd"), gallery.publish(PLAIN, "Two.yxmd")
    jobs = [start(gallery, workflow)["id"] for workflow in (one, two, one)]
    listed = gallery.bearer("GET", "/openyx/v1/jobs").json()
    assert [job["jobId"] for job in listed] == jobs[::-1]
    assert listed[0]["disposition"] == "None"
    only = gallery.bearer("GET", f"/openyx/v1/jobs?workflowId={one}&limit=1").json()
    assert [job["jobId"] for job in only] == [jobs[2]]


def test_our_own_list_shows_those_of_a_status_however_many_are_newer(gallery: Address) -> None:
    workflow = gallery.publish(PLAIN, "One.yxmd")
    old, *newer = (start(gallery, workflow)["id"] for _ in range(5))
    for job in newer:
        gallery.queue.cancel(job, by=gallery.store.users.find(gallery.user.key.user_id))
    for word, expected in (("Queued", [old]), ("cancelled", newer[::-1][:2]), ("Running,Queued", [old])):
        listed = gallery.bearer("GET", f"/openyx/v1/jobs?statuses={word}&limit=2").json()
        assert [job["jobId"] for job in listed] == expected
    refused = gallery.bearer("GET", "/openyx/v1/jobs?statuses=Tired")
    assert (refused.status_code, "'Tired' is none of queued" in refused.json()["message"]) == (400, True)
