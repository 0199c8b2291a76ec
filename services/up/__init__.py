"""Everything in one terminal: the servers, the API and a worker, started in order and stopped in order.

Nothing is restarted in silence: when a program ends by itself, that is said and all the others are stopped.
"""

import asyncio
import os
import signal
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from rich.console import Console

from infra.migrate import migrate
from services.settings import ENVIRONMENT, Settings, from_environment, to_environment
from services.up.children import Child, api, free_or_other, until_ready, worker
from services.up.house import House, Servers, ensure_database
from services.up.running import own_key, remove_environment, write_environment

T = TypeVar("T")

WATCH_S = 0.2
READY_S = 90.0
KILLED = 130

Page = Callable[[Settings, str], Coroutine[Any, Any, None]]
"""Prints what there is to see: called with the settings and the API's address while the API starts."""


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """What ``kaohe up`` was asked for. ``once``: stop after the page is printed."""

    directory: Path
    port: int
    api_workers: int
    once: bool


class ChildDied(Exception):  # noqa: N818 - what befell
    """A program ended that should not have."""

    def __init__(self, child: Child) -> None:
        super().__init__(f"{child.name} ended with exit code {child.exit_code}")
        self.child = child


async def up(options: Options, screen: Console, page: Page) -> int:
    """Run until told to stop; the exit code. A second signal kills what is still there."""
    options.directory.mkdir(parents=True, exist_ok=True)
    house = House(options.directory.absolute())
    work = asyncio.ensure_future(_work(options, house, screen, page))
    asked = False

    def end() -> None:
        nonlocal asked
        if asked:
            house.kill()
            os._exit(KILLED)
        asked = True
        screen.print("\n正在停止，再按一次 Ctrl-C 强制结束 · stopping; once more kills", style="dim")
        work.cancel()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, end)
    try:
        return await work
    except asyncio.CancelledError:
        if not asked:
            raise
        return 0
    except ChildDied as died:
        house.relay.open()
        screen.print(f"{died.child.name} 意外退出，全部停止 · {died}; stopping everything", style="red")
        return 1
    finally:
        asked = True
        house.relay.open()
        remove_environment(house.directory)
        await asyncio.to_thread(house.stop)


async def _work(options: Options, house: House, screen: Console, page: Page) -> int:
    screen.print("启动 Postgres 与 Valkey · starting Postgres and Valkey …", style="dim")
    servers = await _uncut(house.start_servers)
    if house.embedded_url is not None:
        await ensure_database(house.embedded_url)
    applied = await migrate(servers.owner_url, login_password=servers.login_password)
    if applied:
        screen.print(f"应用了 {len(applied)} 个数据库变更 · applied {len(applied)} migrations", style="dim")
    port = free_or_other(options.port)
    if port != options.port:
        screen.print(
            f"端口 {options.port} 被占用，改用 {port} · port {options.port} is taken, using {port}", style="yellow"
        )
    url = f"http://127.0.0.1:{port}"
    settings = settings_for(servers, url, house.directory)
    write_environment(house.directory, _shared(settings, servers.owner_url))
    house.add(api(settings, port, options.api_workers, house.relay))
    house.add(worker(settings, house.relay))
    try:
        await _unless_one_dies(house, until_ready(port, READY_S))
    except TimeoutError:
        screen.print(f"API 在 {READY_S:g} 秒内未就绪 · the API was not ready in {READY_S:g} s", style="red")
        return 1
    await _unless_one_dies(house, page(settings, url))
    house.relay.open()
    if options.once:
        return 0
    screen.print("按 Ctrl-C 停止 · press Ctrl-C to stop", style="dim")
    return await _unless_one_dies(house, asyncio.Event().wait())


def settings_for(servers: Servers, url: str, directory: Path) -> Settings:
    """The settings of the programs: those of the environment, at these servers, this address and this directory."""
    given = {
        ENVIRONMENT["database_url"]: servers.url,
        ENVIRONMENT["redis_url"]: servers.redis_url,
    }
    own = {
        ENVIRONMENT["public_url"]: url,
        ENVIRONMENT["files_url"]: (directory / "files").as_uri(),
        ENVIRONMENT["secret_key"]: own_key(directory),
    }
    return from_environment({**own, **os.environ, **given})


def _shared(settings: Settings, owner_url: str) -> dict[str, str]:
    names = [ENVIRONMENT[field] for field in ("database_url", "redis_url", "public_url", "files_url", "secret_key")]
    known = {name: value for name, value in to_environment(settings).items() if name in names}
    return {**known, ENVIRONMENT["migrate_url"]: owner_url}


async def _unless_one_dies(house: House, wanted: Coroutine[Any, Any, T]) -> T:
    """The result of what is wanted. Raises `ChildDied` as soon as a program ends."""
    task = asyncio.ensure_future(wanted)
    try:
        while not task.done():
            await asyncio.wait((task,), timeout=WATCH_S)
            dead = house.dead()
            if dead is not None:
                raise ChildDied(dead)
        return task.result()
    finally:
        if not task.done():
            task.cancel()
            await asyncio.wait((task,))


async def _uncut(call: Callable[[], T]) -> T:
    """Run in a thread, to its end also when told to stop meanwhile: what was started must be known to be stopped."""
    task = asyncio.ensure_future(asyncio.to_thread(call))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait((task,))
        raise
