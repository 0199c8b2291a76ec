"""The anonymous channel over HTTP: report, read, answer, add, rate, each with nothing but a receipt (R0.3, R4.12)."""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import msgspec
import pytest

from services.settings import Settings
from services.worker.settling import settle
from tests.conftest import TestDatabase
from tests.pictures import telling
from tests.services.conftest import Api, Caller
from tests.services.crowd import another_process, problem_of

pytestmark = pytest.mark.clause("R0.3")
COMPLAINT = {"kind": "conduct", "subject": "态度", "description": "态度恶劣"}
MATTER = {"matter": "违规收费", "account": "三月二日在窗口"}


@pytest.fixture
def settings(module_database: TestDatabase, valkey_url: str, tmp_path: Path) -> Settings:
    """Settings with a folder for files."""
    return Settings(
        database_url=module_database.url,
        redis_url=valkey_url,
        tenant_rate=100_000,
        tenant_burst=100_000,
        login_rate=100_000,
        login_burst=100_000,
        files_url=(tmp_path / "files").as_uri(),
    )


async def office(api: Api) -> tuple[Caller, Caller]:
    """A tenant that takes complaints and reports; its administrator, and somebody who handles both."""
    admin = await api.tenant()
    for regulation in ("R11", "R4"):
        adopted = await admin.post("/v1/rule-books", {"regulation": regulation, "effective_from": "2026-01-01"})
        assert adopted.status_code == 201, adopted.text
    roles = ("service_desk", "handler", "sales_director", "accountability_office", "auditor")
    return admin, await api.member(admin, *roles)


def by(receipt: str) -> dict[str, str]:
    """The receipt's header."""
    return {"Kaohe-Receipt": receipt}


async def complained(api: Api, slug: str, **changes: Any) -> str:
    """Complain; the receipt."""
    answer = await api.http.post(f"/v1/anonymous/{slug}/complaints", json={**COMPLAINT, **changes})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["receipt"])


async def stream_of(api: Api, caller: Caller, topic: str = "complaint.lodged") -> str:
    """The id of the tenant's last report."""
    async with api.desk.runtime.database.tenant_transaction(caller.tenant) as connection:
        found = await connection.fetchval(
            "select originator_id from events where tenant_id = $1 and topic = $2 order by position desc limit 1",
            caller.tenant,
            topic,
        )
    return str(found)


async def test_a_receipt_alone_opens_the_conversation(api: Api) -> None:
    """What was said by whom, in order and by day; the organisation's words reach the reporter, his reach it."""
    admin, desk = await office(api)
    receipt = await complained(api, admin.slug)
    at = f"/v1/complaints/{await stream_of(api, desk)}"
    api.clock.forward(days=1)
    desk.token = await api._session(desk.tenant, desk.member)  # the old one is a day old
    written = await desk.post(f"{at}/write-to-reporter", {"text": "请说明时间"})
    added = await api.http.post("/v1/receipt/additions", json={"text": "周一上午"}, headers=by(receipt))
    seen = await api.http.get("/v1/receipt", headers=by(receipt))

    assert written.status_code == 200, written.text
    assert added.json() == seen.json()
    assert [(one["by"], one["said_on"], one["text"]) for one in seen.json()["messages"]] == [
        ("reporter", "2026-03-02", "态度恶劣"),
        ("organisation", "2026-03-03", "请说明时间"),
        ("reporter", "2026-03-03", "周一上午"),
    ]
    assert seen.json()["status"] == "lodged"
    assert "receipt" not in (await desk.get(at)).text.replace("receipt_hash", "").replace("receipt_until", "")


async def test_a_receipt_has_more_than_128_random_bits_and_is_no_ones_id(api: Api) -> None:
    """Its secret is 32 random bytes; neither the report's id nor anything stored leads back to it."""
    admin, desk = await office(api)
    receipts = [await complained(api, admin.slug) for _ in range(3)]
    secrets = [receipt.rsplit(".", 1)[1] for receipt in receipts]
    stream = await stream_of(api, desk)

    assert len(set(secrets)) == 3
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", secret) for secret in secrets)
    assert all(stream.replace("-", "") not in receipt for receipt in receipts)
    async with api.desk.runtime.database.tenant_transaction(desk.tenant) as connection:
        stored = b"".join(
            row["state"] + row["metadata"]
            for row in await connection.fetch("select state, metadata from events where tenant_id = $1", desk.tenant)
        )
    assert not [secret for secret in secrets if secret.encode() in stored]


