"""The code on a paper by which anybody can ask whether it is genuine: the tenant and 80 random bits, in base 32.

It holds its tenant, so that looking it up never searches across tenants. Letters that are easily taken for digits are
not used, and are read as those digits.
"""

import base64
from uuid import UUID

import msgspec

_STANDARD = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_WRITTEN = str.maketrans(_STANDARD, _CROCKFORD)
_READ = str.maketrans({**dict(zip(_CROCKFORD, _STANDARD, strict=True)), "O": "A", "I": "B", "L": "B"})
_GROUP = 6
_TENANT_BYTES, _SECRET_BYTES = 16, 10
_LETTERS = 42
_PADDING = "=" * 6
MAX_LENGTH = 80


class Code(msgspec.Struct, frozen=True):
    """A code taken apart; ``verification`` is what `DocumentIssued` holds."""

    tenant: UUID
    verification: str


def code_of(tenant: UUID, verification: str) -> str:
    """The code as it is printed: seven groups of six signs."""
    raw = tenant.bytes + bytes.fromhex(verification)
    letters = base64.b32encode(raw).decode().rstrip("=").translate(_WRITTEN)
    return "-".join(letters[start : start + _GROUP] for start in range(0, len(letters), _GROUP))


def parse_code(text: str) -> Code | None:
    """The code of a text as people type it: in any case, with or without dashes and blanks; or none."""
    if len(text) > MAX_LENGTH:
        return None
    letters = text.upper().replace("-", "").replace(" ", "")
    if len(letters) != _LETTERS or not letters.isascii() or not letters.isalnum() or "U" in letters:
        return None
    raw = base64.b32decode(letters.translate(_READ) + _PADDING)
    if len(raw) != _TENANT_BYTES + _SECRET_BYTES:
        return None
    return Code(UUID(bytes=raw[:_TENANT_BYTES]), raw[_TENANT_BYTES:].hex())
