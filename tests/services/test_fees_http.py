"""Fees over HTTP: an account and a period through their lives, as each role would, with what each gets wrong."""

import io
from datetime import date
from decimal import Decimal

import msgspec
import openpyxl
import pypdf
import pytest

from domain.kernel import derived_id
from services.api import fee_printing
from services.settings import Settings
from tests.services.conftest import Api
from tests.services.crowd import problem_of
from tests.services.fees_given import Estate, estate_of

A_PART = 20
"""Papers of one PDF here."""


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """People stay signed in while months pass."""
    return msgspec.structs.replace(settings, session_hours=24 * 400)


@pytest.fixture
async def estate(api: Api) -> Estate:
    """A company under the shipped rules, in March."""
    return await estate_of(api)


def account_body(estate: Estate, **changes: object) -> dict[str, object]:
    """A flat."""
    body = {"project_id": str(estate.project), "unit": "1-101", "building": "1", "owner": "赵六", "area_m2": "88.5"}
    return {**body, **changes}


async def flat(estate: Estate) -> str:
    """A flat's account with two standing items; its address."""
    answer = await estate["fee_collector"].post("/v1/fee-accounts", account_body(estate))
    assert answer.status_code == 201, answer.text
    at = f"/v1/fee-accounts/{answer.json()['id']}"
    for item in (
        {"item": "property_fee", "basis": "area", "from_month": "2026-03"},
        {"item": "common_repair", "basis": "fixed", "quantity": "2", "from_month": "2026-03"},
    ):
        await estate.send(f"{at}/set-standing-item", item)
    return at


@pytest.mark.clause("R13.4.1", "R13.4.2.1", "R13.4.2.7")
async def test_an_account_through_its_life(estate: Estate) -> None:
    """Begun, charged, paid in part and too much, taken back by another than who booked it, reminded, sold."""
    at = await flat(estate)
    service = {"item": "home_repair", "quantity": "1", "done_on": "2026-03-02", "reference": "工单-1"}
    charged = await estate.send(f"{at}/charge-service", service)
    assert (charged["amount_fen"], charged["form"], charged["clause"]) == (5_000, "QR-7510-01", "R13.4.2.6")
    part = await estate.send(f"{at}/receive-fee", {"amount_fen": 2_000, "reference": "现金"})
    assert part["settles"] == [{"charge": 1, "amount_fen": 2_000}]
    over = await estate.send(f"{at}/receive-fee", {"amount_fen": 4_000, "reference": "转账"})
    assert (over["balance_after_fen"], over["credit_after_fen"]) == (-1_000, 1_000)
    own = await estate["fee_collector"].post(f"{at}/reverse-fee-entry", {"number": 3, "reason": "退票"})
    problem_of(own, 403)
    undone = await estate.send(f"{at}/reverse-fee-entry", {"number": 3, "reason": "退票"}, "finance")
    assert undone["settles"] == [{"charge": 1, "amount_fen": -3_000}]
    again = await estate["finance"].post(f"{at}/reverse-fee-entry", {"number": 3, "reason": "退票"})
    problem_of(again, 422, "nothing_to_reverse")
    await estate.at(2026, 4, 3)
    shown = (await estate.read(at))["state"]
    assert (shown["balance_fen"], shown["bills"]["1"]["level"]) == (3_000, 1)
    await estate.send(f"{at}/change-owner", {"owner": "钱七", "since": "2026-04-01"})
    [listed] = (await estate.read("/v1/fee-accounts", project_id=str(estate.project)))["items"]
    assert (listed["owner"], listed["balance_fen"], listed["unit"]) == ("钱七", 3_000, "1-101")


@pytest.mark.clause("R13.4.2.1")
async def test_who_may_do_what_with_accounts(estate: Estate, api: Api) -> None:
    """Who does not collect sees nothing; the auditor reads and writes nothing; to others the account does not exist."""
    at = await flat(estate)
    paid = {"amount_fen": 100, "reference": "现金"}
    problem_of(await estate["operator"].get(at), 403)
    problem_of(await estate["operator"].get("/v1/fee-accounts"), 403)
    problem_of(await estate["operator"].post(f"{at}/receive-fee", paid), 403)
    problem_of(await estate["project_head"].post(f"{at}/receive-fee", paid), 403)
    problem_of(await estate["auditor"].post("/v1/fee-accounts", account_body(estate, unit="9")), 403)
    assert (await estate["auditor"].get(at)).status_code == 200
    assert (await estate["project_head"].get(at)).status_code == 200
    entries = (await estate.read("/v1/access-log", "auditor"))["items"]
    assert {one["noun"] for one in entries} >= {"fee_account"}
    stranger = await estate_of(api)
    problem_of(await stranger["finance"].get(at), 404)
    problem_of(await stranger["finance"].post(f"{at}/receive-fee", paid), 404)
    assert (await stranger.read("/v1/fee-accounts"))["items"] == []


