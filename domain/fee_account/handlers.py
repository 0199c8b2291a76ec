"""How a unit is charged by the price list, pays, is reminded, and how entries are taken back (R13.4.2)."""

from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from domain.fee_account import messages as m
from domain.fee_account.state import FeeAccountState
from domain.kernel import Context, Event, Refusal
from domain.money import MAX_AMOUNT_FEN, percent_of
from domain.periods import first_day, last_day
from domain.rules.r13 import R13Rules, in_force, version

MAX_ENTRIES = 5_000
MOST_QUANTITY = 1_000_000
DECIMALS = -3
MOST_MONTHS = 12


def open_account(_: None, command: m.OpenFeeAccount, __: Context) -> tuple[Event, ...]:
    """Begin the account of a unit."""
    return (m.FeeAccountOpened(project_id=command.project_id, unit=command.unit, owner=command.owner),)


def change_owner(state: FeeAccountState, command: m.ChangeOwner, _: Context) -> tuple[Event, ...]:
    """Another owner."""
    if command.owner == state.owner:
        return ()
    return (m.OwnerChanged(owner=command.owner, previous=state.owner),)


def charge(state: FeeAccountState, command: m.ChargeFee, context: Context) -> tuple[Event, ...]:
    """Charge a period once it is over, by the price in force on its first day."""
    person = _person(context)
    _must_be_a_period(command, context)
    _must_be_a_quantity(command.quantity)
    _must_be_uncharged(state, command)
    found = in_force(context, first_day(command.first_month))
    price = next((one for one in found.values.prices if one.code == command.item), None)
    if price is None:
        raise _value("not_on_the_list", "价目表中没有该项目", "The price list has no such item.", "item", "R13.4.2.6")
    amount_fen = int((command.quantity * price.price_fen).quantize(Decimal(1), ROUND_HALF_UP))
    balance_fen = state.balance_fen + amount_fen
    if amount_fen == 0 or balance_fen > MAX_AMOUNT_FEN:
        raise _value("amount_out_of_bounds", "金额不当", "The amount is nothing or too large.", "quantity", "R13.4.2.1")
    rules = found.values
    due_on = context.calendar.add_days(context.today, rules.payment_days)
    tells_unpaid = rules.notice == "reminder_to_unpaid"
    return (
        m.FeeCharged(
            number=_next(state),
            kind=price.kind,
            item=price.code,
            first_month=command.first_month,
            last_month=command.last_month,
            quantity=command.quantity,
            price_fen=price.price_fen,
            amount_fen=amount_fen,
            due_on=due_on,
            form=None if tells_unpaid else "QR-7510-01",
            next_reminder=_reminder(1, context.now if tells_unpaid else _from(context, due_on), rules, context),
            balance_after_fen=balance_fen,
            charged_by=person,
            readings={"R13.4.2.1.notice": rules.notice},
            rule_version=found.version,
        ),
    )


def receive(state: FeeAccountState, command: m.ReceiveFee, context: Context) -> tuple[Event, ...]:
    """Book a payment, though it be more than is owed."""
    balance_fen = state.balance_fen - command.amount_fen
    if balance_fen < -MAX_AMOUNT_FEN:
        raise _value("amount_out_of_bounds", "金额过大", "The amount is too large.", "amount_fen", "R13.4.2.7")
    return (
        m.FeeReceived(
            number=_next(state),
            amount_fen=command.amount_fen,
            reference=command.reference,
            balance_after_fen=balance_fen,
            received_by=_person(context),
            received_on=context.today,
        ),
    )


def reverse(state: FeeAccountState, command: m.ReverseFeeEntry, context: Context) -> tuple[Event, ...]:
    """Take an entry back, once, by another than who booked it."""
    person, entry = _person(context), state.entries.get(command.number)
    if entry is None or entry.reversed:
        raise _value("nothing_to_reverse", "没有可冲销的该笔", "There is no such entry.", "number", "R13.4.2.7")
    if person == entry.booked_by:
        raise Refusal(
            "own_booking",
            zh="不得冲销本人的记录",
            en="Nobody takes back his own booking.",
            clause="R13.4.2.7",
            kind="forbidden",
        )
    return (
        m.FeeEntryReversed(
            number=_next(state),
            reverses=command.number,
            effect_fen=-entry.effect_fen,
            reason=command.reason,
            balance_after_fen=state.balance_fen - entry.effect_fen,
            reversed_by=person,
        ),
    )


