"""Projection catch-up and rebuild, in events a second: our follower beside the library's projection runner.

Both fold loans and their renewals into a row a loan. The library's runner commits each event by itself, so a part of
the events is enough to know its rate.
"""

import time
from collections.abc import Sequence
from uuid import UUID, uuid4

import psycopg
from eventsourcing.domain import Aggregate
from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresDatastore, PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from psycopg.sql import SQL, Identifier

from infra.database import Database
from infra.follower import Follower
from infra.rebuild import Rebuilder
from infra.wire import EventMapper
from tests import library
from tests.benchmarks.commands import DUE_AT, Loan, Loans
from tests.benchmarks.house import House, Place, environment, provision
from tests.benchmarks.report import Row
from tests.benchmarks.rounds import Bench, Measure, compare, rate

RENEWALS = 9
PATIENCE_S = 120.0


class LoansView(PostgresTrackingRecorder):
    """The library's materialised view of loans, with its tracking in the same transaction."""

    def __init__(self, datastore: PostgresDatastore, *, tracking_table_name: str = "loans_tracking") -> None:
        super().__init__(datastore, tracking_table_name=tracking_table_name)
        table = Identifier(datastore.schema, "shown_loans")
        self.sql_create_statements.append(
            SQL("create table if not exists {} (loan_id uuid primary key, book text, version integer)").format(table)
        )
        self._show = SQL(
            "insert into {} as s values (%s, %s, %s) on conflict (loan_id) do update"
            " set book = coalesce(excluded.book, s.book), version = excluded.version"
        ).format(table)

    def show(self, loan: UUID, book: str | None, version: int, tracking: Tracking) -> None:
        """Write a row and how far the view has come."""
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            cursor.execute(self._show, (loan, book, version), prepare=True)


class ShownLoans(Projection[LoansView]):
    """The library's projection."""

    name = "loans"

    def process_event(self, domain_event: Aggregate.Event, tracking: Tracking) -> None:
        """Show the loan."""
        book = getattr(domain_event, "book", None)
        self.view.show(domain_event.originator_id, book, domain_event.originator_version, tracking)


async def run(house: House, bench: Bench) -> list[Row]:
    """Measure catching up from nothing, and rebuilding beside the live rows."""
    loans, their_loans = (2_000, 50) if bench.quick else (10_000, 200)
    bench.say(f"storing {loans * (RENEWALS + 1):,} events")
    place = house.new_place()
    database = await Database.open(place.url)
    try:
        [tenant] = await provision(database, 1)
        await library.lend(database, tenant, loans, renewals=RENEWALS)
        settings = environment(house.empty_url(), 8)
        _lend(settings, their_loans)
        house.settle()
        follower = Follower(database, EventMapper(library.EVENT_TYPES), [library.SHOWN_LOANS])
        found = await bench.alternate(
            {
                "catch-up": _catch_up(follower, place, tenant),
                "the library's runner": _their_catch_up(settings, their_loans * (RENEWALS + 1)),
                "rebuild": _rebuild(database, tenant),
            }
        )
    finally:
        await database.close()
    catch_up, theirs, rebuild = found.values()
    return [_row("projection catch-up", catch_up, theirs), _row("projection rebuild", rebuild, theirs)]


def _row(what: str, ours: Sequence[float], peer: Sequence[float]) -> Row:
    ratio, spread = compare(ours, peer)
    return Row(
        what=what,
        ours=rate(ours),
        peer=rate(peer),
        ratio=ratio,
        spread=spread,
        bar=30,
        remedy="Decoding in Python is what remains: several tenants fold side by side in several workers.",
    )


def _catch_up(follower: Follower, place: Place, tenant: UUID) -> Measure:
    async def measure() -> float:
        with psycopg.connect(place.owner_url, autocommit=True) as connection:
            connection.execute("truncate kaohe.shown_loans, kaohe.projections")
        started = time.perf_counter()
        passed = await follower.follow(tenant)
        return passed / (time.perf_counter() - started)

    return measure


def _rebuild(database: Database, tenant: UUID) -> Measure:
    async def measure() -> float:
        rebuilder = Rebuilder(database, EventMapper(library.EVENT_TYPES))
        started = time.perf_counter()
        rebuilt = await rebuilder.rebuild(tenant, library.SHOWN_LOANS)
        took = time.perf_counter() - started
        assert rebuilt is not None
        assert rebuilt.compared
        assert not rebuilt.differences
        return rebuilt.position / took

    return measure


def _lend(settings: dict[str, str], loans: int) -> None:
    """Store the library's events: as many renewals each as ours have."""
    with Loans(settings) as application:
        for number in range(loans):
            loan = Loan(f"book {number}", uuid4(), DUE_AT)
            for _ in range(RENEWALS):
                loan.renew(DUE_AT)
            application.save(loan)


def _their_catch_up(settings: dict[str, str], events: int) -> Measure:
    async def measure() -> float:
        with psycopg.connect(
            host=settings["POSTGRES_HOST"],
            port=settings["POSTGRES_PORT"],
            dbname=settings["POSTGRES_DBNAME"],
            user=settings["POSTGRES_USER"],
            password=settings["POSTGRES_PASSWORD"],
            autocommit=True,
        ) as connection:
            connection.execute("drop table if exists loans_tracking, shown_loans")
        started = time.perf_counter()
        with ProjectionRunner(
            application_class=Loans, projection_class=ShownLoans, view_class=LoansView, env=settings
        ) as runner:
            runner.wait(events, timeout=PATIENCE_S)
            took = time.perf_counter() - started
        return events / took

    return measure
