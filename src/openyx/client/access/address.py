"""An address as people paste it, read for what it means."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, replace
from urllib.parse import unquote, urlsplit

from openyx.errors import AskedWrongly

_ENDS = re.compile(r"/(gallery|webapi|designer|api|api-docs)(/|$)", re.IGNORECASE)
_HOST = re.compile(r"[^\s\x00-\x1f\x7f/?#@\[\]\\<>\"'`{}|^%,;]+")
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a gallery is: scheme, host, port and the path that stands before ``/gallery`` or ``/webapi``.

    ``bare_api`` says that what was pasted had ``/api`` without ``/gallery``; ``guessed`` that it had no scheme.
    """

    scheme: str
    host: str
    port: int | None = None
    path: str = ""
    bare_api: bool = False
    guessed: bool = False

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return f"{self.scheme}://{self.netloc}"

    @property
    def netloc(self) -> str:
        """Host, and port where it is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port in (None, _PORTS[self.scheme]) else f"{host}:{self.port}"

    @property
    def root(self) -> str:
        """What the families' paths are put behind."""
        return self.origin + self.path

    @property
    def loopback(self) -> bool:
        """This machine itself."""
        return loopback(self.host)

    @property
    def safe(self) -> bool:
        """A secret may be sent there: over TLS, or to this machine."""
        return self.scheme == "https" or self.loopback

    def moved(self, url: str) -> Address:
        """The address that a redirect to *url* tells: its scheme, host and port, and the path before the family's."""
        there = parse(url)
        return replace(there, bare_api=self.bare_api, guessed=False)

    def __str__(self) -> str:
        return self.root


def parse(text: str) -> Address:
    """What was pasted, understood.

    Raises ``AskedWrongly`` for what is no address, with the reason.

    >>> str(parse("https://ayx.example.com/gallery/#!app/Monthly/57ac"))
    'https://ayx.example.com'
    >>> str(parse("localhost:8080/gallery/api/v1"))
    'http://localhost:8080'
    >>> str(parse("http://https://dev.example.com/"))
    'https://dev.example.com'
    """
    pasted = text.strip().strip("<>\"'“”‘’`").strip().rstrip(".,;")
    if not pasted:
        raise _wrong(text, "it is empty")
    if not pasted.isprintable():
        raise _wrong(text, "there is a line break or another control character in it")
    scheme, rest = _scheme(text, pasted)
    host, port, path = _place(text, rest)
    guessed = not scheme
    if guessed:
        scheme = "http" if loopback(host) else "https"
    end = _ENDS.search(path)
    kept = path[: end.start()] if end else path
    return Address(
        scheme=scheme,
        host=host,
        port=None if port == _PORTS[scheme] else port,
        path=re.sub("/{2,}", "/", kept).rstrip("/"),
        bare_api=bool(end and end[1].lower().startswith("api")),
        guessed=guessed,
    )


def loopback(host: str) -> bool:
    """A name or number of this machine itself.

    >>> [loopback(host) for host in ("localhost", "127.8.0.1", "::1", "example.com")]
    [True, True, True, False]
    """
    if host in ("localhost", "ip6-localhost") or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _scheme(text: str, pasted: str) -> tuple[str, str]:
    """The scheme that counts, which is the last of several, and what follows it."""
    scheme, rest = "", pasted.replace("\\", "/")
    while found := re.match(r"([a-z][a-z0-9+.-]*):/+", rest, re.IGNORECASE):
        scheme, rest = found[1].lower(), rest[found.end() :]
        if scheme not in _PORTS:
            raise _wrong(text, f"{scheme}:// is not spoken here; http:// or https:// is")
    return scheme, rest.removeprefix("//")


def _place(text: str, rest: str) -> tuple[str, int | None, str]:
    try:
        parts = urlsplit(f"//{rest}")
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise _wrong(text, _port_trouble(rest) or str(error)) from error
    if "@" in parts.netloc:
        raise _wrong("…", "it holds a user name or password", hint="give key and secret as such")
    if port == 0:
        raise _wrong(text, "0 is no port")
    host = unquote(host).rstrip(".")
    if ":" not in host:
        if not _HOST.fullmatch(host) or not all(0 < len(label) < 64 for label in host.split(".")):
            raise _wrong(text, "there is no host in it" if not host else f"{host!r} is no host name")
        host = _ascii(text, host)
    return host.lower(), port, parts.path


def _port_trouble(rest: str) -> str:
    found = re.match(r"(?:\[[^\]]*\]|[^/?#:]*):([^/?#]*)", rest)
    return f"{found[1]!r} is no port (1 to 65535)" if found else ""


def _ascii(text: str, host: str) -> str:
    try:
        return host.encode("idna").decode() if not host.isascii() else host
    except UnicodeError as error:
        raise _wrong(text, f"{host!r} is no host name") from error


def _wrong(
    text: str, why: str, *, hint: str = "an address looks like https://alteryx.example.com/gallery/"
) -> AskedWrongly:
    return AskedWrongly(f"{text.strip()[:200]!r} is no address: {why}", hint=hint)
