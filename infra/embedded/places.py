"""Where an embedded server lives and as whom it runs.

Normally that is ``<directory>/server`` and ourselves. Postgres refuses to run as root, and nothing is
gained by a root Valkey, so a program started as root drops to an existing unprivileged account:
``postgres`` where there is one, else ``nobody``. When that account cannot reach the directory (a parent
is closed to it, as below a private checkout), no foreign directory is opened up: the server then lives in
``<system temp>/kaohe-<hash of the directory>``, and ``<directory>/moved-to.txt`` says so. In the same
way the server's programs are copied to ``<system temp>/kaohe-<hash>`` when they cannot be reached where
they are installed. A temporary directory may be emptied by the system; who wants to keep the data
starts the service as an ordinary user.
"""

import hashlib
import os
import pwd
import shutil
import stat
import tempfile
from collections.abc import Sequence
from pathlib import Path

import msgspec


class EmbeddedServerError(RuntimeError):
    """An embedded server cannot be placed, started or stopped; the message says why and what to do."""


class Account(msgspec.Struct, frozen=True):
    """An account of the operating system that servers run as."""

    name: str
    uid: int
    gid: int


class Place(msgspec.Struct, frozen=True):
    """A server's home, which it owns alone (mode 0700), and the account it runs as (None: our own)."""

    home: Path
    account: Account | None


def settle(directory: Path) -> Place:
    """Find, or make, the home of the server that the caller keeps under ``directory``."""
    directory = directory.absolute()
    directory.mkdir(parents=True, exist_ok=True)
    if os.geteuid() != 0:
        return Place(home=_own(directory / "server", os.geteuid(), os.getegid()), account=None)
    account = unprivileged_account()
    home = directory / "server"
    if not reachable(directory, account):
        home = common_directory(account) / f"kaohe-{_fingerprint(directory.resolve())}"
        (directory / "moved-to.txt").write_text(f"{home}\n", encoding="utf-8")
    return Place(home=_own(home, account.uid, account.gid), account=account)


def installed(root: Path, parts: Sequence[str], program: str, account: Account | None) -> Path:
    """``root`` itself where ``account`` can run ``program`` there, else a copy of ``parts`` of it where it can.

    Parts and program are paths relative to ``root``; parts keep their relative places, because the programs
    find their libraries and data by them. Parts that do not exist on this platform are left out.
    """
    root = root.resolve()
    if account is None or reachable(root / program, account):
        return root
    changed = (root / program).stat().st_mtime_ns
    target = common_directory(account) / f"kaohe-{_fingerprint(root / program, str(changed))}"
    if not target.exists():
        _copy(root, parts, target)
    found = target.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o022:
        raise EmbeddedServerError(f"{target} was made by somebody else; remove it.")
    return target


def unprivileged_account() -> Account:
    """The existing account that servers run as when we are root."""
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name=name, uid=entry.pw_uid, gid=entry.pw_gid)
    raise EmbeddedServerError("Started as root, and there is no account 'postgres' or 'nobody' to run servers as.")


def reachable(path: Path, account: Account) -> bool:
    """Whether the mode bits let the account walk down to ``path`` and read and enter (or run) it."""
    path = path.resolve()
    return _allows(path, account, 0o5) and all(_allows(parent, account, 0o1) for parent in path.parents)


def common_directory(account: Account) -> Path:
    """A temporary directory of the system that the account can reach."""
    for candidate in (tempfile.gettempdir(), "/tmp", "/var/tmp"):  # noqa: S108 - names in it are ours, owners checked
        if Path(candidate).is_dir() and reachable(Path(candidate), account):
            return Path(candidate)
    raise EmbeddedServerError(f"No temporary directory is open to the account {account.name!r}.")


def _allows(path: Path, account: Account, wanted: int) -> bool:
    found = path.stat()
    if found.st_uid == account.uid:
        return (found.st_mode >> 6) & wanted == wanted
    if found.st_gid == account.gid:
        return (found.st_mode >> 3) & wanted == wanted
    return found.st_mode & wanted == wanted


def _own(home: Path, uid: int, gid: int) -> Path:
    """Make ``home`` for an account, or check that it is that account's."""
    home.mkdir(mode=0o700, exist_ok=True)
    found = home.lstat()
    if not stat.S_ISDIR(found.st_mode):
        raise EmbeddedServerError(f"{home} is not a directory.")
    if found.st_uid == os.geteuid() != uid and not any(home.iterdir()):
        os.chown(home, uid, gid)
        return home
    if found.st_uid != uid:
        raise EmbeddedServerError(
            f"{home} belongs to user id {found.st_uid}, the server would run as {uid}: "
            f"start as the user who made it, or remove it."
        )
    return home


def _copy(root: Path, parts: Sequence[str], target: Path) -> None:
    """Copy the parts beside the target and rename, so that a half-made copy is never used."""
    making = Path(tempfile.mkdtemp(prefix="kaohe-", dir=target.parent))
    try:
        for part in parts:
            source = root / part
            copy = making / part
            copy.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, copy)
            elif source.exists():
                shutil.copy2(source, copy)
        for path in (making, *making.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o644)
        if not target.exists():
            making.rename(target)
    except OSError:
        if not target.exists():  # otherwise another process was quicker, and its copy is as good
            raise
    finally:
        shutil.rmtree(making, ignore_errors=True)


def _fingerprint(path: Path, *more: str) -> str:
    return hashlib.sha256("\n".join((str(path), *more)).encode()).hexdigest()[:16]
