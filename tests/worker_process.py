"""The real worker on the domain of `tests.library`, as a process that tests start and kill.

``python -m tests.worker_process DATABASE_URL VALKEY_URL [SWEEP_S [POLL_S]]`` prints ``ready`` once it works.
"""

import asyncio
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import uvloop

from services.logs import configure_logs
from services.worker.supervisor import serve, stop_on_signals
from tests.workshop import open_work

ROOT = Path(__file__).parent.parent


async def main(database_url: str, valkey_url: str, sweep_s: str = "0.5", poll_s: str = "0.2") -> None:
    """Serve until told to stop."""
    stop = asyncio.Event()
    stop_on_signals(stop)
    configure_logs("warning")  # to standard error: nobody reads the pipe of standard output after ``ready``
    async with open_work(database_url, valkey_url, sweep_s=float(sweep_s), poll_s=float(poll_s)) as work:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await serve(work, stop)


class WorkerProcess:
    """A worker in a process of its own."""

    def __init__(self, database_url: str, valkey_url: str, *more: object) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.worker_process", database_url, valkey_url, *map(str, more)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            start_new_session=True,
        )

    async def ready(self) -> "WorkerProcess":
        """Wait until it works."""
        assert self._process.stdout is not None
        line = await asyncio.to_thread(self._process.stdout.readline)
        assert line == b"ready\n"
        return self

    def kill(self) -> None:
        """End it as a power cut would (SIGKILL)."""
        with suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGKILL)
        self._end()

    def stop(self) -> int:
        """Tell it to end (SIGTERM); its exit status."""
        self._process.send_signal(signal.SIGTERM)
        return self._end()

    def _end(self) -> int:
        status = self._process.wait(timeout=30)
        if self._process.stdout is not None:
            self._process.stdout.close()
        return status


if __name__ == "__main__":
    uvloop.run(main(*sys.argv[1:]))
