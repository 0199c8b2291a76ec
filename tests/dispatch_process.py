"""The API of the whole domain as a process of its own that gives one car and driver to many bookings at once.

``python -m tests.dispatch_process`` reads a `Task` as a line of its input, prints ``ready``, waits for another line,
and prints what each booking was answered.
"""

import asyncio
import logging
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import msgspec
import structlog
import uvloop

from services.api.app import create_litestar
from services.api.observability import Observability
from services.api.requests import Desk
from services.runtime.runtime import open_runtime
from services.settings import Settings

ROOT = Path(__file__).parent.parent


class Task(msgspec.Struct, frozen=True):
    """What one process does: as whom, at which instant, with which bookings, car and driver."""

    settings: Settings
    now: datetime
    token: str
    bookings: list[str]
    body: dict[str, str]


class Answer(msgspec.Struct, frozen=True):
    """What one booking was answered: the status, and the problem where it was refused."""

    booking: str
    status: int
    body: dict[str, Any]


async def main() -> None:
    """Be ready, wait, ask for everything at once, print the answers."""
    # what is printed is the answers alone
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    task = msgspec.json.decode(await asyncio.to_thread(sys.stdin.readline), type=Task)
    desk = Desk(task.settings)
    app: Any = Observability(create_litestar(desk, lambda: task.now), desk.metrics)
    async with open_runtime(task.settings, lambda: task.now) as runtime:
        desk.open(runtime)
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        headers = {"Authorization": f"Bearer {task.token}"}
        async with httpx.AsyncClient(transport=transport, base_url="http://kaohe.test", headers=headers) as http:
            sys.stdout.write("ready\n")
            sys.stdout.flush()
            await asyncio.to_thread(sys.stdin.readline)
            asked = (http.post(f"/v1/vehicle-bookings/{one}/dispatch-vehicle", json=task.body) for one in task.bookings)
            answers = await asyncio.gather(*asked)
    found = [Answer(one, answer.status_code, answer.json()) for one, answer in zip(task.bookings, answers, strict=True)]
    sys.stdout.write(msgspec.json.encode(found).decode() + "\n")
    sys.stdout.flush()


class DispatchProcess:
    """A dispatcher in a process of its own."""

    def __init__(self, task: Task) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.dispatch_process"],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        self._write(msgspec.json.encode(task))

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    async def ready(self) -> None:
        """Wait until it has everything open."""
        assert await self._line() == b"ready\n"

    def go(self) -> None:
        """Let it ask."""
        self._write(b"go")

    async def answers(self) -> list[Answer]:
        """What it was answered; it has ended then."""
        found = msgspec.json.decode(await self._line(), type=list[Answer])
        assert await asyncio.to_thread(self._process.wait, 30) == 0
        return found

    def end(self) -> None:
        """End it, whatever it does."""
        self._process.kill()
        self._process.wait(timeout=30)
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            stream.close()

    def _write(self, line: bytes) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line + b"\n")
        self._process.stdin.flush()

    async def _line(self) -> bytes:
        assert self._process.stdout is not None
        return await asyncio.to_thread(self._process.stdout.readline)


if __name__ == "__main__":
    uvloop.run(main())
