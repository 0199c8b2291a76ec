"""How far closings of fee periods have come, and which accounts they could not charge."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from infra.database import Connection

_FIND = (
    "select period_id, total, started_at, last_step_at, after_account, done, notices,"
    " refused, amount_fen, finished_at from fee_runs where tenant_id = $1 and period_id = $2"
)


class Run(msgspec.Struct, frozen=True):
    """The closing of a period: of ``total`` accounts, ``done`` have had their turn, up to ``after_account``."""

    period_id: UUID
    total: int
    started_at: datetime
    last_step_at: datetime
    after_account: UUID | None = None
    done: int = 0
    notices: int = 0
    refused: int = 0
    amount_fen: int = 0
    finished_at: datetime | None = None


class RunRefusal(msgspec.Struct, frozen=True):
    """An account that could not be charged, and why."""

    account_id: UUID
    code: str
    message: str


async def find(connection: Connection, tenant: UUID, period: UUID) -> Run | None:
    """The run of a period, once it has begun."""
    row = await connection.fetchrow(_FIND, tenant, period)
    return None if row is None else Run(*row)


async def begin(connection: Connection, tenant: UUID, run: Run) -> None:
    """Begin a run."""
    await connection.execute(
        "insert into fee_runs (tenant_id, period_id, total, started_at, last_step_at) values ($1, $2, $3, $4, $5)",
        tenant,
        run.period_id,
        run.total,
        run.started_at,
        run.last_step_at,
    )


async def advance(connection: Connection, tenant: UUID, run: Run, refused: Sequence[RunRefusal]) -> None:
    """Write how far a run has come, and whom it could not charge on the way."""
    await connection.execute(
        "update fee_runs set after_account = $3, done = $4, notices = $5, refused = $6, amount_fen = $7,"
        " last_step_at = $8, finished_at = $9 where tenant_id = $1 and period_id = $2",
        tenant,
        run.period_id,
        run.after_account,
        run.done,
        run.notices,
        run.refused,
        run.amount_fen,
        run.last_step_at,
        run.finished_at,
    )
    if refused:
        await connection.executemany(
            "insert into fee_run_refusals (tenant_id, period_id, account_id, code, message)"
            " values ($1, $2, $3, $4, $5) on conflict do nothing",
            [(tenant, run.period_id, one.account_id, one.code, one.message) for one in refused],
        )


async def refusals(connection: Connection, tenant: UUID, period: UUID, limit: int) -> list[RunRefusal]:
    """The first accounts that a run could not charge, by id."""
    rows = await connection.fetch(
        "select account_id, code, message from fee_run_refusals where tenant_id = $1 and period_id = $2"
        " order by account_id limit $3",
        tenant,
        period,
        limit,
    )
    return [RunRefusal(*row) for row in rows]
