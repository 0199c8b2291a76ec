"""The fee book: what is collected is handed over once, passed on, spent under headings, and published as it is."""

from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace

from domain.fee_account import commands as a
from domain.fee_book import commands as c
from domain.fee_book import events as e
from domain.fee_book.parts import Amounts, Counted
from domain.kernel import Refusal, derived_id
from domain.rule_book.messages import AdoptPack, DraftVersion, PublishVersion
from domain.rules.r13 import default_values, validate
from tests.domain.story_fee_book import BOOK, FLAT, MANAGER, PROJECT, account, charge, paid, passing, spending
from tests.domain.story_repair_fund import ACCOUNTANT, CLERK
from tests.domain.world import BOOKS, PEOPLE, World

MARCH = datetime(2026, 3, 2, 1, tzinfo=UTC)
FUND = derived_id(PROJECT, "repair_fund")
CASH = Counted(cash_fen=5_000)


def book(now=MARCH):
    """A world with a flat's account under the shipped rules, and so with a project's book."""
    world = World(now)
    world.send("rule_book", BOOKS["R13"], AdoptPack(regulation="R13", effective_from=date(2026, 1, 1)))
    world.send("fee_account", FLAT, account())
    return world


def told(world, kind):
    """The events of a kind, in the order in which they happened."""
    return [event for *_, event in world.log if isinstance(event, kind)]


def pay(world, amount_fen=5_000, means="cash", person=CLERK):
    """A payment to a collector."""
    world.send("fee_account", FLAT, paid(amount_fen, means), person=person)


def send(world, command, person=ACCOUNTANT):
    """Send a command to the book; its one event."""
    (event,) = world.send("fee_book", BOOK, command, person=person)
    return event


def refused(world, command, person=ACCOUNTANT):
    """The refusal of a command."""
    with pytest.raises(Refusal) as caught:
        send(world, command, person)
    return caught.value


def charged(world, *items, month="2026-02"):
    """A month charged for items."""
    for item in items:
        world.send("fee_account", FLAT, charge(month, item), person=CLERK)


@pytest.mark.clause("R13.4.2.7")
def test_receipts_are_handed_over_once_by_whoever_holds_them():
    """By means of payment, to the fen; a receipt that was handed over is in no other hand-over, nor is another's."""
    world = book()
    pay(world)
    pay(world, 700, "card")
    pay(world, 900, person=PEOPLE[2])
    event = send(world, c.HandOver(counted=Counted(cash_fen=5_000, card_fen=700)), CLERK)
    assert event.due == Amounts(cash_fen=5_000, card_fen=700)
    assert refused(world, c.HandOver(counted=CASH), CLERK).code == "nothing_to_hand_over"
    pay(world, 300)
    second = send(world, c.HandOver(counted=Counted(cash_fen=300)), CLERK)
    assert not set(second.entries) & set(event.entries)
    assert set(world.state("fee_book", BOOK).held) == {PEOPLE[2]}


@pytest.mark.clause("R13.4.2.7")
def test_receipts_up_to_an_entry_are_handed_over_and_later_ones_stay():
    """What came while the money was counted is left for the next time."""
    world = book()
    pay(world)
    first = world.state("fee_book", BOOK).last_entry
    pay(world, 800)
    assert send(world, c.HandOver(counted=CASH, up_to=first), CLERK).entries == (first,)
    assert [one.amount_fen for one in world.state("fee_book", BOOK).receipts.values()] == [800]


@pytest.mark.clause("R13.4.2.7")
def test_what_the_bank_reported_is_in_nobodys_hands():
    """A row of its statement needs no hand-over; it is booked on the day it was paid, once."""
    world = book()
    bank = a.BookBankPayment(amount_fen=400, bank_reference="流水-9", paid_on=date(2026, 2, 27))
    world.send("fee_account", FLAT, bank, person=ACCOUNTANT)
    assert world.state("fee_book", BOOK).receipts == {}
    (noted,) = told(world, e.ReceiptNoted)
    assert (noted.banked, noted.received_on, noted.booked_on) == (True, date(2026, 2, 27), date(2026, 3, 1))
    with pytest.raises(Refusal) as caught:
        world.send("fee_account", FLAT, bank, person=ACCOUNTANT)
    assert caught.value.code == "bank_row_booked"


