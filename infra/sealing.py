"""Secrets at rest: sealed under the installation's key, bound to where they belong, never read back to people."""

from uuid import UUID

import msgspec
from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class CannotOpen(Exception):  # noqa: N818 - a state of the world that an operator must resolve
    """There is no key, or none of the keys opens this, or it belongs elsewhere."""


class _Sealed(msgspec.Struct, frozen=True):
    """A secret with its place, so that what is sealed for one tenant's endpoint opens for no other."""

    tenant: UUID
    place: UUID
    secret: dict[str, str]


class Sealer:
    """Seals under the first of the keys, opens with any: so keys are rotated by putting a new one in front."""

    def __init__(self, keys: str) -> None:
        """Take Fernet keys, separated by commas. Raises `ValueError` for what is none."""
        listed = [Fernet(key.strip()) for key in keys.split(",") if key.strip()]
        self._fernet = MultiFernet(listed) if listed else None

    def __bool__(self) -> bool:
        """Whether there is a key at all."""
        return self._fernet is not None

    def seal(self, tenant: UUID, place: UUID, secret: dict[str, str], *, at: int | None = None) -> str:
        """The secret as it is kept. Raises `CannotOpen` where there is no key.

        What is kept shows when it was sealed, to the second; ``at``, in seconds from 1970, stands there instead.
        """
        content, fernet = msgspec.json.encode(_Sealed(tenant, place, secret)), self._known()
        return (fernet.encrypt(content) if at is None else fernet.encrypt_at_time(content, at)).decode()

    def open(self, tenant: UUID, place: UUID, sealed: str) -> dict[str, str]:
        """The secret that was sealed for this place. Raises `CannotOpen`."""
        try:
            opened = msgspec.json.decode(self._known().decrypt(sealed), type=_Sealed)
        except (InvalidToken, msgspec.MsgspecError) as error:
            raise CannotOpen("none of the installation's keys opens this") from error
        if (opened.tenant, opened.place) != (tenant, place):
            raise CannotOpen("this was sealed for another place")
        return opened.secret

    def again(self, sealed: str) -> str:
        """The same secret under the first key. Raises `CannotOpen`."""
        try:
            return self._known().rotate(sealed.encode()).decode()
        except InvalidToken as error:
            raise CannotOpen("none of the installation's keys opens this") from error

    def _known(self) -> MultiFernet:
        if self._fernet is None:
            raise CannotOpen("the installation has no secret key")
        return self._fernet


def new_key() -> str:
    """A fresh key."""
    return Fernet.generate_key().decode()