async def test_unknown_doors_and_wrong_expired_and_foreign_receipts_look_alike(api: Api) -> None:
    """Same status and body for every way to be wrong, to look and to act."""
    admin, _ = await office(api)
    other, _ = await office(api)
    receipt = await complained(api, admin.slug)
    prefix, tenant, secret = receipt.split(".")
    wrong = {
        "nothing": "",
        "nonsense": "nonsense",
        "reversed": f"{prefix}.{tenant}.{secret[::-1]}",
        "another tenant's": f"{prefix}.{other.tenant.hex}.{secret}",
        "nobody's": f"{prefix}.{uuid4().hex}.{secret}",
        "a ballot's": f"kbl.{tenant}.{secret}",
    }
    answers = [await api.http.get("/v1/receipt", headers=by(text)) for text in wrong.values()]
    answers += [
        await api.http.post("/v1/receipt/additions", json={"text": "x"}, headers=by(text)) for text in wrong.values()
    ]
    answers += [
        await api.http.post("/v1/receipt/ratings", json={"score": 1}, headers=by(text)) for text in wrong.values()
    ]
    answers.append(await api.http.get("/v1/anonymous/nobody-here"))
    answers.append(await api.http.post("/v1/anonymous/nobody-here/complaints", json=COMPLAINT))
    assert (await api.http.get("/v1/receipt", headers=by(receipt))).status_code == 200
    api.clock.forward(days=400)
    answers.append(await api.http.get("/v1/receipt", headers=by(receipt)))
    answers.append(await api.http.post("/v1/receipt/additions", json={"text": "x"}, headers=by(receipt)))

    told = []
    for answer in answers:
        problem = problem_of(answer, 404, "not_found")
        told.append({key: value for key, value in problem.items() if key not in ("correlation_id", "instance")})
    assert all(one == told[0] for one in told)
    assert "nobody-here" not in "".join(answer.text for answer in answers)


@pytest.mark.clause("R11.2.1", "R0.3")
async def test_a_receipt_expires_by_the_rule(api: Api) -> None:
    """It is good until the end of the day that the answer named, and not a moment longer."""
    admin, _ = await office(api)
    answer = await api.http.post(f"/v1/anonymous/{admin.slug}/complaints", json=COMPLAINT)
    until = msgspec.convert(answer.json()["valid_until"], date)
    end = api.clock().replace(hour=16, minute=0, second=0, microsecond=0)  # midnight in Shanghai
    end += timedelta(days=(until - end.date()).days)

    api.clock.now = end - timedelta(microseconds=1)
    assert (await api.http.get("/v1/receipt", headers=by(answer.json()["receipt"]))).status_code == 200
    api.clock.now = end
    assert (await api.http.get("/v1/receipt", headers=by(answer.json()["receipt"]))).status_code == 404


async def test_pictures_lose_what_they_say_besides_and_handlers_can_see_them(api: Api, tmp_path: Path) -> None:
    """Sent with the report and later; what is stored has no metadata, what is told has no name."""
    admin, desk = await office(api)
    files = [("files", ("wang-xiaoming.jpg", telling("JPEG"), "image/jpeg"))]
    sent = await api.http.post(f"/v1/anonymous/{admin.slug}/complaints", data=COMPLAINT, files=files)
    receipt = sent.json()["receipt"]
    more = [("files", ("b.png", telling("PNG"), "image/png")), ("files", ("c.txt", "经过".encode(), "text/plain"))]
    added = await api.http.post("/v1/receipt/additions", data={"text": "附图"}, files=more, headers=by(receipt))
    await settle(api.desk.runtime, desk.tenant)
    state = (await desk.get(f"/v1/complaints/{await stream_of(api, desk)}/history")).json()["items"]
    digests = [digest for entry in state for digest in entry["event"].get("evidence", [])]
    seen = [await desk.get(f"/v1/files/{digest}") for digest in digests]

    assert [one["files"] for one in added.json()["messages"]] == [1, 2]
    assert [answer.headers["content-type"].partition(";")[0] for answer in seen] == [
        "image/jpeg",
        "image/png",
        "text/plain",
    ]
    kept = b"".join(path.read_bytes() for path in (tmp_path / "files").rglob("*") if path.is_file())
    assert b"wang-xiaoming" not in kept
    assert b"Distinctive-Device" not in kept


