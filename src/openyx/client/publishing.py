"""Publishing a workflow file or a package."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from openyx.api.calls import Flow, Part, send
from openyx.api.v3.workflows import Workflows, publishing
from openyx.client import asking
from openyx.client.entries import Entry, entry
from openyx.client.finding import matching
from openyx.client.outputs import Progress
from openyx.client.session import Session
from openyx.errors import Ambiguous, AskedWrongly, Conflict, NotFound

ENDINGS = (".yxzp", ".yxmd", ".yxwz", ".yxmc")


def publish(
    session: Session,
    path: Path,
    *,
    name: str | None,
    owner: str | None,
    new_version: bool,
    comments: str,
    progress: Progress | None,
) -> Flow[Entry]:
    """Send *path* as a new workflow, or as a new version of the one of that name."""
    size = _checked(path)
    title = path.stem if name is None else name
    if not title.strip():
        raise AskedWrongly(f"{title!r} is no name for a workflow", hint="leave it out, and the file's own counts")
    server = yield from session.ready()
    if not server.has_v3:
        raise NotFound(
            "publishing is not offered under OAuth 1",
            hint="it needs V3: a server of 2021.4 or later, OAuth 2, and the key of a user",
        )
    there = matching((yield from asking.workflows(session, title)), title)
    file = Part("file", path, filename=path.name, progress=_told(progress, size))
    if new_version:
        return (yield from _version(_only(there, title), file, name=name, owner=owner, comments=comments))
    if there:
        raise Conflict(
            f"a workflow called {title!r} is there already: {there[0]}", hint="publish it as a new version of that one"
        )
    if not owner and not session.ours:
        raise AskedWrongly("a Server wants to know the owner of a new workflow", hint="owner= takes the id of a user")
    parts = publishing(file, name=title, owner_id=owner or "", comments=comments)
    made = yield from send(Workflows.publish.call(*parts))
    return (yield from asking.workflow(session, made))


def _version(of: Entry, file: Part, *, name: str | None, owner: str | None, comments: str) -> Flow[Entry]:
    parts = publishing(file, name=name or of.name, owner_id=owner or of.owner, comments=comments, version=True)
    return entry((yield from send(Workflows.new_version.call(of.id, *parts))))


def _checked(path: Path) -> int:
    """The size of the file that is sent."""
    if not path.is_file():
        raise AskedWrongly(f"{path} is no file" if path.exists() else f"there is no file {path}")
    if path.suffix.lower() not in ENDINGS:
        raise AskedWrongly(f"{path.name} is no workflow", hint=f"its name ends with {', '.join(ENDINGS)}")
    size = path.stat().st_size
    if not size:
        raise AskedWrongly(f"{path} is empty")
    return size


def _only(there: list[Entry], title: str) -> Entry:
    if not there:
        raise NotFound(f"there is no workflow called {title!r} to add a version to", hint=asking.SEEN)
    if len(there) > 1:
        listed = "\n".join(f"  {each}" for each in there)
        raise Ambiguous(f"{len(there)} workflows are called {title!r}:\n{listed}", matches=there)
    return there[0]


def _told(progress: Progress | None, size: int) -> Callable[[int], object] | None:
    if progress is None:
        return None
    return lambda sent: progress(sent, size)
