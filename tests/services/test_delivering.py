"""Notices on their way: each channel's servers are real, the clock is the test's, and nothing is sent twice."""

import asyncio
import base64
import hashlib
import hmac
from collections import Counter
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest
from standardwebhooks import Webhook

from infra import outbox
from infra.mail import WHOLE_S as MAIL_WHOLE_S
from infra.outbound import SEND_S
from infra.sealing import new_key
from services.worker.delivering import deliver, open_post
from services.worker.work import work_of
from tests.receivers import mail_server, receiver
from tests.services.notices_given import office

SCHEDULE_S = [15, 60, 240, 960, 3_840, 15_360, 21_600]


@pytest.fixture
def mail():
    """A mail server: its URL, and what it took."""
    with mail_server() as served:
        yield served


@pytest.fixture
def settings(settings, mail):
    """An installation in a closed network, with a key and a mail server."""
    return msgspec.structs.replace(
        settings, session_hours=24 * 60, secret_key=new_key(), outbound="private", smtp_url=mail[0]
    )


@pytest.fixture
async def post(anyio_backend, settings):
    """The ways out of one worker."""
    async with open_post(settings) as opened:
        yield opened


async def send(sales, post):
    """Deliver what is due."""
    return await deliver(sales.work, post, sales.admin.tenant)


async def one_notice(sales):
    """Make one notice, to the handler."""
    await sales.assign(await sales.lodge())
    await sales.settle()


@pytest.mark.clause("R11.2.3")
async def test_a_ladder_is_told_by_each_channel(api, post, mail):
    """Robots, webhook and mail each get every notice once, signed as each wants it, with what it is about."""
    sales = await office(api)
    async with receiver() as wecom, receiver() as dingtalk, receiver() as feishu, receiver() as hook:
        feishu.answers = [(200, {}, b'{"code":0,"msg":"success"}')]
        await sales.endpoint("wecom", wecom.url)
        await sales.endpoint("dingtalk", dingtalk.url + "?access_token=t", secret="SEC1")
        await sales.endpoint("feishu", feishu.url, secret="s2")
        secret = (await sales.endpoint("webhook", hook.url))["secret"]
        await sales.address("deputy_director")
        await sales.lodge()
        await sales.settle(hours=5)
        await send(sales, post)
        assert await send(sales, post) == 0
    assert [len(each.received) for each in (wecom, dingtalk, feishu, hook)] == [2, 2, 2, 2]
    words = wecom.received[1].json["text"]["content"]
    assert "第 2 级" in words
    assert "公司副总监" in words
    assert "R11.2.3" in words
    assert "考核" in dingtalk.received[0].json["text"]["content"]
    asked = parse_qs(urlsplit(dingtalk.received[0].path).query)
    signed = hmac.new(b"SEC1", f"{asked['timestamp'][0]}\nSEC1".encode(), hashlib.sha256).digest()
    assert asked["sign"] == [base64.b64encode(signed).decode()]
    body = feishu.received[0].json
    assert body["sign"] == base64.b64encode(hmac.digest(f"{body['timestamp']}\ns2".encode(), b"", "sha256")).decode()
    for got in hook.received:
        stamp = datetime.fromtimestamp(int(got.headers["webhook-timestamp"]), UTC)
        wanted = Webhook(secret).sign(got.headers["webhook-id"], stamp, got.body.decode())
        assert got.headers["webhook-signature"] == wanted
        assert got.json["type"] == "complaint.escalated"
        assert got.json["data"]["tenant_id"] == str(sales.admin.tenant)
    [(to, letter)] = mail[1].mails
    assert to == ["deputy_director@mail.example"]
    assert "逐级上报" in letter["subject"]
    assert "level 2" in letter.get_content()
    assert letter["auto-submitted"] == "auto-generated"
    assert Counter(one["state"] for one in await sales.deliveries()) == {"sent": 9}


async def test_an_endpoint_takes_what_it_was_set_to(api, post):
    """``named`` takes notices that name its channel, ``roles`` those to them; switched off, none."""
    sales = await office(api)
    async with receiver() as named, receiver() as deputies, receiver() as off:
        await sales.endpoint("wecom", named.url, takes="named")
        await sales.endpoint("wecom", deputies.url, roles=["deputy_director"])
        added = await sales.endpoint("webhook", off.url)
        changed = await sales.admin.post(
            f"/v1/notice-endpoints/{added['endpoint']['id']}/change", {"enabled": False, "name": "关闭"}
        )
        assert changed.json()["endpoint"]["enabled"] is False
        await sales.lodge()
        await sales.settle(hours=7)
        await send(sales, post)
    assert [len(each.received) for each in (named, deputies, off)] == [0, 1, 0]


