"""Two hundred requests for one car and driver out of four processes: no overlap ever, and every loser knows why."""

import asyncio
import re
from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

import msgspec
import pytest
from msgspec.structs import replace

from domain.vehicle_booking import VEHICLE_BOOKING, BookingState
from tests.dispatch_process import DispatchProcess, Task
from tests.services.centre import DEPARTS, a_centre

REQUESTS, PROCESSES = 200, 4
START = datetime.fromisoformat(DEPARTS)
WINDOWS = [
    (START + timedelta(minutes=30 * (n * 37 % 67)), timedelta(minutes=45 + 30 * (n % 5))) for n in range(REQUESTS)
]
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@pytest.fixture
def settings(settings):
    """Room for many requests at once, in each process."""
    return replace(settings, tenant_in_flight=500)


async def raced(centre, settings, bookings):
    """What each booking was answered, each process asking for its share at the same moment as the others."""
    body = {"vehicle": centre.cars[0], "driver": centre.drivers[0], "passing_over": "逐一试派"}
    shares = [bookings[place::PROCESSES] for place in range(PROCESSES)]
    now, token = centre.api.clock(), centre.dispatcher.token
    processes = [DispatchProcess(Task(settings, now, token, share, body)) for share in shares]
    try:
        await asyncio.gather(*(process.ready() for process in processes))
        for process in processes:
            process.go()
        answered = await asyncio.gather(*(process.answers() for process in processes))
    finally:
        for process in processes:
            process.end()
    assert len({process.pid for process in processes}) == PROCESSES
    return {one.booking: one for answers in answered for one in answers}


async def accepted(api, tenant):
    """The windows that got the car, and the driver, by the stored events alone."""
    database, mapper = api.desk.runtime.database, api.desk.runtime.mapper
    async with database.tenant_transaction(tenant, read_only=True) as connection:
        rows = await connection.fetch(
            "select originator_id, topic, state from events where tenant_id = $1 and topic like 'vehicle_booking.%'"
            " order by position",
            tenant,
        )
        held = await connection.fetch(
            "select originator_id, resource_kind, lower(during) as starts, upper(during) as ends from reservations"
            " where tenant_id = $1",
            tenant,
        )
    states: dict[UUID, BookingState | None] = {}
    for row in rows:
        event = mapper.decode(row["topic"], row["state"])
        states[row["originator_id"]] = VEHICLE_BOOKING.evolve(states.get(row["originator_id"]), event)
    told = {
        (stream, one.kind, one.starts_at, one.ends_at)
        for stream, state in states.items()
        if state is not None
        for one in VEHICLE_BOOKING.reservations(state)
    }
    return told, {tuple(row) for row in held}


@pytest.mark.clause("R3.2.2")
async def test_two_hundred_requests_for_one_car_out_of_four_processes(api, settings):
    """No two that got it overlap, by the events and by the table; each loser learns whose window and clause it was."""
    centre, elsewhere = await a_centre(api, cars=1), await a_centre(api, cars=1)
    theirs = await elsewhere.dispatched()
    bookings = [
        await centre.waiting(starts_at=begins.isoformat(), ends_at=(begins + lasts).isoformat())
        for begins, lasts in WINDOWS
    ]
    windows = {booking: (begins, begins + lasts) for booking, (begins, lasts) in zip(bookings, WINDOWS, strict=True)}

    answers = await raced(centre, settings, bookings)

    won = {booking for booking, answer in answers.items() if answer.status == 200}
    assert Counter(answer.status for answer in answers.values()) == {200: len(won), 409: REQUESTS - len(won)}
    told, held = await accepted(api, centre.admin.tenant)
    assert told == held
    for kind in ("vehicle", "driver"):
        got = sorted((starts, ends) for _, each, starts, ends in held if each == kind)
        assert len(got) == len(won) > 1
        assert all(before[1] <= after[0] for before, after in pairwise(got))
    assert {str(stream) for stream, *_ in held} == won
    ours = {*bookings, *centre.cars, *centre.drivers}
    for booking, answer in answers.items():
        if booking in won:
            continue
        problem = answer.body
        assert (problem["code"], problem["clause"]) == ("already_taken", "R3.2.2")
        details = problem["details"]
        winner = windows[details["held_by"]]
        assert details["held_by"] in won
        assert tuple(map(datetime.fromisoformat, (details["from"], details["to"]))) == winner
        assert winner[0] < windows[booking][1]
        assert windows[booking][0] < winner[1]
        text = msgspec.json.encode(details).decode()
        assert set(ID.findall(text)) <= ours
        assert theirs not in text
