"""How a worker leaves what it waits for, whatever happens at that moment.

In Python 3.11 `asyncio.wait_for` loses a cancellation that comes as what it waits for is there, and libraries use it
(redis-py when it sends). So nothing here counts on one cancellation, and nothing here waits with `wait_for`.
"""

import asyncio
from contextlib import suppress
from typing import Any

AGAIN_S = 0.2
"""How long a cancelled task has for its last words before it is told again."""


async def end(*tasks: "asyncio.Task[Any]") -> None:
    """Cancel tasks until each has ended. What they raise stays with them, for whoever asks them."""
    waiting = {task for task in tasks if not task.done()}
    while waiting:
        for task in waiting:
            task.cancel()
        _, waiting = await asyncio.wait(waiting, timeout=AGAIN_S)
    for task in tasks:
        if not task.cancelled():
            task.exception()  # looked at: asyncio has nothing to complain about


async def pause(stop: asyncio.Event, seconds: float) -> None:
    """Wait for so long, or until told to stop."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()
