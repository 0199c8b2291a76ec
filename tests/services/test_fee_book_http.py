"""Money over HTTP: collected, handed over, passed on, spent and published, by whoever may and by nobody else (R13)."""

import io
from uuid import UUID

import msgspec
import pytest
from openpyxl import load_workbook

from domain.kernel import derived_id
from services.settings import Settings
from tests.services.conftest import Api
from tests.services.fee_house import PROJECT, House, house_of

BOOK = str(derived_id(UUID(PROJECT), "fee_book"))
FUND = str(derived_id(UUID(PROJECT), "repair_fund"))
NOWHERE = str(UUID(int=0xDEAD))


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """People stay signed in while half a year passes."""
    return msgspec.structs.replace(settings, session_hours=24 * 400)


@pytest.fixture
async def house(api: Api) -> House:
    """The company, with a flat that owes for four kinds."""
    company = await house_of(api)
    company.flat = await company.account("2-201")
    for item in ("property_fee", "water", "common_repair"):
        await company.charge(company.flat, item)
    return company


async def pay(house: House, amount_fen: int, means: str = "cash") -> None:
    """A payment to the collector."""
    body = {"amount_fen": amount_fen, "reference": "收据", "means": means}
    await house.send("collector", f"fee-accounts/{house.flat}/receive-fee", body)


@pytest.mark.clause("R13.4.2.7")
async def test_a_hand_over_goes_its_way_and_nobody_does_anothers_part(house):
    """Collector, finance and settlement in turn; wrong roles, bodies and statuses are refused with a code."""
    await pay(house, 3_000)
    await pay(house, 900, "card")
    held = await house.read("finance", "reports/fee-receipts-held", project_id=PROJECT)
    assert [(each["means"], each["amount_fen"]) for each in held["items"]] == [("cash", 3_000), ("card", 900)]
    hand = f"fee-books/{BOOK}/hand-over"
    short = {"counted": {"cash_fen": 2_900, "card_fen": 900}, "note": "少一百"}
    assert await house.refused("staff", hand, short) == (403, "forbidden")
    assert await house.refused("stranger", hand, short) == (404, "not_found")
    assert await house.refused("collector", hand, {"counted": {"cash_fen": "many"}}) == (422, "invalid_value")
    assert await house.refused("collector", hand, {"counted": {"coins": 1}}) == (422, "unknown_field")
    assert await house.refused("collector", hand, {"counted": {"cash_fen": 2_900}}) == (422, "count_differs")
    await house.send("collector", hand, short)
    assert await house.refused("collector", hand, short) == (409, "nothing_to_hand_over")
    confirm, differ, settle = (
        f"fee-books/{BOOK}/{name}" for name in ("confirm-handover", "record-difference", "settle-difference")
    )
    assert await house.refused("collector", confirm, {"handover": 1}) == (403, "forbidden")
    assert await house.refused("finance", confirm, {"handover": 1}) == (409, "difference_to_record")
    assert await house.refused("finance", confirm, {"handover": 0}) == (422, "invalid_value")
    received = {"handover": 1, "received": {"cash_fen": 2_900, "card_fen": 900}, "reason": "短款"}
    await house.send("finance", differ, received)
    (open_,) = (await house.read("manager", "reports/fee-handovers", status="open"))["items"]
    assert (open_["status"], open_["due"]["cash_fen"], open_["received"]["cash_fen"]) == ("difference", 3_000, 2_900)
    await house.send("second", settle, {"handover": 1, "how": "paid_in", "reason": "已补交"})
    assert await house.refused("second", settle, {"handover": 1, "how": "paid_in", "reason": "再"}) == (
        409,
        "no_open_handover",
    )
    assert (await house.read("auditor", "reports/fee-handovers", status="open"))["items"] == []
    assert (await house.read("auditor", "reports/fee-receipts-held"))["items"] == []
    assert (await house.read("stranger", "reports/fee-handovers"))["items"] == []


@pytest.mark.clause("R13.4.2.7")
async def test_a_row_of_the_bank_is_booked_by_one_account_alone(house):
    """Finance books it; the same reference is taken for every other account, and none of a collector's business."""
    other = await house.account("2-202")
    row = {"amount_fen": 400, "bank_reference": "流水-7", "paid_on": "2026-03-01"}
    path = f"fee-accounts/{house.flat}/book-bank-payment"
    assert await house.refused("collector", path, row) == (403, "forbidden")
    assert await house.refused("finance", path, {**row, "paid_on": "2026-03-09"}) == (422, "paid_in_future")
    await house.send("finance", path, row)
    assert await house.refused("finance", path, row) == (422, "bank_row_booked")
    assert await house.refused("second", f"fee-accounts/{other}/book-bank-payment", row) == (409, "already_taken")
    assert (await house.read("finance", "reports/fee-receipts-held"))["items"] == []