@pytest.mark.clause("R13.4.2.7")
def test_a_count_that_differs_is_explained_and_never_simply_confirmed():
    """A note is asked for; finance records the difference, which stays open until it is settled by another."""
    world = book()
    pay(world)
    short = c.HandOver(counted=Counted(cash_fen=4_900))
    assert refused(world, short, CLERK).code == "count_differs"
    send(world, replace(short, note="少一百"), CLERK)
    assert refused(world, c.ConfirmHandover(handover=1)).code == "difference_to_record"
    received = Counted(cash_fen=4_900)
    differs = c.RecordDifference(handover=1, received=received, reason="短款")
    assert refused(world, differs, CLERK).code == "own_handover"
    assert refused(world, replace(differs, received=CASH)).code == "no_difference"
    assert send(world, differs).difference == Amounts(cash_fen=-100)
    assert refused(world, c.ConfirmHandover(handover=1)).code == "difference_open"
    settle = c.SettleDifference(handover=1, how="paid_in", reason="已补交")
    assert refused(world, settle, CLERK).code == "own_handover"
    assert send(world, settle, MANAGER).difference == Amounts(cash_fen=-100)
    assert refused(world, settle, MANAGER).code == "no_open_handover"
    assert world.state("fee_book", BOOK).handovers == {}


@pytest.mark.clause("R13.4.2.7")
def test_what_comes_to_what_was_received_is_confirmed_by_finance():
    """Never by who handed it over; then nothing of it is open."""
    world = book()
    pay(world)
    send(world, c.HandOver(counted=CASH), CLERK)
    assert refused(world, c.ConfirmHandover(handover=1), CLERK).code == "own_handover"
    assert refused(world, c.SettleDifference(handover=1, how="explained", reason="无")).code == "no_open_difference"
    assert send(world, c.ConfirmHandover(handover=1)).received == CASH.amounts
    assert refused(world, c.ConfirmHandover(handover=1)).code == "no_open_handover"


@pytest.mark.clause("R13.4.2.7")
def test_a_payment_taken_back_before_it_was_handed_over_is_owed_no_more():
    """It leaves what the collector holds."""
    world = book()
    pay(world)
    world.send("fee_account", FLAT, a.ReverseFeeEntry(number=1, reason="误收"), person=ACCOUNTANT)
    assert world.state("fee_book", BOOK).receipts == {}
    assert told(world, e.ReceiptTakenBack)[0].handed_over is False


@pytest.mark.clause("R13.4.2.7")
def test_a_payment_taken_back_after_it_was_handed_over_stands_against_the_next():
    """The next hand-over comes to less by it, by name of the entry."""
    world = book()
    pay(world)
    send(world, c.HandOver(counted=CASH), CLERK)
    world.send("fee_account", FLAT, a.ReverseFeeEntry(number=1, reason="退款"), person=ACCOUNTANT)
    pay(world, 6_000)
    event = send(world, c.HandOver(counted=Counted(cash_fen=1_000)), CLERK)
    assert (event.due, len(event.entries)) == (Amounts(cash_fen=1_000), 2)


@pytest.mark.clause("R13.4.2.7")
def test_receipts_not_handed_over_in_time_are_told_and_told_again():
    """From the end of the third day on, as often as the rules say; handed over, nothing is told any more."""
    world = book()
    pay(world)
    world.advance(datetime(2026, 3, 5, 15, 59, tzinfo=UTC))
    assert told(world, e.HandoverOverdue) == []
    world.advance(datetime(2026, 4, 30, tzinfo=UTC))
    late = told(world, e.HandoverOverdue)
    assert [(each.level, each.amount_fen, each.collector) for each in late] == [
        (level, 5_000, CLERK) for level in (1, 2, 3)
    ]
    assert late[-1].next_at is None
    pay(world, 100)
    send(world, c.HandOver(counted=Counted(cash_fen=5_100)), CLERK)
    world.advance(datetime(2026, 6, 1, tzinfo=UTC))
    assert len(told(world, e.HandoverOverdue)) == 3


