"""Starts that come together are written together, each is answered for itself, and none waits for another's file."""

from __future__ import annotations

import asyncio
import gc
import json
import threading
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from io import BufferedReader
from typing import Any

import pytest

from openyx.errors import Conflict
from openyx.messages import Kind, Message
from openyx.queue import Queue
from openyx.server import build_app
from openyx.server.binding import Arguments, bound
from openyx.server.exchange import Reply
from openyx.server.intake import Intake
from openyx.store import JobQuery, Store
from tests.server.support import APP, PLAIN, Address
from tests.stores import opened


def threads() -> list[threading.Thread]:
    return [each for each in threading.enumerate() if each.name == "openyx-intake"]


def writing(store: Store, text: str) -> Callable[[], Reply]:
    def write() -> Reply:
        if text == "bad":
            raise Conflict("it cannot be written")
        store.studios.create(text)
        return Reply(content=text.encode())

    return write


async def replies(store: Store, *texts: str) -> list[Reply | BaseException]:
    intake = Intake(store)
    try:
        return await asyncio.gather(*(intake.reply(writing(store, text)) for text in texts), return_exceptions=True)
    finally:
        await intake.close()


def test_those_who_come_together_are_answered_each_for_itself(store: Store) -> None:
    first, failed, last = asyncio.run(replies(store, "a", "bad", "b"))
    assert isinstance(first, Reply)
    assert isinstance(last, Reply)
    assert (first.content, last.content) == (b"a", b"b")
    assert isinstance(failed, Conflict)


@pytest.mark.sqlite
def test_its_thread_ends_with_it(store: Store) -> None:
    others = threads()

    async def ask() -> list[threading.Thread]:
        await Intake(store).reply(writing(store, "a"))
        return [thread for thread in threads() if thread not in others]

    (own,) = asyncio.run(ask())
    gc.collect()
    own.join(60)
    assert not own.is_alive()


def test_who_comes_after_the_end_gets_another_thread(store: Store) -> None:
    async def twice() -> list[bytes]:
        intake, said = Intake(store), list[bytes]()
        for text in ("a", "b"):
            said.append((await intake.reply(writing(store, text))).content)
            await intake.close()
        return said

    assert asyncio.run(twice()) == [b"a", b"b"]
    store.studios.create("nobody holds what others wait for")


