"""Requests to a gallery as nobody should send them: routes, queries, headers and bodies spoiled by chance."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass
from functools import cache
from random import Random
from urllib.parse import quote

import msgspec

from openyx.api.contract import endpoints
from tests.fuzz import documents, odd

CALLERS = ("owner", "curator", "other", "studio", "elsewhere", "revoked", "nobody")
NAMES = ("workflow", "version", "job", "output", "foreign")
"""What a path may name: things that are there, the last one out of most callers' sight."""

_PREFIXES = {"v1": ("/gallery/api/", "/webapi/", "/webapi//"), "openyx": ("/", "//")}
_PARAMETERS = (
    "limit", "offset", "sortField", "direction", "search", "name", "status", "createdAfter", "createdBefore",
    "includeMessages", "packageType", "statuses", "users", "priorities", "allUsers", "workflowNames",
    "completedAfter", "resultCode", "view", "ownerId", "version", "versionId", "format", "attachment",
    "workflowId", "oauth_nonce", "oauth_signature", "oauth_consumer_key", "oauth_version", "x",
)  # fmt: skip
_VALUES = (
    "1", "0", "-1", "999999999", "99999999999999999999", "desc", "asc", "name", "createdate", "true", "False",
    "2026-01-01", "2026-01-01T00:00:00Z", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "Complete",
    "Running,Queued", "High,3", "Default", "Full", "Raw", "Csv", "Xlsx", "App", "{workflow}", "{version}",
    "{job}", "Running%00", "%ff%fe", "%ED%A0%80",
)  # fmt: skip
_HEADERS = (
    ("Content-Type", "application/json"),
    ("Content-Type", "application/x-www-form-urlencoded"),
    ("Content-Type", "multipart/form-data"),
    ("Content-Type", "multipart/form-data; boundary="),
    ("Content-Type", 'multipart/form-data; boundary="\xff'),
    ("Idempotency-Key", "one"),
    ("Idempotency-Key", "k" * 300),
    ("Idempotency-Key", "\xe9\xff"),
    ("Accept", "application/xml"),
    ("Origin", "https://elsewhere.example.com"),
    ("X-Forwarded-For", "1.2.3.4, [::1]:80"),
    ("X-Forwarded-Proto", "gopher"),
    ("Content-Length", "-1"),
    ("Content-Length", "9" * 30),
    ("Host", ""),
    ("Host", "[::1"),
    ("Host", "a:99999999"),
)
_TEXTS = (
    "name", "ownerId", "isPublic", "othersMayDownload", "executionMode", "workflowCredentialType", "workerTag",
    "districtTags", "comments", "sourceAppId", "hasPrivateDataExemption", "credentialId", "collectionIds",
    "makePublished", "x",
)  # fmt: skip


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """A request; ``{workflow}`` and its like stand for ids. ``spoil`` is the chance that spoils its credentials."""

    method: str
    target: str
    caller: str
    headers: list[tuple[str, str]]
    body: bytes
    spoil: int | None = None


def request(chance: Random) -> bytes:
    """A request that somebody, or something, has spoiled."""
    method, path, kind = _route(chance)
    headers, body = _body(chance, kind) if kind or odd.one_in(chance, 10) else ([], b"")
    if odd.one_in(chance, 6):
        headers += [odd.pick(chance, _HEADERS) for _ in range(chance.randrange(1, 4))]
    query = _query(chance) if odd.one_in(chance, 2) else ""
    sent = Sent(
        method=method,
        target=path + query,
        caller=odd.pick(chance, CALLERS) if odd.one_in(chance, 3) else odd.pick(chance, CALLERS[:4]),
        headers=headers,
        body=body,
        spoil=chance.randrange(1 << 32) if odd.one_in(chance, 5) else None,
    )
    return msgspec.json.encode(sent)


