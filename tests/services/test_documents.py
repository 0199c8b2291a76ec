"""Documents over HTTP: listed, printed, asked for, corrected, made void; read by whoever may read their subject."""

import asyncio
import io
import re
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import httpx
import pypdf
import pytest

from domain.kernel import derived_id
from domain.reactions.drawing import document_id
from services.documents import press as presses
from services.documents.paper import Paper, paper_of
from services.documents.press import Press, PressBusy
from services.worker.settling import settle
from tests.domain import story
from tests.services.conftest import Api, Caller
from tests.services.crowd import problem_of

COMPLAINT = {
    "complainant": "customer",
    "kind": "contract",
    "subject": "合同迟迟未办",
    "description": "签约两个月仍未拿到合同",
    "departments": ["销售部", "财务部"],
}
EVIL = '<script>alert(1)</script> #emph[甲] $x$ \\ "引" & <b> @x // *粗* `码`'


async def office(api: Api) -> tuple[Caller, Caller]:
    """A tenant with the rules of customer service; its administrator, and somebody of the office."""
    admin = await api.tenant()
    adopted = await admin.post("/v1/rule-books", {"regulation": "R11", "effective_from": "2026-03-01"})
    assert adopted.status_code == 201, adopted.text
    return admin, await api.member(admin, "service_desk", "handler", "sales_director", "department")


async def lodge(api: Api, clerk: Caller, **changes: object) -> UUID:
    """A complaint whose form is on paper."""
    lodged = await clerk.post("/v1/complaints", {**COMPLAINT, **changes})
    assert lodged.status_code == 201, lodged.text
    await settle(api.desk.runtime, clerk.tenant)
    return UUID(lodged.json()["id"])


def form_of(complaint: UUID) -> UUID:
    """The id of a complaint's first form."""
    return document_id("complaint_form", complaint, 1)


async def listed(caller: Caller, query: str = "") -> list[dict[str, Any]]:
    """The documents that a caller sees."""
    answer = await caller.get(f"/v1/documents{query}")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def sent(answer: Any) -> httpx.Response:
    """An answer that is a success."""
    found: httpx.Response = await answer
    assert found.status_code < 300, found.text
    return found


@pytest.mark.clause("R11.2.1")
async def test_a_lodged_complaint_has_its_form(api: Api) -> None:
    """Numbered, listed with clause and rules, and to be read as data with the clerk's name."""
    _, clerk = await office(api)
    complaint = await lodge(api, clerk)
    (entry,) = await listed(clerk)
    read = (await clerk.get(f"/v1/documents/{entry['document_id']}")).json()

    assert entry["document_id"] == str(form_of(complaint))
    assert (entry["kind"], entry["number"], entry["year"], entry["reference"]) == (
        "complaint_form",
        1,
        2026,
        "诉〔2026〕1号",
    )
    assert (entry["clause"]["id"], entry["rule_version"], entry["status"]) == ("R11.2.1", 1, "issued")
    contents = read["state"]["contents"]
    assert contents["description"] == COMPLAINT["description"]
    assert contents["taken_by"]["id"] == str(clerk.member)
    assert contents["taken_by"]["name"]


@pytest.mark.clause("R11.2.2", "R11.2.4")
async def test_a_promise_and_the_signatures_have_their_papers(api: Api) -> None:
    """The notice holds the promised date, the sheet every department's signature."""
    _, clerk = await office(api)
    complaint = await lodge(api, clerk)
    people = [uuid4(), uuid4()]
    joint = [
        {"role": role, "person": str(person)}
        for role, person in zip(("sales_director", "director_assistant"), people, strict=True)
    ]
    for command, body in (
        ("assign-complaint", {"responsible": str(clerk.member), "joint": joint}),
        ("start-work", {}),
        ("promise-date", {"promised_for": "2026-03-05", "told_how": "电话"}),
        ("propose-solution", {"solution": "三日内交付"}),
        ("sign-by-department", {"department": "销售部"}),
        ("sign-by-department", {"department": "财务部", "comment": "同意"}),
    ):
        await sent(clerk.post(f"/v1/complaints/{complaint}/{command}", body))
    await settle(api.desk.runtime, clerk.tenant)

    by_kind = {entry["kind"]: entry for entry in await listed(clerk)}
    pages = {
        kind: (await clerk.get(f"/v1/documents/{entry['document_id']}/html")).text for kind, entry in by_kind.items()
    }
    assert by_kind.keys() == {"complaint_form", "handling_notice", "solution_sheet"}
    assert "2026年3月5日" in pages["handling_notice"]
    assert "三日内交付" in pages["solution_sheet"]
    assert "同意" in pages["solution_sheet"]


