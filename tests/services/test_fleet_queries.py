"""The vehicle centre's board, calendars, candidates, utilisation and refusals over HTTP."""

import pytest
from msgspec.structs import replace

from services.settings import Settings
from tests.services.centre import Centre, a_centre
from tests.services.conftest import Api
from tests.services.crowd import problem_of

TOMORROW = {"starts_at": "2026-03-05T09:00:00+08:00", "ends_at": "2026-03-05T12:00:00+08:00"}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Sessions that outlast the days these tests let pass, and room for many requests at once."""
    return replace(settings, session_hours=24 * 365, tenant_in_flight=500)


@pytest.fixture
async def centre(api: Api) -> Centre:
    """A centre with two cars and two drivers."""
    return await a_centre(api)


@pytest.mark.clause("R3.2.2")
async def test_the_board_shows_a_day(centre: Centre) -> None:
    """Who waits in the order in which they go, who has which car, and who is kept free; other days are not shown."""
    booking = await centre.dispatched()
    later = await centre.waiting(unit="卫生局")
    first = await centre.waiting(priority="urgent_task")
    await centre.waiting(**TOMORROW)
    absence = {"starts_at": "2026-03-04T00:00:00+08:00", "ends_at": "2026-03-05T00:00:00+08:00", "reason": "病假"}
    away = await centre.dispatcher.post(f"/v1/drivers/{centre.drivers[1]}/plan-absence", absence)
    assert away.status_code == 200
    await centre.settle()
    board = (await centre.dispatcher.get("/v1/vehicle-dispatch/board?day=2026-03-04")).json()
    assert [each["booking_id"] for each in board["waiting"]] == [first, later]
    [shown] = board["bookings"]
    assert (shown["booking_id"], shown["plate"], shown["status_label"]["zh"]) == (booking, "浙B00000", "已派车")
    assert [each["plate"] for each in sorted(board["vehicles"], key=lambda c: c["plate"])] == ["浙B00000", "浙B00001"]
    assert [(each["kind"], each["resource_id"], each["reason"]) for each in board["windows"]] == [
        ("driver", centre.drivers[1], "病假")
    ]


@pytest.mark.clause("R3.2.2")
async def test_candidates_are_free_and_fit(centre: Centre) -> None:
    """Taken cars and drivers are left out, and so are cars that are too small; the request's own rank is told."""
    await centre.dispatched()
    booking = await centre.waiting()
    await centre.waiting(priority="delegates")
    await centre.settle()
    found = (await centre.dispatcher.get(f"/v1/vehicle-bookings/{booking}/candidates")).json()
    assert [each["vehicle_id"] for each in found["vehicles"]] == [centre.cars[1]]
    assert [each["driver_id"] for each in found["drivers"]] == [centre.drivers[1]]
    assert (found["rank"], len(found["waiting"])) == (2, 2)
    crowd = await centre.waiting(party_size=5)
    await centre.settle()
    assert (await centre.dispatcher.get(f"/v1/vehicle-bookings/{crowd}/candidates")).json()["vehicles"] == []


LATER = {"starts_at": "2026-03-04T13:00:00+08:00", "ends_at": "2026-03-04T15:00:00+08:00"}


