"""Passwords: argon2id hashes, checked off the event loop, a few at a time."""

import asyncio
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MIN_LENGTH = 10
MAX_LENGTH = 200
CONCURRENT = 2

_HASHER = PasswordHasher()
_NOBODY = _HASHER.hash(secrets.token_urlsafe())
"""What a login without an account is checked against, so that it takes as long as any other."""


class Passwords:
    """Hashes and verifies; bounded, because each takes 64 MiB and a core for a moment."""

    def __init__(self) -> None:
        self._turns = asyncio.Semaphore(CONCURRENT)

    async def hash(self, password: str) -> str:
        """The argon2id hash of a password."""
        async with self._turns:
            return await asyncio.to_thread(_HASHER.hash, password)

    async def verify(self, stored: str | None, password: str) -> bool:
        """Whether a password is the one stored; as slow for no account as for a wrong password."""
        async with self._turns:
            return await asyncio.to_thread(_verify, stored or _NOBODY, password) and stored is not None


def _verify(stored: str, password: str) -> bool:
    try:
        return _HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False
