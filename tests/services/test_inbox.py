"""The inbox: everything people are told of lies there, once for each cause, and for nobody else's eyes."""

import asyncio
from collections import Counter
from uuid import uuid4

import msgspec
import pytest

from domain.complaint.events import ComplaintAssigned
from domain.kernel import Text
from domain.notices.notice import Notice, NoticeRule
from domain.organisation import Member
from infra.discovery import untold
from infra.outbox import TASK
from services.worker.delivering import deliver, open_post
from services.worker.notices import notify, recipients
from services.worker.purge import NOTICES_KEPT, READ_NOTICES_KEPT, purge
from services.worker.work import work_of
from tests.services.crowd import problem_of
from tests.services.lived import pages
from tests.services.notices_given import events_in, office


@pytest.fixture
def settings(settings):
    """Sessions that outlast the days of these tests."""
    return msgspec.structs.replace(settings, session_hours=24 * 30)


@pytest.mark.clause("R11.2.1", "R11.2.2", "R11.2.3")
async def test_a_complaint_left_alone_tells_each_in_turn(api):
    """Assigned, reminded, taken up the ladder, late and fined: each of them finds his own notices, once."""
    sales = await office(api)
    complaint = await sales.lodge()
    await sales.assign(complaint)
    await sales.settle(hours=20)
    told = {role: events_in(await sales.inbox(role)) for role in sales.people}
    assert told["handler"] == [
        "complaint.assigned",
        "complaint.late",
        "complaint.reminded",
        "complaint.reminded",
        "penalty_ledger.entry_issued",
    ]
    assert told["director_assistant"] == ["complaint.escalated", "penalty_ledger.entry_issued"]
    assert told["deputy_director"] == ["complaint.escalated"]
    assert told["sales_director"] == ["complaint.escalated", "penalty_ledger.entry_issued"]
    assert told["service_desk"] == told["personnel"] == []
    [escalated] = await sales.inbox("deputy_director")
    assert escalated["stream_id"] == str(complaint)
    assert escalated["clause"] == "R11.2.3"
    assert escalated["due_at"].endswith("+08:00")
    assert escalated["unread"] is True


async def test_a_cause_is_told_once_however_often_it_is_read(api):
    """Two workers at once, and the whole tenant's events read again from the beginning: nothing is doubled."""
    sales = await office(api)
    await sales.assign(await sales.lodge())
    await sales.settle(hours=20)
    before = Counter((row["member_id"], row["cause"]) for row in await sales.rows("inbox"))
    other = work_of(api.desk.runtime)
    for _ in range(3):
        async with sales.work.runtime.database.tenant_transaction(sales.admin.tenant) as connection:
            await connection.execute(
                "update tracking set position = 0 where tenant_id = $1 and application_name = $2",
                sales.admin.tenant,
                TASK,
            )
        assert sales.admin.tenant in await untold(sales.work.runtime.database, TASK)
        await asyncio.gather(*(notify(work, sales.admin.tenant) for work in (sales.work, other) * 2))
        assert sales.admin.tenant not in await untold(sales.work.runtime.database, TASK)
    assert Counter((row["member_id"], row["cause"]) for row in await sales.rows("inbox")) == before
    assert set(before.values()) == {1}


async def test_no_cause_is_missed(api):
    """Every event of the ledger that people are told of lies in an inbox, and nothing else does."""
    sales = await office(api)
    for hours in (3, 5, 20):
        await sales.assign(await sales.lodge())
        await sales.lodge()
        await sales.settle(hours=hours)
    told = {sales.work.runtime.mapper.topic(event) for event in sales.work.notices}
    wanted = [str(row["position"]) for row in await sales.rows("events") if row["topic"] in told]
    assert len(wanted) > 20
    assert {row["cause"].partition("/")[0] for row in await sales.rows("inbox")} == set(wanted)