async def test_documents_are_refused_with_what_to_do_instead(api: Api, tmp_path: Path) -> None:
    """Nothing of the report is kept, nor of its other files."""
    admin, desk = await office(api)
    files = [
        ("files", ("a.png", telling("PNG"), "image/png")),
        ("files", ("b.pdf", b"%PDF-1.7 /Author (me)", "application/pdf")),
    ]

    answer = await api.http.post(f"/v1/anonymous/{admin.slug}/complaints", data=COMPLAINT, files=files)

    problem_of(answer, 415, "file_type_not_anonymous")
    assert not [path for path in (tmp_path / "files").rglob("*") if path.is_file()]
    assert await stream_of(api, desk) == "None"


async def test_a_refused_report_leaves_no_file_behind(api: Api, tmp_path: Path) -> None:
    """What the rules refuse is refused before its files are kept."""
    admin, _ = await office(api)
    files = [("files", ("a.png", telling("PNG"), "image/png"))]
    fields = {**COMPLAINT, "kind": "nothing_known"}

    answer = await api.http.post(f"/v1/anonymous/{admin.slug}/complaints", data=fields, files=files)

    problem_of(answer, 422, "kind_unknown")
    assert not [path for path in (tmp_path / "files").rglob("*") if path.is_file()]


async def test_a_complaint_is_rated_once_by_the_receipt(api: Api) -> None:
    """Only once it is answered; what does not fit is refused and changes nothing."""
    admin, desk = await office(api)
    receipt = await complained(api, admin.slug)
    early = await api.http.post("/v1/receipt/ratings", json={"score": 5}, headers=by(receipt))
    at = f"/v1/complaints/{await stream_of(api, desk)}"
    joint = [{"role": "sales_director", "person": str(uuid4())}, {"role": "director_assistant", "person": str(uuid4())}]
    for name, body in (
        ("assign-complaint", {"responsible": str(desk.member), "joint": joint}),
        ("start-work", {}),
        ("consult-department", {"department": "销售部", "note": "请说明"}),
        ("propose-solution", {"solution": "道歉"}),
    ):
        answer = await desk.post(f"{at}/{name}", body)
        assert answer.status_code == 200, answer.text
    signer = await api.member(admin, "department")
    assert (await signer.post(f"{at}/sign-by-department", {"department": "销售部"})).status_code == 200
    assert (await desk.post(f"{at}/answer-customer", {"answer": "已道歉"})).status_code == 200

    awaited = (await api.http.get("/v1/receipt", headers=by(receipt))).json()
    rated = await api.http.post("/v1/receipt/ratings", json={"score": 4}, headers=by(receipt))
    again = await api.http.post("/v1/receipt/ratings", json={"score": 1}, headers=by(receipt))

    problem_of(early, 409, "wrong_status")
    assert awaited["may_rate"]
    assert ("organisation", "已道歉") in [(one["by"], one["text"]) for one in awaited["messages"]]
    assert (rated.json()["rating"], rated.json()["may_rate"]) == (4, False)
    problem_of(again, 409, "rated_already")


@pytest.mark.clause("R4.12")
async def test_a_matter_of_accountability_is_reported_and_talked_about(api: Api) -> None:
    """The reporter sees how far it is in a word and what he is written, not the case."""
    admin, desk = await office(api)
    sent = await api.http.post(f"/v1/anonymous/{admin.slug}/accountability-reports", json=MATTER)
    assert sent.status_code == 201, sent.text
    receipt = sent.json()["receipt"]
    at = f"/v1/accountability-cases/{await stream_of(api, desk, 'accountability_case.reported')}"
    answered = await desk.post(f"{at}/answer-reporter", {"text": "请补充金额"})
    assert answered.status_code == 200, answered.text
    await api.http.post("/v1/receipt/additions", json={"text": "五十元"}, headers=by(receipt))
    view = (await api.http.get("/v1/receipt", headers=by(receipt))).json()

    assert (view["kind"], view["status"], view["may_rate"]) == ("accountability", "received", False)
    assert [(one["by"], one["text"]) for one in view["messages"]] == [
        ("reporter", "三月二日在窗口"),
        ("organisation", "请补充金额"),
        ("reporter", "五十元"),
    ]
    assert view.keys() == {
        *("kind", "subject", "status", "status_label", "reported_on", "valid_until", "referred"),
        *("identity_sealed", "messages"),
        *("rating", "may_rate"),
    }


