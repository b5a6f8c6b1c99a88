"""The program that this project starts from, against our gallery."""

from __future__ import annotations

import pytest

from openyx import Gallery
from tests.peers.conftest import Running

pytestmark = pytest.mark.peers


def test_the_article_s_program_finds_a_workflow_by_name_and_starts_it(running: Running) -> None:
    name = next(iter(running.samples))
    host = running.address.removeprefix("http://")
    printed = running.peer("article.py", host, running.studio["key"], running.studio["secret"], typed=name + "\n")
    assert "Congratulation, the name of the workflow you searched is available on the server" in printed
    job_id = printed.rpartition("started ")[2].split()[0]
    with Gallery(running.address, running.user["key"], running.user["secret"]) as gallery:
        assert gallery.job(job_id).wait(timeout=60).over


def test_the_article_s_program_says_that_a_name_is_not_there(running: Running) -> None:
    host = running.address.removeprefix("http://")
    printed = running.peer("article.py", host, running.studio["key"], running.studio["secret"], typed="no such name\n")
    assert "Congratulation" not in printed
    assert printed.count("Please make sure you entered the workflow name the right way") == len(running.samples)
