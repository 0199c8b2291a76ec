"""The real worker on the whole domain under a shared clock, as a process that the scenario starts and kills.

``python -m tests.scenarios.half_year.worker DATABASE_URL VALKEY_URL CLOCK_FILE`` prints ``ready`` once it works.
"""

import asyncio
import sys
from pathlib import Path

import uvloop

from services.logs import configure_logs
from services.runtime.runtime import open_runtime
from services.settings import Settings
from services.worker.supervisor import serve, stop_on_signals
from services.worker.work import work_of
from tests.scenarios.half_year.clock import SharedClock

SWEEP_S = 0.1
POLL_S = 0.1


async def main(database_url: str, valkey_url: str, clock_file: str) -> None:
    """Serve until told to stop."""
    stop = asyncio.Event()
    stop_on_signals(stop)
    settings = Settings(
        database_url=database_url, redis_url=valkey_url, sweep_s=SWEEP_S, poll_s=POLL_S, log_level="warning"
    )
    configure_logs(settings.log_level)  # to standard error: nobody reads the pipe of standard output after ``ready``
    async with open_runtime(settings, SharedClock(Path(clock_file))) as runtime:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await serve(work_of(runtime), stop)


if __name__ == "__main__":
    uvloop.run(main(*sys.argv[1:]))
