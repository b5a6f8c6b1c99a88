"""Who gets what: each kind of caller at each endpoint of each family, and studios that do not see each other.

The table says what server-api.md says: studio keys are for the OAuth 1 family and user keys for ``/webapi`` (§1.4, and
the trap "Wrong pair" of §2.1.1), everybody sees what is theirs (§3.5), messages of V3 are for curators and 401 to
others. What is not in sight is 404, as if it were not there. Our own prefix takes keys of either kind.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from openyx.api.contract import endpoints
from openyx.queue import Order, Queue
from openyx.server import Settings, build_app, compat
from openyx.server.handlers import handlers
from openyx.store import Disposition, KeyKind, NewKey, Role, Secret, User
from tests.clock import Clock
from tests.server.conftest import Stage
from tests.server.support import PLAIN, Address
from tests.stores import opened

CALLERS = (
    "nobody", "wrong", "studio", "elsewhere", "owner", "curator", "other", "revoked", "inactive", "closed", "expired",
)  # fmt: skip
"""``elsewhere`` is the key of another studio, ``other`` another artisan, ``closed`` belongs to a studio that may not
use the API; ``revoked`` calls with a running token, or with the signature of a key, that was good until then."""

# A closed studio ends its studio key; its user goes on as one who owns nothing here.
TABLE = """
                                       nobody wrong studio elsewhere owner curator other revoked inactive closed expired
/gallery/api
GET    v1/workflows/subscription          401   401    200       200   401     401   401     401      401    401     401
GET    v1/workflows/{workflow}/questions  401   401    200       404   401     401   401     401      401    401     401
POST   v1/workflows/{workflow}/jobs       401   401    200       404   401     401   401     401      401    401     401
GET    v1/workflows/{workflow}/jobs       401   401    200       404   401     401   401     401      401    401     401
GET    v1/workflows/{workflow}/package    401   401    200       404   401     401   401     401      401    401     401
GET    v1/{workflow}/package              401   401    200       404   401     401   401     401      401    401     401
GET    v1/jobs/{job}                      401   401    200       404   401     401   401     401      401    401     401
GET    v1/jobs/{job}/output/{output}      401   401    200       404   401     401   401     401      401    401     401
/webapi
POST   oauth2/token                       400   400    400       400   200     200   200     400      400    200     200
GET    v1/workflows/subscription          401   401    401       401   200     200   200     401      401    200     401
GET    v1/workflows/{workflow}/questions  401   401    401       401   200     200   404     401      401    404     401
POST   v1/workflows/{workflow}/jobs       401   401    401       401   200     200   404     401      401    404     401
GET    v1/workflows/{workflow}/jobs       401   401    401       401   200     200   404     401      401    404     401
GET    v1/workflows/{workflow}/package    401   401    401       401   200     200   404     401      401    404     401
GET    v1/{workflow}/package              401   401    401       401   200     200   404     401      401    404     401
GET    v1/jobs/{job}                      401   401    401       401   200     200   404     401      401    404     401
GET    v1/jobs/{job}/output/{output}      401   401    401       401   200     200   404     401      401    404     401
GET    v3/workflows                       401   401    401       401   200     200   200     401      401    200     401
POST   v3/workflows                       401   401    401       401   200     200   200     401      401    200     401
GET    v3/workflows/{workflow}            401   401    401       401   200     200   404     401      401    404     401
POST   v3/workflows/{workflow}/versions   401   401    401       401   200     200   404     401      401    404     401
GET    v3/workflows/{workflow}/questions  401   401    401       401   200     200   404     401      401    404     401
GET    v3/workflows/{workflow}/package    401   401    401       401   200     200   404     401      401    404     401
POST   v3/workflows/{workflow}/jobs       401   401    401       401   200     200   404     401      401    404     401
GET    v3/workflows/{workflow}/jobs       401   401    401       401   200     200   404     401      401    404     401
GET    v3/jobs                            401   401    401       401   200     200   200     401      401    200     401
GET    v3/jobs/{job}                      401   401    401       401   200     200   404     401      401    404     401
GET    v3/jobs/{job}/messages             401   401    401       401   401     200   401     401      401    401     401
DELETE v3/jobs/{queued}                   401   401    401       401   200     200   404     401      401    404     401
/
GET    openyx/v1/health                   200   200    200       200   200     200   200     200      200    200     200
GET    openyx/v1/ready                    200   200    200       200   200     200   200     200      200    200     200
GET    openyx/v1/key                      401   401    200       200   200     200   200     401      401    200     401
GET    openyx/v1/status                   401   401    403       403   403     200   403     401      401    403     401
GET    openyx/v1/jobs                     401   401    200       200   200     200   200     401      401    200     401
GET    openyx/v1/jobs/{job}               401   401    200       404   200     200   404     401      401    404     401
GET    openyx/v1/jobs/{job}/attempts      401   401    200       404   200     200   404     401      401    404     401
DELETE openyx/v1/jobs/{queued}            401   401    200       404   200     200   404     401      401    404     401
GET    openyx/v1/workflows/{workflow}/settings
                                          401   401    200       404   200     200   404     401      401    404     401
