"""Signed webhooks after the Standard Webhooks specification: id, timestamp and signature in headers."""

import secrets
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from datetime import UTC, datetime

from standardwebhooks import Webhook

from infra.outbound import Answer

SECRET_PREFIX = "whsec_"  # noqa: S105 - how secrets are marked, not one
SECRET_BYTES = (24, 64)
GONE = 410


def new_secret() -> str:
    """A fresh secret, to be given to the receiver once."""
    return SECRET_PREFIX + b64encode(secrets.token_bytes(32)).decode()


def is_secret(text: str) -> bool:
    """Whether a text is a secret as the specification wants it: 24 to 64 bytes in base64 after the prefix."""
    if not text.startswith(SECRET_PREFIX):
        return False
    try:
        length = len(b64decode(text.removeprefix(SECRET_PREFIX), validate=True))
    except (Base64Error, ValueError):
        return False
    return SECRET_BYTES[0] <= length <= SECRET_BYTES[1]


def headers(secret: str, delivery: str, body: bytes, now: datetime) -> dict[str, str]:
    """The headers of one attempt: the id stays the same over all attempts, the timestamp is the attempt's."""
    signature = Webhook(secret).sign(delivery, now.astimezone(UTC), body.decode())
    return {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "kaohe-webhooks",
        "webhook-id": delivery,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signature,
    }


def taken(answer: Answer) -> bool:
    """Whether a receiver has taken it: any 2xx, and nothing else; a redirect least of all."""
    return 200 <= answer.status < 300  # noqa: PLR2004 - the class of success
