"""What a worker waits for ends when it is told to, also what loses a cancellation on the way."""

import asyncio
from contextlib import suppress

from services.worker.ending import end, pause


async def deaf(times: int) -> None:
    """Lose the first cancellations, as a library may, and wait on."""
    for _ in range(times):
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(60)
    await asyncio.sleep(60)


async def broken() -> None:
    """Raise on the way out, as a connection does that is closed under its reader."""
    try:
        await asyncio.sleep(60)
    finally:
        raise ConnectionError


async def quick() -> int:
    """Be done at once."""
    return 7


async def test_a_task_that_loses_cancellations_is_told_again(anyio_backend: object) -> None:
    """One that hears and one that does not both end, each cancelled."""
    tasks = [asyncio.create_task(deaf(times)) for times in (0, 2)]
    await asyncio.sleep(0)
    async with asyncio.timeout(5):
        await end(*tasks)
    assert [task.cancelled() for task in tasks] == [True, True]


async def test_what_a_task_raised_or_made_stays_with_it(anyio_backend: object) -> None:
    """Ending a task neither raises nor hides what became of it."""
    raising, done = asyncio.create_task(broken()), asyncio.create_task(quick())
    await asyncio.sleep(0)
    await end(raising, done)
    assert isinstance(raising.exception(), ConnectionError)
    assert done.result() == 7


async def test_a_pause_is_cut_short_by_the_end_and_by_time(anyio_backend: object) -> None:
    """Whoever pauses goes on as soon as it is told to, and by itself after the time."""
    stop = asyncio.Event()
    await pause(stop, 0.01)
    assert not stop.is_set()
    pausing = asyncio.create_task(pause(stop, 60))
    await asyncio.sleep(0)
    stop.set()
    ended, _ = await asyncio.wait([pausing], timeout=5)
    assert ended == {pausing}
