"""How a repair fund takes in, is spent on repairs and on nothing else, and is accounted for (R13.4.2.8, R13.4.3)."""

from uuid import UUID

from msgspec.structs import replace

from domain.kernel import Context, Event, Refusal, Text
from domain.money import MAX_AMOUNT_FEN
from domain.periods import first_day, last_day, month_of, next_month
from domain.repair_fund import messages as m
from domain.repair_fund.state import MonthTotals, RepairFundState, evolve
from domain.rules.r13 import in_force
from domain.statement_periods import block_of, period_owed, told_again_at

MAX_BOOKINGS = 20_000
COLLECTED = "修缮基金"
"""What a fund is called that begins with the first charge for repairs that is paid."""


def open_fund(_: None, command: m.OpenFund, context: Context) -> tuple[Event, ...]:
    """Begin a project's fund."""
    return (_opened(command.project_id, command.name, context),)


def _opened(project: UUID, name: str, context: Context) -> m.FundOpened:
    try:
        rules = in_force(context, context.today).values
    except Refusal:  # a fund may begin before the tenant has rules; what it owes is known with its first statement
        owed = None
    else:
        owed = period_owed(context, rules, block_of(month_of(context.today), rules.statement_months))
    return m.FundOpened(project_id=project, name=name, opened_on=context.today, owed=owed)


def receive(state: RepairFundState, command: m.ReceiveContribution, context: Context) -> tuple[Event, ...]:
    """Book what was paid in."""
    person, found = _person(context), in_force(context, context.today)
    balance_fen = state.balance_fen + command.amount_fen
    if balance_fen > MAX_AMOUNT_FEN:
        raise Refusal(
            "amount_too_large",
            zh="金额过大",
            en="The amount is too large.",
            clause="R13.4.1",
            kind="value",
            field="amount_fen",
        )
    return (
        m.ContributionReceived(
            number=_next(state),
            amount_fen=command.amount_fen,
            unit=command.unit,
            reference=command.reference,
            booked_on=context.today,
            balance_after_fen=balance_fen,
            booked_by=person,
            rule_version=found.version,
        ),
    )


def collect(state: RepairFundState | None, command: m.NoteCollected, context: Context) -> tuple[Event, ...]:
    """Book what the accounts of units tell of charges for repairs; the first begins the fund."""
    if command.amount_fen == 0:
        return ()
    found = in_force(context, context.today)
    opened = _opened(command.project_id, COLLECTED, context)
    fund = evolve(None, opened) if state is None else state
    booked = m.ContributionReceived if command.amount_fen > 0 else m.ContributionTakenBack
    event = booked(
        number=_number(fund),
        amount_fen=abs(command.amount_fen),
        unit=command.unit,
        reference=command.reference,
        booked_on=context.today,
        balance_after_fen=fund.balance_fen + command.amount_fen,
        booked_by=command.collector,
        rule_version=found.version,
    )
    if isinstance(event, m.ContributionReceived):
        event = replace(event, collected=True)
    return (event,) if state is not None else (opened, event)


def spend(state: RepairFundState, command: m.SpendFund, context: Context) -> tuple[Event, ...]:
    """Spend on a repair that the rules name, and no more than there is; anything else is refused (R13.4.2.8)."""
    person, found = _person(context), in_force(context, context.today)
    purposes = [purpose.code for purpose in found.values.fund_purposes]
    if command.purpose not in purposes:
        raise Refusal(
            "fund_ring_fenced",
            zh="修缮基金专款专用，不得用于其他用途",
            en="The repair fund is spent on repairs alone.",
            clause="R13.4.2.8",
            kind="value",
            field="purpose",
            details={"purposes": purposes},
        )
    if command.amount_fen > state.balance_fen:
        raise Refusal(
            "fund_too_small",
            zh="修缮基金余额不足",
            en="There is not as much in the fund.",
            clause="R13.4.2.8",
            details={"balance_fen": state.balance_fen},
        )
    return (
        m.FundSpent(
            number=_next(state),
            amount_fen=command.amount_fen,
            purpose=command.purpose,
            work=command.work,
            payee=command.payee,
            reference=command.reference,
            evidence=command.evidence,
            booked_on=context.today,
            balance_after_fen=state.balance_fen - command.amount_fen,
            booked_by=person,
            rule_version=found.version,
        ),
    )


