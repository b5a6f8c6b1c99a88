"""Servers of several ages on loopback, enacted from what real ones were recorded to say, and ill ones."""

from __future__ import annotations

import base64
import json
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from oauthlib.oauth1.rfc5849 import (  # type: ignore[import-untyped,unused-ignore] # it comes without types
    signature as oauthlib_signature,
)

from tests.client.shapes import question_v1, question_v3, reduced, workflow_v1, workflow_v3

KEY = "8DAEXAMPLE00000"
SECRET = "0123456789abcdef" * 4
signature: Any = oauthlib_signature  # its annotations are not those of its own callers
WORKFLOW = "57acaca4065e3f26a82b0001"
FILE = b"id,name\r\n0012,East\r\n7,West\r\n"
PAGE = b"<!DOCTYPE html><html><head><title>Sign in &amp; go on</title></head><body>no</body></html>"
NO_ROUTE = {"message": "No HTTP resource was found that matches the request URI."}


@dataclass
class Request:
    """What came over the wire."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Response:
    """What goes over the wire; ``length`` lies about it, ``cut`` ends the connection after so many bytes."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict[str, str])
    length: int | None = None
    cut: int | None = None


def said(value: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A JSON answer."""
    return Response(
        status, json.dumps(value).encode(), {"Content-Type": "application/json; charset=utf-8", **(headers or {})}
    )


def page(status: int = 200) -> Response:
    """An HTML page."""
    return Response(status, PAGE, {"Content-Type": "text/html"})


RESET = Response(cut=-1)
"""The connection is reset instead of an answer."""

Handler = Callable[[Request], Response]


class Server:
    """A server on loopback that answers with ``handle`` and keeps what it was asked.

    ``ill`` holds responses that are given first, whatever is asked.
    """

    def __init__(self, handle: Handler, *, tls: ssl.SSLContext | None = None) -> None:
        self.handle = handle
        self.requests: list[Request] = []
        self.ill: list[Response | None] = []
        self.connections = 0
        self._open: list[socket.socket] = []
        outer = self

        class Talk(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self) -> None:
                super().setup()
                outer.connections += 1
                outer._open.append(self.connection)
                self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base's own name
                pass

            def do_GET(self) -> None:
                outer._answer(self)

            do_POST = do_DELETE = do_GET

        self._http = _Quiet(("127.0.0.1", 0), Talk)
        self._http.daemon_threads = True
        if tls:
            self._http.socket = tls.wrap_socket(self._http.socket, server_side=True)
        self.port = int(self._http.server_address[1])
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        for connection in self._open:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self._thread.join()

    @property
    def asked(self) -> list[str]:
        """Method and path of every request."""
        return [f"{each.method} {each.path}" for each in self.requests]

    def _answer(self, talk: BaseHTTPRequestHandler) -> None:
        body = talk.rfile.read(int(talk.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in talk.headers.items()}
        request = Request(talk.command, talk.path, headers, body)
        self.requests.append(request)
        ill = self.ill.pop(0) if self.ill else None
        response = ill or self.handle(request)
        if response.cut == -1:
            talk.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            talk.close_connection = True
            talk.connection.close()
            return
        talk.send_response(response.status)
        for name, value in response.headers.items():
            talk.send_header(name, value)
        talk.send_header("Content-Length", str(len(response.body) if response.length is None else response.length))
        talk.end_headers()
        talk.wfile.write(response.body if response.cut is None else response.body[: response.cut])
        if response.cut is not None or (response.length is not None and response.length != len(response.body)):
            talk.close_connection = True


class _Quiet(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        pass


@dataclass
class Age:
    """What a server of an age speaks."""

    oauth1: bool = False
    oauth2: bool = False
    v3_jobs: bool = False
    queue: bool = False
    own: bool = False
    prefix: str = "/gallery/api"


AGES = {
    "2019": Age(oauth1=True),
    "2021.4": Age(oauth1=True, oauth2=True),
    "2022": Age(oauth2=True),
    "2025": Age(oauth2=True, v3_jobs=True, queue=True),
    "ours": Age(oauth1=True, oauth2=True, v3_jobs=True, queue=True, own=True),
}


class Gallery:
    """The world behind a server: workflows, questions and jobs, told as an age tells them."""

    def __init__(self, age: Age) -> None:
        self.age = age
        self.names = {WORKFLOW: "Monthly Load"}
        self.questions: list[dict[str, Any]] = []
        self.course = [("Queued", "None"), ("Running", "None"), ("Completed", "Success")]
        self.messages: list[tuple[int, int, str]] = [(1, 7, "10 records were written")]
        self.outputs = [("661f0c1fc36eb1e35e600009", "result.csv", ["Raw", "Csv"])]
        self.jobs: dict[str, int] = {}
        self.keys: dict[str, str] = {}
        self.tokens: list[str] = []
        self.valid = 1
        self.created = time.time
        self.secret = SECRET

    def handle(self, request: Request) -> Response:
        path = re.sub("/{2,}", "/", request.path)
        if path.startswith("/webapi/") and self.age.oauth2:
            return self._webapi(request, path.removeprefix("/webapi").rstrip("/"))
        if path.startswith(self.age.prefix + "/") and self.age.oauth1:
            if not self._signed(request):
                return _four_keys(401, "Unauthorized", "The provided signature(oauth_signature) is invalid.")
            answer = self._v1(request, path.removeprefix(self.age.prefix).rstrip("/"), webapi=False)
            return answer or _four_keys(404, "NotFound", "not found")
        if path.startswith("/openyx/v1/") and self.age.own:
            return self._own(request, path)
        return page(404)

    def _headers(self) -> dict[str, str]:
        return {"OpenYX-Version": "0.1.0"} if self.age.own else {}

    def _webapi(self, request: Request, path: str) -> Response:
        if path == "/oauth2/token":
            return self._token(request)
        valid = self.tokens[-self.valid :] if self.valid else []
        if request.headers.get("authorization") not in [f"Bearer {token}" for token in valid]:
            return said({"message": "Authorization has been denied for this request."}, 401)
        return self._v1(request, path, webapi=True) or self._v3(request, path) or said(NO_ROUTE, 404)

    def _token(self, request: Request) -> Response:
        given = f"Basic {base64.b64encode(f'{KEY}:{self.secret}'.encode()).decode()}"
        if request.body != b"grant_type=client_credentials" or request.headers.get("authorization") != given:
            return said({"error": "invalid_client", "error_description": "unknown"}, 400)
        self.tokens.append(f"AQAAANCMnd8B{len(self.tokens)}")
        return said(
            {"access_token": self.tokens[-1], "token_type": "bearer", "expires_in": 3599}, headers=self._headers()
        )

    def _signed(self, request: Request) -> bool:
        """The signature by oauthlib's reckoning, from the query or the header."""
        host = request.headers["host"]
        header = {"Authorization": request.headers["authorization"]} if "authorization" in request.headers else {}
        query = urlsplit(request.target).query
        given = signature.collect_parameters(uri_query=query, headers=header, exclude_oauth_signature=False)
        told = dict(given)
        base = signature.signature_base_string(
            request.method,
            signature.base_string_uri(f"http://{host}{request.path}"),
            signature.normalize_parameters([each for each in given if each[0] != "oauth_signature"]),
        )
        good = signature.sign_hmac_sha1_with_client(base, _Client(self.secret))
        return told.get("oauth_consumer_key") == KEY and unquote(told.get("oauth_signature", "")) in (
            good,
            unquote(good),
        )

    def _v1(self, request: Request, path: str, *, webapi: bool) -> Response | None:
        match request.method, path.strip("/").split("/"):
            case "GET", ["v1", "workflows", "subscription"]:
                query = request.query
                found = [workflow_v1(*each, webapi=webapi) for each in self._named(query.get("search"))]
                offset, limit = int(query.get("offset", 0)), int(query.get("limit", 1 << 30))
                return said(found[offset : offset + limit], headers=self._headers())
            case "GET", ["v1", "workflows", _, "questions"]:
                return said([question_v1(each) for each in self.questions], headers=self._headers())
            case "POST", ["v1", "workflows", workflow, "jobs"]:
                return (
                    said(self._job_v1(self._start(request)), headers=self._headers())
                    if workflow in self.names
                    else None
                )
            case "GET", ["v1", "workflows", _, "jobs"]:
                return said([self._job_v1(each) for each in self.jobs])
            case "GET", ["v1", "jobs", job] if job in self.jobs:
                self._step(job)
                return said(self._job_v1(job), headers=self._headers())
            case "GET", ["v1", "jobs", job, "output", _] if job in self.jobs:
                return Response(200, FILE, {"Content-Type": "application/octet-stream"})
            case ("GET", ["v1", "workflows", _, "package"]) if webapi:
                return Response(200, b"PK-webapi", {"Content-Disposition": 'attachment; filename="x.yxzp"'})
            case ("GET", ["v1", _, "package"]) if not webapi:
                return Response(200, b"PK-gallery")
            case _:
                return None

    def _v3(self, request: Request, path: str) -> Response | None:
        parts = path.strip("/").split("/")
        match request.method, parts:
            case "GET", ["v3", "workflows"]:
                return said(
                    [reduced(*each) for each in self._named(request.query.get("name"))], headers=self._headers()
                )
            case "POST", ["v3", "workflows"]:
                self.names["662d5586c36eb1e35e600001"] = "Published"
                return said("662d5586c36eb1e35e600001")
            case "POST", ["v3", "workflows", workflow, "versions"]:
                return said(workflow_v3(workflow, self.names[workflow]))
            case "GET", ["v3", "workflows", workflow] if workflow in self.names:
                return said(workflow_v3(workflow, self.names[workflow]), headers=self._headers())
            case "GET", ["v3", "workflows", _, "questions"]:
                return said([question_v3(each) for each in self.questions], headers=self._headers())
            case "GET", ["v3", "workflows", _, "package"]:
                return Response(200, b"PK-v3", {"Content-Disposition": "attachment; filename=x.yxzp"})
            case "GET", ["v3", "workflows", _, "jobs"]:
                return said(
                    [{"id": each, "createDate": self._at(), "status": self._told(each)[0]} for each in self.jobs]
                )
            case _:
                return self._v3_jobs(request, parts) if self.age.v3_jobs else None

    def _v3_jobs(self, request: Request, parts: list[str]) -> Response | None:
        match request.method, parts:
            case "POST", ["v3", "workflows", workflow, "jobs"] if workflow in self.names:
                return said(self._job_v3(self._start(request)), headers=self._headers())
            case "GET", ["v3", "jobs"] if self.age.queue:
                return said({"data": [self._summary(each) for each in self.jobs], "pagination": {"currentPage": 1}})
            case "GET", ["v3", "jobs", job] if job in self.jobs:
                self._step(job)
                return said(self._job_v3(job), headers=self._headers())
            case "DELETE", ["v3", "jobs", job] if job in self.jobs and self.age.queue:
                self.course = [("Cancelled", "Error")]
                return Response(200)
            case _:
                return None

    def _own(self, request: Request, path: str) -> Response:
        if request.method == "DELETE":
            self.course = [("Completed", "Error")]
            return Response(200, headers=self._headers())
        return said([self._summary(each) | {"disposition": "Success"} for each in self.jobs], headers=self._headers())

    def _named(self, search: str | None) -> list[tuple[str, str]]:
        return [each for each in self.names.items() if (search or "").lower() in each[1].lower() or search == each[0]]

    def _start(self, request: Request) -> str:
        key = request.headers.get("idempotency-key", "") if self.age.own else ""
        job = self.keys.get(key) or f"61031c712c4200001d{len(self.jobs) + 1:06}"
        if key:
            self.keys[key] = job
        self.jobs.setdefault(job, 0)
        return job

    def _step(self, job: str) -> None:
        self.jobs[job] += 1

    def _told(self, job: str) -> tuple[str, str]:
        return self.course[min(self.jobs[job], len(self.course) - 1)]

    def _at(self) -> str:
        return time.strftime("%Y-%m-%dT%H:%M:%S.101Z", time.gmtime(self.created()))

    def _job_v1(self, job: str) -> dict[str, Any]:
        status, disposition = self._told(job)
        over = status == "Completed"
        return {
            "id": job, "appId": WORKFLOW, "createDate": self._at(), "status": status, "disposition": disposition,
            "outputs": [{"id": i, "formats": f, "name": n} for i, n, f in self.outputs] if over else [],
            "messages": [{"status": s, "text": t, "toolId": i} for s, i, t in self.messages] if over else [],
            "priority": "Low", "workerTag": "",
        }  # fmt: skip

    def _job_v3(self, job: str) -> dict[str, Any]:
        v1 = self._job_v1(job)
        outputs = [{"id": e["id"], "availableFormats": e["formats"], "fileName": e["name"]} for e in v1["outputs"]]
        del v1["createDate"]
        return v1 | {"createDateTime": self._at(), "outputs": outputs, "runWithE2": False}

    def _summary(self, job: str) -> dict[str, Any]:
        return {"jobId": job, "status": self._told(job)[0], "workflowName": "Monthly Load", "workflowId": WORKFLOW}


@dataclass
class _Client:
    """What oauthlib's signing wants to see."""

    client_secret: str
    resource_owner_secret: str = ""


def _four_keys(status: int, kind: str, text: str) -> Response:
    body = {"data": None, "exceptionName": f"{kind}Exception", "innerExceptionMessage": "", "message": text}
    return said(body, status)