async def test_a_member_chooses_which_notices_are_mailed(api, post, mail):
    """``named``: those that the rules send by mail; the address forgotten, none, and the inbox has them all."""
    sales = await office(api)
    await sales.address("sales_director", takes="named")
    await sales.address("deputy_director", takes="named")
    await sales.lodge()
    await sales.settle(hours=7)
    await send(sales, post)
    assert [to for to, _ in mail[1].mails] == [["sales_director@mail.example"]]
    await sales.people["sales_director"].delete("/v1/me/notice-address")
    assert (await sales.people["sales_director"].get("/v1/me/notice-address")).status_code == 404
    await sales.lodge()
    await sales.settle(hours=10)
    await send(sales, post)
    assert len(mail[1].mails) == 1
    assert len(await sales.inbox("sales_director")) >= 2


async def test_retries_come_ever_later_and_end(api, post):
    """Eight attempts over half a day, each under the same id; then it is a dead letter until somebody replays it."""
    sales = await office(api)
    async with receiver() as hook:
        hook.answers = [(500, {}, b"")]
        await sales.endpoint("webhook", hook.url)
        await one_notice(sales)
        for number, pause_s in enumerate(SCHEDULE_S, 1):
            assert await send(sales, post) == 1
            [row] = await sales.rows("outbox")
            waits = (row["next_attempt_at"] - api.clock.now).total_seconds()
            assert pause_s * 0.75 <= waits <= pause_s * 1.25
            assert (row["state"], row["attempts"], row["last_error"]) == ("waiting", number, "HTTP 500")
            api.clock.now = row["next_attempt_at"] - timedelta(seconds=1)
            assert await send(sales, post) == 0
            api.clock.now = row["next_attempt_at"]
        assert await send(sales, post) == 1
        api.clock.forward(days=30)
        assert await send(sales, post) == 0
        [dead] = await sales.deliveries("dead")
        assert (dead["attempts"], dead["last_error"], dead["next_attempt_at"]) == (8, "HTTP 500", None)
        hook.answers = [(204, {}, b"")]
        replayed = await sales.admin.post(f"/v1/notice-deliveries/{dead['id']}/replay")
        assert replayed.json() == {"id": dead["id"], "state": "waiting"}
        assert await send(sales, post) == 1
        assert [one["state"] for one in await sales.deliveries()] == ["sent"]
        assert (await sales.admin.post(f"/v1/notice-deliveries/{dead['id']}/replay")).json()["code"] == "not_dead"
    assert {got.headers["webhook-id"] for got in hook.received} == {dead["id"]}
    assert len({got.headers["webhook-signature"] for got in hook.received}) == 9


def test_pauses_are_spread_around_the_schedule():
    """Four times as long each time up to six hours, a quarter either way."""
    for attempts, pause_s in enumerate([*SCHEDULE_S, 21_600, 21_600], 1):
        assert outbox.retry_after_s(attempts, 0.0) == pytest.approx(pause_s * 0.75)
        assert outbox.retry_after_s(attempts, 1.0) == pytest.approx(pause_s * 1.25)


async def test_a_receiver_is_left_alone_for_as_long_as_it_asks(api, post):
    """``Retry-After`` in seconds, up to six hours; nonsense is passed over."""
    sales = await office(api)
    async with receiver() as hook:
        hook.answers = [
            (429, {"Retry-After": "900"}, b""),
            (503, {"Retry-After": "soon"}, b""),
            (503, {"Retry-After": "99999999999999999999"}, b""),
            (200, {}, b""),
        ]
        await sales.endpoint("webhook", hook.url)
        await one_notice(sales)
        waits = []
        for _ in range(3):
            await send(sales, post)
            [row] = await sales.rows("outbox")
            waits.append((row["next_attempt_at"] - api.clock.now).total_seconds())
            api.clock.now = row["next_attempt_at"]
        await send(sales, post)
    assert waits[0] == 900
    assert waits[1] <= 75
    assert waits[2] <= 300
    assert [one["state"] for one in await sales.deliveries()] == ["sent"]


@pytest.mark.parametrize(
    ("kind", "answer", "state"),
    [
        ("webhook", (410, b""), "dead"),
        ("webhook", (302, b""), "waiting"),
        ("wecom", (200, b'{"errcode":93000,"errmsg":"invalid webhook url"}'), "dead"),
        ("wecom", (200, b'{"errcode":45009,"errmsg":"freq"}'), "waiting"),
        ("wecom", (502, b""), "uncertain"),
        ("feishu", (200, b'{"code":19021,"msg":"sign match fail"}'), "dead"),
    ],
)
async def test_each_answer_leads_where_it_must(api, post, kind, answer, state):
    """Tried again, given up, or set aside because nobody knows."""
    sales = await office(api)
    async with receiver() as there:
        there.answers = [(answer[0], {"Location": "http://127.0.0.1:1/"}, answer[1])]
        await sales.endpoint(kind, there.url)
        await one_notice(sales)
        await send(sales, post)
        await send(sales, post)
    [row] = await sales.rows("outbox")
    assert (row["state"], row["attempts"], len(there.received)) == (state, 1, 1)


