"""The fee book's part of the story: money collected, handed over short, late, passed on, spent, and published."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from domain.fee_account import account_id
from domain.fee_account import commands as a
from domain.fee_account.parts import Replacement
from domain.fee_book import commands as c
from domain.fee_book.parts import Counted
from domain.kernel import derived_id
from domain.periods import month_of
from tests.domain.story_repair_fund import ACCOUNTANT, CLERK

PROJECT = UUID(int=0x95)
BOOK = derived_id(PROJECT, "fee_book")
FLAT = account_id(PROJECT, "2", "2-201")
MANAGER = UUID(int=0x96)


def account(project=PROJECT, unit="2-201", owner="孙八"):
    """The account of a flat."""
    return a.OpenFeeAccount(project_id=project, unit=unit, building="2", owner=owner)


def charge(month, item, quantity="10"):
    """A month of an item."""
    return a.ChargeFee(item=item, first_month=month, last_month=month, quantity=Decimal(quantity))


def paid(amount_fen, means="cash"):
    """A payment to a collector."""
    return a.ReceiveFee(amount_fen=amount_fen, reference="收据", means=means)


def passing(amount_fen, month, item="water"):
    """A payment to a supplier."""
    return c.PassOn(item=item, amount_fen=amount_fen, first_month=month, last_month=month, reference="转账")


def spending(amount_fen=2_000, category="cleaning"):
    """An expenditure of the project."""
    return c.RecordExpenditure(
        category=category, amount_fen=amount_fen, payee="某保洁公司", purpose="保洁服务", reference="发票"
    )


def fee_book(world):
    """Everything that a book knows of happens to one; the rules have been adopted for the repair fund."""
    world.send("fee_account", FLAT, account())
    month = month_of(world.now.date())
    world.send("fee_account", FLAT, a.SetStandingItem(item="water", basis="metered", from_month=month), person=CLERK)
    world.send("fee_account", FLAT, a.RecordReading(item="water", month=month, value=Decimal(100)), person=CLERK)
    world.advance(world.now + timedelta(days=40))
    later = month_of(world.now.date())
    renewed = Replacement(old_last=Decimal(112), new_first=Decimal(0))
    read = a.RecordReading(item="water", month=later, value=Decimal(3), replaced=renewed)
    world.send("fee_account", FLAT, read, person=CLERK)
    for item in ("property_fee", "water", "common_repair"):
        world.send("fee_account", FLAT, charge(month, item), person=CLERK)
    collect(world)
    hand_over(world)
    spend(world, month)
    publish(world)


def collect(world):
    """Paid in cash and by card, by the bank, and a payment taken back that was not handed over yet."""
    world.send("fee_account", FLAT, paid(3_000), person=CLERK)
    world.send("fee_account", FLAT, paid(9_000, "card"), person=CLERK)
    bank = a.BookBankPayment(amount_fen=500, bank_reference="流水-1", paid_on=world.context(None).today)
    world.send("fee_account", FLAT, bank, person=ACCOUNTANT)
    world.send("fee_account", FLAT, paid(100), person=CLERK)
    last = max(world.state("fee_account", FLAT).entries)
    world.send("fee_account", FLAT, a.ReverseFeeEntry(number=last, reason="重复"), person=ACCOUNTANT)
    bounced = a.BookBankPayment(amount_fen=700, bank_reference="流水-2", paid_on=world.context(None).today)
    world.send("fee_account", FLAT, bounced, person=ACCOUNTANT)
    returned = a.ReverseFeeEntry(number=last + 2, reason="银行退汇", cause="bank_return")
    world.send("fee_account", FLAT, returned, person=MANAGER)
    world.advance(world.now + timedelta(days=8))


def hand_over(world):
    """Late, short, and explained; another time exactly, though a payment handed over before was taken back."""
    short = Counted(cash_fen=2_900, card_fen=9_000)
    world.send("fee_book", BOOK, c.HandOver(counted=short, note="少一百"), person=CLERK)
    world.send("fee_book", BOOK, c.RecordDifference(handover=1, received=short, reason="短款"), person=ACCOUNTANT)
    settle = c.SettleDifference(handover=1, how="paid_in", reason="已补交")
    world.send("fee_book", BOOK, settle, person=ACCOUNTANT)
    handed = next(number for number, one in world.state("fee_account", FLAT).entries.items() if one.means == "card")
    world.send("fee_account", FLAT, a.ReverseFeeEntry(number=handed, reason="退卡"), person=ACCOUNTANT)
    world.send("fee_account", FLAT, paid(20_000, "card"), person=CLERK)
    world.send("fee_book", BOOK, c.HandOver(counted=Counted(card_fen=11_000)), person=CLERK)
    world.send("fee_book", BOOK, c.ConfirmHandover(handover=2), person=ACCOUNTANT)


def spend(world, month):
    """Water is passed on to two suppliers in turn, cleaning is paid; one of each is taken back."""
    world.send("fee_book", BOOK, c.AppointSupplier(item="water", supplier="某水务公司"), person=ACCOUNTANT)
    world.send("fee_book", BOOK, passing(1_000, month), person=ACCOUNTANT)
    world.send("fee_book", BOOK, c.AppointSupplier(item="water", supplier="某水务集团"), person=ACCOUNTANT)
    world.send("fee_book", BOOK, passing(500, month), person=ACCOUNTANT)
    mistaken = world.state("fee_book", BOOK).last_entry
    world.send("fee_book", BOOK, c.ReverseBookEntry(number=mistaken, reason="误付"), person=MANAGER)
    world.send("fee_book", BOOK, spending(), person=ACCOUNTANT)


def publish(world):
    """Not in time, and told so; the next half-year is owed from then on."""
    owed = world.state("fee_book", BOOK).owed
    world.advance(owed.due_at + timedelta(days=1))
    world.send("fee_book", BOOK, c.NameBook(name="某小区"), person=ACCOUNTANT)
    world.send("fee_book", BOOK, c.PublishAccounts(first_month=owed.first_month), person=ACCOUNTANT)
