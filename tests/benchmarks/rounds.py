"""Measures ours and the peer in turn, so that what else the machine does befalls both alike."""

import statistics
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence

import msgspec

Measure = Callable[[], Awaitable[float]]
"""Measures once; answers a rate a second, or a time where the caller says so."""


class Bench(msgspec.Struct, frozen=True):
    """How long and how often to measure."""

    quick: bool = False

    @property
    def rounds(self) -> int:
        """How many rounds ours and peer take turns."""
        return 2 if self.quick else 3

    @property
    def seconds(self) -> float:
        """How long one measurement of a rate lasts."""
        return 1.0 if self.quick else 3.0

    def say(self, text: str) -> None:
        """Show progress, apart from the table."""
        sys.stderr.write(f"  {text}\n")
        sys.stderr.flush()

    async def alternate(self, measures: Mapping[str, Measure]) -> dict[str, list[float]]:
        """Every measure once a round, in turn; the numbers of each by name."""
        found: dict[str, list[float]] = {name: [] for name in measures}
        for number in range(1, self.rounds + 1):
            for name, measure in measures.items():
                found[name].append(await measure())
                self.say(f"round {number}/{self.rounds}: {name}: {found[name][-1]:,.0f}/s")
        return found


def compare(ours: Sequence[float], peer: Sequence[float]) -> tuple[float, tuple[float, float]]:
    """The median of the rounds' ratios, and the lowest and the highest of them."""
    ratios = [one / other for one, other in zip(ours, peer, strict=True)]
    return statistics.median(ratios), (min(ratios), max(ratios))


def rate(numbers: Sequence[float]) -> str:
    """The median of rates as text."""
    return f"{statistics.median(numbers):,.0f}/s"


def percentile(sorted_values: Sequence[float], share: float) -> float:
    """The value below which a share of the sorted values lies."""
    return sorted_values[min(len(sorted_values) - 1, int(len(sorted_values) * share))]


def in_threads(threads: int, seconds: float, step: Callable[[int], None]) -> float:
    """Have threads repeat a step (given the thread's number) for so long; steps a second. The first error is raised."""
    counts, errors = [0] * threads, []
    end = time.perf_counter() + seconds

    def repeat(number: int) -> None:
        try:
            while time.perf_counter() < end:
                step(number)
                counts[number] += 1
        except BaseException as error:  # noqa: BLE001 - raised below, in the thread that waits
            errors.append(error)

    workers = [threading.Thread(target=repeat, args=(number,)) for number in range(threads)]
    started = time.perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    took = time.perf_counter() - started
    if errors:
        raise errors[0]
    return sum(counts) / took
