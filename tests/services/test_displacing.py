"""Displacement over HTTP: one request loses its car as another gets it, and nobody takes it in between (R3.2.2)."""

import asyncio

import pytest

from domain.kernel import derived_id
from tests.services.centre import Centre, a_centre
from tests.services.conftest import Api, Caller
from tests.services.crowd import another_process, elsewhere, problem_of

TASK = {"category": "emergencies", "priority": "urgent_task", "unit": "区府办"}


async def read_so(centre: Centre) -> None:
    """Publish rules under which the first class displaces."""
    drafter = await centre.api.member(centre.admin, "rules_drafter")
    publisher = await centre.api.member(centre.admin, "rules_publisher")
    book = f"/v1/rule-books/{derived_id(centre.admin.tenant, 'rule_book', 'R3')}"
    draft = {"changes": {"preempt": "first_class"}, "note": "紧急任务可占用"}
    assert (await drafter.post(f"{book}/draft-version", draft)).status_code == 200
    published = await publisher.post(f"{book}/publish-version", {"version": 2, "effective_from": "2026-03-02"})
    assert published.status_code == 200, published.text


@pytest.fixture
async def centre(api: Api) -> Centre:
    """A centre with one car and one driver, in which the first class may displace."""
    centre = await a_centre(api, cars=1)
    await read_so(centre)
    return centre


async def displace(centre: Centre, loser: str, winner: str, by: Caller | None = None, **more: object):
    """The answer to giving one request's car to another."""
    body = {"beneficiary": winner, "notice": "区里紧急任务", **more}
    return await (by or centre.dispatcher).post(f"/v1/vehicle-bookings/{loser}/displace-booking", body)


async def status(centre: Centre, booking: str) -> str:
    """Where a booking stands."""
    found: str = (await centre.unit.get(f"/v1/vehicle-bookings/{booking}")).json()["state"]["status"]
    return found


@pytest.mark.clause("R3.2.2")
async def test_who_displaces_has_the_car_at_once(centre: Centre) -> None:
    """Both streams change by one command; the displaced request waits again, the dispatch has its proof."""
    loser = await centre.dispatched()
    winner = await centre.waiting(**TASK)
    await centre.settle()
    answer = await displace(centre, loser, winner)
    assert answer.status_code == 200, answer.text
    [event] = answer.json()["events"]
    assert (event["type"], event["by_booking"]) == ("vehicle_booking.displaced", winner)
    assert [await status(centre, each) for each in (loser, winner)] == ["accepted", "dispatched"]
    told = (await centre.unit.get(f"/v1/vehicle-bookings/{winner}/history")).json()["items"][-1]
    assert (told["event"]["type"], told["event"]["vehicle"]["vehicle_id"], told["event"]["rank"]) == (
        "vehicle_booking.dispatched",
        centre.cars[0],
        1,
    )
    await centre.settle()
    assert problem_of(await centre.dispatch(loser), 409, "already_taken")["details"]["held_by"] == winner
    async with centre.api.desk.runtime.database.tenant_transaction(centre.admin.tenant, read_only=True) as connection:
        rows = await connection.fetch(
            "select position, metadata from events where tenant_id = $1 and topic in"
            " ('vehicle_booking.displaced', 'vehicle_booking.dispatched') order by position desc limit 2",
            centre.admin.tenant,
        )
    assert rows[0]["position"] == rows[1]["position"] + 1
    assert rows[0]["metadata"] == rows[1]["metadata"]


@pytest.mark.clause("R3.2.2")
async def test_nobody_takes_the_car_in_between(centre: Centre, api: Api) -> None:
    """Others ask for it all the while, in this process and another: the one who displaces has it, they do not."""
    loser = await centre.dispatched()
    winner, others = await centre.waiting(**TASK), [await centre.waiting() for _ in range(30)]
    await centre.settle()
    async with another_process(api) as process:
        there = elsewhere(centre.dispatcher, process)
        body = {"vehicle": centre.cars[0], "driver": centre.drivers[0], "passing_over": "试派"}
        asked = [
            (there if n % 2 else centre.dispatcher).post(f"/v1/vehicle-bookings/{each}/dispatch-vehicle", body)
            for n, each in enumerate(others)
        ]
        answers = await asyncio.gather(*asked[:15], displace(centre, loser, winner), *asked[15:])
    displaced = answers.pop(15)
    assert displaced.status_code == 200, displaced.text
    assert {problem_of(each, 409, "already_taken")["details"]["held_by"] for each in answers} <= {loser, winner}
    assert await status(centre, winner) == "dispatched"


@pytest.mark.clause("R3.2.2")
@pytest.mark.parametrize(
    ("more", "sent", "code", "answered"),
    [
        ({"party_size": 9}, {}, "too_few_seats", 422),
        ({"priority": "busy_unit"}, {}, "not_first_class", 409),
        ({}, {"beneficiary": "00000000-0000-4000-8000-000000000001"}, "beneficiary_unknown", 422),
    ],
)
async def test_where_the_other_can_not_have_it_nothing_changes(
    centre: Centre, more: dict, sent: dict, code: str, answered: int
) -> None:
    """A party that does not fit, a lower class, nobody's request: the first one keeps its car."""
    loser = await centre.dispatched()
    winner = await centre.waiting(**{**TASK, **more})
    await centre.settle()
    problem_of(await displace(centre, loser, winner, **sent), answered, code)
    assert [await status(centre, each) for each in (loser, winner)] == ["dispatched", "accepted"]


@pytest.mark.clause("R3.2.2")
async def test_a_confirmed_booking_is_not_displaced_by_the_shipped_rules(api: Api) -> None:
    """The reading says never, to the head as well; and a unit does not displace at all."""
    centre = await a_centre(api, cars=1)
    loser, winner = await centre.dispatched(), await centre.waiting(**TASK)
    await centre.settle()
    problem = problem_of(await displace(centre, loser, winner, by=centre.head), 409, "never_displaced")
    assert problem["clause"] == "R3.2.2"
    problem_of(await displace(centre, loser, winner, by=centre.unit), 403, "forbidden")
    assert [await status(centre, each) for each in (loser, winner)] == ["dispatched", "accepted"]


@pytest.mark.clause("R3.2.2")
async def test_a_third_booking_in_the_way_is_named(centre: Centre) -> None:
    """The urgent task lasts longer than the one it displaces, and another trip follows that: nobody loses anything."""
    loser = await centre.dispatched()
    third = await centre.dispatched(starts_at="2026-03-04T13:00:00+08:00", ends_at="2026-03-04T15:00:00+08:00")
    winner = await centre.waiting(**TASK, ends_at="2026-03-04T14:00:00+08:00")
    await centre.settle()
    problem = problem_of(await displace(centre, loser, winner), 409, "already_taken")
    assert problem["details"]["held_by"] == third
    assert [await status(centre, each) for each in (loser, third, winner)] == ["dispatched", "dispatched", "accepted"]
