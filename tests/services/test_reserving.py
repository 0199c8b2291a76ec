"""What a state holds is reserved with its events; what another holds is refused with its clause, to the system too."""

import asyncio
from collections import Counter
from datetime import timedelta
from uuid import uuid4

import pytest
from msgspec.structs import replace

from domain.kernel import Dispatch, Reaction, Refusal
from infra.discovery import reached
from services.worker.deadlines import fire
from services.worker.reactions import react
from tests import library
from tests.library import BorrowBook, RenewLoan
from tests.workshop import LONG_AGO, SteppingClock, borrow, events_of, open_work, rows_of, send

SOON = LONG_AGO + timedelta(days=10)


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


async def held(work, tenant):
    """Which streams hold something."""
    return {row["originator_id"] for row in await rows_of(work.runtime.database, tenant, "reservations")}


async def test_a_copy_is_lent_once_at_a_time(work, tenant):
    """The second borrower is told by whom the copy is held and under which clause; nothing is recorded of him."""
    copy = uuid4()
    loan = await borrow(work, tenant, SOON, copy=copy)
    with pytest.raises(Refusal) as caught:
        await borrow(work, tenant, SOON, copy=copy)
    refusal = caught.value
    assert (refusal.code, refusal.clause, refusal.kind) == ("already_taken", "R0.1", "state")
    assert refusal.details == {
        "kind": "copy",
        "resource_id": str(copy),
        "held_by": str(loan),
        "from": LONG_AGO.isoformat(),
        "to": SOON.isoformat(),
    }
    assert len(await events_of(work.runtime.database, tenant, "loan.borrowed")) == 1


async def test_of_many_at_once_over_two_processes_one_gets_it(work, database_url, valkey_url, clock, tenant):
    """Forty borrowers of one copy through two processes: one loan, and all others are refused in so many words."""
    copy = uuid4()
    async with open_work(database_url, valkey_url, clock) as second:
        answers = await asyncio.gather(
            *(borrow(one, tenant, SOON, copy=copy) for _ in range(20) for one in (work, second)),
            return_exceptions=True,
        )
    refused = Counter(answer.code for answer in answers if isinstance(answer, Refusal))
    assert refused == {"already_taken": 39}
    assert len(await held(work, tenant)) == 1


async def test_what_a_state_no_longer_holds_is_free(work, clock, tenant):
    """A loan that fell due holds its copy no more, and a renewed one holds it longer."""
    copy = uuid4()
    loan = await borrow(work, tenant, SOON, copy=copy)
    await send(work, tenant, "loan", loan, RenewLoan(due_at=SOON + timedelta(days=9)))
    clock.step(days=15)
    with pytest.raises(Refusal):
        await borrow(work, tenant, clock.now + timedelta(days=1), copy=copy)
    clock.step(days=5)
    await fire(work, tenant)
    later = await borrow(work, tenant, clock.now + timedelta(days=1), copy=copy)
    assert await held(work, tenant) == {later}


async def test_a_stream_that_holds_nothing_leaves_no_row(work, tenant):
    """Most streams reserve nothing."""
    await borrow(work, tenant, SOON)
    assert await held(work, tenant) == set()


async def test_a_deadline_that_can_not_have_its_resource_is_set_aside(work, clock, tenant):
    """The row fails with the reason, and those beside it are fired."""
    copy = uuid4()
    await borrow(work, tenant, SOON, copy=copy, book="rolling")
    clock.step(days=10)
    await borrow(work, tenant, SOON + timedelta(days=5), copy=copy, book="lenient")
    other = await borrow(work, tenant, SOON, book="atlas")
    clock.step(seconds=1)
    await fire(work, tenant)
    [row] = [row for row in await rows_of(work.runtime.database, tenant, "deadlines") if row["failed_at"] is not None]
    assert row["failure"].startswith("already_taken")
    [due] = await events_of(work.runtime.database, tenant, "loan.fell_due")
    assert due["originator_id"] == other


async def test_a_reaction_that_can_not_have_its_resource_is_recorded_as_refused(work, tenant):
    """The other answers of the batch are appended, and the reactions go on."""
    copy = uuid4()
    taker = Reaction(
        name="take",
        events=(library.ReaderRegistered,),
        react=lambda _, cause: tuple(
            Dispatch("loan", uuid4(), BorrowBook(book="atlas", reader=cause.stream_id, due_at=SOON, copy=one))
            for one in (copy, copy, uuid4())
        ),
    )
    taking = replace(work, reactions={library.ReaderRegistered: (taker,)})
    await send(work, tenant, "reader", uuid4(), library.RegisterReader())
    await react(taking, tenant)
    [refused] = await rows_of(work.runtime.database, tenant, "reaction_refusals")
    assert (refused["code"], refused["ordinal"]) == ("already_taken", 1)
    assert len(await held(work, tenant)) == 2
    assert await reached(work.runtime.database, tenant, []) == 3
