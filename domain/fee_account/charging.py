"""How single charges are made by the price list: an item for a period, a service or repair once done (R13.4.2)."""

from datetime import date

from domain.fee_account import commands as c
from domain.fee_account import events as e
from domain.fee_account.guards import (
    MOST_MONTHS,
    amount_of,
    begin_of,
    bounded,
    must_be_a_quantity,
    must_be_uncharged,
    next_number,
    person,
    priced,
    reminder,
    settled,
    value,
)
from domain.fee_account.state import FeeAccountState
from domain.kernel import Context, Event, Refusal
from domain.periods import first_day, last_day, month_of
from domain.rules.r13 import in_force

ONCE = ("special", "repair")
"""The kinds that are charged when they occur (R13.4.1)."""


def charge(state: FeeAccountState, command: c.ChargeFee, context: Context) -> tuple[Event, ...]:
    """Charge a period once it is over, by the price in force on its first day."""
    _must_be_a_period(command, context)
    must_be_uncharged(state, command.item, command.first_month, command.last_month, "first_month")
    return (_charged(state, command, context, first_day(command.first_month)),)


def charge_service(state: FeeAccountState, command: c.ChargeService, context: Context) -> tuple[Event, ...]:
    """Charge what was done, by the price in force on that day (R13.4.2.6)."""
    if command.done_on > context.today:
        raise value("not_done_yet", "尚未完成的服务不得计费", "What is yet to be done is not charged.", "done_on")
    return (_charged(state, command, context, command.done_on),)


def _charged(
    state: FeeAccountState, command: c.ChargeFee | c.ChargeService, context: Context, priced_on: date
) -> e.FeeCharged:
    must_be_a_quantity(command.quantity)
    found = in_force(context, priced_on)
    rules, price = found.values, priced(found.values.prices, command.item)
    service = isinstance(command, c.ChargeService)
    if service and price.kind not in ONCE:
        raise Refusal(
            "charged_by_period",
            zh="该项目按期计费",
            en="This item is charged by the period.",
            clause="R13.4.2.1",
            kind="value",
            field="item",
        )
    amount_fen = amount_of(command.quantity, price.price_fen)
    due_on = context.calendar.add_days(context.today, rules.payment_days)
    tells_unpaid = rules.notice == "reminder_to_unpaid"
    draft = e.FeeCharged(
        number=next_number(state),
        kind=price.kind,
        item=price.code,
        first_month=command.first_month if isinstance(command, c.ChargeFee) else month_of(command.done_on),
        last_month=command.last_month if isinstance(command, c.ChargeFee) else month_of(command.done_on),
        quantity=command.quantity,
        price_fen=price.price_fen,
        amount_fen=amount_fen,
        due_on=due_on,
        form=None if tells_unpaid else "QR-7510-01",
        next_reminder=reminder(1, context.now if tells_unpaid else begin_of(context, due_on), rules, context),
        balance_after_fen=bounded(state, amount_fen),
        charged_by=person(context),
        readings={"R13.4.2.1.notice": rules.notice},
        clause="R13.4.2.6" if service else "R13.4.2.1",
        rule_version=found.version,
        done_on=command.done_on if isinstance(command, c.ChargeService) else None,
        label=price.zh,
        reference=command.reference if isinstance(command, c.ChargeService) else "",
    )
    return settled(state, draft)


def _must_be_a_period(command: c.ChargeFee, context: Context) -> None:
    """A period is at most a year and is charged at its end (R13.4.2.1)."""
    first, last = (int(month[:4]) * 12 + int(month[5:]) for month in (command.first_month, command.last_month))
    if not 0 <= last - first < MOST_MONTHS:
        raise value("not_a_period", "计费期不当", "A period is one month to twelve.", "last_month")
    if context.today < last_day(command.last_month):
        raise value("period_not_over", "该期尚未结束", "The period is yet to end.", "last_month")