def lapse(state: FeeAccountState, command: m.LapsePayment, context: Context) -> tuple[Event, ...]:
    """Remind of a charge that is still unpaid, and add the late fee where the tenant's rules set one."""
    unpaid_fen = state.unpaid().get(command.charge, 0)
    entry = state.entries.get(command.charge)
    following = None if entry is None else entry.reminder
    if entry is None or following is None or not unpaid_fen or following.level != command.level:
        raise Refusal("nothing_due", zh="没有这一到期事项", en="Nothing of the kind is due.", clause="R13.4.2.4")
    if context.now < following.due_at:
        raise Refusal("not_due_yet", zh="期限未到", en="The time has not passed yet.", clause="R13.4.2.4")
    assert entry.rule_version is not None
    rules = version(context, entry.rule_version).values
    late_fee_fen = percent_of(unpaid_fen, rules.late_fee_percent)
    return (
        m.FeeReminded(
            charge=command.charge,
            level=following.level,
            how=following.how,
            form="QR-7510-02",
            unpaid_fen=unpaid_fen,
            late_fee_fen=late_fee_fen,
            balance_after_fen=state.balance_fen + late_fee_fen,
            next_reminder=_reminder(following.level + 1, following.due_at, rules, context),
            readings={"R13.4.2.1.notice": rules.notice},
            rule_version=entry.rule_version,
        ),
    )


def _reminder(level: int, after: datetime, rules: R13Rules, context: Context) -> m.NextReminder | None:
    """The reminder of a level, so many days after an instant; none above the highest."""
    if level > len(rules.reminders):
        return None
    step = rules.reminders[level - 1]
    day = context.calendar.local_date(after) + timedelta(days=step.after_days)
    return m.NextReminder(level=level, how=step.how, due_at=context.calendar.at(day, time.min))


def _from(context: Context, due_on: date) -> datetime:
    return context.calendar.at(due_on, time.min)


def _must_be_a_period(command: m.ChargeFee, context: Context) -> None:
    """A period is at most a year and is charged at its end (R13.4.2.1)."""
    first, last = (int(month[:4]) * 12 + int(month[5:]) for month in (command.first_month, command.last_month))
    if not 0 <= last - first < MOST_MONTHS:
        raise _value("not_a_period", "计费期不当", "A period is one month to twelve.", "last_month", "R13.4.2.1")
    if context.today < last_day(command.last_month):
        raise _value("period_not_over", "该期尚未结束", "The period is yet to end.", "last_month", "R13.4.2.1")


def _must_be_uncharged(state: FeeAccountState, command: m.ChargeFee) -> None:
    """Nothing is charged twice: not the same item for a month that a standing charge covers."""
    for number, entry in state.entries.items():
        covers = entry.first_month <= command.last_month and command.first_month <= entry.last_month
        if entry.charge and not entry.reversed and entry.item == command.item and covers:
            raise Refusal(
                "charged_already",
                zh="该项目该期已计费",
                en="This item was charged for this period.",
                clause="R13.4.2.1",
                kind="value",
                field="first_month",
                details={"charge": number},
            )


def _must_be_a_quantity(quantity: Decimal) -> None:
    exponent = quantity.as_tuple().exponent
    if not quantity.is_finite() or not 0 < quantity <= MOST_QUANTITY or int(exponent) < DECIMALS:
        raise _value(
            "quantity_out_of_bounds",
            "数量须大于零、不超过一百万且最多三位小数",
            "A quantity is above zero, at most a million, with at most three decimals.",
            "quantity",
            "R13.4.2.1",
        )


def _value(code: str, zh: str, en: str, field: str, clause: str) -> Refusal:
    return Refusal(code, zh=zh, en=en, clause=clause, kind="value", field=field)


def _next(state: FeeAccountState) -> int:
    number = len(state.entries) + 1
    if number > MAX_ENTRIES:
        raise Refusal("too_many", zh=f"最多{MAX_ENTRIES}笔", en=f"At most {MAX_ENTRIES} entries.")
    return number


def _person(context: Context) -> UUID:
    if context.actor.id is None:
        raise Refusal(
            "person_required", zh="须由具名人员办理", en="This must be done by a known person.", kind="forbidden"
        )
    return context.actor.id
