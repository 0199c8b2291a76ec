"""Turns: one holder per key at a time, keys forgotten when nobody holds or waits."""

import asyncio
from collections.abc import Hashable


class StreamLocks:
    """Locks by key, bounded by the number of requests in flight."""

    def __init__(self) -> None:
        self._locks: dict[Hashable, _Shared] = {}

    def holding(self, key: Hashable) -> "Turn":
        """Hold the key's lock in an ``async with``."""
        return Turn(self._locks, key)


class Turn:
    """One user's turn at a key: an object of its own, as every command takes one."""

    __slots__ = ("_key", "_lock", "_locks")

    def __init__(self, locks: dict[Hashable, "_Shared"], key: Hashable) -> None:
        self._locks = locks
        self._key = key

    async def __aenter__(self) -> None:
        """Wait for the turn."""
        lock = self._locks.get(self._key)
        if lock is None:
            lock = self._locks[self._key] = _Shared()
        self._lock = lock
        lock.users += 1
        try:
            await lock.acquire()
        except BaseException:
            self._leave()
            raise

    async def __aexit__(self, *_: object) -> None:
        """End the turn."""
        self._lock.release()
        self._leave()

    def _leave(self) -> None:
        self._lock.users -= 1
        if not self._lock.users:
            del self._locks[self._key]


class _Shared(asyncio.Lock):
    """A lock that counts who holds it and who waits for it."""

    users = 0
