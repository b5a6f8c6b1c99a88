"""What both type checkers must reject: each line with the mark, and no other."""

from __future__ import annotations

import openyx
from openyx import AsyncGallery, Gallery


def blocking(gallery: Gallery) -> None:
    gallery.job(7)  # rejected: a number is no id
    gallery.v1.jobs.get("661f", include_message=True)  # rejected: a misspelt keyword
    gallery.run("Monthly Load", timeout="1h")  # rejected: a text is no number of seconds
    gallery.run("Monthly Load", {"Region": object()})  # rejected: no question takes that
    gallery.run()  # rejected: run what?
    str(gallery.job("661f").stats)  # rejected: no such attribute
    gallery.job("661f").status = "Completed"  # rejected: the server says so, not we
    gallery.workflows.find("Monthly Load").questions()  # rejected: a property is not called
    openyx.Gallry("https://ayx.example.com")  # rejected: no such name
    Gallery("https://ayx.example.com", "key", "secret", auth="oauth3")  # rejected: no such authentication


async def needless(gallery: Gallery) -> None:
    await gallery.job("661f")  # rejected: a needless await
    await gallery.workflows.find("Monthly Load").questions  # rejected: another one
    async for _ in gallery.v1.workflows.each():  # rejected: the pages of the other world
        pass


async def forgotten(gallery: AsyncGallery) -> None:
    str(gallery.job("661f").status)  # rejected: a forgotten await
    str((await gallery.run("Monthly Load")).wait().status)  # rejected: another one
    for _ in (await gallery.workflows.find("Monthly Load")).questions:  # rejected: and another
        pass
    for _ in gallery.v1.workflows.each():  # rejected: the pages of the other world
        pass
    with AsyncGallery():  # rejected: the other world's door
        pass