@pytest.mark.clause("R13.4.2.1")
@pytest.mark.parametrize(
    ("command", "body", "field"),
    [
        ("receive-fee", {"amount_fen": 0, "reference": "x"}, "/amount_fen"),
        ("receive-fee", {"amount_fen": 1.5, "reference": "x"}, "/amount_fen"),
        ("receive-fee", {"amount_fen": 10**14, "reference": "x"}, "/amount_fen"),
        ("receive-fee", {"amount_fen": 5}, None),
        ("receive-fee", {"amount_fen": 5, "reference": "x", "more": 1}, None),
        ("charge-service", {"item": "home_repair", "quantity": "NaN", "done_on": "2026-03-02", "reference": "x"}, None),
        ("charge-service", {"item": "home_repair", "quantity": "0", "done_on": "2026-03-02", "reference": "x"}, None),
        ("charge-service", {"item": "gold", "quantity": "1", "done_on": "2026-03-02", "reference": "x"}, "/item"),
        ("charge-service", {"item": "home_repair", "quantity": "1", "done_on": "2026-13-02", "reference": "x"}, None),
        ("set-standing-item", {"item": "water", "basis": "guess", "from_month": "2026-03"}, "/basis"),
        ("set-standing-item", {"item": "water", "basis": "fixed", "from_month": "2026-03"}, "/quantity"),
        ("revise-area", {"area_m2": "-1", "from_month": "2026-03", "reason": "x"}, "/area_m2"),
        ("change-owner", {"owner": "钱七", "since": "2027-01-01"}, "/since"),
        ("end-standing-item", {"item": "water", "from_month": "2026-03", "reason": "x"}, "/item"),
    ],
)
async def test_a_body_that_makes_no_sense_is_refused(
    estate: Estate, command: str, body: dict[str, object], field: str | None
) -> None:
    """422 with the field where one is wrong, and nothing has happened."""
    at = await flat(estate)
    problem = problem_of(await estate["fee_collector"].post(f"{at}/{command}", body), 422)
    if field is not None:
        assert problem["field"] == field
    assert (await estate["finance"].get(at)).json()["version"] == 3


@pytest.mark.clause("R13.4.2.1", "R13.4.2.6")
async def test_a_period_through_its_life(estate: Estate, api: Api) -> None:
    """Opened by finance, closed once and not before its last day, with a notice for each unit that is charged."""
    await flat(estate)
    body = {"project_id": str(estate.project), "name": "东校区", "first_month": "2026-03"}
    problem_of(await estate["fee_collector"].post("/v1/fee-periods", body), 403)
    await estate.open_period()
    at = f"/v1/fee-periods/{estate.period()}"
    problem_of(await estate["finance"].post(f"{at}/close-fee-period", {}), 409, "period_not_over")
    same = {
        "item": "property_fee",
        "listed_on": "2026-03-02",
        "from_month": "2026-03",
        "decision": "决定1号",
        "reason": "表决",
    }
    problem_of(await estate["finance"].post(f"{at}/decide-price", same), 422, "same_price")
    wrong = await estate["finance"].post(f"{at}/decide-price", {**same, "listed_on": "2026-04-01"})
    problem_of(wrong, 422, "not_within_period")
    await estate.at(2026, 3, 31)
    problem_of(await estate["auditor"].post(f"{at}/close-fee-period", {}), 403)
    await estate.close()
    problem_of(await estate["finance"].post(f"{at}/close-fee-period", {}), 409, "period_closing")
    shown = await estate.read(f"{at}/progress", "auditor")
    assert (shown["period"]["status"], shown["period"]["progress"]["done"], shown["not_charged"]) == ("closed", 1, [])
    assert Decimal(shown["period"]["progress"]["rate"]) > 0
    problem_of(await estate["finance"].post(f"{at}/close-fee-period", {}), 409, "period_closed")
    problem_of(await estate["finance"].post(f"{at}/decide-price", same), 409, "period_closed")
    [told] = (await estate.read("/v1/inbox"))["items"]
    assert (told["noun"], told["clause"]) == ("fee_period", "R13.4.2.1")
    stranger = await estate_of(api)
    for path in (at, f"{at}/progress", f"{at}/notices.pdf", f"{at}/notices.xlsx"):
        problem_of(await stranger["finance"].get(path), 404)
    problem_of(await stranger["finance"].post(f"{at}/close-fee-period", {}), 404)


