"""A year's calendar is published while complaints wait for it: the real worker counts each anew and fires each once."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from domain.calendar_watch import CHUNK, watch_id
from services.worker.settling import settle
from tests.services.conftest import Api, Caller
from tests.services.lived import pages

EVE = datetime(2026, 12, 31, 1, tzinfo=UTC)
OWN = {"use_statutory": True, "holidays": ["2026-12-31", "2027-01-01"], "makeup_days": []}


async def office(api: Api) -> tuple[Caller, Caller]:
    """An administrator and a desk on the year's last day, a holiday here."""
    api.clock.now = EVE
    admin = await api.tenant()
    for path, body in (
        ("/v1/rule-books", {"regulation": "R11", "effective_from": "2026-03-01"}),
        (f"/v1/organisations/{admin.tenant}/set-calendar", {**OWN, "holidays": ["2026-12-31"]}),
    ):
        answer = await admin.post(path, body)
        assert answer.status_code in (200, 201), answer.text
    return admin, await api.member(admin, "service_desk", "auditor")


async def lodge(desk: Caller, count: int = 1) -> list[str]:
    """Addresses of complaints lodged now."""
    body = {"complainant": "customer", "kind": "contract", "subject": "合同未办", "description": "两个月"}
    made = []
    for _ in range(count):
        answer = await desk.post("/v1/complaints", body)
        assert answer.status_code == 201, answer.text
        made.append(f"/v1/complaints/{answer.json()['id']}")
    return made


async def publish(admin: Caller) -> None:
    """Declare 2027 complete, with New Year a holiday."""
    address = f"/v1/organisations/{admin.tenant}/set-calendar"
    answer = await admin.post(address, {**OWN, "complete_years": [2027]})
    assert answer.status_code == 200, answer.text


async def signed_in_again(api: Api, caller: Caller) -> Caller:
    """The caller with a new session, the old one having run out."""
    token = await api._session(caller.tenant, caller.member)
    return Caller(caller.http, caller.tenant, caller.slug, token, caller.member)


async def due(api: Api, admin: Caller) -> list[datetime]:
    """When the limits of the tenant are due by the worker's table."""
    async with api.desk.runtime.database.tenant_transaction(admin.tenant, read_only=True) as connection:
        rows = await connection.fetch(
            "select due_at from deadlines where tenant_id = $1 and key like 'limit:%'", admin.tenant
        )
    return [row["due_at"] for row in rows]


@pytest.mark.clause("R11.2.1")
async def test_complaints_that_waited_are_counted_anew_and_become_late_once(api: Api):
    """More than a chunk of them, moved from New Year to the Monday after it; each becomes late then, and once."""
    admin, desk = await office(api)
    count = CHUNK + 5
    complaints = await lodge(desk, count)
    await settle(api.desk.runtime, admin.tenant)
    watch = f"/v1/calendar-watches/{watch_id(2027)}"
    assert len((await desk.get(watch)).json()["state"]["waiting"]) == count
    assert set(await due(api, admin)) == {datetime(2027, 1, 1, 16, tzinfo=UTC)}

    await publish(admin)
    await settle(api.desk.runtime, admin.tenant)

    state = (await desk.get(watch)).json()["state"]
    assert (state["status"], state["waiting"]) == ("published", {})
    moved = datetime(2027, 1, 4, 16, tzinfo=UTC)
    assert await due(api, admin) == [moved] * count
    api.clock.now = moved - timedelta(seconds=1)
    await settle(api.desk.runtime, admin.tenant)
    assert len(await due(api, admin)) == count
    api.clock.now = moved
    await settle(api.desk.runtime, admin.tenant)
    assert await due(api, admin) == []
    desk = await signed_in_again(api, desk)
    for address in (complaints[0], complaints[-1]):
        history = await pages(desk, f"{address}/history")
        told = Counter(each["type"] for each in history)
        assert (told["complaint.limits_rederived"], told["complaint.late"]) == (1, 1)
    assert (await desk.get("/v1/reports/attention")).json()["items"] == []


@pytest.mark.clause("R11.2.1")
async def test_a_complaint_lodged_after_the_publication_waits_for_nothing(api: Api):
    """Its limit is certain, and no watch is begun."""
    admin, desk = await office(api)
    await publish(admin)
    [complaint] = await lodge(desk)
    await settle(api.desk.runtime, admin.tenant)
    limit = (await desk.get(complaint)).json()["state"]["limit"]
    assert (limit["due_on"], limit["provisional"]) == ("2027-01-04", False)
    assert (await desk.get(f"/v1/calendar-watches/{watch_id(2027)}")).status_code == 404


@pytest.mark.clause("R11.2.1")
async def test_a_provisional_limit_is_shown_as_such(api: Api):
    """With the year it rests on, until that year is known."""
    admin, desk = await office(api)
    [complaint] = await lodge(desk)
    limit = (await desk.get(complaint)).json()["state"]["limit"]
    assert (limit["due_on"], limit["provisional"], limit["unknown_years"]) == ("2027-01-01", True, [2027])
    await settle(api.desk.runtime, admin.tenant)
    await publish(admin)
    await settle(api.desk.runtime, admin.tenant)
    limit = (await desk.get(complaint)).json()["state"]["limit"]
    assert (limit["due_on"], limit["provisional"], limit["unknown_years"]) == ("2027-01-04", False, [])


async def test_another_tenants_watch_is_not_seen(api: Api):
    """Its id can be worked out by anybody, and is answered like one that does not exist."""
    admin, desk = await office(api)
    await lodge(desk)
    await settle(api.desk.runtime, admin.tenant)
    _, stranger = await office(api)
    assert (await stranger.get(f"/v1/calendar-watches/{watch_id(2027)}")).status_code == 404
