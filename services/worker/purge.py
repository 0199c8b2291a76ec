"""Deletes what has outlived its use: idempotency records, sessions, notices, access notes, contents never recorded."""

from datetime import timedelta
from uuid import UUID

from infra import inbox, outbox
from services.files.storing import purge_uploads
from services.worker.work import Work

IDEMPOTENCY_KEPT = timedelta(hours=72)
READ_NOTICES_KEPT = timedelta(days=90)
NOTICES_KEPT = timedelta(days=400)
"""Read or not: nobody's inbox grows for ever."""
SENT_KEPT = timedelta(days=30)
DEAD_KEPT = timedelta(days=180)


async def purge(work: Work, tenant: UUID) -> None:
    """Delete a tenant's expired records."""
    now = work.runtime.clock()
    async with work.runtime.database.tenant_transaction(tenant) as connection:
        await connection.execute(
            "delete from idempotency where tenant_id = $1 and recorded_at < $2", tenant, now - IDEMPOTENCY_KEPT
        )
        await connection.execute("delete from sessions where tenant_id = $1 and expires_at < $2", tenant, now)
        await inbox.purge(connection, tenant, read_before=now - READ_NOTICES_KEPT, before=now - NOTICES_KEPT)
        await outbox.purge(connection, tenant, sent_before=now - SENT_KEPT, dead_before=now - DEAD_KEPT)
    # the service itself can not shorten the log; the platform can, where it is old
    kept = timedelta(days=work.runtime.settings.access_log_days)
    async with work.runtime.database.platform() as connection:
        await connection.execute("delete from access_log where tenant_id = $1 and at < $2", tenant, now - kept)
    await purge_uploads(work.runtime, tenant)
