"""Readings and bank rows from files: dry run, whole or not at all, each row once, and what to do about the others."""

import asyncio
import io
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from services.imports.cells import BadCell
from services.imports.cells import _yuan as in_fen
from tests.services.conftest import Api
from tests.services.fee_house import PROJECT, House, house_of

READINGS = "fee-accounts/import-readings"
BANK = "fee-accounts/import-bank-rows"
READING_HEADINGS = "楼栋,户号,收费项目编码,表号,月份,读数,旧表止码,新表起码"
BANK_HEADINGS = "交易流水号,交易日期,金额（元）,收费账户,楼栋,户号,付款人"


@pytest.fixture
async def house(api: Api) -> House:
    """The company, with two flats whose water is metered."""
    company = await house_of(api)
    company.flats = [await company.account(unit) for unit in ("2-201", "2-202")]
    for flat in company.flats:
        body = {"item": "water", "basis": "metered", "from_month": "2026-01"}
        await company.send("collector", f"fee-accounts/{flat}/set-standing-item", body)
    return company


def csv_of(headings, *rows):
    """A file with these rows."""
    return "\n".join((headings, *rows)).encode()


async def sent(house, who, path, content, *, dry_run=False, media="text/csv", **query):
    """What an import answers."""
    asked = {"project_id": PROJECT, "dry_run": str(dry_run).lower(), **query}
    answer = await house[who].post(f"/v1/{path}", content=content, params=asked, headers={"content-type": media})
    await house.settle()
    return answer


async def report(house, who, path, content, **more):
    """The report of an import that is accepted."""
    answer = await sent(house, who, path, content, **more)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def balance(house, flat):
    """What a flat owes."""
    return (await house.read("auditor", f"fee-accounts/{flat}"))["state"]["balance_fen"]


async def readings(house, flat):
    """What a flat's meter showed."""
    state = (await house.read("auditor", f"fee-accounts/{flat}"))["state"]
    return [(each["month"], each["value"], each["used"]) for each in state["readings"].get("water", ())]


@pytest.mark.clause("R13.4.1")
async def test_readings_are_tried_imported_and_imported_again(house):
    """A dry run books nothing; then each row is booked, and the same file again finds every row there."""
    file = csv_of(READING_HEADINGS, "2,2-201,water,,2026-01,100,,", "2,2-202,water,,2026/1,50.5,,")
    tried = await report(house, "collector", READINGS, file, dry_run=True)
    assert (tried["rows"], tried["new"], tried["booked"], tried["errors"]) == (2, 2, 0, [])
    assert await readings(house, house.flats[0]) == []
    done = await report(house, "collector", READINGS, file)
    assert (done["new"], done["booked"]) == (2, 2)
    again = await report(house, "collector", READINGS, file)
    assert (again["new"], again["skipped"], again["booked"]) == (0, 2, 0)
    assert await readings(house, house.flats[1]) == [("2026-01", "50.5", "0")]
    following = csv_of(READING_HEADINGS, "2,2-201,water,,2026-02,112.5,,")
    await report(house, "collector", READINGS, following)
    assert (await readings(house, house.flats[0]))[-1] == ("2026-02", "112.5", "12.5")


@pytest.mark.clause("R13.4.1")
async def test_what_is_wrong_with_readings_keeps_the_whole_file_out(house):
    """Lower than before unless the meter was replaced, no such unit, a row twice: each at its row and column."""
    before = csv_of(READING_HEADINGS, "2,2-201,water,,2026-01,100,,", "2,2-202,water,,2026-01,100,,")
    await report(house, "collector", READINGS, before)
    wrong = csv_of(
        READING_HEADINGS,
        "2,2-201,water,,2026-02,99,,",
        "2,2-202,water,,2026-02,110,,",
        "2,2-202,water,,2026-02,111,,",
        "9,2-202,water,,2026-02,111,,",
        "2,2-202,power,,2026-02,111,,",
        "2,2-202,water,,soon,111,,",
    )
    answer = await sent(house, "collector", READINGS, wrong)
    assert (answer.status_code, answer.json()["code"]) == (422, "import_has_errors")
    found = [(each["row"], each["field"], each["code"]) for each in answer.json()["details"]["errors"]]
    assert found == [
        (2, "value", "lower_than_before"),
        (4, "value", "row_repeated"),
        (5, "unit", "no_account"),
        (6, "item", "not_metered"),
        (7, "month", "bad_month"),
    ]
    assert len(await readings(house, house.flats[1])) == 1
    replaced = csv_of(READING_HEADINGS, "2,2-201,water,,2026-02,7,105,2")
    await report(house, "collector", READINGS, replaced)
    assert (await readings(house, house.flats[0]))[-1] == ("2026-02", "7", "10")