@pytest.mark.parametrize(("kind", "state"), [("webhook", "waiting"), ("dingtalk", "uncertain")])
async def test_without_an_answer_only_what_can_be_recognised_is_sent_again(api, post, monkeypatch, kind, state):
    """A webhook's receiver knows the id; a robot would say it twice."""
    monkeypatch.setattr("infra.outbound.SEND_S", 0.3)
    sales = await office(api)
    async with receiver() as there:
        there.held.clear()
        await sales.endpoint(kind, there.url)
        await one_notice(sales)
        await send(sales, post)
        there.held.set()
        [row] = await sales.rows("outbox")
        assert row["state"] == state
        api.clock.forward(hours=1)
        await send(sales, post)
    ids = [got.headers.get("webhook-id") for got in there.received]
    assert ids == ([str(row["delivery_id"])] * 2 if kind == "webhook" else [None])


async def test_what_could_not_leave_is_sent_again_by_every_channel(api, post):
    """A robot that could not be reached has not said anything."""
    sales = await office(api)
    await sales.endpoint("feishu", "http://127.0.0.1:1/hook")
    await one_notice(sales)
    await send(sales, post)
    [row] = await sales.rows("outbox")
    assert (row["state"], row["last_error"]) == ("waiting", "no connection: ConnectError")


async def test_a_sender_that_died_leaves_what_is_uncertain_to_a_person(api, post):
    """After the lease a webhook is sent again under its id; a robot's message is not, nor one tried often enough."""
    sales = await office(api)
    async with receiver() as hook, receiver() as robot:
        await sales.endpoint("webhook", hook.url)
        await sales.endpoint("wecom", robot.url)
        await one_notice(sales)
        for _ in range(2):
            async with sales.work.runtime.database.tenant_transaction(sales.admin.tenant) as connection:
                assert await outbox.claim(connection, sales.admin.tenant, api.clock.now) is not None
        assert await send(sales, post) == 0
        api.clock.forward(seconds=outbox.LEASE_S)
        assert await send(sales, post) == 1
        assert (len(hook.received), len(robot.received)) == (1, 0)
        [uncertain] = await sales.deliveries("uncertain")
        assert "before it knew" in uncertain["last_error"]
        await sales.admin.post(f"/v1/notice-deliveries/{uncertain['id']}/replay")
        await send(sales, post)
    assert (len(hook.received), len(robot.received)) == (1, 1)


async def test_a_result_that_comes_after_the_lease_changes_nothing(api):
    """Whoever holds the delivery by then has the last word."""
    sales = await office(api)
    await sales.endpoint("webhook", "http://127.0.0.1:1/hook")
    await one_notice(sales)
    tenant, database = sales.admin.tenant, sales.work.runtime.database
    async with database.tenant_transaction(tenant) as connection:
        slow = await outbox.claim(connection, tenant, api.clock.now)
    api.clock.forward(seconds=outbox.LEASE_S)
    async with database.tenant_transaction(tenant) as connection:
        quick = await outbox.claim(connection, tenant, api.clock.now)
        assert await outbox.end(connection, tenant, slow, "sent", api.clock.now) is False
        assert await outbox.retry(connection, tenant, slow, api.clock.now, error="late") is False
        assert await outbox.end(connection, tenant, quick, "sent", api.clock.now) is True
    assert (slow.attempts, quick.attempts, slow.id) == (1, 2, quick.id)


async def test_two_workers_send_each_delivery_once(api, post, settings):
    """They share the outbox row by row."""
    sales = await office(api)
    async with receiver() as hook, receiver() as robot, open_post(settings) as other:
        await sales.endpoint("webhook", hook.url)
        await sales.endpoint("wecom", robot.url)
        for _ in range(20):
            await sales.assign(await sales.lodge())
        await sales.settle()
        sent = await asyncio.gather(
            send(sales, post),
            deliver(work_of(api.desk.runtime), other, sales.admin.tenant),
            send(sales, post),
        )
    assert sum(sent) == 40
    assert set(Counter(got.headers["webhook-id"] for got in hook.received).values()) == {1}
    assert (len(hook.received), len(robot.received)) == (20, 20)