@pytest.mark.clause("R13.4.2.7")
async def test_receipts_not_handed_over_reach_collector_finance_and_at_last_the_manager(house):
    """The deadline fires, and each time who is to know finds it in the inbox."""
    await pay(house, 3_000)
    for days in (4, 4):
        house.api.clock.forward(days=days)
        await house.settle()
    told = {}
    for who in ("collector", "finance", "manager"):
        items = (await house.read(who, "inbox"))["items"]
        told[who] = sum("未按期上交" in each["subject"]["zh"] for each in items)
    assert told == {"collector": 2, "finance": 2, "manager": 1}


@pytest.mark.clause("R13.4.1")
async def test_what_is_collected_for_a_supplier_is_owed_to_him(house):
    """Named, passed on to the fen, never more; finance alone does it."""
    await pay(house, 6_800)
    passing = {
        "item": "water",
        "amount_fen": 3_101,
        "first_month": "2026-02",
        "last_month": "2026-02",
        "reference": "汇款",
    }
    pass_on = f"fee-books/{BOOK}/pass-on"
    assert await house.refused("finance", pass_on, passing) == (422, "no_supplier")
    named = {"item": "water", "supplier": "某水务公司"}
    assert await house.refused("collector", f"fee-books/{BOOK}/appoint-supplier", named) == (403, "forbidden")
    await house.send("finance", f"fee-books/{BOOK}/appoint-supplier", named)
    assert await house.refused("finance", pass_on, passing) == (422, "more_than_collected")
    assert await house.refused("finance", pass_on, {**passing, "first_month": "2026-2"}) == (422, "invalid_value")
    await house.send("finance", pass_on, {**passing, "amount_fen": 3_000})
    (water,) = (await house.read("auditor", "reports/fee-suppliers"))["items"]
    assert (water["supplier"], water["collected_fen"], water["owed_fen"]) == ("某水务公司", 3_100, 100)
    assert await house.refused("stranger", pass_on, passing) == (404, "not_found")


@pytest.mark.clause("R13.4.3")
async def test_accounts_are_published_for_owners_who_have_no_account(house):
    """Spent under a heading, published when the half-year is over, readable as JSON, page and workbook; frozen."""
    await pay(house, 6_800)
    spend = f"fee-books/{BOOK}/record-expenditure"
    spent = {"category": "cleaning", "amount_fen": 700, "payee": "某公司", "purpose": "保洁", "reference": "发票"}
    assert await house.refused("finance", spend, {**spent, "category": "party"}) == (422, "unknown_category")
    assert await house.refused("manager", spend, spent) == (403, "forbidden")
    number = (await house.send("finance", spend, spent))["events"][0]["number"]
    back = {"number": number, "reason": "误记"}
    assert await house.refused("finance", f"fee-books/{BOOK}/reverse-book-entry", back) == (403, "own_booking")
    await house.send("finance", f"fee-books/{BOOK}/name-book", {"name": "<b>某小区</b>"})
    publish = f"fee-books/{BOOK}/publish-accounts"
    assert await house.refused("finance", publish, {"first_month": "2026-01"}) == (422, "period_not_over")
    public = f"/v1/public-accounts/{house.admin.slug}/{PROJECT}"
    assert (await house.api.http.get(public)).status_code == 404
    house.api.clock.forward(days=130)
    await house.settle()
    assert await house.refused("finance", publish, {"first_month": "2026-07"}) == (422, "out_of_order")
    await house.send("finance", publish, {"first_month": "2026-01"})
    assert await house.refused("finance", publish, {"first_month": "2026-01"}) == (422, "out_of_order")
    shown = (await house.api.http.get(public)).json()
    (period,) = shown["periods"]
    assert (period["income_fen"], period["spent_fen"], period["surplus_fen"]) == (
        {"public_service": 2_500},
        {"cleaning": 700},
        1_800,
    )
    assert [line["collected_fen"] for line in period["agency"]] == [3_100]
    page = await house.api.http.get(f"/a/{house.admin.slug}/{PROJECT}")
    assert page.status_code == 200
    assert "&lt;b&gt;某小区&lt;/b&gt;" in page.text
    assert "25.00" in page.text
    table = await house["auditor"].get(f"/v1/fee-books/{BOOK}/statements/2026-01/xlsx")
    sheet = load_workbook(io.BytesIO(table.content)).worksheets[0]
    cells = {row[0]: row[1:] for row in sheet.iter_rows(values_only=True)}
    assert cells["收支结余 Surplus"][0] == 18
    (kept,) = (await house.read("auditor", f"fee-books/{BOOK}/statements"))["items"]
    assert (kept["accounts"]["surplus_fen"], kept["accounts"]["last_entry"]) == (1_800, 2)
    (book,) = (await house.read("manager", "fee-books"))["items"]
    assert (book["published_until"], book["owed_first_month"]) == ("2026-06", "2026-07")
    for address in (f"/v1/public-accounts/{house.admin.slug}/{NOWHERE}", f"/v1/public-accounts/nobody/{PROJECT}"):
        assert (await house.api.http.get(address)).json()["code"] == "not_found"
    assert (await house["stranger"].get(f"/v1/fee-books/{BOOK}/statements")).status_code == 404
    assert (await house["stranger"].get(f"/v1/fee-books/{BOOK}/statements/2026-01/xlsx")).status_code == 404
    assert (await house["staff"].get("/v1/fee-books")).status_code == 403


