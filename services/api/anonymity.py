"""Which addresses are for people whom nothing may be known of, and what that means at the wire.

No line is logged for such a request, no metric counts it, what the client calls it is passed over, and no browser,
cache or site next visited learns of it.
"""

import hashlib
import secrets
import time
from contextlib import AbstractContextManager

from services.api.limits import InFlightLimit, RateLimit

MAX_BODIES = 4
"""Bodies, which may hold pictures, that one process receives from one sender at the same time."""
_PREFIXES = ("/r/", "/receipt/", "/v1/anonymous/", "/v1/receipt/")
_ADDRESSES = frozenset({"/receipt", "/v1/receipt"})
HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (
        b"content-security-policy",
        b"default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-robots-tag", b"noindex"),
)


def is_anonymous(path: str) -> bool:
    """Whether an address belongs to the anonymous channel."""
    return path.startswith(_PREFIXES) or path in _ADDRESSES


class Throttle:
    """Slows down guessing: by a hash of the address under a key that this process has drawn and nobody else knows.

    Neither address nor hash is written anywhere; both are gone with the process.
    """

    def __init__(self, rate: float, burst: int) -> None:
        self._key = secrets.token_bytes(32)
        self._limit: RateLimit[bytes] = RateLimit(rate, burst, time.monotonic)
        self._bodies: InFlightLimit[bytes] = InFlightLimit(MAX_BODIES)

    def admit(self, host: str) -> None:
        """Count one request from an address. Raises `Problem` 429."""
        self._limit.admit(self._hashed(host))

    def receiving(self, host: str) -> AbstractContextManager[None]:
        """Count a body from an address while it is received. Raises `Problem` 429."""
        return self._bodies.holding(self._hashed(host))

    def _hashed(self, host: str) -> bytes:
        return hashlib.blake2b(host.encode(), key=self._key, digest_size=16).digest()
