"""Guessing keys: a few mistakes are forgiven, many are not heard, and nobody pays for those of others."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace

import httpx2
import pytest

from openyx.errors import NotLetIn, TooMany
from openyx.server.exchange import Incoming
from openyx.server.failed_attempts import REMEMBERED, FailedAttempts, address_of
from openyx.store import NewKey, Secret
from tests.server.conftest import Serve
from tests.server.support import Address

LIST = "/gallery/api/v1/workflows/subscription/"


class Stopwatch:
    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def watch() -> Stopwatch:
    return Stopwatch()


@pytest.fixture
def attempts(watch: Stopwatch) -> FailedAttempts:
    return FailedAttempts(20, clock=watch)


def show(*, good: bool) -> None:
    if not good:
        raise NotLetIn("wrong")


def outcome(attempts: FailedAttempts, address: str, key: str, *, good: bool = False) -> str:
    """How one attempt ends."""
    try:
        with attempts.watched(address, key):
            show(good=good)
    except TooMany as error:
        return "too many" if 1 <= (error.retry_after or 0) <= 60 else "for how long"
    except NotLetIn:
        return "wrong"
    return "in"


def test_twenty_mistakes_are_heard_and_then_none(attempts: FailedAttempts) -> None:
    assert [outcome(attempts, "192.0.2.1", "k") for _ in range(25)] == ["wrong"] * 20 + ["too many"] * 5
    # Not even the right secret is heard, or guessing would go on.
    assert outcome(attempts, "192.0.2.1", "k", good=True) == "too many"


def test_the_wait_that_is_told_is_long_enough(attempts: FailedAttempts, watch: Stopwatch) -> None:
    for _ in range(20):
        outcome(attempts, "192.0.2.1", "k")
    with pytest.raises(TooMany) as told, attempts.watched("192.0.2.1", "k"):
        pass
    watch.seconds += told.value.retry_after or 0
    assert outcome(attempts, "192.0.2.1", "k", good=True) == "in"


def test_a_good_key_at_the_address_of_a_guesser_is_let_in(attempts: FailedAttempts) -> None:
    for number in range(100):
        outcome(attempts, "192.0.2.1", f"guess {number}")
    assert outcome(attempts, "192.0.2.1", "another guess") == "too many"
    assert outcome(attempts, "192.0.2.1", "good", good=True) == "in"


def test_a_key_that_is_guessed_elsewhere_is_let_in(attempts: FailedAttempts) -> None:
    for number in range(200):
        outcome(attempts, f"192.0.2.{number}", "k")
    assert outcome(attempts, "198.51.100.1", "k", good=True) == "in"
    # Who has been wrong with it once is not heard again while everybody guesses.
    assert outcome(attempts, "192.0.2.199", "k", good=True) == "too many"


def test_a_success_forgives_the_mistakes_before(attempts: FailedAttempts) -> None:
    for _ in range(10):
        assert [outcome(attempts, "192.0.2.1", "k") for _ in range(1)] == ["wrong"]
        assert outcome(attempts, "192.0.2.1", "k", good=True) == "in"


def test_a_minute_later_all_is_forgotten(attempts: FailedAttempts, watch: Stopwatch) -> None:
    for _ in range(1000):
        outcome(attempts, "192.0.2.1", "k")
    watch.seconds += 61
    assert [outcome(attempts, "192.0.2.1", "k") for _ in range(21)] == ["wrong"] * 20 + ["too many"]


def test_the_account_is_bounded(attempts: FailedAttempts) -> None:
    for number in range(REMEMBERED):
        outcome(attempts, f"192.0.2.{number % 250}", f"k{number}" * 100)
    assert len(attempts) == REMEMBERED


@pytest.mark.parametrize(
    ("peer", "forwarded", "trusted", "counted"),
    [
        ("192.0.2.1", "", False, "192.0.2.1"),
        ("192.0.2.1", "198.51.100.7", False, "192.0.2.1"),
        ("192.0.2.1", "198.51.100.7", True, "198.51.100.7"),
        # The last one is what the trusted proxy saw; those before it are what the client says.
        ("192.0.2.1", "203.0.113.9, 198.51.100.7", True, "198.51.100.7"),
        ("192.0.2.1", "203.0.113.9, 198.51.100.7:5123", True, "198.51.100.7"),
        ("192.0.2.1", "203.0.113.9, [2001:db8:0:5::9]:443", True, "2001:db8:0:5::/64"),
        ("192.0.2.1", "nonsense", True, "192.0.2.1"),
        ("2001:db8:0:5:1:2:3:4", "", False, "2001:db8:0:5::/64"),
        ("2001:db8:0:5:ffff::1", "", False, "2001:db8:0:5::/64"),
        ("2001:db8:0:6::1", "", False, "2001:db8:0:6::/64"),
        ("::ffff:192.0.2.1", "", False, "192.0.2.1"),
    ],
)
def test_what_is_counted_as_one_address(peer: str, forwarded: str, trusted: bool, counted: str) -> None:
    fields = (("x-forwarded-for", forwarded),) if forwarded else ()
    incoming = Incoming(method="GET", path="/", peer=peer, fields=fields)
    assert address_of(incoming, trust_forwarded=trusted) == counted


def wrong(key: NewKey) -> NewKey:
    return replace(key, secret=Secret("0" * 64))


def token(gallery: Address, key: NewKey, **headers: str) -> httpx2.Response:
    text = base64.b64encode(f"{key.key.key}:{key.secret.reveal()}".encode()).decode()
    return gallery.http.post(
        f"{gallery.url}/webapi/oauth2/token",
        data={"grant_type": "client_credentials"},
        headers={"Authorization": f"Basic {text}", **headers},
    )


def told(ask: Callable[[], httpx2.Response]) -> tuple[httpx2.Response, list[int]]:
    """The last of the answers until one says 429, and the statuses before it."""
    statuses: list[int] = []
    for _ in range(100):
        answer = ask()
        if answer.status_code == 429:
            return answer, statuses
        statuses.append(answer.status_code)
    raise AssertionError(statuses)


def test_wrong_signatures_are_answered_with_429_in_the_form_of_the_family(gallery: Address) -> None:
    answer, before = told(lambda: gallery.signed("GET", LIST, key=wrong(gallery.studio)))
    # More than twenty on a machine that needs a minute for them.
    assert len(before) >= 20
    assert set(before) == {401}
    assert list(answer.json()) == ["data", "exceptionName", "innerExceptionMessage", "message"]
    assert answer.json()["exceptionName"] == "TooManyRequestsException"
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    other = gallery.store.keys.create(gallery.studio.key.kind)
    assert gallery.signed("GET", LIST, key=other).status_code == 200
    assert gallery.bearer("GET", "/webapi/v3/workflows").status_code == 200


def test_wrong_secrets_at_the_token_endpoint_are_answered_with_429(gallery: Address) -> None:
    answer, before = told(lambda: token(gallery, wrong(gallery.user)))
    assert len(before) >= 20
    assert set(before) == {400}
    assert list(answer.json()) == ["error", "error_description"]
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    assert answer.headers["cache-control"] == "no-store"
    other = gallery.store.keys.create(gallery.user.key.kind)
    assert token(gallery, other).status_code == 200


def test_our_own_prefix_answers_in_its_own_form(gallery: Address) -> None:
    answer, _ = told(lambda: gallery.signed("GET", "/openyx/v1/key", key=wrong(gallery.studio)))
    assert answer.json()["code"] == "too_many"


def test_who_names_no_key_has_guessed_nothing(gallery: Address) -> None:
    for _ in range(30):
        assert gallery.http.post(f"{gallery.url}/webapi/oauth2/token", data={"grant_type": "x"}).status_code == 400
        assert gallery.http.get(gallery.url + LIST).status_code == 401
        stale = gallery.http.get(f"{gallery.url}/webapi/v3/workflows", headers={"Authorization": "Bearer old"})
        assert stale.status_code == 401


def test_behind_a_trusted_proxy_each_client_has_its_own_account(serve: Serve) -> None:
    gallery = serve(trust_forwarded=True)
    told(lambda: token(gallery, wrong(gallery.user), **{"X-Forwarded-For": "203.0.113.1, 198.51.100.1"}))
    assert token(gallery, gallery.user, **{"X-Forwarded-For": "198.51.100.2"}).status_code == 200
    assert token(gallery, gallery.user, **{"X-Forwarded-For": "203.0.113.5, 198.51.100.1"}).status_code == 429