def reverse(state: RepairFundState, command: m.ReverseBooking, context: Context) -> tuple[Event, ...]:
    """Take a booking back, by another person, once; a contribution only while it has not been spent."""
    person, booking = _person(context), state.bookings.get(command.number)
    if booking is None or booking.reversed or booking.effect_fen == 0:
        raise Refusal(
            "nothing_to_reverse",
            zh="没有可冲销的该笔记录",
            en="There is no such booking to take back.",
            clause="R13.4.2.8",
            kind="value",
            field="number",
        )
    if person == booking.booked_by:
        raise Refusal(
            "own_booking",
            zh="不得冲销本人的记录",
            en="Nobody takes back his own booking.",
            clause="R13.4.2.8",
            kind="forbidden",
        )
    balance_fen = state.balance_fen - booking.effect_fen
    if balance_fen > MAX_AMOUNT_FEN or (booking.effect_fen > 0 and balance_fen < 0):
        raise Refusal(
            "fund_too_small",
            zh="该笔款项已支用，不能冲销",
            en="It has been spent and can not be taken back.",
            clause="R13.4.2.8",
            details={"balance_fen": state.balance_fen},
        )
    return (
        m.BookingReversed(
            number=_next(state),
            reverses=command.number,
            effect_fen=-booking.effect_fen,
            reason=command.reason,
            booked_on=context.today,
            balance_after_fen=balance_fen,
            booked_by=person,
        ),
    )


def publish(state: RepairFundState, command: m.PublishStatement, context: Context) -> tuple[Event, ...]:
    """Publish a period that is over, each once and in order, so that nothing falls between two statements."""
    person, found = _person(context), in_force(context, context.today)
    months = found.values.statement_months
    begin = first_day(command.first_month)
    if (begin.month - 1) % months:
        raise _period("not_a_period", "不是一个公布周期的首月", "No period begins with this month.")
    covered = [command.first_month]
    while len(covered) < months:
        covered.append(next_month(covered[-1]))
    if context.today <= last_day(covered[-1]):
        raise _period("period_not_over", "该期尚未结束", "The period is not over.")
    expected = state.opened_month if state.published_until is None else next_month(state.published_until)
    if expected not in covered:
        raise _period("out_of_order", "须按期依次公布", "Periods are published in order, each once.")
    totals = [state.months.get(month, MonthTotals()) for month in covered]
    spent: dict[str, int] = {}
    for one in totals:
        for purpose, amount_fen in one.spent_fen.items():
            spent[purpose] = spent.get(purpose, 0) + amount_fen
    due_on = context.calendar.add_days(last_day(covered[-1]), found.values.statement_days)
    return (
        m.FundStatementPublished(
            first_month=covered[0],
            last_month=covered[-1],
            opening_fen=state.closing_fen,
            received_fen=sum(one.received_fen for one in totals),
            spent_fen=spent,
            reversed_fen=sum(one.reversed_fen for one in totals),
            closing_fen=state.closing_fen + sum(one.effect_fen for one in totals),
            bookings=sum(one.bookings for one in totals),
            due_on=due_on,
            in_time=context.today <= due_on,
            published_by=person,
            rule_version=found.version,
            next_owed=period_owed(context, found.values, next_month(covered[-1])),
            names={each.code: Text(each.zh, each.en) for each in found.values.fund_purposes if each.code in spent},
        ),
    )


def lapse(state: RepairFundState, command: m.LapseStatement, context: Context) -> tuple[Event, ...]:
    """A period of the fund is late: told now, and again until the rules' last time."""
    owed = state.owed
    if owed is None or owed.first_month != command.first_month or owed.due_at is None:
        raise Refusal("nothing_due", zh="没有这一到期事项", en="Nothing of the kind is due.", clause="R13.4.3")
    if context.now < owed.due_at:
        raise Refusal("not_due_yet", zh="期限未到", en="The time has not passed yet.", clause="R13.4.3")
    found = in_force(context, context.today)
    return (
        m.FundStatementOverdue(
            first_month=owed.first_month,
            last_month=owed.last_month,
            due_on=owed.due_on,
            level=owed.level + 1,
            next_at=told_again_at(context, found.values, owed.level + 1),
            rule_version=found.version,
        ),
    )


def _period(code: str, zh: str, en: str) -> Refusal:
    return Refusal(code, zh=zh, en=en, clause="R13.4.3", kind="value", field="first_month")


def _next(state: RepairFundState) -> int:
    if len(state.bookings) >= MAX_BOOKINGS:
        raise Refusal("too_many", zh=f"最多{MAX_BOOKINGS}笔", en=f"At most {MAX_BOOKINGS} bookings.")
    return _number(state)


def _number(state: RepairFundState) -> int:
    return max(len(state.bookings), state.last_number) + 1


def _person(context: Context) -> UUID:
    if context.actor.id is None:
        raise Refusal(
            "person_required", zh="须由具名人员办理", en="This must be done by a known person.", kind="forbidden"
        )
    return context.actor.id
