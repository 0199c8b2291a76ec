"""``python -m services.worker``: one worker process, set up by the environment."""

import asyncio
import sys

import uvloop

from services.logs import configure_logs
from services.runtime.memory import collect_rarely
from services.settings import SettingsError, from_environment
from services.worker.supervisor import run, stop_on_signals


async def _main() -> None:
    settings = from_environment()
    configure_logs(settings.log_level)
    collect_rarely()
    stop = asyncio.Event()
    stop_on_signals(stop)
    await run(settings, stop=stop)


if __name__ == "__main__":
    try:
        uvloop.run(_main())
    except SettingsError as error:
        sys.exit(str(error))
