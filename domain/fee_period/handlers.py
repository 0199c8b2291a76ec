"""How a fee period is opened, its prices are decided, and it is closed (R13.4.2.1, R13.4.2.6)."""

from datetime import date, time, timedelta
from uuid import UUID

from domain.fee_period import messages as m
from domain.fee_period.state import FeePeriodState
from domain.kernel import Context, Event, Refusal, derived_id
from domain.periods import first_day, last_day, next_month
from domain.rules.r13 import Price, in_force

MAX_DECISIONS = 100


def period_id(project: UUID, first_month: str) -> UUID:
    """The period of a project that begins with a month."""
    return derived_id(project, "fee_period", first_month)


def open_period(_: None, command: m.OpenFeePeriod, context: Context) -> tuple[Event, ...]:
    """Open a period of as many months as the rules in force on its first day say."""
    first = first_day(command.first_month)
    found = in_force(context, first)
    last_month = command.first_month
    for _month in range(found.values.period_months - 1):
        last_month = next_month(last_month)
    return (
        m.FeePeriodOpened(
            project_id=command.project_id,
            name=command.name,
            first_month=command.first_month,
            last_month=last_month,
            begins_at=context.calendar.at(first, time.min),
            ends_at=context.calendar.at(last_day(last_month) + timedelta(days=1), time.min),
            opened_by=_person(context),
            rule_version=found.version,
        ),
    )


def decide_price(state: FeePeriodState, command: m.DecidePrice, context: Context) -> tuple[Event, ...]:
    """Let the price of a later list apply within the period, by a decision that is named (R13.4.2.6)."""
    _must_be(state, "open")
    person = _person(context)
    if not first_day(state.first_month) < command.listed_on <= min(last_day(state.last_month), context.today):
        raise _value(
            "not_within_period",
            "调价所依据的价目日期须在周期首日之后、不晚于今天",
            "The list is one of a day after the period's first and not after today.",
            "listed_on",
        )
    if not state.first_month <= command.from_month <= state.last_month:
        raise _value("not_within_period", "月份不在本周期内", "The month is not one of the period.", "from_month")
    if len(state.decided) >= MAX_DECISIONS:
        raise Refusal("too_many", zh=f"最多{MAX_DECISIONS}项决定", en=f"At most {MAX_DECISIONS} decisions.")
    found = in_force(context, command.listed_on)
    price = _listed(found.values.prices, command.item)
    first = next(
        (one for one in in_force(context, first_day(state.first_month)).values.prices if one.code == command.item), None
    )
    if first is None or price.price_fen == first.price_fen:
        raise _value(
            "same_price",
            "该日价目与周期首日相同或首日没有该项目",
            "That list has the price of the first day, or the first day's has no such item.",
            "listed_on",
        )
    return (
        m.PriceDecided(
            item=command.item,
            kind=price.kind,
            from_month=command.from_month,
            price_fen=price.price_fen,
            first_price_fen=first.price_fen,
            label=price.zh,
            per=price.per,
            listed_on=command.listed_on,
            decision=command.decision,
            reason=command.reason,
            evidence=command.evidence,
            decided_by=person,
            rule_version=found.version,
        ),
    )


def close(state: FeePeriodState, _: m.CloseFeePeriod, context: Context) -> tuple[Event, ...]:
    """Begin to close a period on its last day or later: fix prices, the day of payment and who is told what."""
    _must_be(state, "open")
    person = _person(context)
    if context.today < last_day(state.last_month):
        raise Refusal("period_not_over", zh="该期尚未结束", en="The period is yet to end.", clause="R13.4.2.1")
    found = in_force(context, first_day(state.first_month))
    rules = found.values
    return (
        m.ClosingBegun(
            project_id=state.project_id,
            first_month=state.first_month,
            last_month=state.last_month,
            prices=_prices(state, rules.prices),
            due_on=_due_on(context, rules.payment_days),
            notice=rules.notice,
            closed_by=person,
            readings={"R13.4.2.1.notice": rules.notice},
            rule_version=found.version,
        ),
    )


def complete(state: FeePeriodState, command: m.CompleteClosing, context: Context) -> tuple[Event, ...]:
    """Record what the closing came to."""
    _must_be(state, "closing")
    return (
        m.FeePeriodClosed(
            first_month=state.first_month,
            last_month=state.last_month,
            accounts=command.accounts,
            notices=command.notices,
            refused=command.refused,
            amount_fen=command.amount_fen,
            closed_on=context.today,
        ),
    )


def number(state: FeePeriodState, command: m.NumberNotices, _: Context) -> tuple[Event, ...]:
    """Record the block of numbers, once."""
    _must_be(state, "closed")
    if state.numbers is not None:
        return ()
    return (
        m.NoticesNumbered(
            year=command.year,
            first=command.first,
            agency=command.agency,
            code=command.code,
            pattern=command.pattern,
        ),
    )


def _prices(state: FeePeriodState, listed: tuple[Price, ...]) -> tuple[m.FixedPrice, ...]:
    """The list of the first day, and what was decided since; of two decisions for a month the later counts."""
    fixed = {
        (price.code, state.first_month): m.FixedPrice(
            item=price.code,
            kind=price.kind,
            from_month=state.first_month,
            price_fen=price.price_fen,
            label=price.zh,
            per=price.per,
        )
        for price in listed
    }
    for one in state.decided:
        fixed[one.item, one.from_month] = m.FixedPrice(
            item=one.item,
            kind=one.kind,
            from_month=one.from_month,
            price_fen=one.price_fen,
            label=one.label,
            per=one.per,
        )
    return tuple(fixed[key] for key in sorted(fixed))


def _due_on(context: Context, days: int) -> date:
    return context.calendar.add_days(context.today, days)


def _listed(prices: tuple[Price, ...], item: str) -> Price:
    price = next((one for one in prices if one.code == item), None)
    if price is None:
        raise _value("not_on_the_list", "价目表中没有该项目", "The price list has no such item.", "item")
    return price


def _must_be(state: FeePeriodState, status: str) -> None:
    if state.status != status:
        raise Refusal(
            f"period_{state.status}",
            zh={"open": "该期尚未结账", "closing": "该期正在结账", "closed": "该期已结账"}[state.status],
            en={
                "open": "The period is open.",
                "closing": "The period is being closed.",
                "closed": "The period is closed.",
            }[state.status],
            clause="R13.4.2.1",
        )


def _value(code: str, zh: str, en: str, field: str) -> Refusal:
    return Refusal(code, zh=zh, en=en, clause="R13.4.2.6", kind="value", field=field)


def _person(context: Context) -> UUID:
    if context.actor.id is None:
        raise Refusal(
            "person_required", zh="须由具名人员办理", en="This must be done by a known person.", kind="forbidden"
        )
    return context.actor.id