@pytest.mark.clause("R13.4.1")
def test_a_supplier_is_passed_on_what_was_collected_and_no_more():
    """By item and supplier; what is taken back of a payment afterwards is owed by the next."""
    world = book()
    charged(world, "water")
    pay(world, 3_100)
    assert refused(world, passing(100, "2026-02")).code == "no_supplier"
    assert refused(world, c.AppointSupplier(item="property_fee", supplier="某公司")).code == "not_agency"
    send(world, c.AppointSupplier(item="water", supplier="某水务公司"))
    over = refused(world, passing(3_101, "2026-02"))
    assert (over.code, over.details) == ("more_than_collected", {"owed_fen": 3_100})
    event = send(world, passing(3_100, "2026-02"))
    assert (event.supplier, event.owed_after_fen) == ("某水务公司", 0)
    world.send("fee_account", FLAT, a.ReverseFeeEntry(number=2, reason="误收"), person=ACCOUNTANT)
    assert world.state("fee_book", BOOK).agency["water"].owed_fen == -3_100
    assert refused(world, passing(1, "2026-02")).code == "more_than_collected"


@pytest.mark.clause("R13.4.3")
def test_an_expenditure_stands_under_a_heading_and_is_taken_back_by_another():
    """Other headings there are none; what was taken back once is not taken back again."""
    world = book()
    assert refused(world, spending(category="party")).code == "unknown_category"
    spent = send(world, spending())
    back = c.ReverseBookEntry(number=spent.number, reason="误记")
    assert refused(world, back).code == "own_booking"
    assert send(world, back, MANAGER).amount_fen == spent.amount_fen
    assert refused(world, back, MANAGER).code == "nothing_to_reverse"


@pytest.mark.clause("R13.4.1", "R13.4.2.8")
def test_what_is_paid_for_repairs_is_the_repair_funds():
    """It is no income of the company, enters the fund by itself, and leaves it when the payment is taken back."""
    world = book()
    charged(world, "common_repair", "property_fee")
    pay(world, 1_200)
    assert world.state("repair_fund", FUND).balance_fen == 1_200
    assert world.state("fee_book", BOOK).months["2026-03"].income_fen == {}
    world.send("fee_account", FLAT, a.ReverseFeeEntry(number=3, reason="误收"), person=ACCOUNTANT)
    assert world.state("repair_fund", FUND).balance_fen == 0


@pytest.mark.clause("R13.4.3")
def test_a_period_is_published_over_in_order_and_frozen():
    """Income by kind, what is others' apart, what was paid in advance apart; the next half-year is owed then."""
    world = book()
    charged(world, "water", "property_fee", "common_repair")
    pay(world, 10_000)
    send(world, c.AppointSupplier(item="water", supplier="某水务公司"))
    send(world, passing(1_000, "2026-02"))
    send(world, spending(700))
    publish = c.PublishAccounts(first_month="2026-01")
    assert refused(world, publish).code == "period_not_over"
    world.advance(datetime(2026, 7, 8, tzinfo=UTC))
    assert refused(world, c.PublishAccounts(first_month="2026-07")).code == "out_of_order"
    event = send(world, publish)
    assert (event.income_fen, event.spent_fen, event.surplus_fen) == (
        {"public_service": 2_500},
        {"cleaning": 700},
        1_800,
    )
    (water,) = event.agency
    assert (water.supplier, water.collected_fen, water.passed_on_fen, water.closing_fen) == (
        "某水务公司",
        3_100,
        1_000,
        2_100,
    )
    assert (event.repair_fen, event.advance_moved_fen, event.in_time) == (1_200, 3_200, True)
    assert (event.entries, event.last_entry) == (3, 3)
    assert (event.next_owed.first_month, event.next_owed.last_month) == ("2026-07", "2026-12")
    assert refused(world, publish).code == "out_of_order"