@pytest.mark.clause("R13.4.2.1", "R13.4.2.4")
async def test_notices_and_reminders_are_printed_and_exported_in_bulk(
    estate: Estate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So many a PDF, each with number, form, rule version and a code that says it is genuine; the same as a table."""
    monkeypatch.setattr(fee_printing, "A_PART", A_PART)
    await estate.open_period()
    await estate.units(range(A_PART + 2))
    await estate.at(2026, 3, 31)
    at = f"/v1/fee-periods/{estate.period()}"
    problem_of(await estate["finance"].get(f"{at}/notices.pdf"), 409, "nothing_to_print")
    await estate.close()
    await estate.settle()
    whole = await estate["fee_collector"].get(f"{at}/notices.pdf")
    assert (whole.status_code, whole.headers["content-type"]) == (200, "application/pdf")
    pages = texts(whole.content)
    assert len(pages) == A_PART
    assert all("QR-7510-01" in page and "R13第1版" in page and "费用收缴通知单" in page for page in pages)
    assert all("第1页/共1页" in page for page in pages)
    assert "收费〔2026〕1号" in pages[0]
    rest = await estate["finance"].get(f"{at}/notices.pdf", params={"part": "2"})
    assert len(pypdf.PdfReader(io.BytesIO(rest.content)).pages) == 2
    problem_of(await estate["finance"].get(f"{at}/notices.pdf", params={"part": "3"}), 409, "nothing_to_print")
    problem_of(await estate["finance"].get(f"{at}/notices.pdf", params={"part": "x"}), 400, "bad_parameter")
    problem_of(await estate["operator"].get(f"{at}/notices.pdf"), 403)
    await _paper_is_genuine(estate, pages[0])
    sheet = await table(estate, f"{at}/notices.xlsx")
    assert len(sheet) == A_PART + 3
    assert sheet[1][:2] == ("收费〔2026〕1号", "QR-7510-01")
    assert sheet[1][6:9] == (222.45, 0, 222.45)
    await estate.at(2026, 5, 3)
    reminded = await estate["finance"].get(f"{at}/reminders.pdf", params={"part": "2", "level": "1"})
    [first, _] = texts(reminded.content)
    assert "QR-7510-02" in first
    assert "之催1" in first
    reminders = await table(estate, f"{at}/reminders.xlsx")
    assert {row[5:8] for row in reminders[1:]} == {(1, "书面催缴", 222.45)}
    assert len(reminders) == A_PART + 3


def texts(pdf: bytes) -> list[str]:
    """What stands on each page, without the blanks that setting makes."""
    return [page.extract_text().replace(" ", "") for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


async def _paper_is_genuine(estate: Estate, page: str) -> None:
    """The code on a paper is known to the service, without an account; a wrong one is not."""
    [code] = [line.split("核验码：")[1].strip() for line in page.splitlines() if "核验码：" in line]
    answer = await estate.api.http.get(f"/v1/documents/verify/{code}")
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert (found["kind"], found["reference"], found["counts"]) == ("fee_notice", "收费〔2026〕1号", True)
    assert found["digest"] in page.replace("\n", "")
    other = code[:-1] + ("0" if code[-1] != "0" else "8")
    problem_of(await estate.api.http.get(f"/v1/documents/verify/{other}"), 404)


async def table(estate: Estate, path: str) -> list[tuple[object, ...]]:
    """The rows of a workbook."""
    answer = await estate["finance"].get(path)
    assert answer.status_code == 200, answer.text
    book = openpyxl.load_workbook(io.BytesIO(answer.content), read_only=True)
    return list(book.worksheets[0].iter_rows(values_only=True))


@pytest.mark.clause("R13.4.2.4")
async def test_a_single_notice_and_reminder_are_documents_of_their_own(estate: Estate) -> None:
    """Drawn up on request while something is owed, numbered after those of the period."""
    at = await flat(estate)
    stream = at.rpartition("/")[2]
    nothing = await estate["fee_collector"].post("/v1/documents", {"kind": "fee_notice", "subject_id": stream})
    problem_of(nothing, 409, "nothing_to_print")
    service = {"item": "home_repair", "quantity": "1", "done_on": "2026-03-02", "reference": "工单-1"}
    await estate.send(f"{at}/charge-service", service)
    early = await estate["fee_collector"].post("/v1/documents", {"kind": "fee_reminder", "subject_id": stream})
    problem_of(early, 409, "nothing_to_print")
    await estate.at(2026, 4, 3)
    for kind in ("fee_notice", "fee_reminder"):
        drawn = await estate["fee_collector"].post("/v1/documents", {"kind": kind, "subject_id": stream})
        assert drawn.status_code == 201, drawn.text
        await estate.settle()
        printed = await estate["fee_collector"].get(f"/v1/documents/{drawn.json()['id']}/pdf")
        assert printed.status_code == 200, printed.text
        text = pypdf.PdfReader(io.BytesIO(printed.content)).pages[0].extract_text()
        assert "50.00" in text
        problem_of(await estate["operator"].get(f"/v1/documents/{drawn.json()['id']}/pdf"), 403)


@pytest.mark.clause("R13.4.2.6")
async def test_anybody_reads_the_price_list_of_a_day(estate: Estate, api: Api) -> None:
    """Without an account, as it is and as it was; none before it was adopted, and none of who is not there."""
    path = f"/v1/price-lists/{estate.admin.slug}"
    listed = (await api.http.get(path)).json()
    assert (listed["on"], listed["effective_from"], listed["rule_version"]) == ("2026-03-02", "2026-01-01", 1)
    prices = {one["item"]: (one["price_fen"], one["kind"]) for one in listed["prices"]}
    assert prices["home_repair"] == (5_000, "special")
    assert (await api.http.get(path, params={"on": "2026-12-31"})).json()["on"] == "2026-12-31"
    for slug in ("%00", "a%00b", "x" * 3_000, "%E2%80%AE"):
        problem_of(await api.http.get(f"/v1/price-lists/{slug}"), 404)
    unknown = await api.http.get("/v1/price-lists/nobody")
    early = await api.http.get(path, params={"on": "2025-12-31"})
    assert {problem_of(one, 404, "not_found")["detail"] for one in (unknown, early)} == {"没有公示的价目表"}
    problem_of(await api.http.get(path, params={"on": "soon"}), 400, "bad_parameter")
    page = await api.http.get(f"/prices/{estate.admin.slug}")
    assert (page.status_code, page.headers["content-type"].split(";")[0]) == (200, "text/html")
    assert "入户维修" in page.text
    assert "¥50.00" in page.text
    assert (await api.http.get("/prices/nobody")).status_code == 404


@pytest.mark.clause("R13.4.2.4")
async def test_a_ladder_that_is_climbed_tells_those_who_have_to_act(estate: Estate) -> None:
    """Nobody at the first step; who collects at the visit; the project's head and finance at the last."""
    at = await flat(estate)
    service = {"item": "home_repair", "quantity": "1", "done_on": "2026-03-02", "reference": "工单-1"}
    await estate.send(f"{at}/charge-service", service)
    told = []
    for day in (date(2026, 4, 3), date(2026, 4, 20), date(2026, 5, 25)):
        await estate.at(day.year, day.month, day.day)
        told.append(
            {
                role: (await estate.read("/v1/inbox", role))["unread"]
                for role in ("fee_collector", "project_head", "finance")
            }
        )
    assert told == [
        {"fee_collector": 0, "project_head": 0, "finance": 0},
        {"fee_collector": 1, "project_head": 0, "finance": 0},
        {"fee_collector": 2, "project_head": 1, "finance": 1},
    ]


@pytest.mark.clause("R13.4.2.4")
async def test_nobody_can_be_cut_off(estate: Estate) -> None:
    """The rules take no such step, and there is no such command (民法典 944)."""
    drafter = await estate.api.member(estate.admin, "rules_drafter")
    book = derived_id(estate.tenant, "rule_book", "R13")
    answer = await drafter.post(
        f"/v1/rule-books/{book}/draft-version",
        {"changes": {"reminders": [{"after_days": 1, "how": "cut_water"}]}, "note": "停水"},
    )
    assert problem_of(answer, 422)
    at = await flat(estate)
    for command in ("cut-off", "suspend-supply", "cut-water"):
        assert problem_of(await estate["finance"].post(f"{at}/{command}", {}), 404)