def raw(chance: Random) -> bytes:
    """The bytes of requests, some of them changed."""
    method, path, kind = _route(chance)
    headers, body = _body(chance, kind)
    lines = [f"{method} {path} HTTP/1.1", "Host: gallery", *(f"{name}: {value}" for name, value in headers)]
    if odd.one_in(chance, 2):
        lines.append("Authorization: Bearer {token}")
    if odd.one_in(chance, 2):
        lines.append(f"Content-Length: {len(body)}")
    else:
        lines.append("Transfer-Encoding: chunked")
        body = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:50], body[50:]) if part) + b"0\r\n\r\n"
    content = "\r\n".join((*lines, "", "")).encode("latin-1", "replace") + body
    content *= chance.choice((1, 1, 1, 2))
    return documents.bytes_changed(chance, content) if odd.one_in(chance, 2) else content


@dataclass(frozen=True, slots=True)
class _Route:
    method: str
    path: str
    body: str


@cache
def _routes() -> tuple[_Route, ...]:
    found: list[_Route] = []
    for declared in endpoints():
        endpoint = declared.endpoint
        body = "parts" if "parts" in endpoint.parameters else "json" if "body" in endpoint.parameters else ""
        for path in filter(None, (endpoint.path, endpoint.gallery_path)):
            for prefix in _PREFIXES.get(endpoint.version, ("/webapi/",)):
                form = "form" if endpoint.version == "oauth2" else body
                # There is more to go wrong where there is a body.
                found += [_Route(endpoint.method, prefix + path, form)] * (3 if form else 1)
    return tuple(found)


def _route(chance: Random) -> tuple[str, str, str]:
    route = odd.pick(chance, _routes())
    parts = [_part(chance, part) for part in route.path.split("/")]
    if odd.one_in(chance, 12):
        parts.insert(
            chance.randrange(len(parts) + 1), odd.pick(chance, ("", ".", "..", "%2e%2e", "%2F", "%00", "%", "a" * 900))
        )
    path = "/".join(parts) + chance.choice(("", "", "/"))
    if odd.one_in(chance, 20):
        path = path.swapcase()
    methods = ("GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH")
    method = odd.pick(chance, methods) if odd.one_in(chance, 12) else route.method
    return method, path if path.startswith("/") else "/" + path, route.body


def _part(chance: Random, part: str) -> str:
    if not part.startswith("{"):
        return part
    if odd.one_in(chance, 5):
        return quote(odd.text(chance).encode("utf-8", "surrogatepass"), safe="{}") or "x"
    likely = {"job_id": "job", "output_id": "output"}.get(part[1:-1], "workflow")
    return "{" + (odd.pick(chance, NAMES) if odd.one_in(chance, 5) else likely) + "}"


def _query(chance: Random) -> str:
    pairs = [
        f"{odd.pick(chance, _PARAMETERS)}={odd.pick(chance, _VALUES) if odd.one_in(chance, 2) else _quoted(chance)}"
        for _ in range(chance.choice((1, 1, 2, 3, 250)))
    ]
    text = "?" + "&".join(pairs)
    return documents.bytes_changed(chance, text.encode()).decode("latin-1") if odd.one_in(chance, 8) else text


def _quoted(chance: Random) -> str:
    return quote(odd.text(chance).encode("utf-8", "surrogatepass"))


def _body(chance: Random, kind: str) -> tuple[list[tuple[str, str]], bytes]:
    if odd.one_in(chance, 10):
        kind = odd.pick(chance, ("parts", "json", "form"))
    make = {"parts": _parts, "json": _json, "form": _form}.get(kind, _json)
    headers, body = make(chance)
    return headers, documents.bytes_changed(chance, body) if odd.one_in(chance, 6) else body


def _form(chance: Random) -> tuple[list[tuple[str, str]], bytes]:
    words = (
        "grant_type=client_credentials",
        "grant_type=password",
        "scope=user",
        "client_id={owner}",
        "client_secret=x",
    )
    picked = [odd.pick(chance, words) for _ in range(chance.randrange(5))]
    picked += [quote(odd.text(chance).encode("utf-8", "surrogatepass")) for _ in range(chance.randrange(2))]
    return [("Content-Type", "application/x-www-form-urlencoded")], "&".join(picked).encode()


