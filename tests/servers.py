"""The Postgres and the Valkey of one test run, started when a test first needs them.

The process that pytest was started as owns them. With pytest-xdist its workers ask it for the addresses over
a loopback connection, so that all workers share one pair of servers and no worker's end takes them along.
"""

import asyncio
import os
import secrets
import shutil
import tempfile
from contextlib import ExitStack, suppress
from multiprocessing.connection import Client, Listener
from pathlib import Path
from threading import Lock, Thread
from typing import Any
from uuid import uuid4

import msgspec
import psycopg
from psycopg import sql

from infra.embedded import postgres, valkey
from infra.migrate import LOGIN_ROLE, migrate

TEMPLATE = "kaohe_template"
SETTINGS = {"max_connections": "300", "shared_buffers": "128MB", "autovacuum": "off"}
WORKER_KEY = "kaohe_servers"


class TestDatabase(msgspec.Struct, frozen=True):
    """One migrated database: ``url`` as the service logs in, ``owner_url`` as its owner, a superuser."""

    __test__ = False  # its name begins like a test's

    name: str
    url: str
    owner_url: str


class Addresses(msgspec.Struct, frozen=True):
    """Where the servers of this run are. ``postgres`` and ``owner`` are URLs to which a database's name is added."""

    postgres: str
    owner: str
    valkey: str

    def new_database(self, template: str = TEMPLATE) -> TestDatabase:
        """Copy the migrated template, or another one."""
        name = f"t_{uuid4().hex}"
        statement = sql.SQL("create database {} template {} strategy file_copy")
        with psycopg.connect(self.owner + "postgres", autocommit=True) as connection:
            connection.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))
        return TestDatabase(name, self.postgres + name, self.owner + name)

    def drop_database(self, database: TestDatabase) -> None:
        """Drop a copy, whoever is still connected."""
        with psycopg.connect(self.owner + "postgres", autocommit=True) as connection:
            connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(database.name)))


class OwnServers:
    """The servers as children of this process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._stack = ExitStack()
        self._addresses: Addresses | None = None
        self._key = secrets.token_bytes(16)
        self._listener: Listener | None = None

    def addresses(self) -> Addresses:
        """Start the servers unless they run."""
        with self._lock:
            if self._addresses is None:
                self._addresses = self._start()
            return self._addresses

    def offer(self) -> tuple[int, str]:
        """Answer other processes of this run; returns the port and key that `AskedServers` takes."""
        if self._listener is None:
            self._listener = Listener(("127.0.0.1", 0), authkey=self._key)
            Thread(target=self._answer, args=(self._listener,), daemon=True).start()
        return self._listener.address[1], self._key.hex()

    def stop(self) -> None:
        """Stop the servers, by their process ids, and remove their files."""
        with self._lock:
            if self._listener is not None:
                self._listener.close()
            self._stack.close()

    def _start(self) -> Addresses:
        directory = Path(tempfile.mkdtemp(prefix="kaohe-tests-"))
        directory.chmod(0o755)  # started as root, the servers run as an account that must get here
        self._stack.callback(shutil.rmtree, directory, ignore_errors=True)
        hints = self._stack.enter_context(valkey(directory / "valkey"))
        server = self._stack.enter_context(postgres(directory / "postgres", durable=False, settings=SETTINGS))
        with psycopg.connect(server.url(), autocommit=True) as connection:
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(TEMPLATE)))
        asyncio.run(migrate(server.url(database=TEMPLATE), login_password=server.password))
        return Addresses(
            postgres=server.url(LOGIN_ROLE, "").removesuffix("/") + "/",
            owner=server.url(database="").removesuffix("/") + "/",
            valkey=hints.url.removesuffix("0"),
        )

    def _answer(self, listener: Listener) -> None:
        while True:
            try:
                connection = listener.accept()
            except OSError:
                return  # closed: the run has ended
            with connection, suppress(OSError, EOFError):
                connection.send_bytes(self._reply())

    def _reply(self) -> bytes:
        try:
            return msgspec.json.encode(self.addresses())
        except Exception as error:  # noqa: BLE001 - the asking worker raises it
            return msgspec.json.encode({"failed": repr(error)})


class AskedServers:
    """The servers that another process of this run owns."""

    def __init__(self, port: int, key: str) -> None:
        self._port = port
        self._key = key
        self._addresses: Addresses | None = None

    def addresses(self) -> Addresses:
        """Ask the owner, which starts the servers unless they run."""
        if self._addresses is None:
            with Client(("127.0.0.1", self._port), authkey=bytes.fromhex(self._key)) as connection:
                answer: dict[str, Any] = msgspec.json.decode(connection.recv_bytes())
            if "failed" in answer:
                raise RuntimeError(f"the test run's servers did not start: {answer['failed']}")
            self._addresses = msgspec.convert(answer, Addresses)
        return self._addresses

    def stop(self) -> None:
        """Nothing of ours runs."""


def worker_number() -> int:
    """Counts the workers of pytest-xdist from 0, which it is without pytest-xdist, too."""
    return int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
