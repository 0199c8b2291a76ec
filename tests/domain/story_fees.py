"""The fee account's part of the story: charged, paid in part and too much, reminded, taken back, owned by another."""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

from domain.fee_account import messages as m
from domain.kernel import derived_id
from tests.domain.story_repair_fund import ACCOUNTANT, CLERK

PROJECT = UUID(int=0x91)
ACCOUNT = derived_id(PROJECT, "fee_account", "1-101")


def charged(month, item="property_fee", quantity="88.5"):
    """A month of the public service fee for a flat."""
    return m.ChargeFee(item=item, first_month=month, last_month=month, quantity=Decimal(quantity))


def fees(world):
    """Everything that an account knows of happens to one; the rules have been adopted for the repair fund."""
    world.send("fee_account", ACCOUNT, m.OpenFeeAccount(project_id=PROJECT, unit="1-101", owner="赵六"))
    month, year = world.now.month, world.now.year
    name = f"{year}-{month:02}"
    world.advance(datetime(year + month // 12, month % 12 + 1, 10, tzinfo=UTC))
    world.send("fee_account", ACCOUNT, charged(name), person=CLERK)
    world.send("fee_account", ACCOUNT, charged(name, "water", "12"), person=CLERK)
    world.send("fee_account", ACCOUNT, m.ReceiveFee(amount_fen=10_000, reference="转账"), person=CLERK)
    later = (world.now.month + 2) % 12 + 1
    world.advance(datetime(world.now.year + (later < world.now.month), later, 1, tzinfo=UTC))
    world.send("fee_account", ACCOUNT, m.ReceiveFee(amount_fen=30_000, reference="现金"), person=CLERK)
    world.send("fee_account", ACCOUNT, m.ReverseFeeEntry(number=2, reason="抄表有误"), person=ACCOUNTANT)
    world.send("fee_account", ACCOUNT, m.ChangeOwner(owner="钱七"))
