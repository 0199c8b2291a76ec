"""Computed assignments over HTTP: kept as they were made, named by dispatches, and followed or not."""

import pytest

from tests.services.centre import Centre, a_centre
from tests.services.conftest import Api
from tests.services.crowd import problem_of

PATH, DAY = "/v1/dispatch-proposals", {"day": "2026-03-04"}
NEXT_DAY = {"starts_at": "2026-03-05T09:00:00+08:00", "ends_at": "2026-03-05T12:00:00+08:00"}


@pytest.fixture
async def centre(api: Api) -> Centre:
    """A centre with two cars and two drivers."""
    return await a_centre(api)


async def proposed(centre: Centre) -> dict:
    """The proposal of the day."""
    answer = await centre.dispatcher.post(PATH, DAY)
    assert answer.status_code == 201, answer.text
    found: dict = answer.json()
    return found


@pytest.mark.clause("R3.2.2")
async def test_a_proposal_is_followed_and_named_in_the_proof(centre: Centre) -> None:
    """Two cars for three requests: the first class and the first registered go; the proof names the proposal."""
    requests = [await centre.waiting(), await centre.waiting(), await centre.waiting(priority="urgent_task")]
    crowd = await centre.waiting(party_size=9)
    await centre.settle()
    found = await proposed(centre)
    assert [each["booking_id"] for each in found["assigned"]] == [requests[2], requests[0]]
    assert [(each["booking_id"], each["fits"]) for each in found["unserved"]] == [(requests[1], True), (crowd, False)]
    assert found["optimal"]
    assert await proposed(centre) == found
    for each in found["assigned"]:
        pair = {"vehicle": each["vehicle_id"], "driver": each["driver_id"]}
        answer = await centre.dispatcher.post(
            f"/v1/vehicle-bookings/{each['booking_id']}/dispatch-vehicle", {**pair, "proposal": found["name"]}
        )
        [event] = answer.json()["events"]
        assert (event["proposal"], event["followed"]) == (found["name"], True)
        assert event["proposed"] == {"vehicle_id": each["vehicle_id"], "driver_id": each["driver_id"]}
        await centre.settle()
    after = await proposed(centre)
    assert (after["assigned"], after["name"] == found["name"]) == ([], False)


@pytest.mark.clause("R3.2.2")
async def test_a_proposal_is_kept_with_what_it_was_computed_from(centre: Centre) -> None:
    """Its question, solver, objective and answer stand in one event, made once however often it is asked for."""
    booking = await centre.waiting()
    await centre.settle()
    found = await proposed(centre)
    await proposed(centre)
    history = (await centre.dispatcher.get(f"{PATH}/{found['id']}/history")).json()["items"]
    [made] = [each["event"] for each in history]
    assert [each["booking_id"] for each in made["requests"]] == [booking]
    assert {each["vehicle_id"] for each in made["cars"]} == set(centre.cars)
    assert {each["driver_id"] for each in made["drivers"]} == set(centre.drivers)
    assert made["solver"].startswith("HiGHS 1.")
    assert (made["objective"], made["optimal"]) == (found["objective"], True)
    assert found["name"] == f"2026-03-04:{made['digest']}"
    [given] = made["assigned"]
    assert given == {key: found["assigned"][0][key] for key in ("booking_id", "vehicle_id", "driver_id")}


@pytest.mark.clause("R3.2.2")
async def test_a_dispatch_that_departs_from_the_proposal_says_so(centre: Centre) -> None:
    """The proof holds what was proposed beside what was given; nothing was proposed for what was not served."""
    first, _, third = [await centre.waiting() for _ in range(3)]
    await centre.settle()
    found = await proposed(centre)
    [given] = [each for each in found["assigned"] if each["booking_id"] == first]
    other = 1 - centre.cars.index(given["vehicle_id"])
    driver = centre.drivers.index(given["driver_id"])
    [event] = (await centre.dispatch(first, other, driver, proposal=found["name"])).json()["events"]
    assert (event["followed"], event["proposed"]["vehicle_id"]) == (False, given["vehicle_id"])
    await centre.settle()
    answer = await centre.dispatch(third, 1 - other, 1 - driver, proposal=found["name"], passing_over="另有安排")
    [event] = answer.json()["events"]
    assert (event["followed"], event["proposed"], event["proposal"]) == (False, None, found["name"])
    plain = await centre.waiting(**NEXT_DAY)
    [event] = (await centre.dispatch(plain)).json()["events"]
    assert (event["followed"], event["proposal"]) == (None, None)


@pytest.mark.clause("R3.2.2")
async def test_a_proposal_that_was_not_made_is_refused(centre: Centre, api: Api) -> None:
    """An invented name, another organisation's proposal, and one that was not asked about the request."""
    booking, there = await centre.waiting(), await a_centre(api)
    await there.waiting()
    for each in (centre, there):
        await each.settle()
    foreign = await proposed(there)
    for name in ("2026-03-04:0123456789abcdef", foreign["name"]):
        problem = problem_of(await centre.dispatch(booking, proposal=name), 422, "proposal_unknown")
        assert (problem["field"], problem["clause"]) == ("/proposal", "R3.2.2")
    problem_of(await centre.dispatcher.get(f"{PATH}/{foreign['id']}"), 404, "not_found")
    found = await proposed(centre)
    later = await centre.waiting(**NEXT_DAY)
    problem_of(await centre.dispatch(later, proposal=found["name"]), 422, "proposal_of_others")


async def test_only_a_dispatcher_has_assignments_computed(centre: Centre) -> None:
    """It costs seconds of computing; and the day is a date."""
    assert problem_of(await centre.unit.post(PATH, DAY), 403, "forbidden")
    assert problem_of(await centre.dispatcher.post(PATH, {"day": "tomorrow"}), 422, "invalid_value")
    assert problem_of(await centre.dispatcher.post(PATH, {"assigned": []}), 422, "unknown_field")
