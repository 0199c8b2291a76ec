"""``python -m tests.benchmarks [NAME …] [--quick] [--json FILE]``: measure, show progress, print one table."""

import argparse
import os
import platform
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import uvloop

from services.logs import configure_logs
from tests.benchmarks import (
    appends,
    book,
    closing,
    commands,
    firing,
    freshness,
    growth,
    handing,
    http,
    projecting,
    reminders,
)
from tests.benchmarks.house import House, open_house
from tests.benchmarks.report import Row, as_json, show
from tests.benchmarks.rounds import Bench

BENCHMARKS: dict[str, Callable[[House, Bench], Awaitable[list[Row]]]] = {
    "appends": appends.run,
    "commands": commands.run,
    "http": http.run,
    "projecting": projecting.run,
    "freshness": freshness.run,
    "firing": firing.run,
    "growth": growth.run,
    "closing": closing.run,
    "book": book.run,
    "handing": handing.run,
    "reminders": reminders.run,
}


def main() -> None:
    """Run the benchmarks that are named, or all."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHMARKS)}; all unless named")
    parser.add_argument("--quick", action="store_true", help="shorter and fewer rounds: a look, no measurement")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the table to a file, too")
    given = parser.parse_args()
    unknown = [name for name in given.names if name not in BENCHMARKS]
    if unknown:
        parser.error(f"there is no benchmark {', '.join(unknown)}")
    configure_logs("warning")
    bench = Bench(given.quick)
    started, load = time.monotonic(), os.getloadavg()[0]
    rows = uvloop.run(_run(given.names or list(BENCHMARKS), bench))
    surroundings = (
        f"{os.cpu_count()} cores, Python {platform.python_version()}, fsync on; load before: {load:.1f};"
        f" took {time.monotonic() - started:.0f} s{'; quick: a look, no measurement' if bench.quick else ''}"
    )
    show(rows, surroundings)
    if given.json is not None:
        given.json.write_bytes(as_json(rows, surroundings))


async def _run(names: list[str], bench: Bench) -> list[Row]:
    rows: list[Row] = []
    with open_house() as house:
        await house.build()
        for number, name in enumerate(names, 1):
            bench.say(f"[{number}/{len(names)}] {name}")
            house.settle()
            rows += await BENCHMARKS[name](house, bench)
    return rows


if __name__ == "__main__":
    main()