@pytest.mark.clause("R3.2.2")
async def test_who_is_not_back_is_the_last_candidate_and_says_so(centre: Centre) -> None:
    """The trip that still has it is named with its departure, on the next day's board too, until it is recorded."""
    out = await centre.dispatched()
    booking, next_day = await centre.waiting(**LATER), await centre.waiting(**TOMORROW)
    centre.api.clock.forward(days=2)
    started = await centre.driver.post(f"/v1/vehicle-bookings/{out}/start-trip", {"odometer_km": 1000})
    assert started.status_code == 200
    await centre.settle()

    async def candidates(of: str) -> dict[str, list[tuple[str, dict[str, object] | None]]]:
        found = (await centre.dispatcher.get(f"/v1/vehicle-bookings/{of}/candidates")).json()
        return {
            "vehicles": [(each["vehicle_id"], each["not_back"]) for each in found["vehicles"]],
            "drivers": [(each["driver_id"], each["not_back"]) for each in found["drivers"]],
        }

    for kind, there in (("vehicles", centre.cars), ("drivers", centre.drivers)):
        assert sorted((await candidates(booking))[kind]) == sorted((each, None) for each in there)
    centre.api.clock.forward(hours=3, minutes=30)
    held = {
        "booking_id": out,
        "unit": "教育局",
        "ends_at": "2026-03-04T12:00:00+08:00",
        "out_at": "2026-03-04T09:00:00+08:00",
    }
    for asked in (booking, next_day):
        found = await candidates(asked)
        assert found["vehicles"] == [(centre.cars[1], None), (centre.cars[0], held)]
        assert found["drivers"] == [(centre.drivers[1], None), (centre.drivers[0], held)]
    board = (await centre.dispatcher.get("/v1/vehicle-dispatch/board?day=2026-03-05")).json()
    assert ([each["booking_id"] for each in board["not_back"]], board["bookings"]) == ([out], [])
    await centre.signed(out)
    await centre.settle()
    assert {held for _, held in (await candidates(booking))["vehicles"]} == {None}
    assert (await centre.dispatcher.get("/v1/vehicle-dispatch/board?day=2026-03-05")).json()["not_back"] == []


@pytest.mark.clause("R3.2.2")
async def test_a_trip_nobody_recorded_is_presumed_under_way_until_somebody_says(centre: Centre) -> None:
    """From the minute of its planned return on, without a departure; a no-show, or the driver's record, ends it."""
    missed, unrecorded = await centre.dispatched(), await centre.dispatched(1, 1)
    booking = await centre.waiting(**LATER)
    centre.api.clock.forward(days=2, hours=2, minutes=59)
    await centre.settle()

    async def presumed() -> dict[str, dict[str, object] | None]:
        found = (await centre.dispatcher.get(f"/v1/vehicle-bookings/{booking}/candidates")).json()
        return {each["vehicle_id"]: each["not_back"] for each in found["vehicles"]}

    assert await presumed() == dict.fromkeys(centre.cars)
    centre.api.clock.forward(minutes=1)
    found = await presumed()
    for car, of in zip(centre.cars, (missed, unrecorded), strict=True):
        there = found[car]
        assert there is not None
        assert (there["booking_id"], there["out_at"]) == (of, None)
    absent = {"waited_minutes": 180}
    assert (await centre.dispatcher.post(f"/v1/vehicle-bookings/{missed}/record-no-show", absent)).status_code == 200
    await centre.signed(unrecorded)
    await centre.settle()
    assert await presumed() == dict.fromkeys(centre.cars)


@pytest.mark.clause("R3.2.2")
async def test_calendars_show_what_a_car_and_a_driver_have(centre: Centre) -> None:
    """Each its own trips, also once they were made."""
    booking = await centre.dispatched()
    other = await centre.dispatched(1, 1)
    centre.api.clock.forward(days=3)
    await centre.signed(booking)
    await centre.settle()
    span = "?from=2026-03-01&to=2026-03-31"
    for path, expected in (
        (f"/v1/vehicles/{centre.cars[0]}", [booking]),
        (f"/v1/drivers/{centre.drivers[0]}", [booking]),
        (f"/v1/vehicles/{centre.cars[1]}", [other]),
    ):
        calendar = (await centre.dispatcher.get(f"{path}/calendar{span}")).json()
        assert [each["booking_id"] for each in calendar["bookings"]] == expected


