"""Secrets: text that prints as dots, and the seal under which the store keeps it."""

from __future__ import annotations

import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from openyx.errors import UnreadableData

_NONCE = 12


class Secret:
    """Text that shows itself only when asked.

    >>> print(Secret("0123"))
    ••••••••
    >>> Secret("0123").reveal()
    '0123'
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself."""
        return self._text

    def matches(self, text: str) -> bool:
        """Whether the text is this secret, in the same time whatever differs."""
        return hmac.compare_digest(self._text.encode(), text.encode())

    def __repr__(self) -> str:
        return "Secret(••••••••)"

    def __str__(self) -> str:
        return "••••••••"


class Seal:
    """Encrypts what must be read again (AES-GCM), under a key that is kept beside the database.

    Without the key all is UnreadableData.
    """

    def __init__(self, key: bytes | None) -> None:
        self._key = AESGCM(key) if key else None

    @property
    def _cipher(self) -> AESGCM:
        if self._key is None:
            raise UnreadableData("the store was opened without its key file")
        return self._key

    def close(self, secret: Secret, *, of: str) -> bytes:
        """The sealed secret; it opens only for the same owner."""
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher.encrypt(nonce, secret.reveal().encode(), of.encode())

    def open(self, sealed: bytes, *, of: str) -> Secret:
        """The secret again; UnreadableData when it was sealed under another key file."""
        try:
            return Secret(self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], of.encode()).decode())
        except InvalidTag:
            raise UnreadableData(
                f"the secret of key {of} was sealed under another key file",
                hint="put back the file secret.key that belongs to this data folder, or make new keys",
            ) from None
