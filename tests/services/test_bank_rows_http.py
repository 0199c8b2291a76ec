"""A row of the bank that was booked to the wrong unit: taken back, then booked to the right one, by hand or by file."""

import asyncio

import pytest

from tests.services.conftest import Api
from tests.services.fee_house import House, house_of
from tests.services.test_fee_imports import BANK, BANK_HEADINGS, balance, csv_of, report

WRONG, RIGHT = 0, 1
STATEMENT = csv_of(BANK_HEADINGS, "W1,2026-03-01,25.00,,2,2-202,周九")
"""The bank's statement names the right unit."""


@pytest.fixture
async def house(api: Api) -> House:
    """The company with three flats; the row stands in the wrong one."""
    company = await house_of(api)
    company.flats = [await company.account(unit) for unit in ("2-201", "2-202", "2-203")]
    await book(company, WRONG)
    return company


def row(reference="W1"):
    """The row as it is booked by hand."""
    return {"amount_fen": 2_500, "bank_reference": reference, "paid_on": "2026-03-01", "payer": "周九"}


async def book(house, flat, who="finance"):
    """Book the row by hand."""
    await house.send(who, f"fee-accounts/{house.flats[flat]}/book-bank-payment", row())


async def take_back(house, flat, cause, number=1):
    """Take the payment back, by another person of finance."""
    body = {"number": number, "reason": "核对", "cause": cause}
    await house.send("second", f"fee-accounts/{house.flats[flat]}/reverse-fee-entry", body)


async def balances(house):
    """What the flats owe."""
    return [await balance(house, flat) for flat in house.flats]


@pytest.mark.clause("R13.4.2.7")
async def test_the_statement_books_a_row_to_the_right_unit_once_it_is_taken_back(house):
    """Skipped while it stands elsewhere; then planned by a dry run, booked once, and skipped again."""
    assert (await report(house, "finance", BANK, STATEMENT, dry_run=True))["skipped"] == 1
    await take_back(house, WRONG, "wrong_unit")
    tried = await report(house, "finance", BANK, STATEMENT, dry_run=True)
    assert (tried["new"], tried["skipped"], tried["booked"], tried["unmatched"]) == (1, 0, 0, [])
    assert await balances(house) == [0, 0, 0]
    assert (await report(house, "finance", BANK, STATEMENT))["booked"] == 1
    again = await report(house, "finance", BANK, STATEMENT)
    assert (again["new"], again["skipped"]) == (0, 1)
    assert await balances(house) == [0, -2_500, 0]


@pytest.mark.clause("R13.4.2.7")
async def test_a_statement_that_names_the_wrong_unit_again_is_told_so(house):
    """It is not booked back to where it was taken from as another's; a person who knows better may."""
    await take_back(house, WRONG, "wrong_unit")
    wrong = csv_of(BANK_HEADINGS, "W1,2026-03-01,25.00,,2,2-201,周九")
    told = await report(house, "finance", BANK, wrong, dry_run=True, lang="en")
    assert [(each["row"], each["code"]) for each in told["unmatched"]] == [(2, "taken_back_here")]
    assert (await report(house, "finance", BANK, wrong))["booked"] == 0
    await book(house, WRONG)
    assert await balances(house) == [-2_500, 0, 0]


@pytest.mark.clause("R13.4.2.7")
async def test_a_mistake_is_booked_again_and_what_the_bank_sent_back_is_not(house):
    """The same statement books it once more, or passes it over for good."""
    await take_back(house, WRONG, "mistake")
    same = csv_of(BANK_HEADINGS, "W1,2026-03-01,25.00,,2,2-201,周九")
    assert (await report(house, "finance", BANK, same))["booked"] == 1
    await take_back(house, WRONG, "bank_return", number=3)
    for file in (same, STATEMENT):
        assert (await report(house, "finance", BANK, file))["skipped"] == 1
    by_hand = await house.refused("finance", f"fee-accounts/{house.flats[RIGHT]}/book-bank-payment", row())
    assert by_hand == (409, "already_taken")
    assert await balances(house) == [0, 0, 0]


@pytest.mark.clause("R13.4.2.7")
async def test_two_units_want_a_freed_row_at_once_and_one_gets_it(house):
    """By hand for one, by the statement for the other, all at once: the store gives it to a single account."""
    await take_back(house, WRONG, "wrong_unit")
    other = f"/v1/fee-accounts/{house.flats[2]}/book-bank-payment"
    asked = {"project_id": (await house.read("auditor", f"fee-accounts/{house.flats[0]}"))["state"]["project_id"]}
    sending = [
        *(house["finance"].post(other, row()) for _ in range(2)),
        *(
            house["finance"].post(f"/v1/{BANK}", content=STATEMENT, params=asked, headers={"content-type": "text/csv"})
            for _ in range(2)
        ),
    ]
    answers = await asyncio.gather(*sending)
    assert {each.status_code for each in answers} <= {200, 409, 422, 503}
    assert sorted(await balances(house)) == [-2_500, 0, 0]


@pytest.mark.clause("R13.4.2.7")
async def test_who_takes_a_row_back_says_why_in_words_that_are_known(house):
    """Nothing said, another word, a collector, a stranger: each is told apart, and the row stays where it is."""
    path = f"fee-accounts/{house.flats[WRONG]}/reverse-fee-entry"
    body = {"number": 1, "reason": "核对"}
    assert await house.refused("second", path, body) == (422, "cause_required")
    assert (await house.refused("second", path, {**body, "cause": "whim"}))[0] == 422
    assert (await house.refused("finance", path, {**body, "cause": "wrong_unit"}))[0] == 403
    assert (await house.refused("collector", path, {**body, "cause": "wrong_unit"}))[0] == 403
    assert (await house.refused("stranger", path, {**body, "cause": "wrong_unit"}))[0] == 404
    assert await balances(house) == [-2_500, 0, 0]
