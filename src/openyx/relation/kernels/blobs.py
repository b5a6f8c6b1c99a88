"""Bytes: made of texts, and told apart by their MD5."""

from __future__ import annotations

import hashlib

from openyx.fields import FieldType, Kind
from openyx.relation.expr import Expr
from openyx.relation.kernels.batches import each_text

BLOB = FieldType.of(Kind.BLOB)
DIGEST = FieldType.of(Kind.STRING, 32)


def encoded(text: Expr, codec: str) -> Expr:
    """The bytes of a text in a coding; what it lacks is ``?``."""

    def encode(value: str) -> bytes:
        return value.encode(codec, errors="replace")

    return each_text(encode, BLOB, text)


def digest(blob: Expr) -> Expr:
    """The MD5 of bytes, in small hexadecimal letters."""

    def md5(value: bytes) -> str:
        return hashlib.md5(value, usedforsecurity=False).hexdigest()

    return each_text(md5, DIGEST, blob)
