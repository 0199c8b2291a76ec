"""Runs a worker's tasks in this process: each tenant's task once at a time, a bounded number of them at once."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from uuid import UUID

import structlog

from infra.database import CONNECTION_LOST, NOTHING_DONE
from services.worker.metrics import Metrics

log = structlog.get_logger(__name__)

Task = Callable[[UUID], Awaitable[None]]
"""Works for a tenant until nothing is left."""


class Crew:
    """The tasks under way in this process.

    What is asked for while it runs runs once more afterwards: what came in between may have come too late for it.
    """

    def __init__(self, tasks: Mapping[str, Task], metrics: Metrics, *, size: int) -> None:
        self._tasks = tasks
        self._metrics = metrics
        self._places = asyncio.Semaphore(size)
        self._running: dict[tuple[str, UUID], asyncio.Task[None]] = {}
        self._again: set[tuple[str, UUID]] = set()

    def start(self, task: str, tenant: UUID) -> asyncio.Task[None]:
        """Have a task done for a tenant; the result ends when it is. It never raises: what breaks off is logged."""
        key = (task, tenant)
        running = self._running.get(key)
        if running is not None:
            self._again.add(key)
            return running
        running = asyncio.get_running_loop().create_task(self._run(key))
        self._running[key] = running
        return running

    async def finish(self) -> None:
        """Wait for all that is under way."""
        while self._running:
            await asyncio.wait(self._running.values())

    async def _run(self, key: tuple[str, UUID]) -> None:
        task, tenant = key
        try:
            async with self._places:
                self._again.add(key)
                while key in self._again:
                    self._again.discard(key)
                    await self._tasks[task](tenant)
        except (*CONNECTION_LOST, *NOTHING_DONE) as error:
            self._metrics.errors.labels(task).inc()
            log.warning("work_interrupted", task=task, tenant=str(tenant), error=repr(error))
        except Exception:
            # the next poll or sweep takes it up again; other tenants must not suffer from this one's
            self._metrics.errors.labels(task).inc()
            log.exception("work_failed", task=task, tenant=str(tenant))
        finally:
            self._again.discard(key)
            del self._running[key]