@pytest.mark.clause("R13.4.2.8", "R13.4.3")
async def test_the_repair_fund_over_its_life(house):
    """Fed by charges for repairs and by contributions, spent on repairs alone, taken back by another, published."""
    await pay(house, 6_800)
    statement = await house.read("auditor", f"repair-funds/{FUND}/statement")
    assert (statement["fund"]["balance_fen"], statement["items"][0]["what"]) == (1_200, "collected")
    again = {"project_id": PROJECT, "name": "某小区"}
    assert await house.refused("finance", "repair-funds", again) == (409, "already_exists")
    contribution = {"amount_fen": 5_000, "unit": "2-202", "reference": "收据"}
    receive, reverse = (f"repair-funds/{FUND}/{name}" for name in ("receive-contribution", "reverse-booking"))
    assert await house.refused("collector", receive, contribution) == (403, "forbidden")
    await house.send("finance", receive, contribution)
    spend = f"repair-funds/{FUND}/spend-fund"
    repair = {"amount_fen": 2_000, "purpose": "lifts", "work": "更换曳引绳", "payee": "某公司", "reference": "发票"}
    for purpose in ("cleaning", "salaries", "loan"):
        assert await house.refused("finance", spend, {**repair, "purpose": purpose}) == (422, "fund_ring_fenced")
    assert await house.refused("finance", spend, {**repair, "amount_fen": 6_201}) == (409, "fund_too_small")
    assert await house.refused("finance", spend, {**repair, "amount_fen": 0}) == (422, "invalid_value")
    assert await house.refused("collector", spend, repair) == (403, "forbidden")
    assert await house.refused("stranger", spend, repair) == (404, "not_found")
    await house.send("finance", spend, repair)
    back = {"number": 3, "reason": "退货"}
    assert await house.refused("finance", reverse, back) == (403, "own_booking")
    collected = {"number": 1, "reason": "误"}
    assert await house.refused("second", reverse, collected) == (422, "nothing_to_reverse")
    await house.send("second", reverse, back)
    house.api.clock.forward(days=130)
    await house.settle()
    await house.send("finance", f"repair-funds/{FUND}/publish-statement", {"first_month": "2026-01"})
    statement = await house.read("auditor", f"repair-funds/{FUND}/statement")
    assert (statement["fund"]["balance_fen"], len(statement["published"])) == (6_200, 1)
    assert [each["effect_fen"] for each in statement["items"]] == [1_200, 5_000, -2_000, 2_000]
    shown = (await house.api.http.get(f"/v1/public-accounts/{house.admin.slug}/{PROJECT}")).json()
    assert (shown["periods"], shown["fund"][0]["closing_fen"]) == ([], 6_200)
    assert [each["balance_fen"] for each in (await house.read("auditor", "repair-funds"))["items"]] == [6_200]
    assert (await house.read("stranger", "repair-funds"))["items"] == []
    assert (await house["stranger"].get(f"/v1/repair-funds/{FUND}/statement")).status_code == 404


@pytest.mark.clause("R13.4.2.4")
async def test_what_units_owe_and_have_paid(house):
    """Arrears by age as of a day, what a period brought in, and an account's statement, whose reading is noted."""
    await pay(house, 1_000)
    house.api.clock.forward(days=75)
    await house.settle()
    arrears = (await house.read("manager", "reports/fee-arrears", project_id=PROJECT))["items"]
    assert sum(each["unpaid_fen"] for each in arrears) == 5_800
    assert {(each["from_days"], each["to_days"]) for each in arrears} == {(31, 90)}
    assert {each["building"] for each in arrears} == {"2"}
    before = await house.read("manager", "reports/fee-arrears", day="2026-03-01")
    assert before["items"] == []
    page = await house["manager"].get("/v1/reports/fee-arrears", params={"limit": "1"})
    following = await house["manager"].get(
        "/v1/reports/fee-arrears", params={"limit": "1", "cursor": page.json()["next"]}
    )
    assert following.json()["items"][0] == arrears[1]
    rates = (await house.read("auditor", "reports/fee-collection", **{"from": "2026-02"}))["items"]
    assert {each["kind"]: each["rate"] for each in rates} == {
        "public_service": "40.0",
        "agency": "0.0",
        "repair": "0.0",
    }
    statement = await house.read("auditor", f"fee-accounts/{house.flat}/statement")
    assert (statement["balance_fen"], statement["owner"]) == (5_800, "孙八")
    assert [each["effect_fen"] for each in statement["items"]] == [2_500, 3_100, 1_200, -1_000]
    noted = await house.read("auditor", "access-log")
    assert any(each["stream_id"] == house.flat and each["what"] == "personal_data" for each in noted["items"])
    assert (await house["stranger"].get(f"/v1/fee-accounts/{house.flat}/statement")).status_code == 404
    assert (await house["staff"].get("/v1/reports/fee-arrears")).status_code == 403
    assert (await house["manager"].get("/v1/reports/fee-arrears", params={"day": "soon"})).status_code == 400
