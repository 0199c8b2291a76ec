"""A reporter who says who he is: kept apart from the case, opened by a custodian alone for a recorded reason."""

from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from domain.sealed_identity import identity_id
from infra.sealing import new_key
from services.settings import Settings
from services.worker.settling import settle
from tests.conftest import TestDatabase
from tests.services.conftest import Api, Caller
from tests.services.crowd import another_process, elsewhere, problem_of
from tests.services.test_anonymous import COMPLAINT, MATTER, by, hidden_receipt, office, stream_of

pytestmark = pytest.mark.clause("R4.12", "R0.3")
NAMED = {"reporter_name": "王晓明", "reporter_contact": "138-0000-7731"}
AT = "/v1/sealed-identities/open-identity"


@pytest.fixture
def settings(module_database: TestDatabase, valkey_url: str, tmp_path: Path) -> Settings:
    """Settings with a secret key and a folder for files."""
    return Settings(
        database_url=module_database.url,
        redis_url=valkey_url,
        tenant_rate=100_000,
        tenant_burst=100_000,
        login_rate=100_000,
        login_burst=100_000,
        files_url=(tmp_path / "files").as_uri(),
        secret_key=new_key(),
    )


async def named(api: Api, admin: Caller, body: dict[str, str] = COMPLAINT, kind: str = "complaints") -> str:
    """Report with a name; the receipt."""
    answer = await api.http.post(f"/v1/anonymous/{admin.slug}/{kind}", json={**body, **NAMED})
    assert answer.status_code == 201, answer.text
    assert answer.json()["identity_sealed"] is True
    return str(answer.json()["receipt"])


async def stored(api: Api, caller: Caller) -> bytes:
    """Everything that the tenant's ledger holds."""
    async with api.desk.runtime.database.tenant_transaction(caller.tenant) as connection:
        rows = await connection.fetch(
            "select topic, state, metadata from events where tenant_id = $1 order by position", caller.tenant
        )
    return b"".join(row["topic"].encode() + row["state"] + row["metadata"] for row in rows)


async def test_a_custodian_opens_the_seal_for_a_reason_that_is_recorded(api: Api) -> None:
    """The name is in that answer alone; who, when and why stand in the history, and in the access log."""
    admin, desk = await office(api)
    await named(api, admin)
    report = await stream_of(api, desk)
    custodian = await api.member(admin, "custodian")

    opened = await custodian.post(AT, {"report_id": report, "reason": "须核实证言"})

    assert opened.status_code == 200, opened.text
    assert opened.json() == {"report_id": report, "name": "王晓明", "contact": "138-0000-7731"}
    assert opened.headers["cache-control"] == "no-store"
    history = await desk.get(f"/v1/sealed-identities/{identity_id(UUID(report))}")
    assert history.json()["state"]["openings"] == 1
    told = await desk.get(f"{history.url.path}/history")
    last = told.json()["items"][-1]
    assert (last["type"], last["event"]["reason"], last["actor_id"]) == (
        "sealed_identity.opened",
        "须核实证言",
        str(custodian.member),
    )
    noted = (await desk.get("/v1/access-log?what=sealed_identity")).json()["items"]
    assert [(one["actor_id"], one["stream_id"]) for one in noted] == [(str(custodian.member), history.json()["id"])]


async def test_nothing_shows_the_name_without_opening_the_seal(api: Api) -> None:
    """Neither the ledger, nor the report, nor the sealed identity's own state and history, nor the reporter's view."""
    admin, desk = await office(api)
    receipt = await named(api, admin)
    report = await stream_of(api, desk)
    sealed = identity_id(UUID(report))
    answers = [
        await desk.get(path)
        for path in (
            f"/v1/complaints/{report}",
            f"/v1/complaints/{report}/history",
            f"/v1/sealed-identities/{sealed}",
            f"/v1/sealed-identities/{sealed}/history",
        )
    ]
    answers.append(await api.http.get("/v1/receipt", headers=by(receipt)))
    shown = "".join(answer.text for answer in answers)

    assert [answer.status_code for answer in answers] == [200] * 5
    assert not [word for word in NAMED.values() if word in shown]
    assert "gAAAAA" not in shown
    assert answers[-1].json()["identity_sealed"] is True
    ledger = await stored(api, desk)
    assert b"gAAAAA" in ledger
    assert not [word for word in NAMED.values() if word.encode() in ledger]


async def test_the_seal_shows_no_hour(api: Api) -> None:
    """What is sealed carries its instant in the open: it is the beginning of the day."""
    admin, desk = await office(api)
    await named(api, admin)
    async with api.desk.runtime.database.tenant_transaction(desk.tenant) as connection:
        row = await connection.fetchrow(
            "select state, recorded_at from events where tenant_id = $1 and topic = 'sealed_identity.sealed'",
            desk.tenant,
        )
    from cryptography.fernet import Fernet  # noqa: PLC0415 - to read what anybody can read

    token = msgspec.json.decode(row["state"])["sealed"].encode()
    instant = Fernet(api.desk.settings.secret_key).extract_timestamp(token)
    assert instant == int(row["recorded_at"].timestamp())
    assert row["recorded_at"].isoformat() == "2026-03-01T16:00:00+00:00"


