"""Our own programs as child processes: started, watched, relayed and ended by process id."""

import asyncio
import ctypes
import http.client
import os
import signal
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from threading import Lock, Thread
from typing import IO

from infra.embedded.processes import free_port
from services.settings import Settings, to_environment

HELD_LINES = 2_000
STOP_S = 20.0
POLL_S = 0.1
HTTP_S = 5.0
_PR_SET_PDEATHSIG = 1
_prctl = ctypes.CDLL(None, use_errno=True).prctl if sys.platform == "linux" else None


class Relay:
    """Passes on what children say, line by line under their names; held back until the first page is printed."""

    def __init__(self, target: IO[str]) -> None:
        self._target = target
        self._held: deque[str] | None = deque(maxlen=HELD_LINES)
        self._lock = Lock()

    def say(self, name: str, line: str) -> None:
        """Pass a line on, or keep it for later."""
        text = f"{name:<6} │ {line.rstrip()}\n"
        with self._lock:
            if self._held is not None:
                self._held.append(text)
            else:
                self._write(text)

    def open(self) -> None:
        """Pass on what was held, and from now on everything at once."""
        with self._lock:
            held, self._held = self._held or (), None
            for text in held:
                self._write(text)

    def _write(self, text: str) -> None:
        with suppress(BrokenPipeError, ValueError):
            self._target.write(text)
            self._target.flush()


class Child:
    """A program of ours that runs as a child, in a process group of its own.

    Ctrl-C at the terminal therefore reaches this program alone, which ends its children in order. Should this
    process be killed outright, the kernel tells the child to end (Linux only).
    """

    def __init__(self, name: str, arguments: Sequence[str], settings: Settings, relay: Relay) -> None:
        self.name = name
        self._process = subprocess.Popen(  # noqa: S603 - the command is ours
            [sys.executable, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **to_environment(settings)},
            text=True,
            errors="replace",
            process_group=0,
            preexec_fn=_die_with_parent(os.getpid()),  # noqa: PLW1509 - one system call, no lock taken
        )
        self._reader = Thread(target=self._read, args=(relay,), daemon=True)
        self._reader.start()

    @property
    def exit_code(self) -> int | None:
        """The exit code of a program that has ended, else none."""
        return self._process.poll()

    def stop(self) -> None:
        """Ask the program to end, and kill what is left of it after a while."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(STOP_S)
        self.kill()
        self._reader.join(timeout=1.0)

    def kill(self) -> None:
        """Kill the program and whatever it started."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def _read(self, relay: Relay) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            relay.say(self.name, line)


def api(settings: Settings, port: int, workers: int, relay: Relay) -> Child:
    """Start the API on a loopback port."""
    arguments = (
        "-m",
        "granian",
        "--interface",
        "asgi",
        "--loop",
        "uvloop",
        "--factory",
        "--no-ws",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--workers",
        str(workers),
        "services.api.app:from_env",
    )
    return Child("api", arguments, settings, relay)


def worker(settings: Settings, relay: Relay) -> Child:
    """Start a worker."""
    return Child("worker", ("-m", "services.worker"), settings, relay)


def free_or_other(port: int) -> int:
    """The port itself when nobody listens on it, else one that is free."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return free_port()
    return port


async def until_ready(port: int, seconds: float) -> None:
    """Wait until the API says that it can serve. Raises `TimeoutError`."""
    async with asyncio.timeout(seconds):
        while not await asyncio.to_thread(_ready, port):  # noqa: ASYNC110 - the other side is another process
            await asyncio.sleep(POLL_S)


def _ready(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=HTTP_S)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _die_with_parent(parent: int) -> Callable[[], None]:
    def ask() -> None:
        if _prctl is not None:
            _prctl(_PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)
            if os.getppid() != parent:  # the parent ended before the kernel knew of our wish
                os._exit(1)

    return ask
