"""Dispatch over HTTP: facts that the service lays down, a car that is given once, and the proof of why."""

from uuid import uuid4

import pytest
from msgspec.structs import replace

from services.settings import Settings
from tests.services.centre import DEPARTS, Centre, a_centre
from tests.services.conftest import Api
from tests.services.crowd import problem_of


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Sessions that outlast the days these tests let pass."""
    return replace(settings, session_hours=24 * 365)


@pytest.fixture
async def centre(api: Api) -> Centre:
    """A centre with two cars and two drivers."""
    return await a_centre(api)


@pytest.mark.clause("R3.2.2")
async def test_the_proof_holds_who_waited_and_which_rule_decided(centre: Centre) -> None:
    """The waiting requests come from the service: a client names car and driver, nothing else."""
    first = await centre.waiting(priority="delegates")
    second = await centre.waiting(unit="卫生局")
    await centre.settle()
    answered = await centre.dispatch(first)
    [event] = answered.json()["events"]
    assert [each["booking_id"] for each in event["considered"]] == [first, second]
    assert (event["decided_by"], event["rank"], event["clause"]) == ("class", 1, "R3.2.2")
    assert (event["vehicle"]["plate"], event["driver"]["name"]) == ("浙B00000", "驾驶员0")
    assert 0 < event["known_position"] <= int(answered.headers["kaohe-position"])


@pytest.mark.clause("R3.2.2")
async def test_a_request_that_goes_first_is_named(centre: Centre) -> None:
    """Whoever passes it over says why, and both then have a car."""
    better = await centre.waiting(priority="urgent_task")
    booking = await centre.waiting()
    await centre.settle()
    problem = problem_of(await centre.dispatch(booking), 409, "outranked")
    assert (problem["clause"], problem["details"]["booking_id"]) == ("R3.2.2", better)
    assert (await centre.dispatch(booking, passing_over="另有一车")).status_code == 200
    assert (await centre.dispatch(better, 1, 1)).status_code == 200


@pytest.mark.clause("R3.2.2")
async def test_a_car_or_driver_that_is_taken_is_refused_by_the_store(centre: Centre) -> None:
    """The second request is told what is taken, by which booking and when; it goes on waiting and takes another car."""
    holder = await centre.dispatched()
    booking = await centre.waiting()
    for car, driver, kind in ((0, 1, "vehicle"), (1, 0, "driver")):
        problem = problem_of(await centre.dispatch(booking, car, driver), 409, "already_taken")
        assert (problem["clause"], problem["details"]["kind"], problem["details"]["held_by"]) == (
            "R3.2.2",
            kind,
            holder,
        )
    assert (await centre.dispatch(booking, 1, 1)).status_code == 200


@pytest.mark.clause("R3.2.2")
async def test_maintenance_and_trips_keep_each_other_out(centre: Centre) -> None:
    """A car in the workshop is not dispatched, and one that has a trip is not taken there."""
    window = {"starts_at": DEPARTS, "ends_at": "2026-03-05T09:00:00+08:00", "reason": "保养"}
    planned = f"/v1/vehicles/{centre.cars[0]}/plan-maintenance"
    assert (await centre.dispatcher.post(planned, window)).status_code == 200
    booking = await centre.waiting()
    problem = problem_of(await centre.dispatch(booking), 409, "already_taken")
    assert problem["details"]["held_by"] == centre.cars[0]
    await centre.dispatch(booking, 1)
    other = f"/v1/vehicles/{centre.cars[1]}/plan-maintenance"
    assert problem_of(await centre.dispatcher.post(other, window), 409)["details"]["held_by"] == booking


@pytest.mark.clause("R3.2.2")
async def test_a_cancelled_booking_frees_its_car(centre: Centre) -> None:
    """And a swap frees the car that it gives back."""
    booking = await centre.dispatched()
    swap = {"vehicle": centre.cars[1], "driver": centre.drivers[0], "reason": "故障"}
    assert (await centre.dispatcher.post(f"/v1/vehicle-bookings/{booking}/swap-dispatch", swap)).status_code == 200
    other = await centre.dispatched(0, 1)
    cancelled = await centre.unit.post(f"/v1/vehicle-bookings/{other}/cancel-booking", {"by": "unit", "reason": "取消"})
    assert cancelled.status_code == 200
    assert await centre.dispatched(0, 1)


@pytest.mark.clause("R3.2.2")
async def test_ids_that_are_nobodys_are_refused_at_their_field(centre: Centre, api: Api) -> None:
    """Another organisation's car looks like one that does not exist."""
    there = await a_centre(api, cars=1)
    booking = await centre.waiting()
    for wrong in ({"vehicle": there.cars[0]}, {"driver": there.drivers[0]}, {"vehicle": str(uuid4())}):
        [field] = wrong
        body = {"vehicle": centre.cars[0], "driver": centre.drivers[0], **wrong}
        path = f"/v1/vehicle-bookings/{booking}/dispatch-vehicle"
        problem = problem_of(await centre.dispatcher.post(path, body), 422, f"{field}_unknown")
        assert problem["field"] == f"/{field}"
    assert problem_of(await there.dispatch(booking), 404, "not_found")