@pytest.mark.clause("R4.21")
async def test_whoever_has_a_part_in_the_case_is_refused(api: Api) -> None:
    """A handler who is custodian too, also when his part lies in the case that the complaint was referred to."""
    admin, desk = await office(api)
    await named(api, admin)
    report = await stream_of(api, desk)
    both = await api.member(admin, "custodian", "handler")
    later = await api.member(admin, "custodian", "accountability_office")
    written = await both.post(f"/v1/complaints/{report}/write-to-reporter", {"text": "请说明"})
    assert written.status_code == 200, written.text
    await desk.post(f"/v1/complaints/{report}/refer-to-accountability", {"reason": "涉嫌违规"})
    await settle(api.desk.runtime, desk.tenant)
    case = await stream_of(api, desk, "accountability_case.reported")
    answered = await later.post(f"/v1/accountability-cases/{case}/answer-reporter", {"text": "已收到"})
    assert answered.status_code == 200, answered.text

    for caller in (both, later):
        problem = problem_of(await caller.post(AT, {"report_id": report, "reason": "想知道"}), 403)
        assert problem["code"] == "custodian_has_a_part"
        assert problem["clause"] == "R4.21"
    assert b"sealed_identity.opened" not in await stored(api, desk)


async def test_nobody_else_opens_it(api: Api) -> None:
    """Not the administrator, a handler or an auditor; a custodian of another tenant finds nothing there."""
    admin, desk = await office(api)
    await named(api, admin)
    body = {"report_id": await stream_of(api, desk), "reason": "想知道"}
    other, _ = await office(api)
    stranger = await api.member(other, "custodian")

    for caller in (admin, desk):
        assert problem_of(await caller.post(AT, body), 403, "forbidden")
    assert problem_of(await stranger.post(AT, body), 404, "not_found")
    assert problem_of(await (await api.member(admin, "custodian")).post(AT, {**body, "reason": ""}), 422)


@pytest.mark.clause("R4.12")
async def test_a_name_is_left_later_by_the_receipt_or_by_the_page(api: Api) -> None:
    """For both kinds of report; the latest counts."""
    admin, desk = await office(api)
    custodian = await api.member(admin, "custodian")
    sent = await api.http.post(f"/v1/anonymous/{admin.slug}/accountability-reports", json=MATTER)
    receipt = sent.json()["receipt"]
    report = await stream_of(api, desk, "accountability_case.reported")
    problem_of(await custodian.post(AT, {"report_id": report, "reason": "x"}), 404, "not_found")

    left = await api.http.post("/v1/receipt/identity", json=NAMED, headers=by(receipt))
    page = await api.http.post("/receipt", data={"receipt": receipt})
    changed = {"reporter_name": "王小明", "reporter_contact": "wang@example.org"}
    again = await api.http.post("/receipt/identity", data={"receipt": hidden_receipt(page), **changed})
    opened = await custodian.post(AT, {"report_id": report, "reason": "核实"})

    assert left.json()["identity_sealed"] is True
    assert "已封存" in page.text
    assert again.status_code == 200
    assert not [word for word in (*NAMED.values(), *changed.values()) if word in page.text + again.text]
    assert opened.json()["name"] == "王小明"


async def test_half_a_name_and_wrong_receipts_are_refused(api: Api) -> None:
    """A name without a contact is nothing to go by; a receipt that is none looks as everywhere."""
    admin, desk = await office(api)
    half = {**COMPLAINT, "reporter_name": "王晓明"}

    answer = await api.http.post(f"/v1/anonymous/{admin.slug}/complaints", json=half)
    assert problem_of(answer, 422, "missing_field")["field"] == "/reporter_contact"
    assert await stream_of(api, desk) == "None"
    problem_of(await api.http.post("/v1/receipt/identity", json=NAMED, headers=by("wrong")), 404, "not_found")


async def test_without_a_key_no_name_is_taken_and_none_is_opened(api: Api) -> None:
    """The report itself is refused too, rather than taken in without the name; under another key nothing opens."""
    admin, desk = await office(api)
    await named(api, admin)
    report = await stream_of(api, desk)
    custodian = await api.member(admin, "custodian")
    for key in ("", new_key()):
        api.desk.settings = msgspec.structs.replace(api.desk.settings, secret_key=key)
        async with another_process(api) as process:
            answer = await elsewhere(custodian, process).post(AT, {"report_id": report, "reason": "核实"})
            problem_of(answer, 503, "seal_unavailable")
            if not key:
                sent = await process.http.post(f"/v1/anonymous/{admin.slug}/complaints", json={**COMPLAINT, **NAMED})
                problem_of(sent, 503, "seal_unavailable")
    assert b"sealed_identity.opened" not in await stored(api, desk)


@pytest.mark.clause("R11.2.1")
async def test_a_customers_contact_is_read_by_its_own_permission(api: Api) -> None:
    """State and history of the contact are for those who may see it, whoever may read the complaint."""
    admin, desk = await office(api)
    lodged = await desk.post("/v1/complaints", {**COMPLAINT, "complainant": "customer"})
    kept = await desk.post(
        "/v1/contacts", {"complaint_id": lodged.json()["id"], "name": "李四", "phone": "010-7654321"}
    )
    assert kept.status_code == 201, kept.text
    at = f"/v1/contacts/{kept.json()['id']}"
    outside = await api.member(admin, "sales_director")

    assert (await desk.get(at)).json()["state"]["phone"] == "010-7654321"
    for path in (at, f"{at}/history", f"{at}?as_of=1"):
        problem_of(await outside.get(path), 403, "forbidden")
    told = await outside.get(f"/v1/complaints/{lodged.json()['id']}/history")
    assert told.status_code == 200
    assert "010-7654321" not in told.text
