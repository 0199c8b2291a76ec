"""The repair fund's part of the story: paid in, spent on a repair, a booking taken back, half a year published."""

from datetime import UTC, datetime
from uuid import UUID

from domain.kernel import derived_id
from domain.repair_fund import messages as m
from domain.rule_book.messages import AdoptPack
from tests.domain.world import BOOKS

PROJECT = UUID(int=0x81)
FUND = derived_id(PROJECT, "repair_fund")
CLERK, ACCOUNTANT = UUID(int=0x82), UUID(int=0x83)


def paid_in(amount_fen=100_000, unit="1-101"):
    """An owner's contribution."""
    return m.ReceiveContribution(amount_fen=amount_fen, unit=unit, reference="收据")


def repair(amount_fen=30_000, purpose="lifts"):
    """A repair of the lifts."""
    return m.SpendFund(amount_fen=amount_fen, purpose=purpose, work="更换曳引绳", payee="某电梯公司", reference="发票")


def opened(world):
    """Begin the fund under the shipped rules."""
    effective_from = world.context(None).today
    world.send("rule_book", BOOKS["R13"], AdoptPack(regulation="R13", effective_from=effective_from))
    world.send("repair_fund", FUND, m.OpenFund(project_id=PROJECT, name="东校区"))


def repair_fund(world):
    """Everything that a fund knows of happens to one."""
    opened(world)
    world.send("repair_fund", FUND, paid_in(), person=CLERK)
    world.send("repair_fund", FUND, paid_in(unit="1-102"), person=CLERK)
    world.send("repair_fund", FUND, repair(), person=CLERK)
    world.send("repair_fund", FUND, m.ReverseBooking(number=2, reason="重复入账"), person=ACCOUNTANT)
    year, half = world.now.year, 1 if world.now.month <= 6 else 7
    world.advance(datetime(year + (half == 7), 7 if half == 1 else 1, 10, tzinfo=UTC))
    world.send("repair_fund", FUND, m.PublishStatement(first_month=f"{year}-{half:02}"), person=ACCOUNTANT)
