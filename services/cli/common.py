"""What the commands share: settings, a runtime, tenants by slug, passwords, and errors as one clear line."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import asyncpg
import click
import msgspec
from rich.console import Console

from domain.kernel import Actor, CommandSpec, Refusal, derived_id
from infra.catalogue_check import CatalogueWrong
from infra.database import CONNECTION_LOST, Database
from infra.embedded import EmbeddedServerError
from infra.migrate import MigrationChanged
from infra.rebuild import BuiltByNewerCode
from infra.recordings import StoreBusy, StoreUnavailable
from services.demo.gate import AlreadyLoading
from services.demo.load import DemoFault
from services.logs import configure_logs
from services.runtime.accounts import AccountProblem
from services.runtime.commands import Authorise, TooContended
from services.runtime.config import TenantConfig
from services.runtime.passwords import MAX_LENGTH, MIN_LENGTH
from services.runtime.principal import Forbidden, Principal
from services.runtime.runtime import Runtime, open_runtime
from services.settings import Settings, SettingsError, from_environment
from services.up.running import read_environment

T = TypeVar("T")

DIRECTORY_VARIABLE = "KAOHE_DIRECTORY"
DEFAULT_DIRECTORY = "var"
PIPED_WIDTH = 160


class Trouble(click.ClickException):
    """Something the person at the terminal can mend; shown as one line with what to do next."""

    exit_code = 2


class TroubleGroup(click.Group):
    """A group under which what is known to go wrong is told in a line instead of a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            line = explained(error)
            if line is None:
                raise
            raise Trouble(line) from error


def explained(error: Exception) -> str | None:
    """What went wrong and what to do next, in a line; nothing for what is a fault of ours."""
    for kinds, explain in _EXPLANATIONS:
        if isinstance(error, kinds):
            return explain(error)
    return None


def _refused(refusal: Any) -> str:
    clause = f"（{refusal.clause}）" if refusal.clause else ""
    return f"{refusal.text.zh}{clause} · {refusal.text.en} [{refusal.code}]"


NOT_MIGRATED = (
    asyncpg.UndefinedTableError,
    asyncpg.UndefinedObjectError,
    asyncpg.UndefinedColumnError,
    asyncpg.InvalidSchemaNameError,
)
"""What a database looks like that is empty or older than this program."""

Explanation = tuple[tuple[type[Exception], ...], Callable[[Any], str]]

_EXPLANATIONS: tuple[Explanation, ...] = (
    ((Refusal,), _refused),
    ((AccountProblem,), lambda e: f"{e.text.zh} · {e.text.en}"),
    ((SettingsError, EmbeddedServerError, DemoFault), str),
    ((AlreadyLoading,), lambda _: "另一进程正在载入演示数据 · another process is loading the demo; wait for it."),
    ((CatalogueWrong,), lambda e: f"the database is not safe to use: {e}. Run `kaohe doctor`."),
    (
        (MigrationChanged,),
        lambda e: f"migration {e} was applied and has been edited since: restore that file and add a new migration.",
    ),
    (
        (BuiltByNewerCode,),
        lambda e: f"newer code has built {e}, or is building it: run the command from that version.",
    ),
    ((Forbidden,), lambda e: f"无权限 · the permission {e} is needed."),
    (
        (StoreBusy, StoreUnavailable, TooContended),
        lambda _: "the database was too busy; nothing is known to be done. Run the command again.",
    ),
    (
        (asyncpg.InvalidPasswordError, asyncpg.InvalidAuthorizationSpecificationError),
        lambda e: f"the database refused the login: {e}. Check the user and password in the URL.",
    ),
    ((asyncpg.InvalidCatalogNameError,), lambda e: f"{e}. Create the database, then run `kaohe migrate`."),
    (
        NOT_MIGRATED,
        lambda e: f"the database is not migrated ({e}). Run `kaohe migrate`.",
    ),
    ((asyncpg.InsufficientPrivilegeError,), lambda e: f"the database role may not do this: {e}. Run `kaohe doctor`."),
    ((PermissionError, FileNotFoundError, IsADirectoryError, NotADirectoryError), str),
    (
        CONNECTION_LOST,
        lambda e: (
            f"the database does not answer ({str(e) or type(e).__name__})."
            " Check KAOHE_DATABASE_URL, or start everything with `kaohe up`."
        ),
    ),
)
"""The first that fits explains; a file that is not there is an `OSError` as a lost connection is, so it comes first."""


def console() -> Console:
    """Standard output, for people; in a file or a pipe lines are long rather than folded."""
    return Console(highlight=False, width=None if sys.stdout.isatty() else PIPED_WIDTH)


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end."""
    return asyncio.run(work)


def directory() -> Path:
    """Where `kaohe up` keeps its files."""
    return Path(os.environ.get(DIRECTORY_VARIABLE) or DEFAULT_DIRECTORY)


def settings() -> Settings:
    """The settings of the environment, else those of a running `kaohe up`. Raises `SettingsError`."""
    configure_logs(os.environ.get("KAOHE_LOG_LEVEL") or "error")
    known = read_environment(directory()) if not os.environ.get("KAOHE_DATABASE_URL") else {}
    return from_environment({**known, **os.environ})


@asynccontextmanager
async def opened() -> AsyncIterator[Runtime]:
    """The service's runtime, on a database that is safe to use."""
    async with open_runtime(settings()) as runtime:
        yield runtime


async def tenant_id(database: Database, slug: str) -> UUID:
    """The tenant of a slug. Raises `Trouble`."""
    async with database.directory() as connection:
        found: UUID | None = await connection.fetchval("select tenant_id from tenants where slug = $1", slug)
    if found is None:
        raise Trouble(f"没有这个组织 · there is no tenant {slug!r}; `kaohe tenant list` shows all.")
    return found


def console_principal(*specs: CommandSpec) -> Principal:
    """The person at the terminal, who holds the database's password and is recorded as the platform's operator."""
    account = os.environ.get("SUDO_USER") or os.environ.get("USER") or "console"
    actor = Actor(kind="operator", name=f"kaohe ({account})"[:100])
    return Principal(
        id=derived_id("operator", "console"), actor=actor, permissions=frozenset(spec.permission for spec in specs)
    )


def as_console(*specs: CommandSpec) -> Authorise:
    """The authorisation of the person at the terminal for these commands."""

    async def authorise(_: TenantConfig) -> Principal:
        return console_principal(*specs)

    return authorise


def ask_password(*, from_stdin: bool) -> str:
    """A new password, from a prompt that does not show it or from standard input. Raises `Trouble`."""
    if from_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = str(click.prompt("密码 · password", hide_input=True, confirmation_prompt=True))
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        raise Trouble(
            f"密码长度须为 {MIN_LENGTH} 至 {MAX_LENGTH} · a password has {MIN_LENGTH} to {MAX_LENGTH} characters."
        )
    return password


password_stdin = click.option(
    "--password-stdin", "from_stdin", is_flag=True, help="Read the password from the first line of standard input."
)
tenant_option = click.option("--tenant", "slug", required=True, metavar="SLUG", help="The organisation, by its slug.")


def typed(value: Any, kind: type[T]) -> T:
    """A value checked against its type. Raises `Trouble` with the field named."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise Trouble(f"不合要求 · this does not fit: {error}") from error