@pytest.mark.clause("R11.1.13")
async def test_a_fine_has_a_slip_with_its_amount_in_figures_and_capitals(api: Api) -> None:
    """A slip a person; revoking the fine makes it void, and the paper says so."""
    admin, director = await office(api)
    deputy = await api.member(admin, "deputy_director")
    fine = {
        "clause": "R11.1.13",
        "person": str(admin.member),
        "happened_on": "2026-03-02",
        "matter": "拖延",
        "amount_fen": 3_050,
    }
    imposed = await sent(director.post("/v1/fines", fine))
    await settle(api.desk.runtime, director.tenant)
    (slip,) = await listed(director, "?kind=penalty_slip")
    page = (await director.get(f"/v1/documents/{slip['document_id']}/html")).text
    await sent(deputy.post(f"/v1/fines/{imposed.json()['id']}/revoke-fine", {"reason": "查明另有原因"}))
    await settle(api.desk.runtime, director.tenant)
    after = (await director.get(f"/v1/documents/{slip['document_id']}/html")).text

    assert slip["subject_id"] == str(derived_id("penalty_ledger", "person", str(admin.member)))
    assert "¥30.50" in page
    assert "人民币叁拾元零伍角整" in page
    assert "管理员" in page
    assert "作废" not in page
    assert "作废原因：查明另有原因" in after


async def test_a_page_holds_what_a_paper_needs_and_escapes_what_people_wrote(api: Api) -> None:
    """Title, number, fields, boxes to sign, clause, rule version, code and its QR; nothing a person wrote is markup."""
    _, clerk = await office(api)
    complaint = await lodge(api, clerk, subject=EVIL, description=f"{EVIL}\n第二行")
    answer = await clerk.get(f"/v1/documents/{form_of(complaint)}/html")
    page = answer.text

    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "no-store" in answer.headers["cache-control"]
    for wanted in ("<h1>客户投诉单</h1>", "诉〔2026〕1号", "签字：", "日期：", "R11.2.1", "R11 第1版", "<svg", "@page"):
        assert wanted in page, wanted
    assert re.search(r"核验码：<code>([0-9A-Z]{6}-){6}[0-9A-Z]{6}</code>", page)
    assert "<script" not in page
    assert "<b>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; #emph[甲]" in page
    assert "<br>第二行" in page


async def test_a_pdf_can_be_read_and_is_the_same_each_time(api: Api) -> None:
    """Chinese text comes out of it as it went in, the type is embedded, dates are the document's, bytes repeat."""
    _, clerk = await office(api)
    complaint = await lodge(api, clerk, subject=EVIL)
    at = f"/v1/documents/{form_of(complaint)}/pdf"
    answer = await clerk.get(at)
    again = await clerk.get(at)
    read = pypdf.PdfReader(io.BytesIO(answer.content))
    text = "".join(page.extract_text() for page in read.pages)

    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content == again.content
    squeezed = re.sub(r"\s", "", text)
    for wanted in (
        "客户投诉单",
        "诉〔2026〕1号",
        "签约两个月仍未拿到合同",
        "R11.2.1",
        "核验码",
        re.sub(r"\s", "", EVIL),
    ):
        assert wanted in squeezed, wanted
    assert read.metadata is not None
    assert read.metadata.title == "客户投诉单 诉〔2026〕1号"
    assert read.metadata.creation_date is not None
    assert read.metadata.creation_date.date() == date(2026, 3, 2)
    assert read.trailer["/Root"]["/Lang"].lower().startswith("zh")
    fonts = [font.get_object() for page in read.pages for font in page["/Resources"]["/Font"].values()]
    assert fonts
    for font in fonts:
        descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        assert "Noto" in font["/BaseFont"]
        assert "/FontFile3" in descriptor


async def test_the_same_bytes_come_from_another_press(api: Api) -> None:
    """A paper is the same whichever process sets it, and whenever."""
    _, clerk = await office(api)
    complaint = await lodge(api, clerk)
    made = await clerk.get(f"/v1/documents/{form_of(complaint)}/pdf")
    papers: list[Paper] = []

    async def keep(self: Press, paper: Paper) -> bytes:
        papers.append(paper)
        return presses.compiled(paper)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Press, "pdf", keep)
        other = await clerk.get(f"/v1/documents/{form_of(complaint)}/pdf")
    assert len(papers) == 1
    assert other.content == made.content


async def test_a_press_that_is_full_says_so() -> None:
    """No more than so many papers wait; the others are told to come again."""
    paper = await asyncio.to_thread(some_paper)
    press = Press()
    answers = await asyncio.gather(*(press.pdf(paper) for _ in range(presses.WAITING + 5)), return_exceptions=True)
    assert sum(isinstance(answer, PressBusy) for answer in answers) == 5
    assert len({answer for answer in answers if isinstance(answer, bytes)}) == 1
    assert isinstance(await press.pdf(paper), bytes)