async def test_facts_are_not_a_clients_to_say(centre: Centre) -> None:
    """What the domain is told of cars and of waiting requests is no field of the request."""
    booking = await centre.waiting()
    for more in ({"known": {"waiting": [], "position": 1}}, {"considered": []}):
        assert problem_of(await centre.dispatch(booking, **more), 422, "unknown_field")
    forged = {"plate": "浙B99999"}
    assert problem_of(await centre.dispatch(booking, vehicle=forged), 422, "invalid_value")


async def test_a_dispatch_under_one_key_happens_once(centre: Centre) -> None:
    """The same request again is answered as before."""
    booking = await centre.waiting()
    body = {"vehicle": centre.cars[0], "driver": centre.drivers[0]}
    path, headers = f"/v1/vehicle-bookings/{booking}/dispatch-vehicle", {"Idempotency-Key": "k1"}
    first = await centre.dispatcher.post(path, body, headers=headers)
    again = await centre.dispatcher.post(path, body, headers=headers)
    assert (first.status_code, again.json()) == (200, first.json())
    assert again.headers["idempotency-replayed"] == "true"


async def test_only_who_may_dispatches(centre: Centre) -> None:
    """The unit's applicant does not give himself a car."""
    booking = await centre.waiting()
    body = {"vehicle": centre.cars[0], "driver": centre.drivers[0]}
    assert problem_of(
        await centre.unit.post(f"/v1/vehicle-bookings/{booking}/dispatch-vehicle", body), 403, "forbidden"
    )


@pytest.mark.clause("R3.2.2")
async def test_a_trip_is_not_extended_into_another(centre: Centre) -> None:
    """Keeping the car longer is refused where the next booking begins, and possible up to it."""
    booking = await centre.dispatched()
    later = {"starts_at": "2026-03-04T13:00:00+08:00", "ends_at": "2026-03-04T15:00:00+08:00"}
    following = await centre.dispatched(**later)
    path = f"/v1/vehicle-bookings/{booking}/extend-trip"
    too_long = {"ends_at": "2026-03-04T13:30:00+08:00", "reason": "堵车"}
    assert problem_of(await centre.dispatcher.post(path, too_long), 409)["details"]["held_by"] == following
    assert (await centre.dispatcher.post(path, {**too_long, "ends_at": later["starts_at"]})).status_code == 200


@pytest.mark.clause("R3.2.1", "R3.2.2")
async def test_time_is_kept_by_the_worker(centre: Centre) -> None:
    """A request without a car ends at its departure, an order nobody completes is told to one level after the other."""
    booking, waiting = await centre.dispatched(), await centre.waiting()
    centre.api.clock.forward(days=4)
    await centre.settle()
    gone = (await centre.unit.get(f"/v1/vehicle-bookings/{waiting}/history")).json()["items"][-1]["event"]
    assert (gone["ground"], gone["clause"]) == ("not_dispatched", "R3.2.2")
    told = (await centre.unit.get(f"/v1/vehicle-bookings/{booking}/history")).json()["items"]
    overdue = [each["event"] for each in told if each["event"]["type"] == "vehicle_booking.order_overdue"]
    assert [(each["lacking"], each["role"]) for each in overdue] == [
        ("record", "dispatcher"),
        ("record", "centre_head"),
    ]


