"""Clients that start, repeat, cancel and look at jobs while all around them dies, and a journal of what they hear."""

from __future__ import annotations

import secrets
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from types import TracebackType
from typing import Any, Self

import httpx2

from openyx.store import utc_now
from tests.soak.place import PATIENCE, Place

OVER = ("Completed", "Cancelled")
_OPEN = 6
_PAUSE = 0.05


@dataclass(slots=True)
class Journal:
    """What clients have heard; ``outcomes`` is how a job had ended when somebody first saw that it had.

    ``busy`` are the statuses by which a server may say that something is out of order for now.
    """

    busy: tuple[int, ...] = ()

    answered: set[str] = field(default_factory=set[str])
    keys: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    cancelled: dict[str, datetime] = field(default_factory=dict[str, datetime])
    outcomes: dict[str, object] = field(default_factory=dict[str, object])
    unanswered: int = 0
    wrong: list[str] = field(default_factory=list[str])
    statuses: Counter[int] = field(default_factory=Counter[int])
    lock: threading.Lock = field(default_factory=threading.Lock)


class Clients:
    """Threads that speak HTTP to wherever the server listens just now, until the block ends."""

    def __init__(
        self,
        place: Place,
        url: Callable[[], str],
        *,
        seed: int,
        count: int = 3,
        busy: tuple[int, ...] = (),
    ) -> None:
        self.journal = Journal(busy=busy)
        self.stop = threading.Event()
        self._threads = [
            threading.Thread(target=Client(place, url, self.journal, self.stop, Random(f"{seed} client {n}")).run)
            for n in range(count)
        ]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop.set()
        for thread in self._threads:
            thread.join()


class Client:
    """One of them."""

    def __init__(
        self, place: Place, url: Callable[[], str], journal: Journal, stop: threading.Event, random: Random
    ) -> None:
        self._place = place
        self._url = url
        self._journal = journal
        self._stop = stop
        self._random = random
        self._token = ""
        self._mine: list[str] = []
        self._open: list[str] = []
        self._http = httpx2.Client(timeout=PATIENCE)

    def close(self) -> None:
        """Let go of the connection."""
        self._http.close()

    def run(self) -> None:
        """Act until it is time to stop."""
        with self._http:
            while not self._stop.is_set():
                try:
                    self._act()
                except httpx2.TransportError:  # nobody listens, or who did is dead
                    self._stop.wait(_PAUSE)

    def _act(self) -> None:
        if len(self._open) >= _OPEN:
            self._look(self._open.pop(0))
            self._stop.wait(_PAUSE)
            return
        match self._random.choices(("keyed", "plain", "repeat", "cancel", "look"), (40, 20, 10, 10, 20))[0]:
            case "keyed":
                self.keyed(secrets.token_hex(8))
            case "plain":
                self._plain()
            case "repeat" if self._mine:
                self.keyed(self._random.choice(self._mine))
            case "cancel" if self._open:
                self._cancel(self._random.choice(self._open))
            case "look" if self._open:
                self._look(self._open.pop(0))
            case _:
                pass

    def keyed(self, key: str) -> None:
        """Start a job, and ask again by the same key until there is an answer."""
        order = self._order(Random(key))
        while True:
            try:
                answer = self._start(*order, key=key)
                break
            except httpx2.TransportError:
                if self._stop.wait(_PAUSE):
                    return
        if job := self._heard(answer):
            with self._journal.lock:
                self._journal.keys.setdefault(key, set()).add(job)
            self._mine.append(key)

    def _plain(self) -> None:
        try:
            self._heard(self._start(*self._order(self._random)))
        except httpx2.TransportError:
            self._journal.unanswered += 1
            raise

    def _order(self, random: Random) -> tuple[str, str]:
        """Which workflow is to do what."""
        workflow = self._place.once if random.random() < 0.25 else self._place.again
        what = random.choices(("quick", f"slow {random.uniform(0, 0.6):.2f}", "fail", "fork"), (30, 50, 10, 10))[0]
        return workflow, what

    def _start(self, workflow: str, do: str, *, key: str = "") -> httpx2.Response:
        asked = {"questions": [{"name": "do", "value": do}], "priority": "Default"}
        headers = {"Idempotency-Key": key} if key else {}
        return self.ask("POST", f"/webapi/v3/workflows/{workflow}/jobs", json=asked, headers=headers)

    def _heard(self, answer: httpx2.Response) -> str:
        if answer.status_code != 200:
            return ""
        job = str(answer.json()["id"])
        with self._journal.lock:
            new = job not in self._journal.answered
            self._journal.answered.add(job)
        if new:
            self._open.append(job)
        return job

    def _cancel(self, job: str) -> None:
        if self.ask("DELETE", f"/webapi/v3/jobs/{job}").status_code == 200:
            with self._journal.lock:
                self._journal.cancelled.setdefault(job, utc_now())

    def _look(self, job: str) -> None:
        answer = self.ask("GET", f"/webapi/v3/jobs/{job}")
        if answer.status_code != 200:
            return
        seen = answer.json()
        if seen["status"] not in OVER:
            self._open.append(job)
            return
        outcome = self.outcome(seen)
        with self._journal.lock:
            if self._journal.outcomes.setdefault(job, outcome) != outcome:
                self._journal.wrong.append(f"job {job} ended as {self._journal.outcomes[job]}, later as {outcome}")

    @staticmethod
    def outcome(seen: dict[str, Any]) -> object:
        """How a job has ended, as it is told."""
        return seen["status"], seen["disposition"], [output["id"] for output in seen["outputs"]]

    def ask(self, method: str, path: str, **more: Any) -> httpx2.Response:
        """An exchange with a token; what no server should answer goes into the journal."""
        url = self._url()
        if not url:
            raise httpx2.ConnectError("the server starts")
        if not self._token:
            self._token = self._let_in(url)
        headers = {**more.pop("headers", {}), "Authorization": f"Bearer {self._token}"}
        answer = self._http.request(method, url + path, headers=headers, **more)
        if answer.status_code == 401:
            self._token = ""
        with self._journal.lock:
            self._journal.statuses[answer.status_code] += 1
            if answer.status_code not in (200, 401, *self._journal.busy):
                self._journal.wrong.append(f"{method} {path}: {answer.status_code} {answer.text[:300]}")
        return answer

    def _let_in(self, url: str) -> str:
        asked = {"grant_type": "client_credentials", "client_id": self._place.key, "client_secret": self._place.secret}
        answer = self._http.post(f"{url}/webapi/oauth2/token", data=asked)
        if answer.status_code in self._journal.busy:
            raise httpx2.ConnectError("out of order")
        if answer.status_code != 200:
            self._journal.wrong.append(f"token: {answer.status_code} {answer.text[:300]}")
            raise httpx2.ConnectError("no token")
        return str(answer.json()["access_token"])
