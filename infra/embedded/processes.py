"""Servers as our own child processes: started in the foreground, awaited, stopped by process id."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TypedDict

from infra.embedded.places import Account, EmbeddedServerError

__all__ = ["EmbeddedServerError", "await_ready", "free_port", "identity", "launch", "rotate", "stop", "tail"]

_POLL_S = 0.02
_LOG_LIMIT_BYTES = 16 * 1024 * 1024
_TAIL_BYTES = 4000
_PR_SET_PDEATHSIG = 1

# The kernel sends the parent-death signal when the *thread* that forked ends. All servers are therefore
# forked by this one thread, which lives as long as the interpreter, and not by whichever thread asks.
_launcher = ThreadPoolExecutor(max_workers=1, thread_name_prefix="embedded-servers")

_prctl = ctypes.CDLL(None, use_errno=True).prctl if sys.platform == "linux" else None


def launch(
    command: Sequence[str | Path], *, account: Account | None, cwd: Path, log: Path, death_signal: signal.Signals
) -> subprocess.Popen[bytes]:
    """Start a server whose output goes to ``log``, as ``account`` (None: as ourselves).

    It gets a process group of its own, so that Ctrl-C at the terminal reaches this program alone, which then
    stops its servers in order; and a bare environment, so that no ``PG…`` variable of the caller leaks in.
    Should this process die without stopping it, the kernel sends it ``death_signal`` (Linux only).
    """
    parent = os.getpid()

    def die_with_parent() -> None:
        if _prctl is not None:
            _prctl(_PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
            if os.getppid() != parent:  # the parent ended before the kernel knew of our wish
                os._exit(1)

    def fork() -> subprocess.Popen[bytes]:
        with log.open("ab") as output:
            return subprocess.Popen(  # noqa: S603 - the command is ours
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=cwd,
                env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
                process_group=0,
                preexec_fn=die_with_parent,  # noqa: PLW1509 - one system call, no lock taken
                **identity(account),
            )

    return _launcher.submit(fork).result()


class Identity(TypedDict, total=False):
    """The arguments of `subprocess` that say as whom a child runs."""

    user: int
    group: int
    extra_groups: list[int]


def identity(account: Account | None) -> Identity:
    """As whom a child runs: as an account and in no group but its own, or (None) as ourselves."""
    return {} if account is None else {"user": account.uid, "group": account.gid, "extra_groups": []}


def await_ready(
    process: subprocess.Popen[bytes], ready: Callable[[], bool], *, log: Path, since: int, bound_s: float
) -> None:
    """Wait until ``ready()``; if the server ends or takes too long, raise with its log from byte ``since`` on."""
    until = time.monotonic() + bound_s
    while process.poll() is None:
        if ready():
            return
        if time.monotonic() > until:
            stop(process, ())
            raise EmbeddedServerError(f"The server was not ready after {bound_s:g} s. {log} ends:\n{tail(log, since)}")
        time.sleep(_POLL_S)
    raise EmbeddedServerError(f"The server ended with status {process.returncode}. {log} ends:\n{tail(log, since)}")


def stop(process: subprocess.Popen[bytes], ladder: Sequence[tuple[signal.Signals, float]]) -> None:
    """Send each signal of ``ladder`` and wait its seconds; kill what is still there at the end."""
    for number, bound_s in (*ladder, (signal.SIGKILL, 10.0)):
        if process.poll() is not None:
            return
        process.send_signal(number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(bound_s)
    if process.poll() is None:
        raise EmbeddedServerError(f"Process {process.pid} could not be killed.")


def free_port() -> int:
    """A loopback TCP port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def rotate(log: Path) -> int:
    """Set a long log aside (one predecessor is kept) and return the size of what remains, in bytes."""
    if not log.exists():
        return 0
    size = log.stat().st_size
    if size <= _LOG_LIMIT_BYTES:
        return size
    log.replace(log.with_name(log.name + ".1"))
    return 0


def tail(log: Path, since: int) -> str:
    """The last few kilobytes that a log gained after byte ``since``."""
    with log.open("rb") as source:
        source.seek(since)
        return source.read()[-_TAIL_BYTES:].decode(errors="replace").strip()
