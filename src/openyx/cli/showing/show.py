"""The demo from its first line to its last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openyx.cli.shell import shipped
from openyx.cli.shell.extras import need_engine
from openyx.cli.showing import kept, leftover
from openyx.cli.showing.gallery import Keys, Place, Serving, make_keys, serving, start
from openyx.cli.showing.story import ACTS, APP, Story, play

if TYPE_CHECKING:
    from openyx.cli.shell.session import Session
    from openyx.client.gallery import Gallery

_NEXT = (
    ("yx demo --keep", "leave such a gallery up, and play with it"),
    ("yx samples DIR", "the same workflows as files, to run here or open in Designer"),
    ("yx login", "your own Server: list it, run by name"),
)


def once(session: Session) -> None:
    """Show everything, and leave nothing but the files that came out, until the next demo begins."""
    leftover.clear()
    story = Story(session)
    place = Place.made()
    try:
        keys = _prepared(story, place)
        with serving(place) as gallery:
            runs = _play(session, story, place, keys, gallery)
    except BaseException:
        place.clear(results=True)
        raise
    place.clear()
    _finish(session, story, runs, _NEXT)


def keep(session: Session) -> None:
    """Show everything, and leave the gallery up, with a profile of its own."""
    kept.refuse_second()
    leftover.clear()
    story = Story(session)
    place = Place.made()
    gallery: Serving | None = None
    try:
        keys = _prepared(story, place)
        gallery = start(place, tied=False)
        runs = _play(session, story, place, keys, gallery)
        flag = kept.remember(place, gallery, keys)
    except BaseException:
        if gallery is not None:
            gallery.stop()
        place.clear(results=True)
        raise
    _finish(
        session,
        story,
        runs,
        (
            (f"yx list{flag}", "what is there"),
            (f'yx run{flag} "Best customers" --output .', "start one by name, wait, get its file"),
            (f'yx run{flag} "Stock check"', "one that fails on purpose"),
            ("yx demo --stop", "end it"),
        ),
    )


def _prepared(story: Story, place: Place) -> Keys:
    need_engine("the demo")
    story.title("A gallery of your own")
    keys = make_keys(place.data)
    story.step("keys", "one of a studio, for OAuth 1.0a, and one of a user, for OAuth 2")
    return keys


def _play(session: Session, story: Story, place: Place, keys: Keys, gallery: Serving) -> list[dict[str, object]]:
    # While the gallery starts: the samples, and what a client needs.
    shipped.write(place.samples)
    from openyx.client.gallery import Gallery

    story.step("serve", f"{gallery.address}  (server and worker, data in {place.folder})")
    with Gallery(gallery.address, *keys.user, auth="oauth2") as publisher:
        _publish(session, story, place, publisher)
    runs: list[dict[str, object]] = []
    for act in ACTS:
        key = keys.studio if act.auth == "oauth1" else keys.user
        with Gallery(gallery.address, *key, auth=act.auth) as client:
            runs.append(play(session, story, client, act, place.results))
    return runs


def _publish(session: Session, story: Story, place: Place, gallery: Gallery) -> None:
    from openyx.cli.shell.packing import packed

    for path in sorted(place.samples.glob("*.yx*")):
        with packed(session, path, silent=True) as package:
            workflow = gallery.publish(package, name=path.stem)
        star = "  ← an app, it asks questions" if workflow.name == APP else ""
        story.step("publish", f"{path.name}{star}")


def _finish(session: Session, story: Story, runs: list[dict[str, object]], advice: tuple[tuple[str, str], ...]) -> None:
    if session.json:
        session.show_record({"runs": runs})
        return
    story.title("Next")
    width = max(len(command) for command, _ in advice)
    for command, meaning in advice:
        story.say(f"  {command:<{width}}   {meaning}")
    story.say()