async def test_mail_keeps_its_id_over_attempts(api, post, mail):
    """A server that is busy is asked again; one that refuses the recipient for good is not."""
    sales = await office(api)
    await sales.address("handler")
    mail[1].refusals = ["451 later"]
    await one_notice(sales)
    await send(sales, post)
    [row] = await sales.rows("outbox")
    assert (row["state"], mail[1].mails) == ("waiting", [])
    api.clock.now = row["next_attempt_at"]
    await send(sales, post)
    [(_, letter)] = mail[1].mails
    assert letter["message-id"] == f"<{row['delivery_id']}@127.0.0.1>"
    mail[1].refusals = ["550 nobody of that name"]
    await one_notice(sales)
    await send(sales, post)
    [dead] = await sales.deliveries("dead")
    assert "550" in dead["last_error"]


async def test_a_mail_server_that_is_away_costs_nothing_but_time(api, post, settings):
    """Nor does an installation that has none yet."""
    sales = await office(api)
    await sales.address("handler")
    await one_notice(sales)
    for url, words in (("smtp://127.0.0.1:1", "could not be reached"), (None, "has no mail server")):
        async with open_post(msgspec.structs.replace(settings, smtp_url=url)) as other:
            await send(sales, other)
        [row] = await sales.rows("outbox")
        assert row["state"] == "waiting"
        assert words in row["last_error"]
        api.clock.now = row["next_attempt_at"]
    await send(sales, post)
    assert [one["state"] for one in await sales.deliveries()] == ["sent"]


async def test_a_mail_server_that_hangs_is_left_before_the_lease_ends(api, settings, monkeypatch):
    """However slowly it speaks, the conversation as a whole is bounded."""
    monkeypatch.setattr("infra.mail.WHOLE_S", 0.3)
    assert max(MAIL_WHOLE_S, SEND_S) * 2 <= outbox.LEASE_S
    sales = await office(api)
    await sales.address("handler")
    await one_notice(sales)
    async with receiver() as silent:
        url = f"smtp://127.0.0.1:{urlsplit(silent.url).port}"
        async with open_post(msgspec.structs.replace(settings, smtp_url=url)) as other:
            await send(sales, other)
    [row] = await sales.rows("outbox")
    assert (row["state"], row["last_error"]) == ("waiting", "the mail server could not be reached: TimeoutError")


async def test_what_has_no_recipient_any_more_is_a_dead_letter(api, post):
    """An endpoint that was removed or switched off, an address that was forgotten."""
    sales = await office(api)
    gone, off = [(await sales.endpoint("wecom", "http://127.0.0.1:1/"))["endpoint"]["id"] for _ in range(2)]
    await sales.address("handler")
    await one_notice(sales)
    assert (await sales.admin.delete(f"/v1/notice-endpoints/{gone}")).status_code == 204
    await sales.admin.post(f"/v1/notice-endpoints/{off}/change", {"enabled": False})
    await sales.people["handler"].delete("/v1/me/notice-address")
    await send(sales, post)
    assert sorted(one["last_error"] for one in await sales.deliveries("dead")) == [
        "the endpoint is gone",
        "the endpoint is switched off",
        "the member has no address any more",
    ]


async def test_a_strict_installation_sends_nothing_within(api, settings):
    """An address that was allowed when it was set is judged again when it is used."""
    sales = await office(api)
    async with receiver() as there, open_post(msgspec.structs.replace(settings, outbound="strict")) as strict:
        await sales.endpoint("webhook", there.url)
        await sales.endpoint("wecom", there.url.replace("http", "https").replace("127.0.0.1", "localhost"))
        await one_notice(sales)
        await send(sales, strict)
        assert there.received == []
    assert sorted(one["last_error"] for one in await sales.deliveries("dead")) == [
        "the address must begin with https://",
        "the name leads to an address that is not public",
    ]


async def test_under_another_key_nothing_is_sent_and_nothing_lost(api, post, settings):
    """An installation that has mislaid its key waits for it."""
    sales = await office(api)
    async with receiver() as there:
        await sales.endpoint("wecom", there.url)
        await one_notice(sales)
        async with open_post(msgspec.structs.replace(settings, secret_key=new_key())) as other:
            await send(sales, other)
        [row] = await sales.rows("outbox")
        assert (row["state"], there.received) == ("waiting", [])
        rotated = msgspec.structs.replace(settings, secret_key=f"{new_key()},{settings.secret_key}")
        api.clock.now = row["next_attempt_at"]
        async with open_post(rotated) as both:
            await send(sales, both)
        assert len(there.received) == 1


async def test_a_suspended_organisation_sends_nothing_until_it_is_back(api, post):
    """What waits, waits."""
    sales = await office(api)
    async with receiver() as there:
        await sales.endpoint("wecom", there.url)
        await one_notice(sales)
        await api.desk.platform.suspend(api.operator, sales.admin.tenant, "欠费")
        assert await send(sales, post) == 0
        await api.desk.platform.resume(api.operator, sales.admin.tenant, "已缴")
        assert await send(sales, post) == 1
    assert len(there.received) == 1
