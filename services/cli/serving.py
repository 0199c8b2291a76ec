"""``kaohe up``, ``worker``, ``demo`` and ``migrate``: what makes the service run."""

import asyncio
import os
import sys
from pathlib import Path

import click
import uvloop

from infra.migrate import migrate
from services.cli.common import DEFAULT_DIRECTORY, DIRECTORY_VARIABLE, Trouble, console, run, settings
from services.demo.present import present
from services.logs import configure_logs
from services.settings import Settings, from_environment
from services.up import Options
from services.up import up as run_up
from services.up.house import login_password
from services.up.running import read_environment
from services.worker.supervisor import run as run_worker
from services.worker.supervisor import stop_on_signals

directory_option = click.option(
    "--directory",
    type=click.Path(file_okay=False, path_type=Path),
    envvar=DIRECTORY_VARIABLE,
    default=DEFAULT_DIRECTORY,
    show_default=True,
    help="Where data, logs and credentials are kept.",
)


@click.command()
@click.option("--demo", "with_demo", is_flag=True, help="Load the demonstration year, once.")
@click.option("--port", type=click.IntRange(1, 65535), default=8800, show_default=True)
@click.option("--workers-api", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes of the API.")
@click.option(
    "--once/--stay",
    default=None,
    help="Stop after printing. Default: stay at a terminal, once elsewhere. [env: KAOHE_UP_ONCE]",
)
@directory_option
def up(*, with_demo: bool, port: int, workers_api: int, once: bool | None, directory: Path) -> None:
    """启动全部 · start Postgres, Valkey, the API and a worker here; Ctrl-C stops them all.

    With KAOHE_DATABASE_URL and KAOHE_REDIS_URL set, those servers are used instead of embedded ones.
    """
    configure_logs("error")
    if once is None:
        once = os.environ.get("KAOHE_UP_ONCE") == "1" or not sys.stdout.isatty()
    options = Options(directory=directory, port=port, api_workers=workers_api, once=once)
    screen = console()

    async def page(chosen: Settings, url: str) -> None:
        if with_demo:
            await present(chosen, directory, url, screen)
        else:
            screen.print(f"接口 API {url}   文档 OpenAPI {url}/openapi.json")

    raise SystemExit(asyncio.run(run_up(options, screen, page)))


@click.command()
@directory_option
def demo(*, directory: Path) -> None:
    """演示数据 · load the demonstration year into running servers, once, and show it."""
    directory.mkdir(parents=True, exist_ok=True)
    chosen = settings()
    run(present(chosen, directory, chosen.public_url, console()))


@click.command()
def worker() -> None:
    """后台进程 · run one worker until told to stop: deadlines, reactions, projections."""
    chosen = from_environment()
    configure_logs(chosen.log_level)

    async def work() -> None:
        stop = asyncio.Event()
        stop_on_signals(stop)
        await run_worker(chosen, stop=stop)

    uvloop.run(work())


@click.command(name="migrate")
@directory_option
def migrate_command(*, directory: Path) -> None:
    """数据库变更 · bring the database up to date, as its owner (KAOHE_MIGRATE_URL, else KAOHE_DATABASE_URL).

    Makes sure of the role `kaohe` that the service logs in as, with the password of KAOHE_DATABASE_URL.
    """
    given = {**read_environment(directory), **os.environ}
    database_url = given.get("KAOHE_DATABASE_URL")
    owner_url = given.get("KAOHE_MIGRATE_URL") or database_url
    if not owner_url:
        raise Trouble("set KAOHE_MIGRATE_URL to the database owner's URL, or run `kaohe up` for embedded servers.")
    applied = run(migrate(owner_url, login_password=login_password(owner_url, database_url or owner_url)))
    for name in applied:
        console().print(f"已应用 · applied {name}")
    if not applied:
        console().print("已是最新 · up to date")