@pytest.mark.clause("R3.2.1")
async def test_bookings_are_listed_by_unit_status_and_time(centre: Centre) -> None:
    """Pages follow each other by cursor; each filter narrows."""
    made = [await centre.waiting(unit=unit) for unit in ("教育局", "卫生局", "教育局")]
    later = await centre.request(**TOMORROW)
    await centre.settle()

    async def listed(query: str) -> list[str]:
        page = (await centre.unit.get(f"/v1/vehicle-bookings?{query}")).json()
        return [each["booking_id"] for each in page["items"]]

    assert await listed("unit=教育局&status=accepted") == [made[0], made[2]]
    assert await listed("from=2026-03-05&to=2026-03-05") == [later]
    assert await listed("status=requested") == [later]
    page = (await centre.unit.get("/v1/vehicle-bookings?limit=3")).json()
    assert await listed(f"limit=3&cursor={page['next']}") == [later]


@pytest.mark.clause("R3.2.2")
async def test_utilisation_adds_up_a_month(centre: Centre) -> None:
    """Trips, kilometres and time out of each car, by the month of return."""
    booking = await centre.dispatched()
    await centre.dispatched(1, 1)
    centre.api.clock.forward(days=3)
    await centre.signed(booking, km=40)
    await centre.settle()
    report = (await centre.dispatcher.get("/v1/reports/vehicle-utilisation?month=2026-03")).json()
    by_car = {each["vehicle_id"]: each for each in report["items"]}
    used, idle = by_car[centre.cars[0]], by_car[centre.cars[1]]
    assert (used["trips"], used["km"], used["minutes_out"], used["due_fen"]) == (1, 40, 180, 12_000)
    assert (idle["trips"], idle["km"]) == (0, 0)
    empty = (await centre.dispatcher.get("/v1/reports/vehicle-utilisation?month=2026-02")).json()
    assert {each["trips"] for each in empty["items"]} == {0}


@pytest.mark.clause("R3.2.1", "R3.2.2", "R3.2.3")
async def test_refusals_are_counted_by_ground_and_clause(centre: Centre) -> None:
    """Late forms, declined ones and those for which no car was there, each under its clause."""
    late = {"starts_at": "2026-03-02T15:00:00+08:00", "ends_at": "2026-03-02T17:00:00+08:00"}
    for unit in ("教育局", "卫生局"):
        booking = await centre.request(unit=unit, **late)
        await (await centre.of(unit, "unit_leader")).post(f"/v1/vehicle-bookings/{booking}/sign-request")
    trip = {"collective": False, "party_size": 1, "business_trip": True, "category": "other_official"}
    booking = await centre.request(**trip)
    await centre.leader.post(f"/v1/vehicle-bookings/{booking}/sign-request")
    await centre.settle()
    report = (await centre.dispatcher.get("/v1/reports/vehicle-refusals?from=2026-03-01&to=2026-03-31")).json()
    counted = [(each["ground"], each["clause"]["id"], each["times"], each["units"]) for each in report["items"]]
    assert counted == [("late", "R3.2.1", 2, 2), ("business_trip", "R3.2.3", 1, 1)]


async def test_a_span_that_runs_backwards_is_refused(centre: Centre) -> None:
    """And so is one of more than a year."""
    for span in ("from=2026-03-05&to=2026-03-04", "from=2026-01-01&to=2028-01-01"):
        assert problem_of(await centre.dispatcher.get(f"/v1/vehicle-dispatch/waiting?{span}"), 400, "bad_parameter")


async def test_another_tenant_sees_nothing_of_the_centre(centre: Centre, api: Api) -> None:
    """Lists are empty; cars, drivers and requests are not found."""
    booking = await centre.dispatched()
    await centre.settle()
    there = await a_centre(api, cars=0)
    await there.settle()
    assert (await there.dispatcher.get("/v1/vehicle-bookings")).json()["items"] == []
    assert (await there.dispatcher.get("/v1/vehicles")).json()["items"] == []
    problem_of(await there.dispatcher.get(f"/v1/vehicles/{centre.cars[0]}/calendar"), 404, "not_found")
    problem_of(await there.dispatcher.get(f"/v1/vehicle-bookings/{booking}/candidates"), 404, "not_found")
