"""What is known of a server: where it is and which family of the API it speaks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from openyx.api.calls import Call
from openyx.client.access.address import Address
from openyx.errors import NotFound


class Family(StrEnum):
    """How a server asks who one is; its routes go with it."""

    OAUTH1 = "oauth1"
    OAUTH2 = "oauth2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """An address with the family that is spoken there; ``prefix`` is the path in front of ``v1``."""

    address: Address
    family: Family
    prefix: str

    @classmethod
    def assumed(cls, address: Address, family: Family) -> Server:
        """The usual place of a family at an address, when nobody was asked."""
        usual = "/webapi" if family is Family.OAUTH2 else "/api" if address.bare_api else "/gallery/api"
        return cls(address=address, family=family, prefix=usual)

    @property
    def has_v3(self) -> bool:
        """V3 exists under OAuth 2 only."""
        return self.family is Family.OAUTH2

    def url(self, call: Call[Any]) -> str:
        """The finished address of a call.

        Raises ``NotFound`` for a call of V3 under OAuth 1.
        """
        if call.path.startswith("openyx/"):
            return self.address.root + call.target("")
        if call.path.startswith("oauth2/"):
            return self.address.root + call.target("/webapi")
        if self.family is Family.OAUTH2:
            return self.address.root + call.target(self.prefix)
        if call.path.startswith("v3/"):
            raise NotFound(
                f"{call.method} {call.path} is V3, and {self.address} is spoken to in OAuth 1",
                hint="V3 needs OAuth 2, which servers speak since 2021.4, and the key of a user",
            )
        return self.address.root + call.target(self.prefix, gallery=True)