@pytest.mark.clause("R4.12", "R4.13")
async def test_the_receipt_of_a_referred_complaint_opens_the_case_too(api: Api) -> None:
    """Answers from the case reach the reporter, and what he adds reaches the case."""
    admin, desk = await office(api)
    receipt = await complained(api, admin.slug)
    at = f"/v1/complaints/{await stream_of(api, desk)}"
    referred = await desk.post(f"{at}/refer-to-accountability", {"reason": "涉嫌违规"})
    assert referred.status_code == 200, referred.text
    await settle(api.desk.runtime, desk.tenant)
    case = await stream_of(api, desk, "accountability_case.reported")
    await desk.post(f"/v1/accountability-cases/{case}/answer-reporter", {"text": "已移送"})
    added = await api.http.post("/v1/receipt/additions", json={"text": "另有证人"}, headers=by(receipt))

    assert added.json()["referred"]
    assert [one["text"] for one in added.json()["messages"]] == ["态度恶劣", "已移送", "另有证人"]
    assert await stream_of(api, desk, "accountability_case.information_added") == case


async def test_what_the_reporter_does_is_dated_by_the_day_alone(api: Api) -> None:
    """In the store too: his events stand at the beginning of the tenant's day, without the client's correlation id."""
    admin, desk = await office(api)
    receipt = await complained(api, admin.slug)
    headers = {**by(receipt), "Kaohe-Correlation-Id": "client-4711"}
    files = [("files", ("a.png", telling("PNG"), "image/png"))]
    await api.http.post("/v1/receipt/additions", data={"text": "x"}, files=files, headers=headers)
    async with api.desk.runtime.database.tenant_transaction(desk.tenant) as connection:
        rows = await connection.fetch(
            "select topic, recorded_at, metadata, state from events where tenant_id = $1"
            " and (topic like 'complaint.%' or topic like 'evidence_file.%') order by position",
            desk.tenant,
        )

    assert [row["topic"] for row in rows] == [
        "complaint.lodged",
        "evidence_file.stored",
        "complaint.information_added",
    ]
    for row in rows:
        assert row["recorded_at"].isoformat() == "2026-03-01T16:00:00+00:00"  # midnight in Shanghai
        assert b"client-4711" not in row["metadata"]
        assert b'"actor_kind":"reporter"' in row["metadata"]
        assert b"T01:00" not in row["state"]


async def test_what_came_before_a_day_dated_event_stays_before_it(api: Api) -> None:
    """As of an instant the stream ends before the first event that was not there yet, whatever is dated earlier."""
    admin, desk = await office(api)
    receipt = await complained(api, admin.slug)
    at = f"/v1/complaints/{await stream_of(api, desk)}"
    before = api.clock()
    api.clock.forward(hours=1)
    await desk.post(f"{at}/write-to-reporter", {"text": "请说明"})
    await api.http.post("/v1/receipt/additions", json={"text": "周一"}, headers=by(receipt))

    then = await desk.get(at, params={"as_of": before.isoformat()})
    now = await desk.get(at, params={"as_of": api.clock().isoformat()})
    assert (then.json()["version"], now.json()["version"]) == (1, 3)


async def test_guessing_is_throttled_without_keeping_addresses(api: Api) -> None:
    """After a burst the sender waits; what is kept of an address is a hash under a key of this process."""
    narrow = msgspec.structs.replace(api.desk.settings, login_rate=0.01, login_burst=3)
    api.desk.settings = narrow
    async with another_process(api) as process:
        answers = [await process.http.get("/v1/receipt", headers=by("x")) for _ in range(5)]
        statuses = [answer.status_code for answer in answers]

    assert statuses == [404, 404, 404, 429, 429]
    assert answers[-1].headers["retry-after"]


async def test_a_suspended_organisation_has_no_door(api: Api) -> None:
    """It looks as if it were not there, for doors and receipts alike."""
    admin, _ = await office(api)
    receipt = await complained(api, admin.slug)
    await api.desk.platform.suspend(api.operator, admin.tenant, "合同未签")

    assert problem_of(await api.http.get(f"/v1/anonymous/{admin.slug}"), 404, "not_found")
    assert problem_of(await api.http.get("/v1/receipt", headers=by(receipt)), 404, "not_found")


