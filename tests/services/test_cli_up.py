"""`kaohe up` as a process of its own: it starts, shows, stays, stops, and leaves nothing behind."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from services.up.running import read_environment

START_S = 100.0
STOP_S = 40.0

pytestmark = pytest.mark.timeout(240)

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts `kaohe up` in a session of its own, so that whatever it leaves behind can be found."""
    started: list[subprocess.Popen[str]] = []

    def launch(*arguments: str) -> subprocess.Popen[str]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("KAOHE_")}
        process = subprocess.Popen(
            [
                sys.executable,
                "-c",
                "from services.cli import main; main()",
                "up",
                "--directory",
                str(tmp_path),
                *arguments,
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=environment,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield launch
    for process in started:
        for pid in members(process.pid):
            os.kill(pid, signal.SIGKILL)
        process.wait()


def members(session: int) -> list[int]:
    """The processes of a session that are not yet gone."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            state, _, _, number = (entry / "stat").read_text().rpartition(") ")[2].split()[:4]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(number) == session and state != "Z":
            found.append(int(entry.name))
    return found


def until_said(process: subprocess.Popen[str], words: str) -> str:
    """Everything said until the words are."""
    assert process.stdout is not None
    said, give_up = "", time.monotonic() + START_S
    for line in process.stdout:
        said += line
        if words in said or time.monotonic() > give_up:
            break
    assert words in said, said
    return said


def child_named(session: int, words: str) -> int:
    """The process of a session whose command line holds the words."""
    for pid in members(session):
        if words in Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode():
            return pid
    raise AssertionError(words)


def test_once_with_the_demo_shows_the_organisations_and_leaves_nothing_behind(start: Start, tmp_path: Path):
    """Where there is no terminal it prints the page and stops by itself."""
    process = start("--demo", "--port", "18811")
    output, _ = process.communicate(timeout=START_S)

    assert process.returncode == 0, output
    for words in ("示范职业学院", "江城师范学院", "东校区综合物业服务", "70.20", "285,000.00", "/openapi.json", "curl"):
        assert words in output
    kept = tmp_path / "demo-credentials.json"
    assert kept.stat().st_mode & 0o777 == 0o600
    slugs = {one["slug"] for one in json.loads(kept.read_text())["organisations"]}
    assert slugs == {"shifan", "jiangcheng", "qinghe", "yunting"}
    assert members(process.pid) == []
    assert read_environment(tmp_path) == {}


def test_it_stays_on_another_port_when_its_own_is_taken_and_stops_when_told_to(start: Start, tmp_path: Path):
    """The address it says is where it serves; SIGTERM stops API, worker and servers with exit code 0."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = start("--stay", "--port", str(port))
        until_said(process, "Ctrl-C")
        known = read_environment(tmp_path)
        assert known["KAOHE_PUBLIC_URL"] != f"http://127.0.0.1:{port}"
        assert (tmp_path / "kaohe.env").stat().st_mode & 0o777 == 0o600
        with urllib.request.urlopen(known["KAOHE_PUBLIC_URL"] + "/readyz", timeout=10) as answer:
            assert answer.status == 200

        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=STOP_S)

    assert process.returncode == 0, output
    assert members(process.pid) == []
    assert read_environment(tmp_path) == {}


@pytest.mark.fault
def test_when_a_program_dies_that_is_said_and_all_stop(start: Start):
    """Nothing is restarted in silence: exit code 1, and nobody left."""
    process = start("--stay", "--port", "18812")
    until_said(process, "Ctrl-C")

    os.kill(child_named(process.pid, "services.worker"), signal.SIGKILL)
    output, _ = process.communicate(timeout=STOP_S)

    assert process.returncode == 1, output
    assert "worker 意外退出" in output
    assert members(process.pid) == []


@pytest.mark.fault
def test_killed_outright_it_takes_its_programs_along(start: Start):
    """The kernel ends what would otherwise be orphaned."""
    process = start("--stay", "--port", "18813")
    until_said(process, "Ctrl-C")

    process.kill()
    process.wait()

    give_up = time.monotonic() + STOP_S
    while (left := members(process.pid)) and time.monotonic() < give_up:
        time.sleep(0.2)
    assert left == []
