"""Where to go and who is asking: from the arguments, else the environment, else a profile, never from two of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from openyx import settings
from openyx.client.access import address as addresses
from openyx.client.access import files
from openyx.client.access.address import Address
from openyx.client.access.known import Family, Server
from openyx.client.access.profiles import Profile, Profiles
from openyx.client.access.secret import Secret
from openyx.client.options import Timeouts
from openyx.errors import AskedWrongly


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Everything that is needed to speak to a gallery; ``source`` says where address, key and secret came from.

    ``server`` is what a profile remembers of it.
    """

    address: Address
    key: str
    secret: Secret
    source: str
    auth: str = "auto"
    ca: Path | None = None
    proxy: str = ""
    timeouts: Timeouts = field(default_factory=Timeouts)
    allow_http: bool = False
    server: Server | None = None

    @property
    def odd(self) -> str:
        """What looks wrong about key or secret, without showing them."""
        blanks = [
            name
            for name, text in (("key", self.key), ("secret", self.secret.reveal()))
            if text != text.strip() or any(letter.isspace() for letter in text)
        ]
        return f"there is a blank in or around the {' and the '.join(blanks)}" if blanks else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Address, key and secret from one source; ``profile`` is that source's other settings."""

    url: str
    key: str
    secret: Secret
    source: str
    profile: Profile | None = None


def access(
    url: str | None,
    key: str | None,
    secret: str | Secret | None,
    *,
    auth: str | None,
    profile: str | None,
    ca: str | Path | None,
    proxy: str | None,
    timeout: float | Timeouts | None,
    allow_http: bool | None,
    environ: Mapping[str, str],
) -> Access:
    """What was given, completed.

    Raises ``AskedWrongly`` for a mixture of sources, for what is missing, and for what cannot be read.
    """
    found = credentials(url, key, secret, profile=profile, environ=environ)
    kept = found.profile or Profile(url=found.url, key=found.key)
    address = addresses.parse(found.url)
    _check(found)
    chosen = _auth(auth) or settings.AUTH.given(environ) or kept.auth
    given_ca = (
        settings.path(str(ca)) if ca else settings.CA.given(environ) or (settings.path(kept.ca) if kept.ca else None)
    )
    if given_ca and not given_ca.exists():
        raise AskedWrongly(f"there is no file {given_ca} to take certificates from")
    http = allow_http if allow_http is not None else settings.ALLOW_HTTP.given(environ)
    return Access(
        address=address,
        key=found.key,
        secret=found.secret,
        source=found.source,
        auth=chosen,
        ca=given_ca,
        proxy=proxy or settings.PROXY.given(environ) or kept.proxy,
        timeouts=Timeouts.of(timeout if timeout is not None else settings.TIMEOUT.given(environ)),
        allow_http=kept.allow_http if http is None else http,
        server=_remembered(address, kept) if chosen == "auto" else None,
    )


def credentials(
    url: str | None,
    key: str | None,
    secret: str | Secret | None,
    *,
    profile: str | None,
    environ: Mapping[str, str],
) -> Credentials:
    """Address, key and secret, all from one source."""
    given = {"url": url, "key": key, "secret": secret}
    if any(value is not None for value in given.values()):
        if profile:
            raise AskedWrongly("either a profile or address, key and secret", hint=_ONE)
        return _from_arguments(url, key, secret)
    if profile:
        return _from_profile(profile, environ)
    variables = (settings.URL, settings.KEY, settings.SECRET)
    if any(variable.given(environ) for variable in variables):
        return _from_environment(environ)
    return _from_profile(settings.PROFILE.value(environ), environ)


_ONE = "all three come from one place, or one server's secret would go to another"


def _from_arguments(url: str | None, key: str | None, secret: str | Secret | None) -> Credentials:
    missing = [name for name, value in (("url", url), ("key", key), ("secret", secret)) if value is None]
    if url is None or key is None or secret is None:
        raise AskedWrongly(f"{' and '.join(missing)} must be given too", hint=_ONE)
    hidden = secret if isinstance(secret, Secret) else Secret(secret)
    return Credentials(url=url, key=key, secret=hidden, source="the arguments")


def _from_environment(environ: Mapping[str, str]) -> Credentials:
    url, key = settings.URL.given(environ), settings.KEY.given(environ)
    text, file = environ.get(settings.SECRET.variable, ""), settings.SECRET_FILE.given(environ)
    if text and file:
        raise AskedWrongly(f"either {settings.SECRET.variable} or {settings.SECRET_FILE.variable}")
    missing = [variable.variable for variable, value in ((settings.URL, url), (settings.KEY, key)) if not value]
    if not text and not file:
        missing.append(f"{settings.SECRET.variable} or {settings.SECRET_FILE.variable}")
    if not url or not key or missing:
        raise AskedWrongly(f"the environment lacks {', '.join(missing)}", hint=_ONE)
    secret = Secret(files.read_private(file)) if file else Secret(text)
    return Credentials(url=url, key=key, secret=secret, source="the environment")


def _from_profile(name: str, environ: Mapping[str, str]) -> Credentials:
    from openyx.client.access import keeping

    profiles = Profiles.load(environ)
    if not name and not profiles.profiles:
        raise AskedWrongly(
            "it is not known which gallery is meant",
            hint="yx login makes a profile; or give url, key and secret, as arguments or as "
            f"{settings.URL.variable}, {settings.KEY.variable} and {settings.SECRET.variable}",
        )
    found, profile = profiles.get(name)
    file = settings.SECRET_FILE.given(environ)
    secret = Secret(files.read_private(file)) if file else keeping.secret_of(profiles, found, profile)
    return Credentials(
        url=profile.url, key=profile.key, secret=secret, source=f"the profile {found!r}", profile=profile
    )


def _check(found: Credentials) -> None:
    """Refuse what no server can have given."""
    for name, text in (("key", found.key), ("secret", found.secret.reveal())):
        if not text.strip():
            raise AskedWrongly(f"the {name} is empty (from {found.source})")
        if any(letter in text for letter in "\r\n\0"):
            raise AskedWrongly(f"there is a line break in the {name} (from {found.source})", hint="copy it again")
        if any("\ud800" <= letter <= "\udfff" for letter in text):
            raise AskedWrongly(f"the {name} is no text (from {found.source})", hint="copy it again")
        if len(text) > 1000:
            raise AskedWrongly(f"the {name} has {len(text)} characters, which is no {name}")


def _auth(given: str | None) -> str | None:
    if given is None:
        return None
    try:
        return settings.auth(given)
    except ValueError as error:
        raise AskedWrongly(str(error)) from error


def _remembered(address: Address, kept: Profile) -> Server | None:
    if kept.family not in ("oauth1", "oauth2") or not kept.prefix:
        return None
    return Server(address=address, family=Family(kept.family), prefix=kept.prefix)