async def test_no_line_and_no_metric_tells_of_an_anonymous_request(
    api: Api, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither of one that succeeds nor of one that is refused."""
    admin, _ = await office(api)
    capsys.readouterr()
    await complained(api, admin.slug)
    await api.http.get("/v1/receipt", headers=by("wrong"))
    await api.http.get(f"/r/{admin.slug}")
    said = capsys.readouterr()
    metrics = (await api.http.get("/metrics")).text

    assert said.out + said.err == ""
    assert not re.search(r'route="[^"]*(anonymous|receipt|/r/)', metrics)


@pytest.mark.parametrize("path", ["/r/{slug}", "/receipt", "/v1/anonymous/{slug}", "/v1/receipt", "/r/nobody-here"])
async def test_no_browser_or_cache_learns_of_it(api: Api, path: str) -> None:
    """No referrer, nothing stored, nothing from elsewhere, no cookie; the client's correlation id is not taken up."""
    admin, _ = await office(api)
    headers = {"Kaohe-Correlation-Id": "client-4711"}

    answer = await api.http.get(path.format(slug=admin.slug), headers=headers)

    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["kaohe-correlation-id"] != "client-4711"
    assert "set-cookie" not in answer.headers


def hidden_receipt(page: httpx.Response) -> str:
    """The receipt in a page's form."""
    found = re.search(r'name="receipt" value="([^"]+)"', page.text)
    assert found
    return found[1]


async def test_people_report_and_go_on_by_pages(api: Api) -> None:
    """Chinese first, without scripts; the receipt is shown once and travels in forms, never in an address."""
    admin, desk = await office(api)
    door = await api.http.get(f"/r/{admin.slug}")
    fields = {**COMPLAINT, "description": "<script>alert(1)</script>", "place": ""}
    files = [("files", ("a.jpg", telling("JPEG"), "image/jpeg")), ("files", ("", b"", "application/octet-stream"))]
    made = await api.http.post(f"/r/{admin.slug}/complaints", data=fields, files=files)
    shown = re.search(r"<code>(krc\.[^<]+)</code>", made.text)
    assert shown
    looked = await api.http.post("/receipt", data={"receipt": shown[1]})
    added = await api.http.post("/receipt/additions", data={"receipt": hidden_receipt(looked), "text": "补充"})
    wrong = await api.http.post("/receipt", data={"receipt": "wrong"})
    report = await api.http.post(f"/r/{admin.slug}/accountability-reports", data=MATTER)

    pages = (door, made, looked, added, wrong, report)
    assert [page.status_code for page in pages] == [200, 200, 200, 200, 404, 200]
    assert door.text.index("投诉") < door.text.index("Complaint")
    assert all(page.headers["content-type"].startswith("text/html") for page in pages)
    assert not [page for page in pages if re.search(r"<script|src=|http(s)?://|<link|<img", page.text)]
    assert "&lt;script&gt;" in looked.text
    assert "补充" in added.text
    assert "1 个文件" in looked.text
    assert all(shown[1] not in str(page.url) for page in pages)
    assert await stream_of(api, desk) != "None"


@pytest.mark.parametrize(
    ("content", "content_type", "status"),
    [
        (b"--x\r\nbroken", "multipart/form-data; boundary=x", 400),
        (b"a=%ff", "application/x-www-form-urlencoded", 400),
        (b"{", "application/json", 400),
        (b"{}", "text/plain", 415),
        (b"{}", "multipart/form-data", 400),
        (b'{"kind":"conduct","subject":"a","description":"b","reporter":"c"}', "application/json", 422),
        (b'{"kind":"conduct","subject":"","description":"b"}', "application/json", 422),
    ],
)
async def test_what_does_not_fit_is_a_problem_of_the_clients(
    api: Api, content: bytes, content_type: str, status: int
) -> None:
    """As JSON and as a form."""
    admin, _ = await office(api)

    answer = await api.http.post(
        f"/v1/anonymous/{admin.slug}/complaints", content=content, headers={"Content-Type": content_type}
    )
    assert problem_of(answer, status)


async def test_nobody_is_written_to_where_nobody_complained_anonymously(api: Api) -> None:
    """A complaint from the desk has a customer, who is answered."""
    _, desk = await office(api)
    lodged = await desk.post("/v1/complaints", {**COMPLAINT, "complainant": "customer"})
    at = f"/v1/complaints/{lodged.json()['id']}"

    assert problem_of(await desk.post(f"{at}/write-to-reporter", {"text": "x"}), 409, "no_reporter")