def some_paper() -> Paper:
    """A paper out of the story."""
    world = story.whole_year()
    state = next(s for (noun, _), s in world.states.items() if noun == "document" and s.number is not None)
    return paper_of(uuid4(), state, "https://kaohe.example.org", {})


async def test_a_document_is_drawn_up_when_asked_for_and_once(api: Api) -> None:
    """As the subject stands now; asked again while it stands so, the same document and the same number."""
    _, clerk = await office(api)
    complaint = await lodge(api, clerk)
    ask = {"kind": "complaint_form", "subject_id": str(complaint)}
    same = await clerk.post("/v1/documents", ask)
    joint = [
        {"role": "sales_director", "person": str(uuid4())},
        {"role": "director_assistant", "person": str(uuid4())},
    ]
    assign = {"responsible": str(clerk.member), "joint": joint}
    await sent(clerk.post(f"/v1/complaints/{complaint}/assign-complaint", assign))
    new = await clerk.post("/v1/documents", ask)
    await settle(api.desk.runtime, clerk.tenant)
    again = await clerk.post("/v1/documents", ask)

    assert (same.status_code, new.status_code, again.status_code) == (200, 201, 200)
    assert same.json()["id"] == str(form_of(complaint))
    assert new.json()["id"] == again.json()["id"] != same.json()["id"]
    assert (new.json()["reference"], again.json()["reference"]) == (None, "诉〔2026〕2号")
    assert [entry["number"] for entry in await listed(clerk)] == [1, 2]


async def test_a_correction_names_what_it_replaces(api: Api) -> None:
    """The old paper says which one counts, the new one which it replaces; nothing is replaced twice."""
    _, clerk = await office(api)
    complaint = await lodge(api, clerk)
    old = form_of(complaint)
    ask = {"kind": "complaint_form", "subject_id": str(complaint), "replaces": str(old)}
    new = UUID((await sent(clerk.post("/v1/documents", ask))).json()["id"])
    await settle(api.desk.runtime, clerk.tenant)

    assert [(entry["status"], entry["replaced_by"], entry["replaces"]) for entry in await listed(clerk)] == [
        ("superseded", str(new), None),
        ("issued", None, str(old)),
    ]
    assert "以诉〔2026〕2号为准" in (await clerk.get(f"/v1/documents/{old}/html")).text
    assert "本文书更正并代替诉〔2026〕1号" in (await clerk.get(f"/v1/documents/{new}/html")).text
    await sent(clerk.post(f"/v1/documents/{new}/void-document", {"reason": "误制"}))
    again = {**ask, "replaces": str(old)}
    assert (await clerk.post("/v1/documents", again)).json()["already"] is True
    other = await lodge(api, clerk)
    problem_of(await clerk.post("/v1/documents", {**ask, "subject_id": str(other)}), 422, "other_document")


async def test_what_can_not_be_drawn_up_is_refused_with_a_code(api: Api) -> None:
    """A kind nobody knows, one not made on demand, a subject there is not, one with nothing to say, a broken body."""
    admin, clerk = await office(api)
    complaint = await lodge(api, clerk)
    ask = {"kind": "complaint_form", "subject_id": str(complaint)}
    auditor = await api.member(admin, "auditor")

    problem_of(await clerk.post("/v1/documents", {**ask, "kind": "x"}), 422, "kind_not_on_demand")
    problem_of(await clerk.post("/v1/documents", {**ask, "kind": "penalty_slip"}), 422, "kind_not_on_demand")
    problem_of(await clerk.post("/v1/documents", {**ask, "kind": "handling_notice"}), 409, "nothing_to_print")
    problem_of(await clerk.post("/v1/documents", {**ask, "subject_id": str(uuid4())}), 404, "not_found")
    problem_of(await clerk.post("/v1/documents", {**ask, "replaces": str(uuid4())}), 404, "not_found")
    problem_of(await clerk.post("/v1/documents", {**ask, "more": 1}), 422)
    problem_of(await clerk.post("/v1/documents", {**ask, "subject_id": "x"}), 422)
    problem_of(await auditor.post("/v1/documents", ask), 403, "forbidden")
    for how in ("html", "pdf"):
        problem_of(await clerk.get(f"/v1/documents/{uuid4()}/{how}"), 404, "not_found")
        problem_of(await clerk.get(f"/v1/documents/x/{how}"), 404, "not_found")
    for query in ("?kind=x", "?year=1", "?subject_id=x", "?cursor=x", "?limit=0", "?other=1"):
        assert (await clerk.get(f"/v1/documents{query}")).status_code == 400