def test_where_no_thread_can_be_had_it_is_told_and_nothing_is_held(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    async def ask() -> bytes:
        intake = Intake(store)
        with monkeypatch.context() as patch:
            patch.setattr(threading.Thread, "start", fail)
            with pytest.raises(RuntimeError, match="can't start"):
                await intake.reply(writing(store, "a"))
        store.studios.create("nobody holds what others wait for")
        return (await intake.reply(writing(store, "b"))).content

    assert asyncio.run(ask()) == b"b"


def test_who_has_gone_before_it_was_begun_is_not_begun(store: Store) -> None:
    begun: list[str] = []

    def noting(text: str) -> Callable[[], Reply]:
        def write() -> Reply:
            begun.append(text)
            return writing(store, text)()

        return write

    async def ask() -> None:
        intake = Intake(store)
        gone = asyncio.create_task(intake.reply(noting("gone")))
        await asyncio.sleep(0)
        gone.cancel()
        await intake.reply(noting("there"))

    asyncio.run(ask())
    assert begun == ["there"]


def test_what_one_loop_has_left_behind_does_not_hold_up_another(store: Store) -> None:
    intake = Intake(store)
    left = asyncio.new_event_loop()
    task = left.create_task(intake.reply(writing(store, "a")))
    left.call_soon(left.call_soon, left.stop)
    left.run_forever()
    assert not task.done()

    async def ask() -> bytes:
        answer = await intake.reply(writing(store, "b"))
        await intake.close()
        return answer.content

    assert asyncio.run(ask()) == b"b"
    task.cancel()
    with suppress(asyncio.CancelledError):
        left.run_until_complete(task)
    left.close()


def test_whoever_waits_is_let_go_when_the_work_is_ended(store: Store) -> None:
    async def ask() -> bytes:
        intake = Intake(store)
        waiting = asyncio.create_task(intake.reply(writing(store, "a")))
        await asyncio.sleep(0)
        (work,) = asyncio.all_tasks() - {waiting, asyncio.current_task()}
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        return (await intake.reply(writing(store, "b"))).content

    assert asyncio.run(ask()) == b"b"


def test_a_start_that_takes_long_to_read_holds_up_no_other(gallery: Address, monkeypatch: pytest.MonkeyPatch) -> None:
    workflow = gallery.publish(PLAIN, "Monthly Load.yxmd")
    asked, go_on = threading.Event(), threading.Event()

    def slow(*asked_for: Any, **named: Any) -> Arguments:
        if len(named["body"]) > 100_000:
            asked.set()
            assert go_on.wait(60)
        return bound(*asked_for, **named)

    monkeypatch.setattr("openyx.server.app.bound", slow)

    def start(comment: str) -> int:
        body: dict[str, object] = {"questions": [], "comment": comment}
        return gallery.bearer("POST", f"/webapi/v3/workflows/{workflow}/jobs", json=body).status_code

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(start, "long " * 30_000)
        try:
            assert asked.wait(60)
            assert start("short") == 200
            gallery.store.studios.create("who writes otherwise does not wait either")
            assert not waiting.done()
        finally:
            go_on.set()
        assert waiting.result(60) == 200


def test_a_start_whose_file_comes_slowly_holds_up_no_other(gallery: Address, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = gallery.publish(PLAIN, "Monthly Load.yxmd")
    app = gallery.publish(APP, "Regional Sales.yxwz")
    asked, go_on = threading.Event(), threading.Event()
    kept = gallery.store.blobs.open

    @contextmanager
    def slow(digest: str) -> Generator[BufferedReader]:
        asked.set()
        assert go_on.wait(60)
        with kept(digest) as file:
            yield file

    monkeypatch.setattr(gallery.store.blobs, "open", slow)

    def start(workflow: str, answers: dict[str, str]) -> int:
        path = f"/gallery/api/v1/workflows/{workflow}/jobs/"
        questions = [{"name": name, "value": value} for name, value in answers.items()]
        return gallery.signed("POST", path, json={"questions": questions}).status_code

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(start, app, {"Region": "E"})
        try:
            assert asked.wait(60)
            assert start(plain, {}) == 200
            assert not waiting.done()
        finally:
            go_on.set()
        assert waiting.result(60) == 200
    assert gallery.store.jobs.count(JobQuery()) == 2
    assert json.dumps([dict(job.answers) for job in gallery.store.jobs.list(JobQuery())]) == '[{}, {"Region": "E"}]'


def test_a_signature_that_waits_to_be_written_down_holds_up_nobody_else(
    gallery: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    workflow = gallery.publish(PLAIN, "Monthly Load.yxmd")
    asked, go_on = threading.Event(), threading.Event()
    kept = gallery.store.nonces.use

    def slow(key: str, timestamp: str, nonce: str) -> bool:
        asked.set()
        assert go_on.wait(60)
        return kept(key, timestamp, nonce)

    monkeypatch.setattr(gallery.store.nonces, "use", slow)
    with ThreadPoolExecutor(1) as pool:
        path = f"/gallery/api/v1/workflows/{workflow}/jobs/"
        waiting = pool.submit(lambda: gallery.signed("POST", path, json={"questions": []}).status_code)
        try:
            assert asked.wait(60)
            url = f"{gallery.url}/webapi/v3/workflows/{workflow}/jobs"
            token = gallery.store.tokens.issue(gallery.user.key).text.reveal()
            headers = {"Authorization": f"Bearer {token}"}
            assert gallery.http.post(url, json={"questions": []}, headers=headers).status_code == 200
            assert not waiting.done()
        finally:
            go_on.set()
        assert waiting.result(60) == 200


def test_each_start_sees_what_others_have_changed_since_the_last_one(gallery: Address) -> None:
    workflow = gallery.publish(PLAIN, "Monthly Load.yxmd")
    token = gallery.store.tokens.issue(gallery.user.key).text.reveal()

    def start() -> tuple[int, str]:
        url = f"{gallery.url}/webapi/v3/workflows/{workflow}/jobs"
        answer = gallery.http.post(url, json={"questions": []}, headers={"Authorization": f"Bearer {token}"})
        job = gallery.store.jobs.find(answer.json()["id"]) if answer.is_success else None
        return answer.status_code, job.version_id if job else ""

    first = gallery.published(workflow).version.id
    assert [start(), start()] == [(200, first)] * 2
    versions = f"/webapi/v3/workflows/{workflow}/versions"
    uploaded = {"name": "Monthly Load", "ownerId": gallery.user.key.user_id, "makePublished": "true"}
    answer = gallery.bearer("POST", versions, files={"file": ("Monthly Load.yxmd", PLAIN)}, data=uploaded)
    assert answer.status_code == 200, answer.text
    second = gallery.published(workflow).version.id
    assert second != first
    assert start() == (200, second)
    gallery.store.keys.revoke(gallery.user.key.key)
    assert start() == (401, "")


def test_a_start_with_much_to_read_is_taken_like_any_other(gallery: Address) -> None:
    app = gallery.publish(APP, "Regional Sales.yxwz")
    title = "Sales " * 10_000
    questions = [{"name": "Title", "value": title}, {"name": "Region", "value": "E"}]
    answer = gallery.bearer("POST", f"/webapi/v3/workflows/{app}/jobs", json={"questions": questions})
    assert answer.status_code == 200, answer.text
    assert gallery.store.jobs.find(answer.json()["id"]).answers == {"Title": title, "Region": "E"}


@pytest.mark.sqlite
def test_who_has_nothing_to_write_does_not_wait_for_who_holds_the_file(gallery: Address) -> None:
    workflow = gallery.publish(PLAIN, "Monthly Load.yxmd")
    token = gallery.store.tokens.issue(gallery.user.key).text.reveal()

    def start(*, workflow: str = workflow, token: str = token, body: bytes = b"{}", key: str = "") -> int:
        url = f"{gallery.url}/webapi/v3/workflows/{workflow}/jobs"
        headers = {"Authorization": f"Bearer {token}"} | ({"Idempotency-Key": key} if key else {})
        return gallery.http.post(url, content=body, headers=headers).status_code

    assert start(key="k") == 200
    with opened(gallery.store.folder.path) as other, other.transaction():
        other.studios.create("who holds the file")
        assert start(token="nobodys") == 401
        assert start(workflow="none") == 404
        assert start(body=b"[") == 400
        assert start(body=b"[" * 20_000) == 400
        assert start(key="k") == 200
        assert start(body=b'{"questions": [{"name": "Year", "value": "2026"}]}', key="k") == 409
    assert start() == 200
    assert gallery.store.jobs.count(JobQuery()) == 2


def test_a_token_that_ends_while_a_large_start_is_read_lets_nobody_in(
    gallery: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    workflow = gallery.publish(PLAIN, "Monthly Load.yxmd")

    def slow(*asked_for: Any, **named: Any) -> Arguments:
        gallery.store._database.run("UPDATE tokens SET expires_at = 1", {})
        return bound(*asked_for, **named)

    monkeypatch.setattr("openyx.server.app.bound", slow)
    body: dict[str, object] = {"questions": [], "comment": "long " * 10_000}
    assert gallery.bearer("POST", f"/webapi/v3/workflows/{workflow}/jobs", json=body).status_code == 401
    assert gallery.store.jobs.count(JobQuery()) == 0


def test_what_a_job_of_before_has_to_tell_is_read_where_nobody_waits_for_it(
    gallery: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    workflow = gallery.publish(PLAIN, "Monthly Load.yxmd")
    url, key = f"/webapi/v3/workflows/{workflow}/jobs", {"Idempotency-Key": "k"}
    job = gallery.bearer("POST", url, json={}, headers=key).json()["id"]
    claimed = gallery.queue.claim("w")
    assert claimed is not None
    gallery.queue.tell(gallery.queue.start(claimed), [Message(kind=Kind.INFO, text="so far so good")])
    within: list[object] = []
    of = gallery.store.messages.of

    def noting(job_id: str) -> Any:
        within.append(gallery.store._database.current)  # type: ignore[attr-defined] # both databases have it
        return of(job_id)

    monkeypatch.setattr(gallery.store.messages, "of", noting)
    again = gallery.bearer("POST", url, json={}, headers=key).json()
    assert (again["id"], [each["text"] for each in again["messages"]]) == (job, ["so far so good"])
    assert within == [None]


def test_a_start_whose_end_nobody_waits_for_is_in_the_log_all_the_same(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    async def ask() -> None:
        app = build_app(store, Queue(store))

        async def receive() -> dict[str, object]:
            return {"type": "http.request", "body": b"{}"}

        async def send(_message: object) -> None:
            pass

        scope = {"type": "http", "method": "POST", "path": "/webapi/v3/workflows/none/jobs", "query_string": b"",
                 "scheme": "http", "headers": [(b"authorization", b"Bearer none")]}  # fmt: skip
        task = asyncio.ensure_future(app(scope, receive, send))
        await asyncio.sleep(0)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    caplog.set_level("INFO", "openyx.server")
    asyncio.run(ask())
    assert [record.message for record in caplog.records] == ["request left"]
