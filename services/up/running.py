"""Where a running `kaohe up` is: its environment, kept in a file that only its user can read while it runs."""

import os
from collections.abc import Mapping
from pathlib import Path

from infra.sealing import new_key

FILE = "kaohe.env"
KEY_FILE = "secret.key"


def write_environment(directory: Path, environment: Mapping[str, str]) -> Path:
    """Tell other terminals how to reach the servers; the file is readable by its owner alone."""
    path = directory / FILE
    write_private(path, "".join(f"{name}={value}\n" for name, value in sorted(environment.items())))
    return path


def read_environment(directory: Path) -> dict[str, str]:
    """The variables of a running `kaohe up`; none where none runs."""
    try:
        lines = (directory / FILE).read_text("utf-8").splitlines()
    except (FileNotFoundError, PermissionError, NotADirectoryError):
        return {}
    return dict(line.split("=", 1) for line in lines if "=" in line)


def remove_environment(directory: Path) -> None:
    """Nothing runs any more."""
    (directory / FILE).unlink(missing_ok=True)


def own_key(directory: Path) -> str:
    """The key for secrets of an installation that was given none: made once, readable by its user alone."""
    path = directory / KEY_FILE
    if not path.exists():
        write_private(path, new_key())
    return path.read_text("utf-8").strip()


def write_private(path: Path, text: str) -> None:
    """Write a file with mode 0600, complete or not at all."""
    making = path.with_name(path.name + ".new")
    making.unlink(missing_ok=True)
    descriptor = os.open(making, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as target:
        target.write(text)
    making.replace(path)