async def test_unread_comes_first_and_reading_is_counted(api):
    """Pages of one show every notice once, the unread before the read, the latest of each first."""
    sales = await office(api)
    for _ in range(3):
        await sales.assign(await sales.lodge())
        await sales.settle(minutes=5)
    handler = sales.people["handler"]
    first, second, third = await sales.inbox("handler")
    marked = await handler.post("/v1/inbox/read", {"ids": [first["id"], str(uuid4())]})
    assert marked.json() == {"unread": 2}
    assert (await handler.post("/v1/inbox/read", {"ids": [first["id"]]})).json() == {"unread": 2}
    items = await pages(handler, "/v1/inbox", limit=1)
    assert [item["id"] for item in items] == [second["id"], third["id"], first["id"]]
    assert items[-1]["read_at"] is not None


async def test_nobody_reads_or_marks_anothers_notices(api):
    """Another member and another organisation see nothing of them, and their marks change nothing."""
    sales, elsewhere = await office(api), await office(api)
    await sales.assign(await sales.lodge())
    await sales.settle()
    [own] = await sales.inbox("handler")
    for stranger in (sales.people["sales_director"], elsewhere.people["handler"], elsewhere.admin):
        assert (await stranger.get("/v1/inbox")).json() == {"items": [], "next": None, "unread": 0}
        assert (await stranger.post("/v1/inbox/read", {"ids": [own["id"]]})).json() == {"unread": 0}
    assert (await sales.inbox("handler"))[0]["unread"] is True


async def test_an_inbox_is_no_keys_to_read(api):
    """An API key has scopes, and the inbox is in none of them; without a credential there is nothing."""
    sales = await office(api)
    handler = sales.people["handler"]
    body = {"name": "bot", "scopes": ["complaint.read"], "expires_at": "2026-09-01T00:00:00Z"}
    key = (await handler.post("/v1/me/api-keys", body)).json()["key"]
    headers = {"Authorization": f"Bearer {key}"}
    assert problem_of(await api.http.get("/v1/inbox", headers=headers), 403, "members_only")
    assert problem_of(await api.http.get("/v1/inbox"), 401, "unauthenticated")


@pytest.mark.parametrize(
    ("body", "status"), [({"ids": []}, 422), ({"ids": ["x"]}, 422), ({}, 422), ({"ids": [], "all": True}, 422)]
)
async def test_marks_that_make_no_sense_are_refused(api, body, status):
    """A coded problem names what does not fit."""
    admin = await api.tenant()
    assert problem_of(await admin.post("/v1/inbox/read", body), status)


@pytest.mark.parametrize("cursor", ["nonsense", "W10", "WzEsMiwzXQ"])
async def test_a_cursor_of_another_list_is_refused(api, cursor):
    """400, not 500."""
    admin = await api.tenant()
    assert problem_of(await admin.get("/v1/inbox", params={"cursor": cursor}), 400, "bad_cursor")


async def test_what_is_for_nobody_goes_to_the_administrators(api):
    """A role that no active member holds does not swallow a step of the ladder, and the notice says so."""
    sales = await office(api)
    for role in ("director_assistant", "deputy_director"):
        body = {"member_id": str(sales.people[role].member), "reason": "离职"}
        disabled = await sales.admin.post(f"/v1/organisations/{sales.admin.tenant}/disable-member", body)
        assert disabled.status_code == 200, disabled.text
    await sales.lodge()
    await sales.settle(hours=3)
    items = (await sales.admin.get("/v1/inbox")).json()["items"]
    assert [item["event"] for item in items] == ["complaint.escalated"]
    assert "总监助理目前无在用成员" in items[0]["body"]["zh"]


