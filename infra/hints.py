"""Wake hints through Valkey: a tenant has new events. Losing one costs latency, never an event.

Hints are gathered and published off the write path; a Valkey that is away is left alone for a moment.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from uuid import UUID

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)

CHANNEL = "kaohe:appended"
MAX_GATHERED = 10_000
AWAY_PAUSE_S = 1.0
GATHER_S = 0.004
TIMEOUT_S = 2.0


class Hints:
    """Publishes and hears hints; one per process."""

    def __init__(self, url: str) -> None:
        self._redis: Redis = Redis.from_url(url, socket_timeout=TIMEOUT_S, socket_connect_timeout=TIMEOUT_S)
        self._gathered: set[UUID] = set()
        self._publishing: asyncio.Task[None] | None = None

    def appended(self, tenant: UUID) -> None:
        """Tell that a tenant has new events; returns at once."""
        if len(self._gathered) < MAX_GATHERED:
            self._gathered.add(tenant)
        if self._publishing is None or self._publishing.done():
            self._publishing = asyncio.get_running_loop().create_task(self._publish())

    async def heard(self) -> AsyncIterator[UUID]:
        """Tenants as they are hinted at; ends when Valkey goes away, after which the caller listens again."""
        async with Redis.from_pool(self._redis.connection_pool).pubsub() as listener:
            await listener.subscribe(CHANNEL)
            while True:
                message = await listener.get_message(ignore_subscribe_messages=True, timeout=AWAY_PAUSE_S)
                if message is None:
                    continue
                raw: bytes = message["data"]
                for start in range(0, len(raw), 16):
                    yield UUID(bytes=raw[start : start + 16])

    async def ping(self) -> bool:
        """Whether Valkey answers."""
        try:
            return bool(await self._redis.ping())
        except (RedisError, OSError, TimeoutError):
            return False

    async def close(self) -> None:
        """Publish what is gathered, then disconnect."""
        if self._publishing is not None:
            self._publishing.cancel()
            with suppress(asyncio.CancelledError):
                await self._publishing
        await self._redis.aclose()

    async def _publish(self) -> None:
        while self._gathered:
            tenants, self._gathered = self._gathered, set()
            try:
                await self._redis.publish(CHANNEL, b"".join(tenant.bytes for tenant in tenants))
                # the first hint goes out at once; what follows within a moment goes out together
                await asyncio.sleep(GATHER_S)
            except (RedisError, OSError, TimeoutError) as error:
                log.warning("hint_lost", error=type(error).__name__, tenants=len(tenants))
                await asyncio.sleep(AWAY_PAUSE_S)
