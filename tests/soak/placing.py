"""One client that is not disturbed: it starts a job and asks how it is."""

from __future__ import annotations

import threading
from collections.abc import Callable
from random import Random
from types import TracebackType
from typing import Any, Self

import httpx2

from tests.soak.cast import until
from tests.soak.clients import OVER, Client, Journal
from tests.soak.place import Place


class Asker:
    """Asks until there is an answer; a context manager."""

    def __init__(self, place: Place, url: Callable[[], str], *, busy: tuple[int, ...] = ()) -> None:
        self.journal = Journal(busy=busy)
        self._client = Client(place, url, self.journal, threading.Event(), Random(0))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._client.close()

    def ask(self, method: str, path: str, **more: Any) -> httpx2.Response:
        """An exchange; again where nobody listens yet."""
        answers: list[httpx2.Response] = []

        def answered() -> bool:
            try:
                answers.append(self._client.ask(method, path, **more))
            except httpx2.TransportError:
                return False
            return answers[-1].status_code != 401

        until(answered, f"{method} {path} is answered")
        return answers[-1]

    def start(self, workflow: str, do: str, *, key: str = "") -> str:
        """The id of a new job."""
        asked = {"questions": [{"name": "do", "value": do}]}
        headers = {"Idempotency-Key": key} if key else {}
        answer = self.ask("POST", f"/webapi/v3/workflows/{workflow}/jobs", json=asked, headers=headers)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["id"])

    def seen(self, job: str) -> dict[str, Any]:
        """A job as it is told."""
        answer = self.ask("GET", f"/webapi/v3/jobs/{job}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def over(self, job: str) -> bool:
        """Whether it is over."""
        return self.seen(job)["status"] in OVER
