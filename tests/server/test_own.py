"""What our own gallery tells beside the real API: its status, places in the queue, attempts, settings of workflows."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from openyx.queue import Order, Queue
from openyx.server import build_app, running
from openyx.store import Disposition, KeyKind, NewKey, Priority, Role, WorkerRecord
from tests.clock import Clock
from tests.server.support import Address
from tests.stores import SERVER, opened

OWN = "/openyx/v1"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def gallery(tmp_path: Path, clock: Clock) -> Generator[Address]:
    """A gallery whose clock goes when it is told to, and the stopwatch of its queue with it."""
    with opened(tmp_path / "data", clock=clock) as store:
        queue = Queue(store, lease=timedelta(seconds=30), stopwatch=lambda: clock().timestamp())
        with running(build_app(store, queue)) as url, httpx2.Client(timeout=20) as http:
            studio, user = store.keys.create(KeyKind.STUDIO), store.keys.create(KeyKind.USER)
            yield Address(url, store, queue, studio, user, http)


def start(gallery: Address, workflow: str, priority: Priority = Priority.LOW) -> str:
    owner = gallery.store.users.owner().id
    return gallery.queue.enqueue(Order(workflow_id=workflow, user_id=owner, answers={}, priority=priority)).id


def other_user(gallery: Address, role: Role = Role.ARTISAN) -> NewKey:
    user = gallery.store.users.create("ann@example.com", first_name="Ann", last_name="Example", role=role)
    return gallery.store.keys.create(KeyKind.USER, user_id=user.id)


def told(gallery: Address, path: str) -> Any:
    answer = gallery.bearer("GET", OWN + path)
    assert answer.status_code == 200, answer.text
    return answer.json()


class TestStatus:
    def test_it_counts_what_waits_and_what_runs(self, gallery: Address, clock: Clock) -> None:
        workflow = gallery.keep()
        assert told(gallery, "/status")["queue"] == {"waiting": 0, "oldestWait": None, "running": 0}
        for _ in range(4):
            start(gallery, workflow)
            clock.advance(seconds=10)
        claimed, started = gallery.queue.claim("w"), gallery.queue.claim("w")
        assert claimed
        assert started
        gallery.queue.start(started)
        assert told(gallery, "/status")["queue"] == {"waiting": 2, "oldestWait": 20.0, "running": 2}

    def test_it_lists_workers_and_says_who_is_silent(self, gallery: Address, clock: Clock) -> None:
        now = clock()
        silent = WorkerRecord(name="a", host="h1", pid=1, slots=2, started_at=now, heartbeat_at=now)
        gallery.store.workers.beat(silent)
        clock.advance(seconds=30)
        fresh = replace(silent, name="b", host="h2", pid=2, slots=4, started_at=clock(), heartbeat_at=clock())
        gallery.store.workers.beat(fresh)
        assert [each["silent"] for each in told(gallery, "/status")["workers"]] == [False, False]
        clock.advance(seconds=1)
        first, second = told(gallery, "/status")["workers"]
        assert (first["silent"], second["silent"]) == (True, False)
        assert second == {
            "name": "b",
            "host": "h2",
            "pid": 2,
            "slots": 4,
            "started": "2026-03-01T12:00:30.250Z",
            "heartbeat": "2026-03-01T12:00:30.250Z",
            "silent": False,
        }

    def test_it_tells_version_database_and_disks(self, gallery: Address) -> None:
        answer = gallery.bearer("GET", f"{OWN}/status")
        status = answer.json()
        assert list(status) == ["version", "database", "queue", "workers", "data", "blobs"]
        assert status["version"] == answer.headers["openyx-version"]
        assert status["database"] == ("PostgreSQL" if SERVER else "SQLite")
        assert all(0 < status[disk]["free"] < status[disk]["total"] for disk in ("data", "blobs"))

    def test_only_a_curator_with_the_key_of_a_user_is_told(self, gallery: Address) -> None:
        assert gallery.http.get(f"{gallery.url}{OWN}/status").status_code == 401
        refusals = [
            gallery.signed("GET", f"{OWN}/status"),
            gallery.bearer("GET", f"{OWN}/status", key=other_user(gallery)),
        ]
        for refused in refusals:
            assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")


class TestJobs:
    def test_waiting_jobs_have_places_by_priority_then_age(self, gallery: Address) -> None:
        workflow, other = gallery.keep(), gallery.keep(name="Other")
        running = start(gallery, workflow)
        gallery.queue.claim("w")
        low, second = start(gallery, workflow), start(gallery, other)
        urgent = start(gallery, workflow, Priority.CRITICAL)
        listed = told(gallery, "/jobs")
        assert [(each["jobId"], each["position"]) for each in listed] == [
            (urgent, 1),
            (second, 3),
            (low, 2),
            (running, None),
        ]
        assert [each["position"] for each in told(gallery, "/jobs?limit=1&offset=2")] == [2]
        assert [each["position"] for each in told(gallery, f"/jobs?workflowId={other}")] == [3]
        assert told(gallery, f"/jobs/{low}")["position"] == 2

    def test_every_attempt_is_told_with_its_end(self, gallery: Address, clock: Clock) -> None:
        job = start(gallery, gallery.keep())
        gallery.queue.claim("w1")
        assert gallery.queue.recover() == []
        clock.advance(seconds=30)
        assert [each.id for each in gallery.queue.recover()] == [job]
        held = gallery.queue.claim("w2")
        assert held
        clock.advance(seconds=5)
        gallery.queue.finish(gallery.queue.start(held), Disposition.SUCCESS)
        assert told(gallery, f"/jobs/{job}/attempts") == [
            {
                "number": 1,
                "worker": "w1",
                "claimed": "2026-03-01T12:00:00.250Z",
                "started": None,
                "ended": "2026-03-01T12:00:30.250Z",
                "ending": "lost",
            },
            {
                "number": 2,
                "worker": "w2",
                "claimed": "2026-03-01T12:00:30.250Z",
                "started": "2026-03-01T12:00:35.250Z",
                "ended": "2026-03-01T12:00:35.250Z",
                "ending": "finished",
            },
        ]
        seen = told(gallery, f"/jobs/{job}")
        assert (seen["attempt"], seen["lost"], seen["disposition"]) == (2, 1, "Success")

    def test_what_is_out_of_sight_is_not_there(self, gallery: Address) -> None:
        job, stranger = start(gallery, gallery.keep()), other_user(gallery)
        for path in (f"/jobs/{job}", f"/jobs/{job}/attempts"):
            assert gallery.bearer("GET", OWN + path, key=stranger).status_code == 404


class TestSettings:
    def change(self, gallery: Address, workflow: str, body: object, **more: Any) -> httpx2.Response:
        return gallery.bearer("PUT", f"{OWN}/workflows/{workflow}/settings", json=body, **more)

    def test_they_stand_as_they_were_set_until_they_are_set_again(self, gallery: Address) -> None:
        workflow = gallery.keep()
        assert told(gallery, f"/workflows/{workflow}/settings") == {"mostAttempts": 3, "atOnce": None}
        answer = self.change(gallery, workflow, {"atOnce": 2, "mostAttempts": 1})
        assert (answer.status_code, answer.json()) == (200, {"mostAttempts": 1, "atOnce": 2})
        assert told(gallery, f"/workflows/{workflow}/settings") == {"mostAttempts": 1, "atOnce": 2}
        kept = gallery.published(workflow).workflow
        assert (kept.at_once, kept.most_attempts, kept.name) == (2, 1, "Monthly Load")
        assert self.change(gallery, workflow, {"atOnce": None, "mostAttempts": 3}).json()["atOnce"] is None

    @pytest.mark.parametrize(
        ("body", "word"),
        [
            ({"atOnce": 0, "mostAttempts": 3}, "atOnce"),
            ({"atOnce": -1, "mostAttempts": 3}, "atOnce"),
            ({"atOnce": 1.5, "mostAttempts": 3}, "atOnce"),
            ({"atOnce": "many", "mostAttempts": 3}, "atOnce"),
            ({"mostAttempts": 0}, "mostAttempts"),
            ({"mostAttempts": 4}, "mostAttempts"),
            ({"mostAttempts": 10**30}, "mostAttempts"),
            ({"atOnce": 10**30, "mostAttempts": 3}, "atOnce"),
            ({}, "mostAttempts"),
            ([], "object"),
        ],
    )
    def test_what_makes_no_sense_is_refused_by_name(self, gallery: Address, body: object, word: str) -> None:
        workflow = gallery.keep()
        refused = self.change(gallery, workflow, body)
        assert (refused.status_code, word in refused.json()["message"]) == (400, True), refused.text
        assert told(gallery, f"/workflows/{workflow}/settings") == {"mostAttempts": 3, "atOnce": None}

    def test_the_owner_and_a_curator_may_change_them_and_nobody_else(self, gallery: Address) -> None:
        key = other_user(gallery)
        own = {"file": ("Own.yxmd", b"<AlteryxDocument><Nodes/></AlteryxDocument>")}
        published = gallery.bearer("POST", "/webapi/v3/workflows", files=own, data={"name": "Own"}, key=key)
        assert published.status_code == 200, published.text
        assert self.change(gallery, published.json(), {"mostAttempts": 2}, key=key).status_code == 200
        assert self.change(gallery, published.json(), {"mostAttempts": 1}).status_code == 200
        seen = gallery.keep()
        gallery.store.workflows.change(replace(gallery.published(seen).workflow, public=True))
        refused = self.change(gallery, seen, {"mostAttempts": 1}, key=key)
        assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
        hidden = gallery.keep(name="Hidden")
        assert self.change(gallery, hidden, {"mostAttempts": 1}, key=key).status_code == 404

    def test_the_key_of_a_studio_may_look_and_not_change(self, gallery: Address) -> None:
        path = f"{OWN}/workflows/{gallery.keep()}/settings"
        assert gallery.signed("GET", path).status_code == 200
        assert gallery.signed("PUT", path, json={"mostAttempts": 1}).status_code == 403

    def test_a_job_of_a_workflow_that_is_not_run_again_is_given_up(self, gallery: Address, clock: Clock) -> None:
        workflow = gallery.keep()
        self.change(gallery, workflow, {"mostAttempts": 1})
        job = start(gallery, workflow)
        gallery.queue.claim("w1")
        gallery.queue.recover()
        clock.advance(seconds=30)
        gallery.queue.recover()
        seen = told(gallery, f"/jobs/{job}")
        assert (seen["status"], seen["disposition"], seen["lost"]) == ("Completed", "Error", 1)
