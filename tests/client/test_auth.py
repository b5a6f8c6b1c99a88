"""Who is asking: signatures that a server verifies, tokens that are fetched early, once, and again when refused."""

from __future__ import annotations

import asyncio
import threading
import time as clock_of_the_machine
from collections.abc import Callable
from typing import Any

import pytest

from openyx.client.gallery import AsyncGallery, Gallery
from openyx.client.options import Options
from openyx.errors import NotLetIn
from tests.client.conftest import Place, Time, done
from tests.client.servers import KEY, SECRET, Request, Response, said

Connect = Callable[..., Any]
OfAge = Callable[[str], Place]


@pytest.mark.parametrize("name", ["Monthly Load", "Größe & +%2B/ü", "a=b&c=d", "~-._", "naïve 100%"])
@pytest.mark.parametrize("header", [False, True], ids=["query", "header"])
async def test_a_signature_holds_whatever_is_searched_for(
    of_age: OfAge, connect: Connect, name: str, header: bool, options: Options
) -> None:
    from dataclasses import replace

    place = of_age("2019")
    place.behind.names = {"1": name}
    gallery = connect(place.server, options=replace(options, oauth_header=header))
    assert (await done(gallery.workflows.find(name))).name == name
    assert ("authorization" in place.server.requests[-1].headers) is header
    assert ("oauth_signature" in place.server.requests[-1].query) is not header


async def test_a_token_is_fetched_early(of_age: OfAge, connect: Connect, time: Time) -> None:
    place = of_age("2022")
    gallery = connect(place.server)
    await done(gallery.workflows.list())
    time.at += 3599 - 61
    await done(gallery.workflows.list())
    assert len(place.behind.tokens) == 1
    time.at += 2
    await done(gallery.workflows.list())
    assert len(place.behind.tokens) == 2


async def test_a_refused_token_is_fetched_again_once(of_age: OfAge, connect: Connect) -> None:
    place = of_age("2022")
    gallery = connect(place.server)
    await done(gallery.workflows.list())
    place.behind.tokens.append("AQAA-of-somebody-else")
    assert len(await done(gallery.workflows.list())) == 1
    place.behind.valid = 0
    before = place.server.asked.count("POST /webapi/oauth2/token")
    with pytest.raises(NotLetIn):
        await done(gallery.v3.workflows.list())
    assert place.server.asked.count("POST /webapi/oauth2/token") == before + 1


async def test_a_refused_start_is_sent_again_with_a_new_token(of_age: OfAge, connect: Connect) -> None:
    place = of_age("2025")
    gallery = connect(place.server)
    workflow = await done(gallery.workflows.find("Monthly Load"))
    await done(workflow.questions)
    place.behind.tokens.append("AQAA-of-somebody-else")
    await done(workflow.start())
    assert len(place.behind.jobs) == 1


def slowly(place: Place) -> Callable[[Request], Response]:
    """A server that takes its time with tokens."""

    def handle(request: Request) -> Response:
        if request.path.endswith("/token"):
            clock_of_the_machine.sleep(0.05)
        return place.behind.handle(request)

    return handle


async def test_many_who_wait_share_one_refresh(of_age: OfAge) -> None:
    place = of_age("2022")
    place.server.handle = slowly(place)
    async with AsyncGallery(place.server.url, KEY, SECRET, auth="oauth2") as gallery:
        await asyncio.gather(*(gallery.workflows.list() for _ in range(20)))
    assert len(place.behind.tokens) == 1


def test_threads_share_one_refresh(of_age: OfAge) -> None:
    place = of_age("2022")
    place.server.handle = slowly(place)
    with Gallery(place.server.url, KEY, SECRET) as gallery:
        threads = [threading.Thread(target=gallery.workflows.list) for _ in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(place.behind.tokens) == 1
    assert place.server.asked.count("POST /webapi/oauth2/token") == 2


async def test_a_refresh_that_is_given_up_leaves_the_way_free(of_age: OfAge) -> None:
    place = of_age("2022")
    place.server.handle = slowly(place)
    async with AsyncGallery(place.server.url, KEY, SECRET) as gallery:
        first = asyncio.create_task(gallery.workflows.list())
        await asyncio.sleep(0.01)
        first.cancel()
        assert len(await gallery.workflows.list()) == 1


async def test_the_secret_of_a_token_request_is_refused_with_what_to_look_at(of_age: OfAge, connect: Connect) -> None:
    place = of_age("2022")
    with pytest.raises(NotLetIn) as caught:
        await done(connect(place.server, secret=SECRET + " ", auth="oauth2").workflows.list())
    assert "blank in or around the secret" in caught.value.hint
    assert SECRET not in str(caught.value) + caught.value.hint


async def test_a_401_under_oauth1_says_what_to_look_at(of_age: OfAge, connect: Connect, time: Time) -> None:
    place = of_age("2019")
    time.at = clock_of_the_machine.time() + 900
    with pytest.raises(NotLetIn, match="signature") as caught:
        await done(connect(place.server, secret="f" * 64).workflows.list())
    for what in ("s ahead of the server's", "key of a studio", "base address", "2022.1", place.server.url):
        assert what in caught.value.hint


async def test_a_401_without_fault_is_told_in_the_servers_words(of_age: OfAge, connect: Connect) -> None:
    place = of_age("2022")
    gallery = connect(place.server)
    await done(gallery.workflows.list())
    place.server.ill = [said({"message": "Not a Curator."}, 401), None, said({"message": "Not a Curator."}, 401)]
    with pytest.raises(NotLetIn, match="Not a Curator"):
        await done(gallery.v3.workflows.get("1"))
