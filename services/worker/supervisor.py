"""The worker process: finds work and has it done, with Valkey as fast as a hint and without it as sure as a sweep.

- A **hint** (an append happened) becomes a job of the queue in Valkey, which any worker takes; without Valkey there
  are no hints.
- The **poll** asks Postgres every second who is behind, and who closes a fee period, and works for them here, at once.
  So nothing depends on hints.
- The **sweep** asks Postgres every five seconds whose deadlines have passed. They become jobs, spread over the workers;
  what the previous sweep has found already, and everything while the queue is away, is fired here. It also asks whose
  deliveries are due, and sends couriers; what has just been told here is delivered without waiting for it.

Two workers that take up the same are kept apart by the claims in Postgres, and only by them.
"""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from functools import partial
from uuid import UUID

import structlog
from prometheus_client import start_http_server

from infra import discovery, outbox
from infra.database import CONNECTION_LOST, NOTHING_DONE
from infra.rebuild import Rebuilder
from services.runtime.commands import Clock
from services.runtime.runtime import open_runtime, system_clock
from services.settings import Settings
from services.worker.closing import close_periods
from services.worker.crew import Crew, Task
from services.worker.deadlines import fire
from services.worker.delivering import Post, deliver, open_post
from services.worker.ending import end, pause
from services.worker.purge import purge
from services.worker.queue import VALKEY_AWAY, Queue
from services.worker.settling import follow
from services.worker.work import Work, work_of

log = structlog.get_logger(__name__)

PURGE_S = 3_600.0
BUILDS_S = 60.0
LISTEN_PAUSE_S = 1.0
COURIERS = 16
"""Tenants for whom deliveries are under way at once; each waits for receivers most of the time."""
SPARE_CONNECTIONS = 2
"""Connections of the pool that tasks leave to whatever reads configurations beside them."""


async def run(settings: Settings, *, clock: Clock = system_clock, stop: asyncio.Event | None = None) -> None:
    """Run a worker until ``stop`` is set or the process is told to end; what is under way is finished first."""
    stop = stop or asyncio.Event()
    async with open_runtime(settings, clock) as runtime:
        work = work_of(runtime)
        if settings.worker_metrics_port:
            start_http_server(settings.worker_metrics_port, registry=work.metrics.registry)
        await serve(work, stop)


async def serve(work: Work, stop: asyncio.Event) -> None:
    """Work with these means until ``stop`` is set."""
    await Supervisor(work, stop).run()