async def test_a_document_without_its_number_is_not_printed_yet(api: Api) -> None:
    """Between being drawn up and numbered there is nothing to hand out."""
    _, clerk = await office(api)
    complaint = await lodge(api, clerk)
    ask = {"kind": "complaint_form", "subject_id": str(complaint), "replaces": str(form_of(complaint))}
    new = (await clerk.post("/v1/documents", ask)).json()["id"]
    problem_of(await clerk.get(f"/v1/documents/{new}/pdf"), 409, "not_numbered")
    assert len(await listed(clerk)) == 1


async def test_lists_are_narrowed_and_paged(api: Api) -> None:
    """By kind, year and subject; pages lead on without a gap."""
    _, clerk = await office(api)
    complaints = [await lodge(api, clerk) for _ in range(5)]
    first = (await clerk.get("/v1/documents?limit=2")).json()
    second = (await clerk.get(f"/v1/documents?limit=2&cursor={first['next']}")).json()
    third = (await clerk.get(f"/v1/documents?limit=2&cursor={second['next']}")).json()

    numbers = [entry["number"] for page in (first, second, third) for entry in page["items"]]
    assert numbers == [1, 2, 3, 4, 5]
    assert third["next"] is None
    assert [e["number"] for e in await listed(clerk, f"?subject_id={complaints[3]}")] == [4]
    assert len(await listed(clerk, "?year=2026&kind=complaint_form")) == 5
    assert await listed(clerk, "?year=2025") == []
    assert await listed(clerk, "?kind=penalty_slip") == []


async def test_each_reading_is_noted(api: Api) -> None:
    """Data, page, PDF and history of a document leave a line each in the access log."""
    admin, clerk = await office(api)
    complaint = await lodge(api, clerk)
    document = form_of(complaint)
    for how in ("", "/html", "/pdf", "/history"):
        assert (await clerk.get(f"/v1/documents/{document}{how}")).status_code == 200
    auditor = await api.member(admin, "auditor")
    log = (await auditor.get("/v1/access-log")).json()["items"]
    lines = [(line["what"], line["detail"]) for line in log if line["stream_id"] == str(document)]
    assert ("document", "html") in lines
    assert ("document", "pdf") in lines
    assert ("document", "") in lines
    assert "history" in {what for what, _ in lines}


async def test_another_tenant_reads_nothing(api: Api) -> None:
    """Another's document is answered like one that does not exist, and its lists are empty."""
    _, clerk = await office(api)
    complaint = await lodge(api, clerk)
    _, stranger = await office(api)
    for how in ("", "/html", "/pdf", "/history"):
        answers = [await stranger.get(f"/v1/documents/{one}{how}") for one in (form_of(complaint), uuid4())]
        assert [problem_of(answer, 404)["code"] for answer in answers] == ["not_found", "not_found"]
    ask = {"kind": "complaint_form", "subject_id": str(complaint)}
    problem_of(await stranger.post("/v1/documents", ask), 404, "not_found")
    assert await listed(stranger) == []


async def test_an_organisation_sets_how_it_numbers(api: Api) -> None:
    """The next document is numbered so; what is ambiguous is refused with the field named."""
    admin, clerk = await office(api)
    at = f"/v1/organisations/{admin.tenant}/set-numbering"
    await lodge(api, clerk)
    await sent(admin.post(at, {"agency": "江城", "codes": {"complaint_form": "客诉"}}))
    await lodge(api, clerk)
    assert [entry["reference"] for entry in await listed(clerk)] == ["诉〔2026〕1号", "江城客诉〔2026〕2号"]
    for body, code in (
        ({"pattern": "{number}"}, "pattern_ambiguous"),
        ({"codes": {"complaint_form": "罚"}}, "codes_ambiguous"),
        ({"codes": {"nobody": "甲"}}, "codes_ambiguous"),
    ):
        problem_of(await admin.post(at, body), 422, code)
    for body in ({"agency": "甲1"}, {"codes": {"complaint_form": ""}}, {"pattern": ""}):
        problem_of(await admin.post(at, body), 422)


@pytest.mark.clause("R0.3")
async def test_the_paper_of_an_anonymous_complaint_tells_the_day_alone(api: Api) -> None:
    """Whoever reads its history learns no hour, not even that of the number."""
    admin, clerk = await office(api)
    sent_in = await api.http.post(
        f"/v1/anonymous/{admin.slug}/complaints",
        json={"kind": "conduct", "subject": "态度", "description": "态度恶劣"},
    )
    assert sent_in.status_code == 201, sent_in.text
    await settle(api.desk.runtime, clerk.tenant)
    (entry,) = await listed(clerk)
    history = (await clerk.get(f"/v1/documents/{entry['document_id']}/history")).json()["items"]
    assert {line["type"] for line in history} == {"document.drawn", "document.issued"}
    assert {line["recorded_at"] for line in history} <= {None, "2026-03-02T00:00:00+08:00"}
    page = (await clerk.get(f"/v1/documents/{entry['document_id']}/html")).text
    assert "匿名（不记录身份）" in page
