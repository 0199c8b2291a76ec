"""Where notices go is the administrators' to set: nothing secret is read back, nothing of others is reached."""

from contextlib import asynccontextmanager
from uuid import uuid4

import httpx
import msgspec
import pytest

from infra.sealing import new_key
from services.api.app import create_litestar
from services.api.observability import Observability
from services.api.requests import Desk
from services.runtime.runtime import open_runtime
from services.worker.delivering import deliver, open_post
from tests.receivers import mail_server, receiver
from tests.services.crowd import problem_of
from tests.services.lived import pages
from tests.services.notices_given import office

HOOK = {"kind": "webhook", "name": "集成", "url": "https://hooks.example.org/k"}


@pytest.fixture
def settings(settings):
    """An installation that can keep secrets."""
    return msgspec.structs.replace(settings, secret_key=new_key())


async def test_a_webhooks_secret_is_shown_once(api):
    """Neither the list nor a change shows the address or a secret again; a new address brings a new secret."""
    admin = await api.tenant()
    made = (await admin.post("/v1/notice-endpoints", HOOK)).json()
    assert made["secret"].startswith("whsec_")
    listed = await admin.get("/v1/notice-endpoints")
    [shown] = listed.json()["items"]
    assert (shown["host"], shown["name"], shown["created_by"]) == ("hooks.example.org", "集成", str(admin.member))
    assert "url" not in listed.text
    assert made["secret"] not in listed.text
    address = f"/v1/notice-endpoints/{shown['id']}/change"
    renamed = (await admin.post(address, {"name": "新名", "takes": "all", "roles": ["finance"]})).json()
    assert renamed["secret"] is None
    assert (renamed["endpoint"]["name"], renamed["endpoint"]["roles"]) == ("新名", ["finance"])
    moved = (await admin.post(address, {"url": "https://other.example.org/"})).json()
    assert moved["endpoint"]["host"] == "other.example.org"
    assert moved["secret"] not in (None, made["secret"])
    own = "whsec_" + "A" * 40
    assert (await admin.post(address, {"secret": own})).json()["secret"] is None


@pytest.mark.parametrize(
    ("changes", "status", "code", "field"),
    [
        ({"url": "http://hooks.example.org/"}, 422, "address_refused", "/url"),
        ({"url": "https://127.0.0.1/"}, 422, "address_refused", "/url"),
        ({"url": "https://[::ffff:10.0.0.1]/"}, 422, "address_refused", "/url"),
        ({"url": "https://me:word@hooks.example.org/"}, 422, "address_refused", "/url"),
        ({"secret": "short"}, 422, "bad_secret", "/secret"),
        ({"roles": ["emperor"]}, 422, "unknown_role", "/roles"),
        ({"kind": "pigeon"}, 422, None, None),
        ({"takes": "some"}, 422, None, None),
        ({"name": ""}, 422, None, None),
        ({"colour": "red"}, 422, None, None),
    ],
)
async def test_an_endpoint_that_makes_no_sense_is_refused(api, changes, status, code, field):
    """With the field named."""
    admin = await api.tenant()
    problem = problem_of(await admin.post("/v1/notice-endpoints", {**HOOK, **changes}), status, code)
    assert field is None or problem["field"] == field
    assert (await admin.get("/v1/notice-endpoints")).json() == {"items": []}


async def test_a_name_is_used_once_and_there_is_a_bound(api):
    """A request that is sent twice makes one endpoint."""
    admin = await api.tenant()
    assert (await admin.post("/v1/notice-endpoints", HOOK)).status_code == 201
    problem_of(await admin.post("/v1/notice-endpoints", HOOK), 409, "name_taken")
    for number in range(49):
        await admin.post("/v1/notice-endpoints", {**HOOK, "name": f"n{number}"})
    problem_of(await admin.post("/v1/notice-endpoints", {**HOOK, "name": "last"}), 409, "too_many_endpoints")


async def test_without_a_key_no_secret_is_taken(api, settings):
    """The installation's operator has to set one; nothing is kept in clear meanwhile."""
    admin = await api.tenant()
    keyless = msgspec.structs.replace(settings, secret_key="")
    async with another(api, keyless) as http:
        answer = await http.post("/v1/notice-endpoints", json=HOOK, headers={"Authorization": f"Bearer {admin.token}"})
    assert problem_of(answer, 503, "no_secret_key")