@pytest.mark.clause("R3.2.2")
async def test_nobody_sets_out_with_a_car_that_is_still_out(centre: Centre) -> None:
    """The next departure is refused, naming the trip that is out, until its return is recorded; the room is told."""
    first = await centre.dispatched()
    later = {"starts_at": "2026-03-04T13:00:00+08:00", "ends_at": "2026-03-04T15:00:00+08:00"}
    following, elsewhere = await centre.dispatched(**later), await centre.dispatched(1, 1, **later)
    centre.api.clock.forward(days=2)
    start, odometer = "/v1/vehicle-bookings/{}/start-trip", {"odometer_km": 1000}
    assert (await centre.driver.post(start.format(first), odometer)).status_code == 200
    centre.api.clock.forward(hours=4, minutes=5)
    await centre.settle()
    problem = problem_of(await centre.driver.post(start.format(following), odometer), 409, "already_taken")
    assert (problem["clause"], problem["details"]["held_by"]) == ("R3.2.2", first)
    assert problem["details"]["kind"] in {"vehicle_out", "driver_out"}
    assert (await centre.driver.post(start.format(elsewhere), odometer)).status_code == 200
    [late] = (await centre.dispatcher.get("/v1/vehicle-bookings?status=out&from=2026-03-04")).json()["items"][:1]
    assert (late["booking_id"], late["late_since"]) == (first, "2026-03-04T12:00:00+08:00")
    inbox = (await centre.dispatcher.get("/v1/inbox")).json()["items"]
    assert [one["stream_id"] for one in inbox if "逾时未归" in one["subject"]["zh"]] == [first]
    record = {
        "out_at": "2026-03-04T09:00:00+08:00",
        "back_at": "2026-03-04T13:00:00+08:00",
        "route": "区政府—展览馆",
        "odometer_out_km": 1000,
        "odometer_back_km": 1040,
    }
    path = f"/v1/vehicle-bookings/{first}/complete-order"
    assert (await centre.driver.post(path, record)).status_code == 200
    assert (await centre.driver.post(start.format(following), odometer)).status_code == 200


@pytest.mark.clause("R3.2.1")
async def test_units_sign_for_themselves_alone(centre: Centre) -> None:
    """Another unit's leader and handler are refused with the clause, as is a leader whose department nobody entered."""
    booking = await centre.request()
    leader, handler = await centre.of("卫生局", "unit_leader"), await centre.of("卫生局", "unit_handler")
    nobodys = await centre.api.member(centre.admin, "unit_leader")
    path = f"/v1/vehicle-bookings/{booking}"
    for command, body in (("sign-request", {}), ("decline-request", {"reason": "不必"})):
        problem = problem_of(await leader.post(f"{path}/{command}", body), 403, "other_unit")
        assert (problem["clause"], problem["details"]) == ("R3.2.1", {"unit": "教育局", "department": "卫生局"})
        problem_of(await nobodys.post(f"{path}/{command}", body), 403, "no_department")
    assigned = {"member_id": str(nobodys.member), "department": "教育局"}
    moved = await centre.admin.post(f"/v1/organisations/{centre.admin.tenant}/assign-department", assigned)
    assert moved.status_code == 200
    assert (await nobodys.post(f"{path}/sign-request")).status_code == 200
    assert (await centre.dispatch(booking)).status_code == 200
    centre.api.clock.forward(days=4)
    await centre.settle()
    record = {
        "out_at": DEPARTS,
        "back_at": "2026-03-04T12:00:00+08:00",
        "route": "区政府—展览馆",
        "odometer_out_km": 1000,
        "odometer_back_km": 1040,
    }
    assert (await centre.driver.post(f"{path}/complete-order", record)).status_code == 200
    for command, body in (("sign-order", {}), ("object-to-order", {"reason": "不符"})):
        problem_of(await handler.post(f"{path}/{command}", body), 403, "other_unit")
    assert (await centre.handler.post(f"{path}/sign-order")).status_code == 200
    await centre.settle()
    [month] = (await centre.handler.get("/v1/unit-settlements?month=2026-03")).json()["items"]
    objection = {"line_key": f"{booking}:order", "reason": "里程不符"}
    contest = f"/v1/unit-settlements/{month['settlement_id']}/contest-line"
    problem_of(await handler.post(contest, objection), 403, "other_unit")
    assert (await centre.handler.post(contest, objection)).status_code == 200
