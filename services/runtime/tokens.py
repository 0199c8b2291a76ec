"""Opaque credentials: made from random bytes, shown once, stored as hashes; each names its tenant."""

import base64
import hashlib
import secrets
from collections.abc import Iterable
from functools import lru_cache
from uuid import UUID

import msgspec

SECRET_BYTES = 32
SESSION_PREFIX = "kss"
KEY_PREFIX = "kak"
OPERATOR_PREFIX = "kop"
BALLOT_PREFIX = "kbl"
FEED_PREFIX = "kcf"
RECEIPT_PREFIX = "krc"
MAX_TOKEN_LENGTH = 300
CACHE_SIZE = 10_000


class Token(msgspec.Struct, frozen=True):
    """A parsed credential. ``ids`` are the public identifiers it carries, the tenant's first."""

    prefix: str
    ids: tuple[UUID, ...]
    secret_hash: bytes


def mint(prefix: str, *ids: UUID) -> tuple[str, Token]:
    """A new credential: its text, to be shown once, and what is stored of it."""
    text = text_of(prefix, ids, secrets.token_urlsafe(SECRET_BYTES))
    token = parse(text)
    if token is None:  # pragma: no cover - what was just made parses
        message = "a minted token does not parse"
        raise RuntimeError(message)
    return text, token


def text_of(prefix: str, ids: Iterable[UUID], secret: str) -> str:
    """The text of a credential with this secret (`SECRET_BYTES` in URL-safe base64)."""
    return ".".join((prefix, *(one.hex for one in ids), secret))


@lru_cache(maxsize=CACHE_SIZE)
def parse(text: str) -> Token | None:
    """The credential of a text, or none: malformed, unknown and expired ones look alike to the caller."""
    if len(text) > MAX_TOKEN_LENGTH or not text.isascii():
        return None
    prefix, *ids, secret = text.split(".") if "." in text else ("", "")
    try:
        parsed = tuple(UUID(hex=one) for one in ids if len(one) == 32)  # noqa: PLR2004 - hex digits of a UUID
        raw = base64.urlsafe_b64decode(secret + "=" * (-len(secret) % 4))
    except ValueError:
        return None
    if len(parsed) != len(ids) or len(raw) != SECRET_BYTES:
        return None
    return Token(prefix, parsed, hashlib.sha256(raw).digest())
