"""The queue of tasks in Valkey, served by arq: spreads hinted work over the workers, carries ids and nothing else.

It is never relied on. A queue that is away, flushed or stuck costs the time until the next poll or sweep of Postgres.
"""

import asyncio
from contextlib import suppress
from typing import Any
from uuid import UUID

import msgspec
import structlog
from arq.connections import ArqRedis, RedisSettings, create_pool
from arq.worker import Worker, func
from redis.exceptions import RedisError

from services.worker.crew import Crew
from services.worker.ending import end, pause
from services.worker.metrics import Metrics

log = structlog.get_logger(__name__)

NAME = "kaohe:tasks"
VALKEY_AWAY = (RedisError, OSError, TimeoutError)
LOOK_S = 0.5
"""How often arq looks for jobs that nobody here has queued or heard of."""
AWAY_PAUSE_S = 1.0
OFFER_S = 1.0
"""How long Valkey may take; one that hangs is as good as away."""
JOB_TIMEOUT_S = 600
JOB_EXPIRES_S = 60
MARK_EXPIRES_MS = 3_000
"""For how long a tenant's queued task is not queued again; shorter than a sweep, should the job get lost."""

_ENCODER = msgspec.json.Encoder(enc_hook=repr)


class _WokenWorker(Worker):
    """arq's worker, which looks for jobs when it is woken, too: a hint is at work within milliseconds."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.woken = asyncio.Event()

    async def main(self) -> None:
        """Look for jobs and start them, until cancelled."""
        self.ctx["redis"] = self.pool
        while True:
            self.woken.clear()
            await self._poll_iteration()
            await pause(self.woken, LOOK_S)


class Queue:
    """This process at the queue: offers tasks, and serves what is there with its crew."""

    def __init__(self, url: str, crew: Crew, metrics: Metrics, *, size: int) -> None:
        self._settings = RedisSettings.from_dsn(url)
        self._settings.conn_retries = 0
        self._crew = crew
        self._metrics = metrics
        self._size = size
        self._worker: _WokenWorker | None = None

    @property
    def serving(self) -> bool:
        """Whether jobs are taken from the queue at this moment."""
        return self._worker is not None

    async def offer(self, task: str, tenant: UUID) -> bool:
        """Queue a task for any worker unless it is queued already; ``False`` when it has to be done here."""
        worker = self._worker
        if worker is None:
            return False
        try:
            async with asyncio.timeout(OFFER_S):
                if await worker.pool.set(_mark(task, tenant), b"", nx=True, px=MARK_EXPIRES_MS):
                    await worker.pool.enqueue_job(task, str(tenant), _expires=JOB_EXPIRES_S)
        except VALKEY_AWAY:
            return False
        worker.woken.set()
        return True

    async def serve(self, stop: asyncio.Event) -> None:
        """Serve the queue until told to stop, and again after Valkey was away."""
        while not stop.is_set():
            pool: ArqRedis | None = None
            try:
                pool = await create_pool(
                    self._settings,
                    job_serializer=_ENCODER.encode,
                    job_deserializer=msgspec.json.decode,
                    default_queue_name=NAME,
                )
                await self._serve_from(pool, stop)
            except VALKEY_AWAY as error:
                log.warning("queue_away", error=repr(error))
            finally:
                self._worker = None
                self._metrics.valkey.set(0)
                if pool is not None:
                    with suppress(*VALKEY_AWAY):
                        await pool.aclose()
            await pause(stop, AWAY_PAUSE_S)

    async def _serve_from(self, pool: ArqRedis, stop: asyncio.Event) -> None:
        worker = _WokenWorker(
            functions=[func(self._job("follow"), name="follow"), func(self._job("fire"), name="fire")],
            queue_name=NAME,
            redis_pool=pool,
            handle_signals=False,
            max_jobs=self._size,
            job_timeout=JOB_TIMEOUT_S,
            keep_result=0,
            max_tries=2,
            job_serializer=_ENCODER.encode,
            job_deserializer=msgspec.json.decode,
            log_results=False,
        )
        self._worker = worker
        self._metrics.valkey.set(1)
        log.info("queue_served")
        serving = asyncio.create_task(worker.async_run())
        stopping = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait((serving, stopping), return_when=asyncio.FIRST_COMPLETED)
            if serving.done():
                await serving
        finally:
            worker.allow_pick_jobs = False
            await asyncio.gather(*worker.tasks.values(), return_exceptions=True)
            looking = [worker.main_task] if worker.main_task is not None else []
            await end(stopping, serving, *looking)

    def _job(self, task: str) -> Any:
        async def job(ctx: dict[str, Any], tenant: str) -> None:
            # from here on a new hint is news again
            await ctx["redis"].delete(_mark(task, UUID(tenant)))
            # shielded: the task is not this job's alone
            await asyncio.shield(self._crew.start(task, UUID(tenant)))
            if self._worker is not None:
                self._worker.woken.set()  # there is a place for the next one

        return job


def _mark(task: str, tenant: UUID) -> str:
    return f"kaohe:queued:{task}:{tenant}"