async def test_only_administrators_reach_them(api):
    """Everybody else of the organisation is refused; strangers find nothing, whatever they try."""
    sales, elsewhere = await office(api), await api.tenant()
    made = (await sales.admin.post("/v1/notice-endpoints", HOOK)).json()["endpoint"]["id"]
    queued = (await sales.admin.post(f"/v1/notice-endpoints/{made}/test")).json()["delivery_id"]
    calls = [
        ("get", "/v1/notice-endpoints"),
        ("post", "/v1/notice-endpoints"),
        ("post", f"/v1/notice-endpoints/{made}/change"),
        ("post", f"/v1/notice-endpoints/{made}/test"),
        ("delete", f"/v1/notice-endpoints/{made}"),
        ("get", "/v1/notice-deliveries"),
        ("post", f"/v1/notice-deliveries/{queued}/replay"),
    ]
    for method, path in calls:
        body = [HOOK if path == "/v1/notice-endpoints" else {}] if method == "post" else []
        assert (await getattr(sales.people["handler"], method)(path, *body)).status_code == 403, path
        if made in path or queued in path:
            problem_of(await getattr(elsewhere, method)(path, *body), 404, "not_found")
            unknown = path.replace(made, str(uuid4())).replace(queued, str(uuid4()))
            problem_of(await getattr(sales.admin, method)(unknown, *body), 404, "not_found")
    assert (await elsewhere.get("/v1/notice-endpoints")).json() == {"items": []}
    assert (await elsewhere.get("/v1/notice-deliveries")).json() == {"items": [], "next": None}
    assert len((await sales.admin.get("/v1/notice-endpoints")).json()["items"]) == 1


async def test_deliveries_are_listed_latest_first_in_pages(api):
    """By state, too; each once."""
    admin = await api.tenant()
    made = (await admin.post("/v1/notice-endpoints", HOOK)).json()["endpoint"]["id"]
    for _ in range(5):
        await admin.post(f"/v1/notice-endpoints/{made}/test")
        api.clock.forward(seconds=1)
    items = await pages(admin, "/v1/notice-deliveries", limit=2)
    assert [item["made_at"] for item in items] == sorted((item["made_at"] for item in items), reverse=True)
    assert len({item["id"] for item in items}) == 5
    assert {item["recipient"] for item in items} == {made}
    assert len(await pages(admin, "/v1/notice-deliveries", limit=3, state="waiting")) == 5
    assert await pages(admin, "/v1/notice-deliveries", limit=3, state="dead") == []
    problem_of(await admin.get("/v1/notice-deliveries", params={"state": "lost"}), 400, "bad_parameter")
    problem_of(await admin.get("/v1/notice-deliveries", params={"cursor": "W10"}), 400, "bad_cursor")


async def test_a_test_arrives_like_any_notice(api, settings):
    """At a robot and in the mail of whoever asks for it."""
    admin = await api.tenant()
    with mail_server() as (url, box):
        closed = msgspec.structs.replace(settings, outbound="private", smtp_url=url)
        async with another(api, closed) as http, receiver() as robot, open_post(closed) as post:
            headers = {"Authorization": f"Bearer {admin.token}"}
            body = {"kind": "feishu", "name": "群", "url": robot.url}
            made = (await http.post("/v1/notice-endpoints", json=body, headers=headers)).json()["endpoint"]["id"]
            problem_of(await admin.post("/v1/me/notice-address/test"), 404, "not_found")
            await admin.post("/v1/me/notice-address", {"email": "admin@mail.example"})
            assert (await admin.post(f"/v1/notice-endpoints/{made}/test")).status_code == 202
            assert (await admin.post("/v1/me/notice-address/test")).status_code == 202
            work = (await office(api)).work
            assert await deliver(work, post, admin.tenant) == 2
    assert "测试通知" in robot.received[0].json["content"]["text"]
    assert "测试通知" in box.mails[0][1]["subject"]


@pytest.mark.parametrize(
    "email",
    [
        "",
        "nobody",
        "a@",
        "@b.example",
        "a b@c.example",
        "a@b.example\n",
        "a@b.example\r\nBcc: c@d.example",
        "a@-b.example",
    ],
)
async def test_an_address_that_is_none_is_refused(api, email):
    """Above all one that would write a header of its own."""
    admin = await api.tenant()
    assert problem_of(await admin.post("/v1/me/notice-address", {"email": email}), 422)


@asynccontextmanager
async def another(api, settings):
    """The API under other settings, on the same database: a client."""
    desk = Desk(settings)
    app = Observability(create_litestar(desk, api.clock), desk.metrics)
    async with open_runtime(settings, api.clock) as runtime:
        desk.open(runtime)
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://kaohe.test") as http:
            yield http
