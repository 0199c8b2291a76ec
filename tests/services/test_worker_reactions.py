"""Reactions: what happens on one stream is answered on others, once, in order, and never dropped in silence."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import msgspec
import pytest

from domain.kernel import Reaction
from infra.discovery import reached
from infra.eventstore import append_on
from services.worker import sending
from services.worker.deadlines import fire
from services.worker.reactions import react
from services.worker.work import Work
from tests import library
from tests.library import OVERDUE_LIMIT, RenewLoan
from tests.workshop import (
    LONG_AGO,
    SteppingClock,
    borrow,
    events_of,
    metadata_of,
    open_work,
    register,
    rows_of,
    send,
)

DUE = LONG_AGO + timedelta(days=10)


@pytest.fixture
def clock():
    """Time stands until a test lets it pass."""
    return SteppingClock()


@pytest.fixture
async def work(anyio_backend, database_url, owner_url, valkey_url, clock):
    """A worker's means."""
    library.create_tables(owner_url)
    async with open_work(database_url, valkey_url, clock) as opened:
        yield opened


async def overdue(work, clock, tenant, readers, **more):
    """One loan for each of these readers, fallen due."""
    loans = [await borrow(work, tenant, clock.now, reader=reader, **more) for reader in readers]
    clock.step(seconds=1)
    await fire(work, tenant)
    return loans


async def test_an_event_is_answered_on_another_stream(work, clock, tenant):
    """The answer names its cause, and keeps the correlation of what began it."""
    reader = await register(work, tenant)
    [loan] = await overdue(work, clock, tenant, [reader])
    await react(work, tenant)
    [counted] = await events_of(work.runtime.database, tenant, "reader.overdue_counted")
    [cause] = await events_of(work.runtime.database, tenant, "loan.fell_due")
    assert counted["originator_id"] == reader
    assert UUID(msgspec.json.decode(counted["state"])["loan"]) == loan
    [metadata] = metadata_of([counted])
    assert metadata["causation"] == f"reaction:count_overdue:{cause['position']}"
    assert metadata["actor_kind"] == "system"


async def test_the_correlation_of_a_request_runs_through_its_consequences(work, clock, tenant):
    """What a reaction appends carries the correlation of the event that it answers."""
    reader = uuid4()
    on_borrowed = Reaction(
        name="register",
        events=(library.BookBorrowed,),
        react=lambda event, _: (library.Dispatch("reader", event.reader, library.RegisterReader()),),
    )
    await borrow(work, tenant, DUE, reader=reader, correlation="request-7")
    await react(with_reactions(work, on_borrowed), tenant)
    [registered] = await events_of(work.runtime.database, tenant, "reader.registered")
    assert metadata_of([registered])[0]["correlation"] == "request-7"


async def test_reactions_stand_at_the_ledger_afterwards(work, clock, tenant):
    """Also events that nothing answers are passed, and so are the answers themselves."""
    await overdue(work, clock, tenant, [await register(work, tenant)])
    assert await react(work, tenant) == 4
    assert await react(work, tenant) == 0
    assert await reached(work.runtime.database, tenant, []) == 4


async def test_one_stream_is_answered_several_times_in_one_transaction(work, clock, tenant):
    """Answers to one stream build on each other."""
    reader = await register(work, tenant)
    loans = await overdue(work, clock, tenant, [reader] * OVERDUE_LIMIT)
    await react(work, tenant)
    counted = await events_of(work.runtime.database, tenant, "reader.overdue_counted")
    assert [row["originator_version"] for row in counted] == [2, 3, 4]
    assert {UUID(msgspec.json.decode(row["state"])["loan"]) for row in counted} == set(loans)


async def test_answers_to_one_stream_are_appended_in_one_statement(work, clock, tenant, monkeypatch):
    """However many they are: the tenant's ledger is not held for a round trip each."""
    reader, statements = await register(work, tenant), []

    async def seen(connection, tenant, recordings):
        statements.append(len(recordings))
        return await append_on(connection, tenant, recordings)

    await overdue(work, clock, tenant, [reader] * OVERDUE_LIMIT)
    monkeypatch.setattr(sending, "append_on", seen)
    await react(work, tenant)
    assert statements == [OVERDUE_LIMIT]