@pytest.mark.clause("R13.4.1")
async def test_an_absurd_use_is_doubted_and_booked(house):
    """More than three times the use before is a warning at its row, by the rules' value."""
    for month, value in (("2026-01", 0), ("2026-02", 10)):
        await report(house, "collector", READINGS, csv_of(READING_HEADINGS, f"2,2-201,water,,{month},{value},,"))
    jump = await report(house, "collector", READINGS, csv_of(READING_HEADINGS, "2,2-201,water,,2026-03,41,,"))
    assert jump["booked"] == 1
    assert [(each["row"], each["code"]) for each in jump["warnings"]] == [(2, "doubtful_use")]


@pytest.mark.clause("R13.4.2.7")
async def test_a_row_of_the_bank_is_booked_once_however_often_it_comes(house):
    """Overlapping statements, the same file again, another unit named for it: the reference decides."""
    await house.charge(house.flats[0], "property_fee")
    first = csv_of(BANK_HEADINGS, "A1,2026-03-01,25.00,,2,2-201,孙八", "A2,2026-03-01,¥10.5,,,2-202,周九")
    done = await report(house, "finance", BANK, first)
    assert (done["booked"], done["unmatched"]) == (2, [])
    assert [await balance(house, flat) for flat in house.flats] == [0, -1_050]
    overlapping = csv_of(
        BANK_HEADINGS, "A2,2026-03-01,10.50,,2,2-202,周九", "A2,2026-03-01,10.50,,2,2-201,", "A3,2026-03-02,1,,2,2-201,"
    )
    refused = await sent(house, "finance", BANK, overlapping)
    assert refused.json()["details"]["errors"][0]["code"] == "reference_repeated"
    elsewhere = csv_of(BANK_HEADINGS, "A2,2026-03-01,10.50,,2,2-201,周九", "A3,2026-03-02,1,,2,2-201,")
    again = await report(house, "finance", BANK, elsewhere)
    assert (again["skipped"], again["booked"]) == (1, 1)
    assert [await balance(house, flat) for flat in house.flats] == [-100, -1_050]
    other = await sent(house, "finance", BANK, csv_of(BANK_HEADINGS, "A2,2026-03-01,11,,2,2-202,"))
    assert other.json()["details"]["errors"][0]["code"] == "reference_taken"
    assert (await house.read("finance", "reports/fee-receipts-held"))["items"] == []


@pytest.mark.clause("R13.4.2.7")
async def test_two_imports_of_one_statement_at_once_book_it_once(house):
    """Whatever runs concurrently: the store holds each row for one account."""
    file = csv_of(BANK_HEADINGS, *(f"C{n},2026-03-01,1.00,,2,2-20{n % 2 + 1}," for n in range(40)))
    answers = await asyncio.gather(*(sent(house, "finance", BANK, file) for _ in range(2)))
    assert {each.status_code for each in answers} <= {200, 503}
    assert sum(each.json()["booked"] for each in answers if each.status_code == 200) == 40
    assert [await balance(house, flat) for flat in house.flats] == [-2_000, -2_000]


@pytest.mark.clause("R13.4.2.7")
async def test_rows_of_no_account_are_told_with_what_to_do_and_the_others_are_booked(house):
    """Strangers, ambiguous units and money that went out; once the unit is named, the same file books the rest."""
    await house.account("2-201", building="3")
    file = csv_of(
        BANK_HEADINGS,
        "B1,2026-03-01,5,,2,2-201,",
        "B2,2026-03-01,5,,,2-201,",
        "B3,2026-03-01,5,,9,9-999,",
        "B4,2026-03-01,5,,,,某公司",
        "B5,2026-03-01,-30,,2,2-202,",
        f"B6,2026-03-01,5,{house.flats[1]},,,",
        "B7,2026-03-01,5,00000000-0000-0000-0000-000000000001,,,",
    )
    done = await report(house, "finance", BANK, file, lang="en")
    assert (done["new"], done["booked"]) == (2, 2)
    told = {each["row"]: each["code"] for each in done["unmatched"]}
    assert told == {3: "ambiguous_unit", 4: "no_account", 5: "unit_missing", 6: "not_incoming", 8: "no_account"}
    assert "again" in done["unmatched"][0]["message"]
    named = csv_of(BANK_HEADINGS, "B1,2026-03-01,5,,2,2-201,", "B2,2026-03-01,5,,3,2-201,")
    assert (await report(house, "finance", BANK, named))["booked"] == 1


