"""A driver's calendar under a secret address: what it shows, and that no other address shows it."""

from uuid import uuid4

import pytest
from icalendar import Calendar

from tests.services.centre import Centre, a_centre
from tests.services.conftest import Api
from tests.services.crowd import problem_of


@pytest.fixture
async def centre(api: Api) -> Centre:
    """A centre with two cars and two drivers."""
    return await a_centre(api)


async def address(centre: Centre, driver: int = 0) -> dict[str, str]:
    """An address of a driver's calendar: what is answered, with the path that a calendar program asks for."""
    answer = await centre.dispatcher.post(f"/v1/drivers/{centre.drivers[driver]}/issue-feed")
    assert answer.status_code == 201, answer.text
    found: dict[str, str] = answer.json()
    return {**found, "path": "/feeds/" + found["url"].rsplit("/", 1)[1]}


@pytest.mark.clause("R3.2.2")
async def test_the_calendar_shows_the_drivers_own_trips_and_absences(centre: Centre) -> None:
    """Without an account, by the address alone; another driver's trips are not in it."""
    booking = await centre.dispatched()
    await centre.dispatched(1, 1)
    absence = {"starts_at": "2026-03-09T00:00:00+08:00", "ends_at": "2026-03-10T00:00:00+08:00", "reason": "年假"}
    assert (await centre.dispatcher.post(f"/v1/drivers/{centre.drivers[0]}/plan-absence", absence)).status_code == 200
    await centre.settle()
    found = await address(centre)
    answer = await centre.api.http.get(found["path"])
    assert answer.headers["content-type"].startswith("text/calendar")
    trip, away = Calendar.from_ical(answer.content).walk("VEVENT")
    assert str(trip["uid"]) == f"{booking}@kaohe"
    assert trip.decoded("dtstart").isoformat() == "2026-03-04T09:00:00+08:00"
    assert str(trip["summary"]) == "浙B00000 教育局：区政府 → 展览馆"
    assert str(away["summary"]) == "不出车：年假"


@pytest.mark.clause("R3.2.2")
async def test_a_swapped_driver_no_longer_has_the_trip(centre: Centre) -> None:
    """The calendar follows the dispatch."""
    booking = await centre.dispatched()
    first, second = await address(centre, 0), await address(centre, 1)
    swap = {"vehicle": centre.cars[0], "driver": centre.drivers[1], "reason": "轮休"}
    assert (await centre.dispatcher.post(f"/v1/vehicle-bookings/{booking}/swap-dispatch", swap)).status_code == 200
    await centre.settle()
    assert booking not in (await centre.api.http.get(first["path"])).text
    assert booking in (await centre.api.http.get(second["path"])).text


async def test_a_revoked_address_looks_like_one_that_never_was(centre: Centre, api: Api) -> None:
    """Revoked, misspelt, another driver's or another tenant's: the same answer."""
    there = await a_centre(api, cars=1)
    found = await address(centre)
    revoked = await centre.dispatcher.post(
        f"/v1/drivers/{centre.drivers[0]}/revoke-feed", {"feed_id": found["feed_id"]}
    )
    assert revoked.status_code == 200
    prefix, tenant, driver, secret = found["path"].removesuffix(".ics").rsplit("/", 1)[1].split(".")
    wrong = [
        found["path"],
        f"/feeds/{prefix}.{tenant}.{uuid4().hex}.{secret}.ics",
        f"/feeds/{prefix}.{there.admin.tenant.hex}.{driver}.{secret}.ics",
        f"/feeds/{prefix}.{uuid4().hex}.{driver}.{secret}.ics",
        f"/feeds/kbl.{tenant}.{driver}.{secret}.ics",
        "/feeds/nonsense",
    ]
    problems = [problem_of(await api.http.get(path), 404, "not_found") for path in wrong]
    assert {problem["detail"] for problem in problems} == {"日历地址无效"}


async def test_an_address_is_shown_once_and_its_hash_never(centre: Centre) -> None:
    """Neither the driver's state nor his history tells it."""
    found = await address(centre)
    secret = found["path"].removesuffix(".ics").rsplit(".", 1)[1]
    for path in ("", "/history"):
        shown = (await centre.dispatcher.get(f"/v1/drivers/{centre.drivers[0]}{path}")).text
        assert found["feed_id"] in shown
        assert secret not in shown
        assert '"token_hash":null' in shown


async def test_a_driver_who_signs_in_gets_his_address_himself(centre: Centre) -> None:
    """Nobody else has it made for him."""
    taken_on = {"name": "李师傅", "licences": ["C1"], "duty": [], "member_id": str(centre.driver.member)}
    driver = (await centre.dispatcher.post("/v1/drivers", taken_on)).json()["id"]
    problem_of(await centre.dispatcher.post(f"/v1/drivers/{driver}/issue-feed"), 403, "not_the_driver")
    assert (await centre.driver.post(f"/v1/drivers/{driver}/issue-feed")).status_code == 201
