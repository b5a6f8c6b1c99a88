"""Who is logged in where, and whether that works."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from msgspec.structs import replace

from openyx.client.access.given import credentials
from openyx.client.access.profiles import Profile, Profiles
from openyx.client.gallery import Gallery

if TYPE_CHECKING:
    from openyx.cli.shell.session import Session
    from openyx.client.access.secret import Secret


def tried(profile: Profile, secret: Secret) -> tuple[Profile, str]:
    """The profile with what the server was found to speak, and the finding as a sentence."""
    with Gallery(
        profile.url,
        profile.key,
        secret,
        auth=profile.auth,
        ca=profile.ca or None,
        proxy=profile.proxy or None,
        allow_http=profile.allow_http or None,
    ) as gallery:
        finding = gallery.connect()
        server = gallery._session.server
        assert server is not None
        found = replace(profile, url=gallery.address, family=str(server.family), prefix=server.prefix)
        return found, finding


def status(session: Session) -> None:
    """Print the profile that counts, or the environment where that does, and try the key."""
    profiles = Profiles.load()
    found = credentials(None, None, None, profile=session.profile or None, environ=os.environ)
    if found.profile is None:
        name, profile = "", Profile(url=found.url, key=found.key, secret="environment")  # noqa: S106 - where it is
    else:
        name, profile = profiles.get(session.profile_meant)
    profile, finding = tried(profile, found.secret)
    if session.json:
        session.show_record(record(name, profile, finding, default=bool(name) and name == profiles.default))
        return
    shown = name or "none: the environment counts"
    others = ", ".join(sorted(each for each in profiles.profiles if each != name))
    session.show_facts(
        (
            ("Profile", f"{name} (the default one)" if name and name == profiles.default else shown),
            ("Address", profile.url),
            ("Key", profile.key),
            ("Secret", profile.secret),
            ("Server", finding),
            ("Others", others),
        )
    )


def record(name: str, profile: Profile, finding: str, *, default: bool) -> dict[str, object]:
    """A profile as JSON, without its secret."""
    return {
        "profile": name,
        "default": default,
        "url": profile.url,
        "key": profile.key,
        "secret": profile.secret,
        "auth": profile.family or profile.auth,
        "server": finding,
    }