async def test_a_refused_answer_is_kept_and_holds_nobody_up(work, clock, tenant):
    """The refusal is recorded with its command, once; later events are answered."""
    reader, other = await register(work, tenant), await register(work, tenant)
    await overdue(work, clock, tenant, [reader] * (OVERDUE_LIMIT + 1))
    await overdue(work, clock, tenant, [other])
    await react(work, tenant)
    [refusal] = await rows_of(work.runtime.database, tenant, "reaction_refusals")
    assert refusal["code"] == "too_many_overdue"
    assert refusal["originator_id"] == reader
    assert msgspec.json.decode(refusal["command"])["command"] == "count_overdue"
    counted = await events_of(work.runtime.database, tenant, "reader.overdue_counted")
    assert counted[-1]["originator_id"] == other


async def test_many_workers_answer_each_event_once(work, clock, tenant):
    """Workers at the same tenant at the same time answer each event once."""
    readers = await asyncio.gather(*(register(work, tenant) for _ in range(150)))
    await asyncio.gather(*(borrow(work, tenant, clock.now, reader=reader) for reader in readers))
    clock.step(seconds=1)
    await fire(work, tenant)
    await asyncio.gather(*(react(work, tenant) for _ in range(4)))
    await react(work, tenant)
    counted = await events_of(work.runtime.database, tenant, "reader.overdue_counted")
    assert sorted(row["originator_id"] for row in counted) == sorted(readers)


async def test_answers_and_commands_on_one_stream_do_not_get_lost(work, clock, tenant):
    """A reader's stream that is written to meanwhile is read anew and answered all the same."""
    loans = [await borrow(work, tenant, DUE) for _ in range(30)]
    renewing = Reaction(
        name="renew",
        events=(library.BookBorrowed,),
        react=lambda event, cause: (
            library.Dispatch("loan", cause.stream_id, RenewLoan(due_at=event.due_at + timedelta(days=1))),
        ),
    )
    await asyncio.gather(
        react(with_reactions(work, renewing), tenant),
        *(send(work, tenant, "loan", loan, RenewLoan(due_at=DUE)) for loan in loans),
    )
    await react(with_reactions(work, renewing), tenant)
    renewed = await events_of(work.runtime.database, tenant, "loan.renewed")
    assert len(renewed) == 60
    assert sum("causation" in metadata for metadata in metadata_of(renewed)) == 30


async def test_what_an_answer_makes_new_follows_from_its_cause(work, clock, tenant):
    """An answer that is given again, because its first transaction was lost, is the same to the last id."""
    reader = await register(work, tenant)
    await overdue(work, clock, tenant, [reader])

    class LostError(Exception):
        pass

    marks = []

    def lose(state, command, context):
        marks.append(context.new_id("mark"))
        raise LostError

    with pytest.raises(LostError):
        await react(with_handler(work, "reader", lose), tenant)
    await react(work, tenant)
    [counted] = await events_of(work.runtime.database, tenant, "reader.overdue_counted")
    assert set(marks) == {UUID(msgspec.json.decode(counted["state"])["mark"])}


async def test_an_event_that_cannot_be_answered_stops_only_what_follows_it(work, clock, tenant):
    """A fault in the code keeps the reactions before the event; what came earlier has been answered."""
    readers = [await register(work, tenant) for _ in range(3)]
    loans = await overdue(work, clock, tenant, readers)

    def broken(state, command, context):
        if command.loan == loans[1]:
            raise ZeroDivisionError
        return (library.OverdueCounted(loan=command.loan, mark=uuid4()),)

    fallen = await events_of(work.runtime.database, tenant, "loan.fell_due")
    place = [row["originator_id"] for row in fallen].index(loans[1])
    with pytest.raises(ZeroDivisionError):
        await react(with_handler(work, "reader", broken), tenant)
    assert len(await events_of(work.runtime.database, tenant, "reader.overdue_counted")) == place
    assert await reached(work.runtime.database, tenant, []) == fallen[place]["position"] - 1
    await react(work, tenant)
    assert len(await events_of(work.runtime.database, tenant, "reader.overdue_counted")) == 3


def with_reactions(work: Work, *reactions: Reaction) -> Work:
    """The same means with other reactions."""
    return msgspec.structs.replace(work, reactions={reaction.events[0]: (reaction,) for reaction in reactions})


def with_handler(work: Work, noun: str, handler) -> Work:
    """The same means with another handler for all of a noun's commands."""
    decider = work.deciders[noun]
    commands = tuple(msgspec.structs.replace(spec, handler=handler) for spec in decider.commands)
    changed = msgspec.structs.replace(decider, commands=commands)
    return msgspec.structs.replace(work, deciders={**work.deciders, noun: changed})
