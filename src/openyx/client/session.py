"""What the calls of one gallery share: where it is, who asks, what was learned, and how an exchange goes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode

from openyx.api import wire
from openyx.api.calls import Call, Flow, Sleep
from openyx.client.access.address import Address
from openyx.client.access.given import Access, access
from openyx.client.access.known import Family, Server
from openyx.client.access.secret import Secret
from openyx.client.auth.base import Auth, Signed
from openyx.client.auth.oauth1 import OAuth1
from openyx.client.auth.oauth2 import OAuth2
from openyx.client.http import problems, reading, retry
from openyx.client.http.exchange import Exclusively, Reply, Transmit
from openyx.client.http.problems import Circumstances
from openyx.client.http.uploading import Upload
from openyx.client.options import Options, Timeouts
from openyx.errors import NotFound, NotLetIn, OpenYXError, Unreachable

T = TypeVar("T")

_JSON = ("Content-Type", "application/json")
_FORM = ("Content-Type", "application/x-www-form-urlencoded")


class Session:
    """One gallery as one client knows it."""

    def __init__(self, given: Access, options: Options) -> None:
        self.access = given
        self.options = options
        self.server: Server | None = None
        self.ours = ""
        self.date = ("", 0.0)
        self._auth: Auth | None = None
        self._settled_by_probe = False
        self.old: set[str] = set()
        if given.server:
            self._settle(given.server)

    @classmethod
    def open(
        cls,
        url: str | None = None,
        key: str | None = None,
        secret: str | Secret | None = None,
        *,
        auth: str | None = None,
        profile: str | None = None,
        ca: str | Path | None = None,
        proxy: str | None = None,
        timeout: float | Timeouts | None = None,
        allow_http: bool | None = None,
        options: Options | None = None,
    ) -> Session:
        """A session for what was given, with the environment and the profiles for what was not."""
        options = options or Options()
        given = access(
            url, key, secret, auth=auth, profile=profile, ca=ca, proxy=proxy, timeout=timeout, allow_http=allow_http,
            environ=options.environ,
        )  # fmt: skip
        return cls(given, options)

    @property
    def address(self) -> Address:
        """Where the gallery is, as far as it is known."""
        return self.server.address if self.server else self.access.address

    def ready(self) -> Flow[Server]:
        """The server, asked what it speaks if need be."""
        return self.server or (yield from self._settled())[1]

    def _settled(self) -> Flow[tuple[Auth, Server]]:
        if self.server is None:
            yield Exclusively(self._find_out)
        assert self._auth is not None
        assert self.server is not None
        return self._auth, self.server

    def either(self, wish: str, new: Callable[[], Flow[T]], old: Callable[[], Flow[T]]) -> Flow[T]:
        """What V3 tells, or V1 where V3 has no such route or does not let this key in; what helped is remembered."""
        server = yield from self.ready()
        if not server.has_v3:
            return (yield from old())
        first, second = (old, new) if wish in self.old else (new, old)
        try:
            return (yield from first())
        except (NotFound, NotLetIn) as refused:
            try:
                answer = yield from second()
            except (NotFound, NotLetIn):
                raise refused from None
        self.old ^= {wish}
        return answer

    def exchange(self, call: Call[T]) -> Flow[T]:
        """Perform one call: signed, repeated where that does no harm, its answer read."""
        clock, patience = self.options.clock, self.options.patience
        whole = self.access.timeouts.whole if call.timeout is None else call.timeout
        begun = clock()
        attempt = 0
        while True:
            ready = False
            try:
                auth, server = self._auth, self.server
                if auth is None or server is None or auth.stale:
                    auth, server = yield from self._prepared()
                ready = True
                return (yield from self._once(call, auth, server, max(0.001, whole - (clock() - begun))))
            except OpenYXError as problem:
                attempt += 1
                pause = patience.pause(attempt, self.options.chance(), asked=retry.asked(problem))
                late = clock() - begun + pause >= min(patience.total, whole)
                if late or not retry.again(problem, attempt, harmless=call.repeatable or not ready):
                    raise
            yield Sleep(pause)

    def _once(self, call: Call[T], auth: Auth, server: Server, seconds: float) -> Flow[T]:
        """Send a call; once more when the server does not know us and there is something new to say."""
        signed = self._signed(call, auth, server)
        reply: Reply = yield self._request(call, signed, seconds)
        self._learn(reply)
        if reply.status == 401 and self._again_after_401(call, auth, signed):
            signed = self._signed(call, *(yield from self._prepared()))
            reply = yield self._request(call, signed, seconds)
            self._learn(reply)
        if reply.status < 300:
            return reading.read(call, reply)
        raise problems.refusal(reply, reading.wish(call), self.circumstances())

    def _prepared(self) -> Flow[tuple[Auth, Server]]:
        """What the next request is signed with, fetched if need be."""
        try:
            auth, server = yield from self._settled()
            if auth.stale:
                yield Exclusively(auth.renew)
        except Unreachable as problem:
            problem.sent = False
            raise
        return auth, server

    def _signed(self, call: Call[Any], auth: Auth, server: Server) -> Signed:
        url = server.url(call)
        return Signed(url, call.authorization) if call.authorization else auth.sign(call.method, url)

    def _request(self, call: Call[Any], signed: Signed, seconds: float) -> Transmit:
        headers = [("User-Agent", self.options.agent), ("Accept", "*/*" if call.sink else "application/json")]
        headers.append(("Accept-Encoding", "identity" if call.sink else "gzip, deflate"))
        if signed.authorization:
            headers.append(("Authorization", signed.authorization))
        if call.key:
            headers.append(("Idempotency-Key", call.key))
        body: bytes | Upload = b""
        if call.parts:
            body = Upload(call.parts)
            headers.append(("Content-Type", body.content_type))
        elif call.form is not None:
            body = urlencode(call.form).encode()
            headers.append(_FORM)
        elif call.body is not None:
            body = wire.encode(call.body)
            headers.append(_JSON)
        return Transmit(
            method=call.method, url=signed.url, headers=tuple(headers), body=body, sink=call.sink, seconds=seconds
        )

    def _learn(self, reply: Reply) -> None:
        self.ours = reply.headers.get("openyx-version", self.ours)
        if date := reply.headers.get("date"):
            self.date = date, self.options.now()

    def circumstances(self) -> Circumstances:
        """What the errors of this session speak of."""
        family = self.server.family if self.server else None
        return Circumstances(address=self.address, family=family, now=self.options.now(), odd=self.access.odd)

    def _again_after_401(self, call: Call[Any], auth: Auth, signed: Signed) -> bool:
        """Whether another try can help: with a new token, or with what a second look at a remembered server finds."""
        if call.authorization:
            return False
        if self._auth is not auth or auth.refused(signed):
            return True
        if self.access.server and not self._settled_by_probe and self.access.auth == "auto":
            self.server = None
            self._auth = None
            return True
        return False

    def _find_out(self) -> Flow[None]:
        if self.server is not None:
            return
        given = self.access
        if given.auth != "auto":
            server = Server.assumed(given.address, Family(given.auth))
            self._settle(server)
            return
        from openyx.client.access.probe import probe

        self._settled_by_probe = True
        found = yield from probe(
            given.address, given.key, given.secret, allow_http=given.allow_http, now=self.options.now(), odd=given.odd
        )
        self._settle(found.server)
        if found.token and isinstance(self._auth, OAuth2):
            self._auth.take(found.token)

    def _settle(self, server: Server) -> None:
        given, options = self.access, self.options
        if server.family is Family.OAUTH1:
            self._auth = OAuth1(
                given.key, given.secret, now=options.now, nonce=options.nonce, header=options.oauth_header
            )
        elif given.allow_http or server.address.safe:
            self._auth = OAuth2(lambda: self._token(server), clock=options.clock)
        else:
            from openyx.client.access.probe import in_the_clear

            raise in_the_clear(server.address)
        self.server = server

    def _token(self, server: Server) -> Flow[Any]:
        from openyx.client.access.probe import fetch_token

        given = self.access
        return (yield from fetch_token(server, given.key, given.secret, now=self.options.now(), odd=given.odd))
