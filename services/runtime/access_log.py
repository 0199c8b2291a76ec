"""Notes who read what, where an organisation must be able to account for it.

The note is one statement in the transaction that reads, so a reading and its note stand or fall together, nothing
is answered that was not noted, and nothing is noted that was not answered. That transaction must not be read only.
"""

from datetime import datetime
from uuid import UUID, uuid4

from domain.kernel import Actor
from infra.database import Connection
from projections.access_log import What

MAX_DETAIL = 500

_NOTE = (
    "insert into access_log (tenant_id, at, entry_id, actor_kind, actor_id, actor_name, roles, what, noun, stream_id,"
    " detail, correlation) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
)


async def note(  # noqa: PLR0913 - who read what, and when
    connection: Connection,
    tenant: UUID,
    actor: Actor,
    at: datetime,
    what: What,
    *,
    noun: str,
    stream: UUID | None = None,
    detail: str = "",
    correlation: str | None = None,
) -> None:
    """Note that somebody read something: its noun, its stream if it is of one, and which part of it.

    ``detail`` is for people and is cut at `MAX_DETAIL`; it never repeats what was read.
    """
    await connection.execute(
        _NOTE,
        tenant,
        at,
        uuid4(),
        actor.kind,
        actor.id,
        actor.name,
        sorted(actor.roles),
        what,
        noun,
        stream,
        detail[:MAX_DETAIL],
        correlation,
    )