def _json(chance: Random) -> tuple[list[tuple[str, str]], bytes]:
    if odd.one_in(chance, 30):
        depth = chance.choice((60, 70, 5_000, 100_000))
        return [], b'{"questions":' + b"[" * depth + b"]" * depth + b"}"
    names = ("questions", "priority", "workerTag", "credentialId", "atOnce", "mostAttempts", "Questions", "x")
    value = {odd.pick(chance, names): _value(chance, 0) for _ in range(chance.randrange(4))}
    if odd.one_in(chance, 2):
        value["questions"] = [
            {"name": odd.pick(chance, ("Title", "Region", "Since", "Top", "x")), "value": _value(chance, 3)}
            for _ in range(chance.randrange(3))
        ]
    whole = _value(chance, 0) if odd.one_in(chance, 15) else value
    return [("Content-Type", "application/json")], json.dumps(whole, ensure_ascii=odd.one_in(chance, 2)).encode(
        "utf-8", "surrogatepass"
    )


def _value(chance: Random, depth: int) -> object:
    kind = chance.randrange(8 if depth < 3 else 6)
    if kind == 6:
        return [_value(chance, depth + 1) for _ in range(chance.randrange(4))]
    if kind == 7:
        names = ("name", "value", "Name", "x")
        return {odd.pick(chance, names): _value(chance, depth + 1) for _ in range(chance.randrange(4))}
    simple = (None, True, False, chance.choice((0, -1, 2**63, 10**400, 1e308, 0.1)))
    return odd.text(chance) if kind < 3 else odd.pick(chance, simple)


def _parts(chance: Random) -> tuple[list[tuple[str, str]], bytes]:
    boundary = odd.pick(chance, ("x", "----b", "a'b", "y" * 70))
    pieces: list[bytes] = []
    for _ in range(chance.choice((0, 1, 1, 1, 2))):
        name = odd.pick(
            chance, ("Load.yxmd", "Load.yxzp", "App.yxwz", "../../x.yxmd", "C:\\x.yxmd", "", "é\u202e.yxmd")
        )
        head = f'Content-Disposition: form-data; name="file"; filename="{name}"'
        pieces.append(head.encode() + b"\r\n\r\n" + _file(chance))
    for _ in range(chance.choice((0, 1, 2, 3, 70))):
        text = (
            odd.text(chance)
            if odd.one_in(chance, 2)
            else odd.pick(chance, ("true", "False", "[]", '["a"]', "Safe", "x"))
        )
        head = f'Content-Disposition: form-data; name="{odd.pick(chance, _TEXTS)}"'
        pieces.append(head.encode() + b"\r\n\r\n" + text.encode("utf-8", "surrogatepass"))
    start = b"--" + boundary.encode() + b"\r\n"
    body = b"".join(start + piece + b"\r\n" for piece in pieces) + b"--" + boundary.encode() + b"--\r\n"
    return [("Content-Type", f"multipart/form-data; boundary={boundary}")], body


def _file(chance: Random) -> bytes:
    kind = chance.randrange(6)
    if kind < 3:
        return documents.document(chance)
    return _package(chance) if kind < 5 else odd.text(chance).encode("utf-8", "surrogatepass")


def _package(chance: Random) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", chance.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))) as archive:
        names = ("Load.yxmd", "_externals/1/a.csv", "../x.yxmd", "/etc/x.yxmd", "C:/x.yxmd", "a\\b.yxmc", "a/", "a")
        for name in chance.sample(names, chance.choice((0, 1, 1, 2, 5))):
            content = documents.document(chance) if odd.one_in(chance, 2) else bytes(chance.choice((0, 10, 2_000_000)))
            archive.writestr(zipfile.ZipInfo(name), content)
    content = file.getvalue()
    return documents.bytes_changed(chance, content) if odd.one_in(chance, 3) else content
