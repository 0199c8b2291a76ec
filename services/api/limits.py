"""Limits per tenant: a token bucket for the rate, a count for what is in flight. No lock, no shared queue."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

from domain.kernel import Text
from services.api.problems import Problem

MAX_BUCKETS = 100_000
K = TypeVar("K", bound=Hashable)


class RateLimit(Generic[K]):
    """Admits ``burst`` at once and ``rate`` a second, per key. ``monotonic`` answers seconds."""

    def __init__(self, rate: float, burst: int, monotonic: Callable[[], float]) -> None:
        self._rate = rate
        self._burst = float(burst)
        self._monotonic = monotonic
        self._buckets: dict[K, tuple[float, float]] = {}

    def admit(self, key: K) -> None:
        """Count one request. Raises `Problem` 429 with the seconds to wait."""
        now = self._monotonic()
        level, filled_at = self._buckets.get(key, (self._burst, now))
        level = min(self._burst, level + (now - filled_at) * self._rate)
        if level < 1.0:
            self._buckets[key] = (level, now)
            raise too_many(max(1, round((1.0 - level) / self._rate)))
        if key not in self._buckets and len(self._buckets) >= MAX_BUCKETS:
            self._forget_full(now)
        self._buckets[key] = (level - 1.0, now)

    def _forget_full(self, now: float) -> None:
        """Drop the buckets that have refilled: forgetting them changes nothing; failing that, the oldest."""
        full = [k for k, (level, at) in self._buckets.items() if level + (now - at) * self._rate >= self._burst]
        for key in full or list(self._buckets)[: MAX_BUCKETS // 10]:
            del self._buckets[key]


class InFlightLimit(Generic[K]):
    """Admits ``most`` at the same time, per key."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._counts: dict[K, int] = {}

    @contextmanager
    def holding(self, key: K) -> Iterator[None]:
        """Count one request while it runs. Raises `Problem` 429."""
        count = self._counts.get(key, 0)
        if count >= self._most:
            raise too_many(1)
        self._counts[key] = count + 1
        try:
            yield
        finally:
            left = self._counts[key] - 1
            if left:
                self._counts[key] = left
            else:
                del self._counts[key]


def too_many(wait_s: int) -> Problem:
    """The answer to one request too many."""
    return Problem(
        429,
        "too_many_requests",
        Text(f"请求过多，请在 {wait_s} 秒后再试", f"Too many requests; try again in {wait_s} s."),
        headers={"Retry-After": str(wait_s)},
    )