@pytest.mark.clause("R13.4.3")
def test_what_comes_late_is_booked_after_the_published_period():
    """A row of the bank dated into a published month counts in the month that is open."""
    world = book()
    world.advance(datetime(2026, 7, 8, tzinfo=UTC))
    send(world, c.PublishAccounts(first_month="2026-01"))
    bank = a.BookBankPayment(amount_fen=400, bank_reference="流水-9", paid_on=date(2026, 6, 27))
    world.send("fee_account", FLAT, bank, person=ACCOUNTANT)
    assert told(world, e.ReceiptNoted)[0].booked_on == date(2026, 7, 1)


@pytest.mark.clause("R13.4.3")
def test_accounts_not_published_in_time_are_told_and_told_again():
    """Thirty days after the half-year, then monthly, as often as the rules say; published late, that is said."""
    world = book()
    world.advance(datetime(2026, 12, 1, tzinfo=UTC))
    late = told(world, e.PublicationOverdue)
    assert [(each.level, each.first_month, each.due_on) for each in late] == [
        (level, "2026-01", date(2026, 7, 30)) for level in (1, 2, 3)
    ]
    assert not send(world, c.PublishAccounts(first_month="2026-01")).in_time


@pytest.mark.clause("R13.4.3")
def test_money_paid_in_advance_is_income_when_the_reading_says_so():
    """Once it pays a charge, or when it is received."""
    found = {}
    for reading in ("on_charge", "on_receipt"):
        world = book(datetime(2026, 1, 2, 1, tzinfo=UTC))
        drafter, publisher, _ = PEOPLE
        draft = DraftVersion(changes={"advance": reading, "handover_days": 4}, note="读法")
        world.send("rule_book", BOOKS["R13"], draft, person=drafter)
        put = PublishVersion(version=2, effective_from=date(2026, 2, 1))
        world.send("rule_book", BOOKS["R13"], put, person=publisher)
        pay(world, 2_500)
        world.advance(datetime(2026, 7, 8, tzinfo=UTC))
        event = send(world, c.PublishAccounts(first_month="2026-01"))
        found[reading] = (event.income_fen, event.advance_closing_fen, event.readings)
    assert found == {
        "on_charge": ({}, 2_500, {"R13.4.3.advance": "on_charge"}),
        "on_receipt": ({"advance": 2_500}, 2_500, {"R13.4.3.advance": "on_receipt"}),
    }


@pytest.mark.clause("R13.4.1")
def test_money_paid_in_advance_moves_to_what_it_pays_later():
    """No money comes or goes: the moves add up to nothing."""
    world = book()
    pay(world, 10_000)
    charged(world, "water", "property_fee")
    moved = told(world, e.SettlementMoved)
    assert [[(each.kind, each.amount_fen) for each in one.moves] for one in moved] == [
        [("agency", 3_100), ("advance", -3_100)],
        [("public_service", 2_500), ("advance", -2_500)],
    ]
    world.send("fee_account", FLAT, a.ReverseFeeEntry(number=2, reason="抄错"), person=ACCOUNTANT)
    assert world.state("fee_book", BOOK).agency["water"].owed_fen == 0


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"arrears_days": (90, 30)}, "arrears_days"),
        ({"handover_levels": 0}, "handover_levels"),
        ({"expenditure_categories": default_values().expenditure_categories[:1] * 2}, "expenditure_categories[1].code"),
    ],
)
def test_senseless_values_are_named(changes, named):
    """Each contradiction is found at its field."""
    assert named in {problem.field for problem in validate(replace(default_values(), **changes))}


def test_a_book_begins_before_there_are_rules():
    """Payments are noted from the first on; when they are owed is known once the tenant has rules."""
    world = World(MARCH)
    world.send("fee_account", FLAT, account())
    pay(world)
    state = world.state("fee_book", BOOK)
    assert state.owed is None
    assert [each.hand_over_by for each in state.receipts.values()] == [None]
    world.send("rule_book", BOOKS["R13"], AdoptPack(regulation="R13", effective_from=date(2026, 1, 1)))
    world.advance(MARCH + timedelta(days=200))
    assert send(world, c.PublishAccounts(first_month="2026-01")).advance_closing_fen == 5_000
