"""What runs together under one roof: Postgres and Valkey, then our programs; stopped the other way round."""

import os
import sys
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import unquote, urlsplit

import asyncpg
import msgspec

from infra.embedded import EmbeddedServerError, PostgresServer, ValkeyServer, postgres, valkey
from infra.migrate import LOGIN_ROLE
from services.up.children import Child, Relay

DATABASE = "kaohe"


class Servers(msgspec.Struct, frozen=True):
    """Where the database and Valkey are. ``owner_url`` migrates; ``login_password`` is to be the service role's."""

    owner_url: str
    url: str
    redis_url: str
    login_password: str | None


class House:
    """The processes of one ``kaohe up``."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.relay = Relay(sys.stderr)
        self._stack = ExitStack()
        self._children: list[Child] = []
        self._embedded: list[PostgresServer | ValkeyServer] = []
        self.embedded_url: str | None = None
        """The superuser's URL of the embedded Postgres, once it runs."""

    def start_servers(self) -> Servers:
        """Start the embedded servers, unless the environment names others."""
        database, hints = os.environ.get("KAOHE_DATABASE_URL"), os.environ.get("KAOHE_REDIS_URL")
        if database and hints:
            return external(database, hints)
        if database or hints:
            missing = "KAOHE_REDIS_URL" if database else "KAOHE_DATABASE_URL"
            raise EmbeddedServerError(f"set {missing} too, or neither for embedded servers")
        base = self._stack.enter_context(postgres(self.directory / "postgres"))
        self._embedded.append(base)
        self.embedded_url = base.url()
        queue = self._stack.enter_context(valkey(self.directory / "valkey"))
        self._embedded.append(queue)
        return Servers(base.url(database=DATABASE), base.url(LOGIN_ROLE, DATABASE), queue.url, base.password)

    def add(self, child: Child) -> None:
        """Take a started program in."""
        self._children.append(child)

    def dead(self) -> Child | None:
        """A program that has ended by itself, if any."""
        return next((child for child in self._children if child.exit_code is not None), None)

    def stop(self) -> None:
        """Stop everything in order: the programs as they were started, then Valkey, then Postgres."""
        for child in self._children:
            child.stop()
        self._stack.close()

    def kill(self) -> None:
        """Kill everything at once."""
        for child in self._children:
            child.kill()
        for server in reversed(self._embedded):
            server.kill()


def external(database_url: str, redis_url: str) -> Servers:
    """Servers that run elsewhere. The service role's password is taken from its URL when another role migrates."""
    owner_url = os.environ.get("KAOHE_MIGRATE_URL") or database_url
    return Servers(owner_url, database_url, redis_url, login_password(owner_url, database_url))


def login_password(owner_url: str, database_url: str) -> str | None:
    """The password to give the service role: that of its URL, where another role migrates."""
    login, owner = urlsplit(database_url), urlsplit(owner_url)
    if login.username != LOGIN_ROLE or owner.username == LOGIN_ROLE or login.password is None:
        return None
    return unquote(login.password)


async def ensure_database(server_url: str) -> None:
    """Create the service's database on an embedded server, once."""
    connection = await asyncpg.connect(server_url)
    try:
        if not await connection.fetchval("select exists (select from pg_database where datname = $1)", DATABASE):
            await connection.execute(f"create database {DATABASE}")
    finally:
        await connection.close()
