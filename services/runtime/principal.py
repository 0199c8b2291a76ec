"""Who is asking, and what they may do."""

from uuid import UUID

import msgspec

from domain.kernel import Actor

SYSTEM_ID = UUID(int=0)


class Principal(msgspec.Struct, frozen=True, kw_only=True):
    """An actor with the permissions that hold now. ``id`` scopes idempotency keys."""

    id: UUID
    actor: Actor
    permissions: frozenset[str]
    locale: str = "zh"


SYSTEM = Principal(id=SYSTEM_ID, actor=Actor(kind="system", name="kaohe"), permissions=frozenset())
"""The service itself: sends what reactions and deadlines cause. It may send internal commands and nothing else."""


class Unauthenticated(Exception):  # noqa: N818 - an answer to the client, 401
    """There is no valid credential. The message never says which part of it was wrong."""


class Forbidden(Exception):  # noqa: N818 - an answer to the client, 403
    """The principal lacks a permission, named by the message."""


class TenantSuspended(Exception):  # noqa: N818 - an answer to the client, 403
    """The platform has suspended the organisation; nothing of it is lost."""
