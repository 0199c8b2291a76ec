"""The servers of one benchmark run: one durable Postgres and one Valkey in a directory that is removed afterwards.

Ours and the peer's measurements use the same server with the same settings, each in a database of its own.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import msgspec
import psutil
import psycopg
from psycopg import sql

from infra.database import Database
from infra.embedded import PostgresServer, postgres, valkey
from infra.migrate import LOGIN_ROLE, migrate
from tests.library import create_tables

SETTINGS = {"max_connections": "300", "max_wal_size": "4GB"}
"""Beside fsync, which stays on: enough connections for everyone, and no checkpoint in the middle of a measurement."""
TEMPLATE = "kaohe_template"


class Place(msgspec.Struct, frozen=True):
    """One database: ``url`` as the service logs in, ``owner_url`` as its owner, a superuser."""

    url: str
    owner_url: str


class House:
    """The running servers."""

    def __init__(self, base: PostgresServer, valkey_url: str) -> None:
        self._base = base
        self.valkey_url = valkey_url

    async def build(self) -> None:
        """Migrate the database that the others are copied from, with the table of the library of `tests.library`."""
        self._create(TEMPLATE)
        owner_url = self._base.url(database=TEMPLATE)
        await migrate(owner_url, login_password=self._base.password)
        create_tables(owner_url)

    def new_place(self) -> Place:
        """A migrated, empty database."""
        name = f"b_{uuid4().hex}"
        self._create(name, TEMPLATE)
        return Place(self._base.url(LOGIN_ROLE, name), self._base.url(database=name))

    def empty_url(self) -> str:
        """A database with nothing in it, for the peer; the URL of its owner."""
        name = f"p_{uuid4().hex}"
        self._create(name)
        return self._base.url(database=name)

    def settle(self) -> None:
        """Write out what earlier measurements left, so that the next one does not pay for it."""
        with psycopg.connect(self._base.url(), autocommit=True) as connection:
            connection.execute("checkpoint")

    def postgres_cpu_s(self) -> float:
        """Processor time of the server and all of its backends, living and ended, in seconds."""
        return cpu_s(self._base.pid)

    def _create(self, name: str, template: str = "template0") -> None:
        statement = sql.SQL("create database {} template {} strategy file_copy")
        with psycopg.connect(self._base.url(), autocommit=True) as connection:
            connection.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))


@contextmanager
def open_house() -> Iterator[House]:
    """Start the servers; they are stopped, by their process ids, and their files removed at the end."""
    directory = Path(tempfile.mkdtemp(prefix="kaohe-bench-"))
    directory.chmod(0o755)  # started as root, the servers run as an account that must get here
    try:
        with (
            postgres(directory / "postgres", durable=True, settings=SETTINGS) as base,
            valkey(directory / "valkey") as hints,
        ):
            yield House(base, hints.url)
    finally:
        shutil.rmtree(directory, ignore_errors=True)


async def provision(database: Database, tenants: int) -> list[UUID]:
    """New tenants with their ledgers."""
    ids = [uuid4() for _ in range(tenants)]
    async with database.platform() as connection:
        await connection.executemany(
            "insert into tenants (tenant_id, slug, name) values ($1, $2, $2)", [(one, one.hex) for one in ids]
        )
        await connection.executemany("insert into ledger (tenant_id) values ($1)", [(one,) for one in ids])
    return ids


def environment(url: str, pool_size: int) -> dict[str, str]:
    """The settings of an application of the `eventsourcing` library on a database."""
    parts = urlsplit(url)
    return {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": parts.path.removeprefix("/"),
        "POSTGRES_HOST": parts.hostname or "",
        "POSTGRES_PORT": str(parts.port),
        "POSTGRES_USER": parts.username or "",
        "POSTGRES_PASSWORD": parts.password or "",
        "POSTGRES_POOL_SIZE": str(pool_size),
        "POSTGRES_MAX_OVERFLOW": "0",
        "POSTGRES_CONNECT_TIMEOUT": "60",
        "POSTGRES_IDLE_IN_TRANSACTION_SESSION_TIMEOUT": "60",
    }


def cpu_s(pid: int) -> float:
    """Processor time of a process and its children, ended ones included, in seconds."""
    process = psutil.Process(pid)
    spent = process.cpu_times()
    total = spent.user + spent.system + getattr(spent, "children_user", 0.0) + getattr(spent, "children_system", 0.0)
    for child in process.children(recursive=True):
        try:
            spent = child.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += spent.user + spent.system
    return total
