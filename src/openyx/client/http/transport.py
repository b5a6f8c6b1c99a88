"""The HTTP library's side of an exchange: requests, transports, and bodies as they come."""

from __future__ import annotations

import functools
import ssl
from collections.abc import AsyncIterable, Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar
from urllib.request import getproxies, proxy_bypass

import httpx2

from openyx.client.access.given import Access
from openyx.client.http.exchange import Headers, Reply, Transmit
from openyx.client.http.uploading import Upload
from openyx.client.options import Options, Timeouts
from openyx.errors import AskedWrongly, BadAnswer, Unreachable

MOST = 512 * 1024 * 1024
"""Bytes of an answer that is kept in memory; a longer one is no answer."""


W = TypeVar("W", httpx2.BaseTransport, httpx2.AsyncBaseTransport)


@dataclass(frozen=True, slots=True)
class Way(Generic[W]):
    """A transport to one scheme and host; ``direct`` says that it takes path and query beside the address."""

    transport: W
    direct: bool


def request(wanted: Transmit, timeouts: Timeouts, *, direct: bool = False) -> httpx2.Request:
    """What the HTTP library sends; the address goes as it is.

    *direct* spares the library the reading of the address, which takes a seventh of a small call.
    """
    left = wanted.seconds
    extensions: dict[str, Any] = {
        "timeout": {
            "connect": min(timeouts.connect, left),
            "read": min(timeouts.read, left),
            "write": min(timeouts.write, left),
            "pool": min(timeouts.pool, left),
        }
    }
    url: str | httpx2.URL = wanted.url
    if direct:
        origin = place(wanted.url)
        url = _origin(origin)
        extensions["target"] = wanted.url[len(origin) :].encode("ascii")
    if isinstance(wanted.body, Upload):
        # Beside a stream the library adds no headers of its own.
        host = wanted.url.split("/", 3)[2]
        headers = [("Host", host), *wanted.headers, ("Content-Length", str(wanted.body.length))]
        return httpx2.Request(wanted.method, url, headers=headers, stream=wanted.body, extensions=extensions)
    return httpx2.Request(
        wanted.method, url, headers=list(wanted.headers), content=wanted.body or None, extensions=extensions
    )


@functools.lru_cache(maxsize=64)
def _origin(origin: str) -> httpx2.URL:
    return httpx2.URL(f"{origin}/")


def body(response: httpx2.Response) -> Iterable[bytes]:
    """The chunks of an answer; they are decoded only where that is needed, which takes a tenth of a small call."""
    stream = response.stream
    if "content-encoding" in response.headers or not isinstance(stream, httpx2.SyncByteStream):
        return response.iter_bytes()
    return stream


def async_body(response: httpx2.Response) -> AsyncIterable[bytes]:
    """The same in the other world."""
    stream = response.stream
    if "content-encoding" in response.headers or not isinstance(stream, httpx2.AsyncByteStream):
        return response.aiter_bytes()
    return stream


class Reading:
    """Takes a body chunk by chunk: into the sink when it is what was asked for, into memory else."""

    def __init__(self, wanted: Transmit, response: httpx2.Response, clock: Callable[[], float]) -> None:
        self._headers = Headers.of(response.headers.raw)
        self._status = response.status_code
        self._sink = wanted.sink if response.status_code < 300 else None
        self._place = wanted.place if wanted.sink else wanted.url.partition("?")[0]
        self._chunks: list[bytes] = []
        self._size = 0
        self._clock = clock
        self._until = clock() + wanted.seconds
        if self._sink:
            length = self._headers.first("content-length")
            self._sink.begin(int(length) if length.isdigit() else None)

    def take(self, chunk: bytes) -> None:
        """The next bytes."""
        self._size += len(chunk)
        if self._sink:
            self._sink.write(chunk)
            return
        self._chunks.append(chunk)
        if self._size > MOST:
            raise BadAnswer(f"{self._place}: an answer of more than {MOST} bytes", status=self._status)
        if self._clock() > self._until:
            raise Unreachable(f"{self._place} did not finish its answer in time", sent=True)

    def reply(self) -> Reply:
        """The whole answer."""
        return Reply(
            status=self._status,
            headers=self._headers,
            content=b"".join(self._chunks),
            size=self._size if self._sink else None,
        )


def place(url: str) -> str:
    """Scheme and host of an address: what one transport serves."""
    return url[: url.find("/", url.find("//") + 2)]


def blocking(given: Access, options: Options, url: str) -> Way[httpx2.BaseTransport]:
    """The way to the scheme and host of *url*."""
    if options.transport:
        return Way(options.transport, direct=False)
    proxy = _proxy(given, url)
    made = httpx2.HTTPTransport(verify=_trust(given.ca, url), proxy=proxy, limits=_limits(options), trust_env=False)
    return Way(made, direct=proxy is None)


def asynchronous(given: Access, options: Options, url: str) -> Way[httpx2.AsyncBaseTransport]:
    """The way to the scheme and host of *url*, in the other world."""
    if options.async_transport:
        return Way(options.async_transport, direct=False)
    proxy = _proxy(given, url)
    made = httpx2.AsyncHTTPTransport(
        verify=_trust(given.ca, url), proxy=proxy, limits=_limits(options), trust_env=False
    )
    return Way(made, direct=proxy is None)


def _limits(options: Options) -> httpx2.Limits:
    return httpx2.Limits(
        max_connections=options.connections,
        max_keepalive_connections=options.connections,
        keepalive_expiry=options.keep_alive,
    )


def _trust(ca: Path | None, url: str) -> ssl.SSLContext:
    """The system's trust store, and the certificates of *ca* beside it; nothing is loaded for plain HTTP."""
    if not url.startswith("https:"):
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context = httpx2.create_ssl_context()
    if ca is None:
        return context
    try:
        context.load_verify_locations(cafile=str(ca) if ca.is_file() else None, capath=str(ca) if ca.is_dir() else None)
    except (OSError, TypeError, ssl.SSLError) as error:
        raise AskedWrongly(
            f"{ca} holds no certificates that can be read: {error}", hint="ca= takes a PEM file"
        ) from error
    return context


def _proxy(given: Access, url: str) -> httpx2.Proxy | None:
    """The proxy that was given, else that of the environment or the system, unless the host is excepted."""
    chosen = given.proxy
    if not chosen:
        proxies = getproxies()
        host = httpx2.URL(url).host
        chosen = "" if proxy_bypass(host) else proxies.get(url.partition(":")[0]) or proxies.get("all") or ""
    if not chosen:
        return None
    try:
        return httpx2.Proxy(chosen if "://" in chosen else f"http://{chosen}")
    except (ValueError, httpx2.InvalidURL) as error:
        raise AskedWrongly(
            "the proxy's address cannot be used", hint="it looks like http://proxy.example.com:8080"
        ) from error