def test_recipients_are_active_holders_of_the_role_and_the_persons_named():
    """Each once, whatever makes them one; persons who are no members are nobody."""
    one, two, off = (
        Member(id=uuid4(), username=name, display_name=name, roles=("handler",), disabled=name == "off")
        for name in ("one", "two", "off")
    )
    boss = Member(id=uuid4(), username="boss", display_name="boss", roles=("tenant_admin",))
    members = {member.id: member for member in (one, two, off, boss)}

    def told(**more):
        text = Text("甲", "a")
        return recipients(Notice(subject=text, body=text, noun="complaint", stream_id=uuid4(), **more), members)

    assert told(roles=("handler",)) == (tuple(sorted([one.id, two.id])), False)
    assert told(roles=("handler",), persons=(one.id, boss.id)) == (tuple(sorted([one.id, two.id, boss.id])), False)
    assert told(persons=(uuid4(),)) == told(persons=(off.id,)) == told(roles=("finance",)) == ((boss.id,), True)
    assert told(roles=("handler",), withheld=(one.id,)) == ((two.id,), False)
    assert told(roles=("finance",), withheld=(boss.id,)) == ((), True)
    assert told(persons=(uuid4(),), confidential=True) == ((), False)


async def test_what_nobody_may_be_told_is_a_dead_letter(api):
    """Where all who could be told are kept out of the matter, somebody has to find a way; nobody learns by mistake."""
    sales = await office(api)

    def withheld(_, cause, __):
        text = Text("甲", "a")
        kept_out = (sales.admin.member, sales.people["handler"].member)
        return (
            Notice(
                roles=("handler",),
                withheld=kept_out,
                subject=text,
                body=text,
                noun="complaint",
                stream_id=cause.stream_id,
            ),
        )

    rule = NoticeRule(name="kept_out", events=(ComplaintAssigned,), make=withheld)
    work = work_of(api.desk.runtime, notices=(rule,))
    await sales.assign(await sales.lodge())
    assert await notify(work, sales.admin.tenant) == 1
    assert await sales.rows("inbox") == []
    async with open_post(api.desk.settings) as post:
        assert await deliver(work, post, sales.admin.tenant) == 1
    [dead] = (await sales.admin.get("/v1/notice-deliveries", params={"state": "dead"})).json()["items"]
    assert dead["channel"] == "nobody"
    assert "kept out" in dead["last_error"]


async def test_a_notice_bears_the_instant_of_its_event(api):
    """Whenever it is made: it tells no more of the time than the event does."""
    sales = await office(api)
    await sales.assign(await sales.lodge())
    happened = api.clock.now
    api.clock.forward(minutes=50)
    await sales.settle()
    [row] = await sales.rows("inbox")
    assert row["made_at"] == happened


async def test_a_suspended_organisation_is_told_when_it_is_back(api):
    """Notices wait with everything else, and none is lost."""
    sales = await office(api)
    await sales.assign(await sales.lodge())
    await api.desk.platform.suspend(api.operator, sales.admin.tenant, "欠费")
    assert await notify(sales.work, sales.admin.tenant) == 0
    assert sales.admin.tenant not in await untold(sales.work.runtime.database, TASK)
    await api.desk.platform.resume(api.operator, sales.admin.tenant, "已缴")
    assert await notify(sales.work, sales.admin.tenant) == 1


async def test_old_notices_are_deleted(api):
    """What was read goes after a quarter, what was not after more than a year."""
    sales = await office(api)
    for _ in range(2):
        await sales.assign(await sales.lodge())
    await sales.settle()
    handler = sales.people["handler"]
    await handler.post("/v1/inbox/read", {"ids": [(await sales.inbox("handler"))[0]["id"]]})
    begun, left = api.clock.now, []
    for kept in (READ_NOTICES_KEPT, NOTICES_KEPT):
        api.clock.now = begun + kept
        await purge(sales.work, sales.admin.tenant)
        left.append(len(await sales.rows("inbox")))
        api.clock.forward(seconds=1)
        await purge(sales.work, sales.admin.tenant)
        left.append(len(await sales.rows("inbox")))
    assert left == [2, 1, 1, 0]
