"""Whole commands in process (load, decide, append): `CommandBus` beside the library's `Application`.

Both renew loans that exist, each client its own. Ours does more by the way: it authorises, records who and why, and
moves the loan's deadline.
"""

import asyncio
import itertools
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event

from infra.states import StateStore
from services.runtime.commands import CommandBus, CommandRequest, by_noun
from services.runtime.config import ConfigCache
from services.worker.work import Work
from tests import library
from tests.benchmarks.house import House, environment, provision
from tests.benchmarks.report import Row
from tests.benchmarks.rounds import Bench, Measure, compare, in_threads, rate
from tests.workshop import anybody, open_work

CONCURRENT = 64
LOANS = 8_192
"""So many that streams stay about as short on both sides, although ours are renewed more often by then."""
DUE_AT = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


class Loan(Aggregate):
    """A loan as the library would have it."""

    def __init__(self, book: str, reader: UUID, due_at: datetime) -> None:
        self.book = book
        self.reader = reader
        self.due_at = due_at

    @event("Renewed")
    def renew(self, due_at: datetime) -> None:
        """Keep the book longer."""
        self.due_at = due_at


class Loans(Application[UUID]):
    """The library's application for loans."""

    def borrow(self, count: int) -> list[UUID]:
        """Take books out, all at once."""
        loans = [Loan(f"book {number}", UUID(int=number), DUE_AT) for number in range(count)]
        self.save(*loans)
        return [loan.id for loan in loans]

    def renew(self, loan_id: UUID, due_at: datetime) -> None:
        """Load, decide, append."""
        loan: Loan = self.repository.get(loan_id)
        loan.renew(due_at)
        self.save(loan)


async def run(house: House, bench: Bench) -> list[Row]:
    """Measure with the caches of states, and without."""
    place = house.new_place()
    async with open_work(place.url, house.valkey_url) as work:
        [tenant] = await provision(work.runtime.database, 1)
        kept_loans = await library.lend(work.runtime.database, tenant, LOANS)
        loaded_loans = await library.lend(work.runtime.database, tenant, LOANS)
        kept = {"AGGREGATE_CACHE_MAXSIZE": "20000", "AGGREGATE_CACHE_FASTFORWARD": "n"}
        with (
            Loans({**environment(house.empty_url(), CONCURRENT), **kept}) as caching,
            Loans(environment(house.empty_url(), CONCURRENT)) as plain,
        ):
            found = await bench.alternate(
                {
                    "ours, cached": _ours(work, work.runtime.bus, tenant, kept_loans, bench.seconds),
                    "the library, cached": _theirs(caching, bench.seconds),
                    "ours, loading": _ours(work, _forgetful(work), tenant, loaded_loans, bench.seconds),
                    "the library, loading": _theirs(plain, bench.seconds),
                }
            )
    cached, their_cached, loading, their_loading = found.values()
    return [
        _row("commands in process, states cached on both sides", cached, their_cached, bar=8),
        _row("commands in process, states loaded on both sides", loading, their_loading, bar=8),
    ]


def _row(what: str, ours: list[float], peer: list[float], bar: float) -> Row:
    ratio, spread = compare(ours, peer)
    return Row(
        what=f"{what}, 64 concurrent",
        ours=rate(ours),
        peer=rate(peer),
        ratio=ratio,
        spread=spread,
        bar=bar,
        remedy="What remains is Python around two round trips: fewer objects a command, or more processes.",
    )


def _forgetful(work: Work) -> CommandBus:
    """A command bus that keeps no state, so that each command loads its stream."""
    runtime = work.runtime
    states = StateStore(runtime.mapper, by_noun(library.DECIDERS), cache_size=0)
    return CommandBus(
        database=runtime.database,
        appender=runtime.appender,
        states=states,
        configs=ConfigCache(runtime.database, states),
        mapper=runtime.mapper,
        clock=runtime.clock,
        respond=lambda *_: b"{}",
        appended=runtime.hints.appended,
    )


def _ours(work: Work, bus: CommandBus, tenant: UUID, loans: Sequence[UUID], seconds: float) -> Measure:
    async def measure() -> float:
        done = itertools.count()
        end = time.perf_counter() + seconds

        async def client(number: int) -> None:
            for turn, loan in enumerate(itertools.cycle(loans[number::CONCURRENT])):
                if time.perf_counter() > end:
                    return
                await bus.execute(
                    CommandRequest(
                        tenant=tenant,
                        decider=work.deciders["loan"],
                        stream=loan,
                        command=library.RenewLoan(due_at=DUE_AT + timedelta(seconds=turn)),
                        authorise=anybody,
                    )
                )
                next(done)

        started = time.perf_counter()
        await asyncio.gather(*(client(number) for number in range(CONCURRENT)))
        return next(done) / (time.perf_counter() - started)

    return measure


def _theirs(application: Loans, seconds: float) -> Measure:
    loans = application.borrow(LOANS)
    turns = [itertools.cycle(loans[number::CONCURRENT]) for number in range(CONCURRENT)]

    async def measure() -> float:
        def renew(number: int) -> None:
            application.renew(next(turns[number]), DUE_AT + timedelta(seconds=number))

        return in_threads(CONCURRENT, seconds, renew)

    return measure
