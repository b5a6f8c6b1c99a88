"""A gallery with a real store, in this process, that is sent whatever comes."""

from __future__ import annotations

import asyncio
import re
import shutil
import socket
from collections.abc import MutableMapping
from contextlib import ExitStack, suppress
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote, urlsplit

import msgspec

from openyx.api.signing import in_query, signed
from openyx.queue import Order, Queue
from openyx.server import Limits, Settings, build_app, running
from openyx.store import Disposition, KeyKind, NewOutput, Role, User, open_store
from tests.fuzz import documents, odd
from tests.fuzz.sent import Sent
from tests.server.support import APP

LIFE = 2_000
"""Requests after which a gallery is followed by a new one, lest lists grow too long to be tried quickly."""

_SILENCE = 0.25
_SETTINGS = Settings(
    trust_forwarded=True,
    limits=replace(Limits(), upload=8 << 20, patience=_SILENCE, failures=1_000_000),
)
_NEVER = ("Traceback", "site-packages", "SELECT ", "sqlite3", "/etc/passwd:", "root:x:")


class Told(Exception):
    """An answer that may not come."""


class Gallery:
    """Users, keys, a workflow with questions and a job with an output."""

    def __init__(self, folder: Path, number: int) -> None:
        self.number, self.asked = number, 0
        self._stack = ExitStack()
        self._folder = folder
        self._stack.callback(shutil.rmtree, folder, ignore_errors=True)
        self._store = self._stack.enter_context(open_store(folder))
        self._app = build_app(self._store, Queue(self._store), _SETTINGS)
        self._runner = self._stack.enter_context(asyncio.Runner())
        self._url = self._stack.enter_context(running(self._app, limits=_SETTINGS.limits))
        users = {name: self._user(name) for name in ("owner", "other", "curator")}
        kinds = {"studio": ("owner", KeyKind.STUDIO), "elsewhere": ("other", KeyKind.STUDIO)}
        self._keys = {
            name: self._store.keys.create(kind, user_id=users[user].id)
            for name, (user, kind) in ({name: (name, KeyKind.USER) for name in users} | kinds).items()
        }
        self._keys["revoked"] = self._store.keys.create(KeyKind.USER, user_id=users["owner"].id)
        self._tokens = {name: self._store.tokens.issue(key.key).text.reveal() for name, key in self._keys.items()}
        self._store.keys.revoke(self._keys["revoked"].key.key)
        self._names = {"owner": self._keys["owner"].key.key, "token": self._tokens["owner"]}
        self._names |= {**self._things(users["owner"]), "foreign": self._workflow("other")}

    def close(self) -> None:
        """Leave nothing."""
        self._stack.close()

    def ask(self, sent: Sent, spoil: int | None = None) -> tuple[int, bytes]:
        """Status and body of the answer to a request; Told when it tells what it may not."""
        self.asked += 1
        target, headers = self._with_credentials(sent, None if spoil is None else Random(spoil))
        path, _, query = target.partition("?")
        scope: dict[str, Any] = {
            "type": "http",
            "method": sent.method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode("latin-1", "replace"),
            "query_string": query.encode("latin-1", "replace"),
            "client": ("192.0.2.1", 5000),
            "headers": [(name.lower().encode(), value.encode("latin-1", "replace")) for name, value in headers],
        }
        status, body = self._runner.run(_exchanged(self._app, scope, self._filled(sent.body)))
        self._look_at(body)
        return status, body

    def hear(self, content: bytes) -> bytes:
        """What comes over a connection that is sent these bytes, until it says no more for a while."""
        self.asked += 1
        parts = urlsplit(self._url)
        heard = b""
        where = (parts.hostname or "", parts.port or 0)
        with socket.create_connection(where, timeout=_SILENCE) as connection, suppress(OSError):
            connection.sendall(self._filled(content))
            while len(heard) < 1 << 20 and not heard.endswith(b"}") and (piece := connection.recv(65536)):
                heard += piece
        self._look_at(heard)
        return heard

    def _look_at(self, body: bytes) -> None:
        text = body[:100_000].decode("latin-1")
        secrets = [key.secret.reveal() for key in self._keys.values()]
        if found := [each for each in (*_NEVER, str(self._folder), *secrets) if each in text]:
            raise Told(f"{found[0]!r} in {text[:500]}")

    def _filled(self, body: bytes) -> bytes:
        for name, value in self._names.items():
            body = body.replace(b"{" + name.encode() + b"}", value.encode())
        return body

    def _with_credentials(self, sent: Sent, spoiling: Random | None) -> tuple[str, list[tuple[str, str]]]:
        target = self._filled(sent.target.encode("utf-8", "replace")).decode("utf-8", "replace")
        headers = [*sent.headers]
        if not any(name == "Host" for name, _ in headers):
            headers.append(("Host", "gallery"))
        if sent.caller == "nobody":
            return target, headers
        if sent.caller in ("studio", "elsewhere") or target.startswith("/gallery"):
            oauth = self._signed(sent, target)
            return _signed(target, headers, oauth) if spoiling is None else _spoiled(target, headers, oauth, spoiling)
        word = f"Bearer {self._tokens[sent.caller]}"
        if spoiling is not None:
            word = documents.bytes_changed(spoiling, word.encode()).decode("latin-1")
        return target, [*headers, ("Authorization", word)]

    def _signed(self, sent: Sent, target: str) -> dict[str, str]:
        key = self._keys["studio" if sent.caller in ("owner", "curator") else sent.caller]
        return signed(
            sent.method,
            f"http://gallery{target}",
            key=key.key.key,
            secret=key.secret.reveal(),
            nonce=f"n{self.asked}",
            timestamp=1_700_000_000,
        )

    def _user(self, name: str) -> User:
        role = Role.CURATOR if name == "curator" else Role.ARTISAN
        return self._store.users.create(f"{name}@example.com", first_name=name, last_name="Example", role=role)

    def _workflow(self, owner: str) -> str:
        file = b'--x\r\nContent-Disposition: form-data; name="file"; filename="App.yxwz"\r\n\r\n' + APP
        body = file + b'\r\n--x\r\nContent-Disposition: form-data; name="name"\r\n\r\nApp\r\n--x--\r\n'
        kind = ("Content-Type", "multipart/form-data; boundary=x")
        asked = Sent(method="POST", target="/webapi/v3/workflows", caller=owner, headers=[kind], body=body)
        status, answer = self.ask(asked)
        if status != HTTPStatus.OK:
            raise Told(f"{status} {answer!r} to a publication")
        return msgspec.json.decode(answer, type=str)

    def _things(self, owner: User) -> dict[str, str]:
        workflow, queue = self._workflow("owner"), Queue(self._store)
        job = queue.enqueue(Order(workflow_id=workflow, user_id=owner.id, answers={}))
        claimed = queue.claim("a worker")
        assert claimed is not None
        blob = self._store.blobs.add(bytes(600_000))
        out = NewOutput(name="out.csv", formats=("Raw", "Csv"), digest=blob.digest, size=blob.size)
        queue.finish(queue.start(claimed), Disposition.SUCCESS, outputs=[out])
        return {
            "workflow": workflow,
            "version": self._store.workflows.find(workflow).version.id,
            "job": job.id,
            "output": self._store.outputs.of(job.id)[0].id,
        }


