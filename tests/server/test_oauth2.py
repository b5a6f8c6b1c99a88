"""The token endpoint and what a token opens."""

from __future__ import annotations

import base64
from typing import Any

import httpx2
import pytest

from openyx.store import NewKey
from tests.server.support import Address

TOKEN = "/webapi/oauth2/token"
MOST_TOKENS = 5000


def basic(key: NewKey) -> dict[str, str]:
    text = base64.b64encode(f"{key.key.key}:{key.secret.reveal()}".encode()).decode()
    return {"Authorization": f"Basic {text}"}


def ask(gallery: Address, **form: str) -> httpx2.Response:
    return gallery.http.post(gallery.url + TOKEN, data=form)


def in_form(key: NewKey) -> dict[str, str]:
    return {"client_id": key.key.key, "client_secret": key.secret.reveal()}


def test_a_key_gets_a_token_by_header_or_form(gallery: Address) -> None:
    grant = {"grant_type": "client_credentials"}
    by_header = gallery.http.post(gallery.url + TOKEN, data=grant, headers=basic(gallery.user))
    by_form = ask(gallery, **grant, **in_form(gallery.user), scope="user", resource="http://localhost")
    for answer in (by_header, by_form):
        assert answer.status_code == 200
        assert list(answer.json()) == ["access_token", "token_type", "expires_in"]
        assert answer.json()["token_type"] == "bearer"
        assert answer.json()["expires_in"] == 3600
        assert isinstance(answer.json()["expires_in"], int)
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_a_token_opens_webapi_whatever_the_case_of_its_scheme(gallery: Address, scheme: str) -> None:
    token = ask(gallery, grant_type="client_credentials", **in_form(gallery.user)).json()["access_token"]
    answer = gallery.http.get(f"{gallery.url}/webapi/v3/workflows", headers={"Authorization": f"{scheme} {token}"})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "client_credentials"}, "invalid_client"),
        ({"grant_type": "client_credentials", "client_id": "x", "client_secret": "y"}, "invalid_client"),
        ({"grant_type": "client_credentials", "client_id": "x"}, "invalid_client"),
    ],
)
def test_a_refusal_names_error_and_description(gallery: Address, form: dict[str, str], error: str) -> None:
    answer = ask(gallery, **form)
    assert answer.status_code == 400
    assert list(answer.json()) == ["error", "error_description"]
    assert answer.json()["error"] == error
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("text", ["%%%", "bm9jb2xvbg==", "//79/A==", "dW5rbm93bjpzZWNyZXQ="])
def test_credentials_that_cannot_be_read_are_refused(gallery: Address, text: str) -> None:
    headers = {"Authorization": f"Basic {text}"}
    answer = gallery.http.post(gallery.url + TOKEN, data={"grant_type": "client_credentials"}, headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client")


def test_a_studio_key_gets_no_token(gallery: Address) -> None:
    answer = ask(gallery, grant_type="client_credentials", **in_form(gallery.studio))
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client")


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer"}, {"Authorization": "Bearer nobodys"}])
def test_without_a_valid_token_webapi_answers_401(gallery: Address, header: dict[str, Any]) -> None:
    answer = gallery.http.get(f"{gallery.url}/webapi/v3/workflows", headers=header)
    assert answer.status_code == 401
    assert answer.text == '{"message":"Authorization has been denied for this request."}'


def test_a_revoked_key_ends_its_tokens(gallery: Address) -> None:
    token = ask(gallery, grant_type="client_credentials", **in_form(gallery.user)).json()["access_token"]
    gallery.store.keys.revoke(gallery.user.key.key)
    answer = gallery.http.get(f"{gallery.url}/webapi/v3/workflows", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401


def test_a_signature_is_no_token(gallery: Address) -> None:
    assert gallery.signed("GET", "/webapi/v1/workflows/subscription", key=gallery.user).status_code == 401


@pytest.mark.sqlite
def test_tokens_are_issued_until_the_database_has_no_room_which_is_told_in_the_form_of_oauth(gallery: Address) -> None:
    asked = {"grant_type": "client_credentials", **in_form(gallery.user)}
    database = gallery.store._database
    database.all("PRAGMA max_page_count = 1", {})
    for _ in range(MOST_TOKENS):
        answer = ask(gallery, **asked)
        if answer.status_code != 200:
            break
        token = {"Authorization": f"Bearer {answer.json()['access_token']}"}
        assert gallery.http.get(f"{gallery.url}/webapi/v3/workflows", headers=token).status_code == 200
    else:
        pytest.fail(f"there was room for {MOST_TOKENS} tokens")
    assert (answer.status_code, answer.json()["error"]) == (507, "temporarily_unavailable")
    assert set(answer.json()) == {"error", "error_description"}
    assert "retry-after" in answer.headers
    database.all("PRAGMA max_page_count = 100000", {})
    assert ask(gallery, **asked).status_code == 200