PUT    openyx/v1/workflows/{workflow}/settings
                                          401   401    403       404   200     200   404     401      401    404     401
"""


@dataclass(frozen=True)
class Cell:
    """Who asks what, and what comes of it."""

    family: str
    method: str
    path: str
    caller: str
    status: int

    @property
    def url(self) -> str:
        return f"{self.family.rstrip('/')}/{self.path}{'/' if self.family == '/gallery/api' else ''}"

    def __str__(self) -> str:
        return f"{self.caller} {self.method} {self.url}"


def cells() -> list[Cell]:
    found: list[Cell] = []
    family, route = "", ("", "")
    for line in TABLE.splitlines()[2:]:
        words = line.split()
        if words[0].startswith("/"):
            family = words[0]
        if words[0].isalpha():
            route = words[0], words[1]
        if words[-1].isdigit():
            found += [Cell(family, *route, *pair) for pair in zip(CALLERS, map(int, words[-11:]), strict=True)]
    return found


class House:
    """A gallery with a workflow of its owner, and everybody who knocks."""

    def __init__(self, address: Address, clock: Clock) -> None:
        self.at, self.store, self.clock = address, address.store, clock
        self.owner, self.curator = self.user("owner"), self.user("curator", Role.CURATOR)
        self.other, self.idle, self.shut = self.user("other"), self.user("idle"), self.user("shut")
        self.keys = {
            "studio": self.store.keys.create(KeyKind.STUDIO, user_id=self.owner.id),
            "elsewhere": self.store.keys.create(KeyKind.STUDIO, user_id=self.other.id),
            **{name: self.user_key(user) for name, user in self.users.items()},
        }
        self.studio_keys = {
            **{name: self.store.keys.create(KeyKind.STUDIO, user_id=user.id) for name, user in self.users.items()},
            **{name: self.keys[name] for name in ("studio", "elsewhere", "owner", "curator", "other")},
        }
        long = timedelta(days=9)
        lifetimes = {"expired": timedelta(minutes=5)}
        self.tokens = {
            name: self.store.tokens.issue(key.key, lifetime=lifetimes.get(name, long)).text.reveal()
            for name, key in self.keys.items()
        }
        self.tokens["wrong"] = self.tokens["owner"][:-4] + "AAAA"
        self.names = {"workflow": self.workflow(), "job": "", "output": ""}
        job = self.order()
        address.finish(job, Disposition.SUCCESS, out__csv=b"x")
        self.names |= {"job": job, "output": self.store.outputs.of(job)[0].id}

    @property
    def users(self) -> dict[str, User]:
        return {
            "owner": self.owner,
            "curator": self.curator,
            "other": self.other,
            "revoked": self.owner,
            "inactive": self.idle,
            "closed": self.shut,
            "expired": self.owner,
        }

    def shut_doors(self) -> None:
        """From now on the bad ones are bad; they were good until now."""
        for keys in (self.keys, self.studio_keys):
            self.store.keys.revoke(keys["revoked"].key.key)
        run = self.store._database.run
        run("UPDATE users SET active = 0 WHERE id = :id", {"id": self.idle.id})
        run("UPDATE studios SET api_enabled = 0 WHERE id = :id", {"id": self.shut.studio_id})
        self.clock.now += timedelta(minutes=6)

    def user(self, name: str, role: Role = Role.ARTISAN) -> User:
        return self.store.users.create(f"{name}@example.com", first_name=name, last_name="Example", role=role)

    def user_key(self, user: User) -> NewKey:
        return self.store.keys.create(KeyKind.USER, user_id=user.id)

    def workflow(self) -> str:
        answer = self.ask("owner", "POST", "/webapi/v3/workflows")
        return str(answer.json())

    def order(self) -> str:
        return self.at.queue.enqueue(Order(workflow_id=self.names["workflow"], user_id=self.owner.id, answers={})).id

    def fill(self, path: str) -> str:
        """The path with real ids; what is cancelled is a new job each time."""
        more = {"queued": self.order()} if "{queued}" in path else {}
        return path.format(**self.names, **more)

    def ask(self, caller: str, method: str, url: str) -> httpx2.Response:
        more: dict[str, Any] = {}
        if url.endswith(("v3/workflows", "/versions")) and method == "POST":
            more = {"files": {"file": ("Load.yxmd", PLAIN)}, "data": {"name": "Load"}}
        elif method in ("POST", "PUT"):
            more = {"json": {"mostAttempts": 3, "atOnce": None} if method == "PUT" else {}}
        if url.endswith("oauth2/token"):
            return self.token(caller)
        signs = caller in ("studio", "elsewhere") or (
            url.startswith("/gallery") and caller not in ("nobody", "expired")
        )
        if signs:
            return self.at.signed(method, url, key=self.signer(caller), **more)
        headers = {"Authorization": f"Bearer {self.tokens[caller]}"} if caller != "nobody" else {}
        return self.at.http.request(method, self.at.url + url, headers=headers, **more)

    def signer(self, caller: str) -> NewKey:
        if caller == "wrong":
            return replace(self.keys["studio"], secret=Secret("0" * 64))
        return self.studio_keys[caller]

    def token(self, caller: str) -> httpx2.Response:
        form = {"grant_type": "client_credentials"}
        if caller != "nobody":
            key = self.keys["owner" if caller == "wrong" else caller]
            secret = "0" * 64 if caller == "wrong" else key.secret.reveal()
            form |= {"client_id": key.key.key, "client_secret": secret}
        return self.at.http.post(f"{self.at.url}/webapi/oauth2/token", data=form)


@pytest.fixture(scope="module")
def house(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Generator[House]:
    with ExitStack() as stack:
        clock = Clock()
        store = stack.enter_context(opened(tmp_path_factory.mktemp("matrix") / "data", clock=clock))
        queue = Queue(store)
        settings = Settings(compat=compat("2021.4"))
        # The failures here are on purpose, and many.
        app = build_app(store, queue, replace(settings, limits=replace(settings.limits, failures=10_000)))
        stage.app = app
        http = stack.enter_context(httpx2.Client(timeout=60))
        studio, user = store.keys.create(KeyKind.STUDIO), store.keys.create(KeyKind.USER)
        made = House(Address(stage.url, store, queue, studio, user, http), clock)
        for caller in CALLERS[2:]:
            good = made.ask(caller, "GET", "/openyx/v1/key")
            assert good.status_code == 200, caller
        made.shut_doors()
        yield made


def test_the_table_has_every_endpoint_of_the_contract() -> None:
    doors = {"v1": ["/gallery/api", "/webapi"], "v3": ["/webapi"], "oauth2": ["/webapi"], "openyx": ["/"]}
    wanted = {
        (door, endpoint.method, _nameless(path))
        for endpoint in (declared.endpoint for declared in endpoints())
        if endpoint in handlers()
        for path in (endpoint.path, endpoint.gallery_path)
        if path
        for door in doors[endpoint.version]
    }
    assert {(cell.family, cell.method, _nameless(cell.path)) for cell in cells()} == wanted
    assert len(cells()) == len(wanted) * len(CALLERS)


def _nameless(path: str) -> str:
    return "/".join("{}" if part.startswith("{") else part for part in path.split("/"))


@pytest.mark.parametrize("cell", cells(), ids=str)
def test_each_caller_gets_at_each_endpoint_what_the_table_says(house: House, stage: Stage, cell: Cell) -> None:
    answer = house.ask(cell.caller, cell.method, house.fill(cell.url))
    assert answer.status_code == cell.status, answer.text
    if answer.status_code >= 400:
        _is_of_its_family(answer, cell)


def _is_of_its_family(answer: httpx2.Response, cell: Cell) -> None:
    forms = {"/gallery/api": ["data", "exceptionName", "innerExceptionMessage", "message"], "/webapi": ["message"]}
    form = forms.get(cell.family, ["message", "code", "hint"])
    if cell.path == "oauth2/token":
        form = ["error", "error_description"]
    assert list(answer.json()) == form


@pytest.mark.parametrize("caller", ["studio", "elsewhere"])
def test_lists_of_a_studio_key_hold_what_is_in_its_studio(house: House, caller: str) -> None:
    workflows = [each["id"] for each in house.ask(caller, "GET", "/gallery/api/v1/workflows/subscription/").json()]
    jobs = [each["jobId"] for each in house.ask(caller, "GET", "/openyx/v1/jobs").json()]
    assert (house.names["workflow"] in workflows) == (caller == "studio")
    assert (house.names["job"] in jobs) == (caller == "studio")


def test_another_studios_job_is_not_cancelled(house: House) -> None:
    job = house.order()
    for caller in ("elsewhere", "other"):
        assert house.ask(caller, "DELETE", f"/openyx/v1/jobs/{job}").status_code == 404
    assert house.store.jobs.find(job).state == "queued"


def test_ids_of_others_do_not_mix_with_ones_own(house: House) -> None:
    """A job, version or output of somebody else is not reached by way of what is one's own."""
    own = str(house.ask("other", "POST", "/webapi/v3/workflows").json())
    own_job = house.ask("other", "POST", f"/webapi/v3/workflows/{own}/jobs").json()["id"]
    foreign = house.store.workflows.find(house.names["workflow"]).version.id
    for url in (
        f"/webapi/v3/workflows/{own}/package?versionId={foreign}",
        f"/webapi/v3/workflows/{own}/questions?versionId={foreign}",
        f"/webapi/v1/workflows/{own}/package?version={foreign}",
        f"/webapi/v1/jobs/{own_job}/output/{house.names['output']}",
    ):
        assert house.ask("other", "GET", url).status_code == 404, url
    listed = house.ask("other", "GET", f"/webapi/v3/jobs?allUsers=true&users={house.owner.id}").json()
    assert house.names["job"] not in [each["jobId"] for each in listed["data"]]
