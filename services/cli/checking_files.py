"""Whether stored files are still there and what their digests say: a sample of each tenant, drawn anew each time."""

from uuid import UUID, uuid4

import msgspec

from domain.evidence_file import EvidenceFileStored
from infra import discovery
from infra.blobs import Blobs, BlobsUnavailable
from infra.database import Database
from services.runtime.runtime import open_blobs
from services.settings import Settings

SAMPLE = 20
"""Files that are read and hashed, of each tenant."""


async def unsound_files(chosen: Settings, database: Database) -> list[tuple[str, str]]:
    """What is wrong with the store of files, and what to do about it."""
    tenants = await discovery.tenants(database)
    blobs = open_blobs(chosen)
    if blobs is None:
        stored = [tenant for tenant in tenants if await sample(database, tenant, 1)]
        return [("files are stored, but KAOHE_FILES_URL is not set", "set it to where they are kept")] if stored else []
    found: list[tuple[str, str]] = []
    try:
        for tenant in tenants:
            found += await _unsound(blobs, database, tenant)
    except BlobsUnavailable as error:
        found.append((f"the store of files does not answer: {error}", "check KAOHE_FILES_URL and its credentials"))
    return found


async def sample(database: Database, tenant: UUID, most: int) -> list[EvidenceFileStored]:
    """Stored files of a tenant from a random place on, at most so many."""
    async with database.tenant_transaction(tenant, read_only=True) as connection:
        rows = await connection.fetch(
            "(select state from events where tenant_id = $1 and topic = 'evidence_file.stored' and originator_id >= $2"
            " order by originator_id limit $3) union all"
            " (select state from events where tenant_id = $1 and topic = 'evidence_file.stored' and originator_id < $2"
            " order by originator_id limit $3) limit $3",
            tenant,
            uuid4(),
            most,
        )
    return [msgspec.json.decode(row["state"], type=EvidenceFileStored) for row in rows]


async def _unsound(blobs: Blobs, database: Database, tenant: UUID) -> list[tuple[str, str]]:
    return [
        (
            f"tenant {tenant}: the file {file.digest} is missing or not what its digest says",
            "put it back from a backup of the store: its name is its SHA-256",
        )
        for file in await sample(database, tenant, SAMPLE)
        if not await blobs.sound(tenant, file.digest)
    ]