@pytest.mark.clause("R13.4.2.7")
async def test_one_bad_row_of_a_statement_keeps_all_of_it_out(house):
    """An amount with a part of a fen, a day to come: nothing is half done, nor rounded."""
    file = csv_of(
        BANK_HEADINGS, "D1,2026-03-01,5,,2,2-201,", "D2,2026-03-01,5.005,,2,2-201,", "D3,2026-12-01,5,,2,2-202,"
    )
    answer = await sent(house, "finance", BANK, file)
    found = [(each["row"], each["field"], each["code"]) for each in answer.json()["details"]["errors"]]
    assert found == [(3, "amount_fen", "not_money"), (4, "paid_on", "paid_in_future")]
    assert [await balance(house, flat) for flat in house.flats] == [0, 0]


@pytest.mark.clause("R13.4.2.7")
async def test_who_may_import_what(house):
    """Readings by collectors, bank rows by finance alone; another tenant's project has no accounts there."""
    file = csv_of(BANK_HEADINGS, "E1,2026-03-01,5,,2,2-201,")
    assert (await sent(house, "collector", BANK, file)).status_code == 403
    assert (await sent(house, "staff", READINGS, csv_of(READING_HEADINGS))).status_code == 403
    assert (await sent(house, "finance", BANK, file, project_id="none")).status_code == 400
    assert (await sent(house, "finance", BANK, file, media="application/json")).status_code == 415
    elsewhere = await report(house, "stranger", BANK, file)
    assert [each["code"] for each in elsewhere["unmatched"]] == ["no_account"]
    assert await balance(house, house.flats[0]) == 0


@pytest.mark.clause("R13.4.1", "R13.4.2.7")
@pytest.mark.parametrize("name", ["readings", "bank-rows"])
async def test_a_template_can_be_imported_as_it_is(house, name):
    """Its example row is passed over, in both formats; a workbook filled in is read cell by cell."""
    media = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
    for suffix, kind in media.items():
        template = await house["finance"].get(f"/v1/fee-accounts/import-templates/{name}.{suffix}")
        assert template.status_code == 200
        answer = await sent(house, "finance", f"fee-accounts/import-{name}", template.content, media=kind)
        assert answer.json()["details"]["ignored"] == 1
    book = load_workbook(io.BytesIO(template.content))
    assert isinstance(book, Workbook)
    filled = {
        "readings": ["", "2", "2-201", "water", "", "2026-02", 12.5],
        "bank-rows": ["F1", date(2026, 3, 1), 0.1, "", "2", "2-201"],
    }
    book.worksheets[0].append(filled[name])
    content = io.BytesIO()
    book.save(content)
    done = await report(house, "finance", f"fee-accounts/import-{name}", content.getvalue(), media=media["xlsx"])
    assert done["booked"] == 1


@given(st.integers(-(10**11), 10**11))
@settings(deadline=None)
def test_yuan_become_fen_exactly(fen):
    """However it is written: with separators, signs of money, one decimal or two, never by a binary fraction."""
    whole, cents = divmod(abs(fen), 100)
    sign = "-" if fen < 0 else ""
    for text in (f"{sign}{whole}.{cents:02}", f"¥{sign}{whole:,}.{cents:02}元", f" {sign}{whole:,}.{cents:02}0"):
        assert in_fen(None, text) == fen


@pytest.mark.parametrize("cell", ["", "1.005", "1e3", "12,34.5", "一百", True, date(2026, 3, 1), "nan", float("inf")])
def test_what_is_no_amount_is_refused(cell):
    """Nothing is guessed, and nothing rounded."""
    with pytest.raises(BadCell):
        in_fen(None, cell)
