"""A workflow by its name: exactly, never a part of it."""

from __future__ import annotations

from collections.abc import Sequence

from openyx.api.calls import Flow
from openyx.client import asking
from openyx.client.entries import Entry
from openyx.client.session import Session
from openyx.errors import Ambiguous, AskedWrongly, NotFound


def find(session: Session, name: str) -> Flow[Entry]:
    """The workflow called *name*; in another case when only one is meant.

    The server's own search is asked first, since a studio may hold thousands; how it compares is documented nowhere, so
    the whole list decides where it found nothing.
    """
    if not name.strip():
        raise AskedWrongly("a workflow without a name cannot be found")
    entries = yield from asking.workflows(session, name)
    found = matching(entries, name)
    if not found:
        entries = yield from asking.workflows(session, None)
        found = matching(entries, name)
    if not found:
        raise _not_found(name, entries, session)
    if len(found) > 1:
        raise _ambiguous(name, found)
    return found[0]


def matching(entries: Sequence[Entry], name: str) -> list[Entry]:
    """Those of exactly this name; where there are none, those of this name in another case."""
    exact = [each for each in entries if each.name == name]
    return exact or [each for each in entries if each.name.strip().casefold() == name.strip().casefold()]


def _not_found(name: str, entries: Sequence[Entry], session: Session) -> NotFound:
    from difflib import get_close_matches

    names = {each.name.casefold(): each.name for each in entries}
    near = [names[match] for match in get_close_matches(name.casefold(), list(names), n=3, cutoff=0.5)]
    meant = f"did you mean {' or '.join(map(repr, near))}? " if near else ""
    return NotFound(
        f"there is no workflow called {name!r}",
        hint=f"{meant}only the {len(entries)} that this key may see at {session.address} were searched",
    )


def _ambiguous(name: str, found: Sequence[Entry]) -> Ambiguous:
    listed = "\n".join(f"  {each}" for each in found)
    return Ambiguous(f"{len(found)} workflows are called {name!r}:\n{listed}", matches=found, hint="take one by its id")
