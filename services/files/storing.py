"""Stores a content: announced, put into the store, then recorded as an event, so that nothing is lost or left behind.

Should the process end in between, the announcement is what the purge finds a day later. It deletes the content in the
transaction that deletes the announcement, and an upload of the same content waits for that row; so no content is ever
deleted that an event is about to name.
"""

from datetime import timedelta
from uuid import UUID

from domain.evidence_file import EVIDENCE_FILE, StoreFile, file_id
from infra.blobs import Blobs, BlobsUnavailable
from infra.eventstore import absent_streams
from services.files.receiving import Received
from services.runtime.commands import Authorise, CommandRequest
from services.runtime.runtime import Runtime

KEPT_DAYS = 1
PURGED_AT_ONCE = 200


def blobs_of(runtime: Runtime) -> Blobs:
    """The store of this installation. Raises `BlobsUnavailable`."""
    if runtime.blobs is None:
        raise BlobsUnavailable("set KAOHE_FILES_URL to where files are to be kept")
    return runtime.blobs


async def store(
    runtime: Runtime, tenant: UUID, file: Received, authorise: Authorise, correlation: str | None = None
) -> int:
    """Store a content; the position of the tenant's order at which it is known."""
    blobs, day = blobs_of(runtime), runtime.clock().date()
    async with runtime.database.tenant_transaction(tenant) as connection:
        await connection.execute(
            "insert into evidence_uploads (tenant_id, digest, begun_on) values ($1, $2, $3)"
            " on conflict (tenant_id, digest) do update set begun_on = excluded.begun_on",
            tenant,
            file.digest,
            day,
        )
    await blobs.put(tenant, file.digest, file.content, day)
    result = await runtime.bus.execute(
        CommandRequest(
            tenant=tenant,
            decider=EVIDENCE_FILE,
            stream=file_id(tenant, file.digest),
            command=StoreFile(digest=file.digest, size=file.size, media_type=file.media_type),
            authorise=authorise,
            correlation=correlation,
        )
    )
    return result.position


async def purge_uploads(runtime: Runtime, tenant: UUID) -> int:
    """Forget announcements older than a day, and delete the contents that no event names; how many were deleted."""
    deleted = 0
    if runtime.blobs is None:
        return deleted
    now = runtime.clock()
    before = now.date() - timedelta(days=KEPT_DAYS)
    async with runtime.database.tenant_transaction(tenant, read_only=True) as connection:
        rows = await connection.fetch(
            "select digest from evidence_uploads where tenant_id = $1 and begun_on < $2 limit $3",
            tenant,
            before,
            PURGED_AT_ONCE,
        )
    for row in rows:
        async with runtime.database.tenant_transaction(tenant) as connection:
            gone = await connection.fetchval(
                "delete from evidence_uploads where tenant_id = $1 and digest = $2 and begun_on < $3 returning digest",
                tenant,
                row["digest"],
                before,
            )
            if gone is not None and await absent_streams(connection, tenant, [file_id(tenant, gone)]):
                await runtime.blobs.delete(tenant, gone)
                deleted += 1
    runtime.blobs.sweep(tenant, now - timedelta(days=KEPT_DAYS))
    return deleted
