"""Who works for a tenant just now: one worker per tenant and task, by the lock on the task's tracking row.

The claim is taken before anything is read and lasts to the end of the transaction. It comes before the ledger's lock
everywhere, so that claims and appends never wait for each other in a circle; rows that appends change (deadlines)
are not locked before the ledger is.
"""

from typing import NamedTuple
from uuid import UUID

from infra.database import Connection

_READ_LEDGER = "select position, epoch from ledger where tenant_id = $1"
_LOCK_LEDGER = "select position, epoch from ledger where tenant_id = $1 for update"


class Ledger(NamedTuple):
    """The position of a tenant's last event, and its configuration epoch."""

    position: int
    epoch: int


async def claim(connection: Connection, tenant: UUID, task: str) -> int | None:
    """Claim a task for a tenant in this transaction; the position it has come to, ``None`` while another holds it."""
    position: int | None = await connection.fetchval(
        "select position from tracking where tenant_id = $1 and application_name = $2 for update skip locked",
        tenant,
        task,
    )
    if position is None:
        position = await connection.fetchval(
            "insert into tracking (tenant_id, application_name, position) values ($1, $2, 0)"
            " on conflict do nothing returning position",
            tenant,
            task,
        )
    return position


async def read_ledger(connection: Connection, tenant: UUID, *, locked: bool) -> Ledger | None:
    """The tenant's ledger; ``locked``, nobody else appends for it until the transaction ends."""
    row = await connection.fetchrow(_LOCK_LEDGER if locked else _READ_LEDGER, tenant)
    return None if row is None else Ledger(*row)
