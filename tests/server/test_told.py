"""What answers and logs tell: an id to find one by the other, and nothing that is nobody's business."""

from __future__ import annotations

import json
import logging
import re
import socket
import threading
from collections.abc import Generator
from contextlib import closing, suppress
from dataclasses import replace
from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import httpx2
import pytest

from openyx.errors import StoreUnreachable
from openyx.logs import show_logs
from openyx.queue import Queue
from openyx.server import build_app
from openyx.store import KeyKind, Secret, open_store
from tests.server.conftest import Serve, Stage
from tests.server.support import APP, PLAIN, Address, packed
from tests.stores import database_of


@pytest.fixture
def log() -> Generator[StringIO]:
    """All that the gallery logs."""
    out, logger = StringIO(), logging.getLogger("openyx")
    before, last_resort = (logger.handlers, logger.level, logger.propagate), logging.lastResort
    show_logs(out, level=logging.DEBUG)
    yield out
    logger.handlers, logger.level, logger.propagate = before
    logging.lastResort = last_resort


def everything(gallery: Address) -> list[httpx2.Response]:
    """Requests that go well, that are refused, and that break."""
    workflow = gallery.publish(APP, "Regional Sales.yxwz")
    wrong = replace(gallery.studio, secret=Secret("f" * 64))
    form = {"grant_type": "client_credentials", "client_id": gallery.user.key.key}
    token = f"{gallery.url}/webapi/oauth2/token"
    pair = (gallery.user.key.key, gallery.user.secret.reveal())
    files = {"file": ("../../etc/x.yxmd", b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>")}
    path = f"/gallery/api/v1/workflows/{workflow}/jobs/"
    return [
        gallery.http.post(token, data={**form, "client_secret": gallery.user.secret.reveal()}),
        gallery.http.post(token, data={**form, "client_secret": gallery.user.secret.reveal()[:-1]}),
        gallery.http.post(token, data={"grant_type": form["grant_type"]}, auth=pair),
        gallery.signed("GET", "/gallery/api/v1/workflows/subscription/"),
        gallery.signed("GET", "/gallery/api/v1/workflows/subscription/", header=True),
        gallery.signed("GET", "/gallery/api/v1/workflows/subscription/", key=wrong),
        gallery.signed("POST", path, json={"questions": [{"name": "Region", "value": "no such region"}]}),
        gallery.signed("POST", path, content=b"{"),
        gallery.bearer("GET", "/webapi/v3/workflows?createdAfter=' OR 1=1 --"),
        gallery.bearer("GET", "/webapi/v3/workflows/' OR '1'='1"),
        gallery.bearer("GET", f"/webapi/v3/workflows/{workflow}/package"),
        gallery.bearer("POST", "/webapi/v3/workflows", files=files, data={"name": "x"}),
        gallery.bearer("POST", "/webapi/v3/workflows", files={"file": ("x.yxzp", packed(PLAIN)[:200])}),
        gallery.bearer("POST", "/webapi/v3/workflows", files={"file": ("x.yxzp", packed(PLAIN, "../../x.yxmd"))}),
        gallery.http.get(f"{gallery.url}/openyx/v1/key", headers={"Authorization": "Bearer nobodys"}),
    ]


def test_neither_answers_nor_logs_hold_a_secret_or_what_is_behind(gallery: Address, log: StringIO) -> None:
    answers = everything(gallery)
    tokens = [answer.json()["access_token"] for answer in answers if "access_token" in answer.text]
    assert len(tokens) == 2
    issued = [answer.request.headers["authorization"].split(" ", 1)[1] for answer in answers
              if answer.request.headers.get("authorization", "").startswith(("Bearer", "Basic"))]  # fmt: skip
    signatures = re.findall(r"oauth_signature=\"?([^&\"]+)", " ".join(
        f"{answer.request.url} {answer.request.headers.get('authorization', '')}" for answer in answers))  # fmt: skip
    assert len(signatures) >= 5
    secrets = [gallery.user.secret.reveal(), gallery.studio.secret.reveal(), *tokens, *issued, *signatures, "f" * 64]
    folder = str(gallery.store.folder.path)
    behind = ["Traceback", "SELECT", "sqlite", "psycopg", "site-packages", "/openyx/", "root:", folder]
    told = [f"{answer.headers} {answer.text if 'octet' not in str(answer.headers) else ''}" for answer in answers]
    for text in told:
        shown = text if "access_token" not in text else ""
        assert [each for each in (*secrets, *behind) if each in shown] == []
    assert len(log.getvalue().splitlines()) > len(answers)
    assert [each for each in (*secrets, "Traceback", "SELECT") if each in log.getvalue()] == []


def test_an_answer_is_found_in_the_log_by_its_id(gallery: Address, log: StringIO) -> None:
    answers = everything(gallery)
    events = [json.loads(line) for line in log.getvalue().splitlines()]
    requests = {event["request"]: event for event in events if event["event"] == "request"}
    for answer in answers:
        assert requests[answer.headers["x-request-id"]]["status"] == answer.status_code
    refused = next(event for event in events if event["event"] == "not let in")
    assert requests[refused["request"]]["status"] == 401


def test_what_breaks_leaves_its_trace_in_the_log_alone(
    gallery: Address, log: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    workflow = gallery.publish()
    place = str(gallery.store.folder.path / "blobs")

    def broken(_digest: str) -> None:
        raise OSError(5, "Input/output error", place)

    monkeypatch.setattr(gallery.store.blobs, "open", broken)
    answer = gallery.bearer("GET", f"/webapi/v3/workflows/{workflow}/package")
    assert answer.status_code == 500
    assert answer.headers["x-request-id"] in answer.text
    assert place not in answer.text
    assert place in log.getvalue()
    assert answer.headers["x-request-id"] in log.getvalue()
    assert "Traceback" in log.getvalue()
    assert gallery.user.secret.reveal() not in log.getvalue()


def test_while_the_store_is_away_each_family_says_so_in_its_form(
    gallery: Address, log: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise StoreUnreachable("postgresql://ann:pa55word@db.example.com/ is away")

    token = gallery.store.tokens.issue(gallery.user.key).text.reveal()
    headers = {"Authorization": f"Bearer {token}"}
    with monkeypatch.context() as patched:
        patched.setattr(gallery.store._database, "one", away)
        signed = gallery.signed("GET", "/gallery/api/v1/workflows/subscription/")
        web = gallery.http.get(f"{gallery.url}/webapi/v3/workflows", headers=headers)
        own = gallery.http.get(f"{gallery.url}/openyx/v1/key", headers=headers)
    for answer in (signed, web, own):
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert "pa55word" not in answer.text
        assert "db.example.com" not in answer.text
    assert signed.json()["exceptionName"] == "ServiceUnavailableException"
    assert list(web.json()) == ["message"]
    assert own.json()["code"] == "store_unreachable"
    assert gallery.http.get(f"{gallery.url}/webapi/v3/workflows", headers=headers).status_code == 200


class Wire:
    """A way to a server that can be cut."""

    def __init__(self, host: str, port: int) -> None:
        self._to = (host, port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._ends: list[socket.socket] = []
        self._whole = True
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        self._whole = False
        for end in self._ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        self._whole = True

    def close(self) -> None:
        self._listener.close()
        self.cut()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                here, _ = self._listener.accept()
                if not self._whole:
                    here.close()
                    continue
                there = socket.create_connection(self._to)
                self._ends += [here, there]
                for pair in ((here, there), (there, here)):
                    threading.Thread(target=_carry, args=pair, daemon=True).start()


def _carry(origin: socket.socket, destination: socket.socket) -> None:
    with suppress(OSError), closing(destination):
        while piece := origin.recv(65536):
            destination.sendall(piece)


@pytest.mark.postgresql
def test_a_connection_to_postgresql_that_is_cut_is_503_until_it_is_back(stage: Stage, tmp_path: Path) -> None:
    parts = urlsplit(database_of(tmp_path / "data"))
    assert parts.hostname is not None
    with closing(Wire(parts.hostname, parts.port or 5432)) as wire:
        user = f"{parts.username}@" if parts.username else ""
        url = urlunsplit(parts._replace(netloc=f"{user}127.0.0.1:{wire.port}"))
        with open_store(tmp_path / "data", database=url) as store, httpx2.Client(timeout=60) as http:
            stage.app = build_app(store, Queue(store))
            studio, user_key = store.keys.create(KeyKind.STUDIO), store.keys.create(KeyKind.USER)
            gallery = Address(stage.url, store, Queue(store), studio, user_key, http)
            workflow = gallery.publish()
            headers = {"Authorization": f"Bearer {store.tokens.issue(user_key.key).text.reveal()}"}
            start = f"{gallery.url}/webapi/v3/workflows/{workflow}/jobs"
            assert http.post(start, headers=headers).status_code == 200
            wire.cut()
            for _ in range(3):
                answer = http.post(start, headers=headers)
                assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
                assert list(answer.json()) == ["message"]
                assert str(wire.port) not in answer.text
            asked = {"client_id": user_key.key.key, "client_secret": user_key.secret.reveal()}
            answer = http.post(f"{gallery.url}/webapi/oauth2/token", data={"grant_type": "client_credentials", **asked})
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
            assert answer.json()["error"] == "temporarily_unavailable"
            assert str(wire.port) not in answer.text
            wire.mend()
            assert http.post(start, headers=headers).status_code == 200


def test_a_full_disk_is_507_still(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    gallery = serve()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "/var/secret/place")

    monkeypatch.setattr("openyx.store.blobs.os.fsync", full)
    answer = gallery.bearer("POST", "/webapi/v3/workflows", files={"file": ("x.yxmd", PLAIN)}, data={"name": "x"})
    assert answer.status_code == 507
    assert "/var" not in answer.text
