"""Profiles: addresses with their keys in one file, which holds no secrets."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, Self

import msgspec
from msgspec import structs

from openyx import settings
from openyx.client.access import files
from openyx.client.access.known import Server
from openyx.errors import AskedWrongly
from openyx.kinds import settled

SECRETS = ("keyring", "file", "command")
"""Where the secret of a profile can be."""


class Profile(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """An address with its key; ``secret`` says where the secret is (:data:`SECRETS`), a ``command`` tells it.

    ``family`` and ``prefix`` keep what the server spoke when it was asked.
    """

    url: str
    key: str
    secret: str = "keyring"  # noqa: S105 - where it is, not what it is
    secret_command: str | list[str] = ""
    auth: Literal["auto", "oauth1", "oauth2"] = "auto"
    family: str = ""
    prefix: str = ""
    ca: str = ""
    proxy: str = ""
    allow_http: bool = False

    def remembering(self, server: Server) -> Profile:
        """With what *server* turned out to be, so that it need not be asked again."""
        return structs.replace(self, url=server.address.root, family=str(server.family), prefix=server.prefix)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profiles:
    """The file of profiles. Changing it is making another one, which :meth:`save` writes."""

    path: Path
    profiles: Mapping[str, Profile] = field(default_factory=dict[str, Profile])
    default: str = ""

    @classmethod
    def load(cls, environ: Mapping[str, str] | None = None) -> Self:
        """What the file says; nothing where there is none.

        Raises ``AskedWrongly`` for a file that cannot be read, with the place.
        """
        import tomllib

        path = settings.CONFIG.given(os.environ if environ is None else environ) or _usual_place()
        try:
            told = msgspec.convert(tomllib.loads(path.read_text("utf-8")), settled(_File))
        except FileNotFoundError:
            return cls(path=path)
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
            raise AskedWrongly(f"the profiles in {path} cannot be read: {error}") from error
        for name, profile in told.profile.items():
            if profile.secret not in SECRETS:
                # What stands there is not shown: it may be the secret itself.
                raise AskedWrongly(
                    f"the profiles in {path} cannot be read: secret of {name!r} is none of {', '.join(SECRETS)}",
                    hint="it says where the secret is; the secret itself does not belong there",
                )
        return cls(path=path, profiles=told.profile, default=told.default)

    def get(self, name: str = "") -> tuple[str, Profile]:
        """The profile of this name, or the default one; with its name.

        Raises ``AskedWrongly`` when there is none.
        """
        wanted = name or self.default
        if found := self.profiles.get(wanted):
            return wanted, found
        known = f"known profiles: {', '.join(sorted(self.profiles))}" if self.profiles else "yx login makes one"
        if not wanted:
            raise AskedWrongly(f"no profile is the default one in {self.path}", hint=known)
        raise AskedWrongly(f"there is no profile {wanted!r} in {self.path}", hint=known)

    def put(self, name: str, profile: Profile) -> Self:
        """With this profile; the first one is the default."""
        if not name.strip() or not name.isprintable():
            raise AskedWrongly(f"{name!r} is no name for a profile")
        return replace(self, profiles={**self.profiles, name: profile}, default=self.default or name)

    def remove(self, name: str) -> Self:
        """Without this profile; when it was the default one, none is."""
        kept = {each: profile for each, profile in self.profiles.items() if each != name}
        return replace(self, profiles=kept, default="" if self.default == name else self.default)

    def save(self) -> None:
        """Write the file, readable by its owner only."""
        files.write_private(self.path, self._text())

    def _text(self) -> str:
        lines = [f"default = {_quoted(self.default)}"] if self.default else []
        for name, profile in self.profiles.items():
            lines += ["", f"[profile.{_quoted(name)}]"]
            lines += [f"{member} = {_value(value)}" for member, value in msgspec.to_builtins(profile).items()]
        return "\n".join(lines) + "\n"


def _usual_place() -> Path:
    from platformdirs import user_config_path

    return user_config_path("openyx", appauthor=False) / "profiles.toml"


class _File(msgspec.Struct, forbid_unknown_fields=True):
    default: str = ""
    profile: dict[str, Profile] = {}


def _value(value: str | list[str] | bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return _quoted(value) if isinstance(value, str) else f"[{', '.join(map(_quoted, value))}]"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
