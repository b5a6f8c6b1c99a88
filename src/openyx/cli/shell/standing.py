"""Who is logged in where, and whether that works."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from openyx.client import keeping
from openyx.client.gallery import Gallery
from openyx.client.profiles import Profile, Profiles

if TYPE_CHECKING:
    from openyx.cli.shell.session import Session
    from openyx.client.secret import Secret


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
    """Print the profile that counts, and try its key."""
    profiles = Profiles.load()
    name, profile = profiles.get(session.profile_meant)
    profile, finding = tried(profile, keeping.secret_of(profiles, name, profile))
    if session.json:
        session.show_record(record(name, profile, finding, default=name == profiles.default))
        return
    others = ", ".join(sorted(each for each in profiles.profiles if each != name))
    session.show_facts(
        (
            ("Profile", f"{name} (the default one)" if name == profiles.default else name),
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
