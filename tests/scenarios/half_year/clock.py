"""A clock that several processes read and one sets: the instant stands in a file that all of them map."""

import mmap
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SHAPE = struct.Struct("<q")


class SharedClock:
    """The instant in the file, to the microsecond."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(bytes(_SHAPE.size))
        with path.open("r+b") as file:
            self._memory = mmap.mmap(file.fileno(), _SHAPE.size)

    def __call__(self) -> datetime:
        """The instant that was set last."""
        (microseconds,) = _SHAPE.unpack(self._memory[: _SHAPE.size])
        return EPOCH + timedelta(microseconds=microseconds)

    def set(self, instant: datetime) -> None:
        """Let it be this instant, for every process."""
        self._memory[: _SHAPE.size] = _SHAPE.pack((instant - EPOCH) // timedelta(microseconds=1))