def _signed(target: str, headers: list[tuple[str, str]], oauth: dict[str, str]) -> tuple[str, list[tuple[str, str]]]:
    return in_query(target, oauth), headers


def _spoiled(
    target: str, headers: list[tuple[str, str]], oauth: dict[str, str], chance: Random
) -> tuple[str, list[tuple[str, str]]]:
    """A signature with something wrong, or something odd that is right, in the query or in a header."""
    pairs = list(oauth.items())
    at = chance.randrange(len(pairs))
    kind = chance.randrange(5)
    if kind == 0:
        del pairs[at]
    elif kind == 1:
        pairs.append(pairs[at])
    elif kind == 2:
        pairs[at] = (pairs[at][0], odd.text(chance))
    elif kind == 3:
        pairs.append(("oauth_" + odd.word(chance), odd.text(chance)))
    written = [(quote(_plain(name)), quote(_plain(value))) for name, value in pairs]
    if odd.one_in(chance, 2):
        value = "OAuth " + ", ".join(f'{name}="{value}"' for name, value in written)
        if kind == 4:
            value = documents.bytes_changed(chance, value.encode()).decode("latin-1")
        return target, [*headers, ("Authorization", value)]
    query = "&".join(f"{name}={value}" for name, value in written)
    return f"{target}{'&' if '?' in target else '?'}{query}", headers


def _plain(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


async def _exchanged(app: Any, scope: dict[str, Any], body: bytes) -> tuple[int, bytes]:
    """The answer of an application to a request whose body comes in two pieces."""
    half = len(body) // 2
    pieces = [{"type": "http.request", "body": body[:half], "more_body": True}] if half else []
    pieces.append({"type": "http.request", "body": body[half:], "more_body": False})
    pieces.reverse()
    over = asyncio.Event()
    said: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        if pieces:
            return pieces.pop()
        await over.wait()
        return {"type": "http.disconnect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        said.append(message)
        if message["type"] == "http.response.body" and not message.get("more_body", False):
            over.set()

    await app(scope, receive, send)
    return said[0]["status"], b"".join(each.get("body", b"") for each in said[1:])


_open: dict[Path, Gallery] = {}


def gallery_at(folder: Path) -> Gallery:
    """The gallery that belongs to a folder; a new one when the last one is old."""
    found = _open.get(folder)
    if found is not None and found.asked < LIFE:
        return found
    number = 0 if found is None else found.number + 1
    if found is not None:
        found.close()
    made = _open[folder] = Gallery(folder / f"gallery-{number}", number)
    return made


def close_all() -> None:
    """Leave none open."""
    while _open:
        _open.popitem()[1].close()


def request(content: bytes, folder: Path) -> str:
    """How a request to the gallery ended, in a word. Raises Told for an answer of 500 or more."""
    sent = msgspec.json.decode(content, type=Sent)
    status, body = gallery_at(folder).ask(sent, sent.spoil)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise Told(f"{status} {body[:2000]!r}")
    return f"{status}" if status >= HTTPStatus.BAD_REQUEST else "well"


def raw(content: bytes, folder: Path) -> str:
    """How bytes on a connection ended, in a word. Raises Told for an answer of 500 or more."""
    heard = gallery_at(folder).hear(content)
    statuses = re.findall(rb"HTTP/1\.1 (\d+) [A-Z]", heard)
    if any(status >= b"500" for status in statuses):
        raise Told(f"{heard[:2000]!r}")
    return "well" if b"200" in statuses else "refused" if statuses else "nothing"
