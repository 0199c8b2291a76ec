"""The fee account's part of the story: charged, paid in part and too much, reminded, taken back, owned by another."""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID, uuid5

from domain.fee_account import account_id
from domain.fee_account import commands as m
from domain.fee_account.parts import PeriodPrice
from domain.reactions.documents import FORMS, document_id, drawing
from tests.domain.story_repair_fund import ACCOUNTANT, CLERK

PROJECT = UUID(int=0x91)
ACCOUNT = account_id(PROJECT, "1", "1-101")


def charged(month, item="property_fee", quantity="88.5"):
    """A month of the public service fee for a flat."""
    return m.ChargeFee(item=item, first_month=month, last_month=month, quantity=Decimal(quantity))


def opened(**changes):
    """The flat's account."""
    return m.OpenFeeAccount(
        **{
            "project_id": PROJECT,
            "unit": "1-101",
            "building": "1",
            "owner": "赵六",
            "area_m2": Decimal("88.5"),
            **changes,
        }
    )


def standing(month, item="property_fee", basis="area", quantity=None):
    """An item that is charged regularly."""
    return m.SetStandingItem(
        item=item, basis=basis, from_month=month, quantity=None if quantity is None else Decimal(quantity)
    )


PRICES = (
    ("property_fee", "public_service", 250),
    ("water", "agency", 310),
    ("common_repair", "repair", 120),
)


def period(first, last, due_on, *, serial=1, prices=PRICES, **changes):
    """The command that closes a period for an account."""
    given = {
        "period_id": uuid5(PROJECT, first),
        "first_month": first,
        "last_month": last,
        "serial": serial,
        "prices": tuple(
            PeriodPrice(item=item, kind=kind, from_month=first, price_fen=price) for item, kind, price in prices
        ),
        "due_on": due_on,
        "rule_version": 1,
        "notice": "charge_then_reminder",
        "closed_by": CLERK,
    }
    return m.ChargePeriod(**{**given, **changes})


def _printed(world):
    """What the unit owes, and what it was reminded of, are put on paper singly."""
    state, version = world.state("fee_account", ACCOUNT), world.versions["fee_account", ACCOUNT]
    for kind in ("fee_notice", "fee_reminder"):
        command = drawing(FORMS[kind](state), ACCOUNT, version)
        world.send("document", document_id(kind, ACCOUNT, version), command)


def fees(world):
    """Everything that an account knows of happens to one; the rules have been adopted for the repair fund."""
    world.send("fee_account", ACCOUNT, opened())
    month, year = world.now.month, world.now.year
    name = f"{year}-{month:02}"
    world.send("fee_account", ACCOUNT, standing(name))
    world.send("fee_account", ACCOUNT, standing(name, "common_repair", "fixed", "1"))
    world.send("fee_account", ACCOUNT, m.EndStandingItem(item="common_repair", from_month=name, reason="一次性收取"))
    world.send("fee_account", ACCOUNT, m.ReviseArea(area_m2=Decimal("89.5"), from_month=name, reason="实测"))
    world.advance(datetime(year + month // 12, month % 12 + 1, 10, tzinfo=UTC))
    world.send("fee_account", ACCOUNT, period(name, name, world.now.date()), "system")
    world.send("fee_account", ACCOUNT, charged(name, "water", "12"), person=CLERK)
    world.send("fee_account", ACCOUNT, m.ReceiveFee(amount_fen=10_000, reference="转账"), person=CLERK)
    later = (world.now.month + 2) % 12 + 1
    world.advance(datetime(world.now.year + (later < world.now.month), later, 1, tzinfo=UTC))
    _printed(world)
    world.send("fee_account", ACCOUNT, m.ReceiveFee(amount_fen=30_000, reference="现金"), person=CLERK)
    world.send("fee_account", ACCOUNT, m.ReverseFeeEntry(number=2, reason="抄表有误"), person=ACCOUNTANT)
    service = m.ChargeService(
        item="home_repair", quantity=Decimal(1), done_on=world.context(None).today, reference="工单-1"
    )
    world.send("fee_account", ACCOUNT, service, person=CLERK)
    world.send("fee_account", ACCOUNT, m.ChangeOwner(owner="钱七"))