def stop_on_signals(stop: asyncio.Event) -> None:
    """Set ``stop`` when the process is told to end."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)


class Supervisor:
    """Finds work and hands it to the crew, the couriers or the queue."""

    _post: Post

    def __init__(self, work: Work, stop: asyncio.Event) -> None:
        self._work = work
        self._stop = stop
        size = max(1, work.runtime.settings.pool_size - SPARE_CONNECTIONS)
        tasks: dict[str, Task] = {
            "follow": self._follow,
            "fire": self._fire,
            "close": self._close,
            "rebuild": self._rebuild,
            "purge": partial(purge, work),
        }
        self._crew = Crew(tasks, work.metrics, size=size)
        # apart from the others: who waits for a stranger's server must not keep them from their work
        self._couriers = Crew({"deliver": self._deliver}, work.metrics, size=COURIERS)
        self._queue = Queue(work.runtime.settings.redis_url, self._crew, work.metrics, size=size)
        self._overdue: set[UUID] = set()

    async def run(self) -> None:
        """Work until told to stop, then finish what is under way."""
        settings = self._work.runtime.settings
        log.info("worker_started", poll_s=settings.poll_s, sweep_s=settings.sweep_s)
        loops = (
            self._queue.serve(self._stop),
            self._listen(),
            self._every(settings.poll_s, self._poll),
            self._every(settings.sweep_s, self._sweep),
            self._every(BUILDS_S, self._look_at_builds),
            self._every(PURGE_S, self._purge),
        )
        async with open_post(settings) as self._post:
            async with asyncio.TaskGroup() as group:
                for coroutine in loops:
                    group.create_task(coroutine)
            await self._crew.finish()
            await self._couriers.finish()
        log.info("worker_stopped")

    def _keep_going(self) -> bool:
        return not self._stop.is_set()

    async def _follow(self, tenant: UUID) -> None:
        if await follow(self._work, tenant, self._keep_going):
            self._couriers.start("deliver", tenant)

    async def _fire(self, tenant: UUID) -> None:
        if await fire(self._work, tenant, self._keep_going):
            await self._follow(tenant)

    async def _close(self, tenant: UUID) -> None:
        await close_periods(self._work, tenant, self._keep_going)

    async def _deliver(self, tenant: UUID) -> None:
        await deliver(self._work, self._post, tenant, self._keep_going)

    async def _every(self, seconds: float, look: Callable[[], Awaitable[None]]) -> None:
        """Look for work now and then, also after Postgres was away."""
        while not self._stop.is_set():
            try:
                await look()
            except (*CONNECTION_LOST, *NOTHING_DONE) as error:
                log.warning("postgres_away", error=repr(error))
            await pause(self._stop, seconds)

    async def _listen(self) -> None:
        """Turn hints into jobs; a tenant's hint is followed here when the queue is away."""
        while not self._stop.is_set():
            listening = asyncio.create_task(self._hear())
            stopping = asyncio.create_task(self._stop.wait())
            await asyncio.wait((listening, stopping), return_when=asyncio.FIRST_COMPLETED)
            await end(listening, stopping)
            heard = None if listening.cancelled() else listening.exception()
            if isinstance(heard, VALKEY_AWAY):
                await pause(self._stop, LISTEN_PAUSE_S)
            elif heard is not None:
                raise heard

    async def _hear(self) -> None:
        async for tenant in self._work.runtime.hints.heard():
            if not await self._queue.offer("follow", tenant):
                self._crew.start("follow", tenant)

    async def _poll(self) -> None:
        found = await discovery.behind(self._work.runtime.database, self._work.follower.names)
        self._work.metrics.behind.set(len(found))
        self._work.metrics.lag.set(sum(behind.lag for behind in found))
        untold = await discovery.untold(self._work.runtime.database, outbox.TASK)
        for tenant in {*(behind.tenant for behind in found), *untold}:
            self._crew.start("follow", tenant)
        for tenant in await discovery.closing(self._work.runtime.database):
            self._crew.start("close", tenant)

    async def _sweep(self) -> None:
        found = await discovery.due(self._work.runtime.database, self._work.runtime.clock())
        self._work.metrics.overdue.set(sum(due.count for due in found))
        for due in found:
            if due.tenant in self._overdue or not await self._queue.offer("fire", due.tenant):
                self._crew.start("fire", due.tenant)
        self._overdue = {due.tenant for due in found}
        await self._look_at_outboxes()

    async def _look_at_outboxes(self) -> None:
        database, now, metrics = self._work.runtime.database, self._work.runtime.clock(), self._work.metrics
        found = await discovery.waiting(database, now)
        metrics.outbox.set(sum(waiting.count for waiting in found))
        metrics.outbox_age.set(max(((now - waiting.since).total_seconds() for waiting in found), default=0.0))
        metrics.dead_letters.set(await discovery.dead_letters(database))
        for waiting in found:
            if waiting.due:
                self._couriers.start("deliver", waiting.tenant)

    async def _look_at_builds(self) -> None:
        """One tenant after the other, so that daily work always finds a place."""
        versions = [projection.schema_version for projection in self._work.follower.projections]
        names = self._work.follower.names
        found = await discovery.unfinished(self._work.runtime.database, names, versions)
        for tenant in dict.fromkeys(unfinished.tenant for unfinished in found):
            if self._keep_going():
                await self._crew.start("rebuild", tenant)

    async def _rebuild(self, tenant: UUID) -> None:
        """Build anew what newer code shows differently, and finish what broke off."""
        rebuilder = Rebuilder(self._work.runtime.database, self._work.runtime.mapper)
        for projection in self._work.follower.projections:
            await rebuilder.resume(tenant, projection, self._keep_going)

    async def _purge(self) -> None:
        for tenant in await discovery.tenants(self._work.runtime.database):
            if self._keep_going():
                await self._crew.start("purge", tenant)
