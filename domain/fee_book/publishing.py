"""How a period's accounts are published: derived from the entries, each period once and in order (R13.4.3)."""

from collections.abc import Iterable

from domain.fee_book import commands as c
from domain.fee_book import events as e
from domain.fee_book.guards import person_of, value
from domain.fee_book.parts import AgencyLine
from domain.fee_book.state import FeeBookState, MonthTotals, added
from domain.kernel import Context, Event, Refusal, Text
from domain.periods import last_day, next_month
from domain.rules.r13 import R13Rules, in_force
from domain.statement_periods import PeriodOwed, block_of, period_owed, told_again_at

CLAUSE = "R13.4.3"


def name_book(state: FeeBookState, command: c.NameBook, _: Context) -> tuple[Event, ...]:
    """Name the project."""
    if command.name == state.name:
        return ()
    return (e.BookNamed(name=command.name, previous=state.name),)


def publish(state: FeeBookState, command: c.PublishAccounts, context: Context) -> tuple[Event, ...]:
    """Publish the period that is owed, once it is over; its figures are frozen with the last entry they rest on."""
    person, found = person_of(context), in_force(context, context.today)
    rules = found.values
    owed = state.owed or period_owed(context, rules, block_of(state.opened_month, rules.statement_months))
    if command.first_month != owed.first_month:
        raise value(
            "out_of_order",
            "须按期依次公布",
            "Periods are published in order, each once.",
            "first_month",
            CLAUSE,
            owed=owed.first_month,
        )
    if context.today <= last_day(owed.last_month):
        raise value("period_not_over", "该期尚未结束", "The period is not over.", "first_month", CLAUSE)
    months = [totals for month, totals in state.months.items() if month <= owed.last_month]
    advance_fen = sum(month.advance_fen for month in months)
    income = _sums(month.income_fen for month in months)
    if rules.advance == "on_receipt":
        income = added(income, "advance", advance_fen)
    spent = _sums(month.spent_fen for month in months)
    return (
        e.AccountsPublished(
            project_id=state.project_id,
            first_month=owed.first_month,
            last_month=owed.last_month,
            income_fen=income,
            spent_fen=spent,
            surplus_fen=sum(income.values()) - sum(spent.values()),
            agency=_agency(state, months),
            repair_fen=sum(month.repair_fen for month in months),
            advance_opening_fen=state.advance_opening_fen,
            advance_moved_fen=advance_fen,
            advance_closing_fen=state.advance_opening_fen + advance_fen,
            entries=sum(month.entries for month in months),
            last_entry=state.last_entry,
            due_on=owed.due_on,
            in_time=context.today <= owed.due_on,
            published_on=context.today,
            published_by=person,
            next_owed=period_owed(context, rules, next_month(owed.last_month)),
            readings={"R13.4.3.advance": rules.advance},
            rule_version=found.version,
            name=state.name,
            names=_names(rules, {*spent, *state.agency}),
        ),
    )


def lapse(state: FeeBookState, command: c.LapsePublication, context: Context) -> tuple[Event, ...]:
    """A period's accounts are late: told now, and again until the rules' last time."""
    owed: PeriodOwed | None = state.owed
    if owed is None or owed.first_month != command.first_month or owed.due_at is None:
        raise Refusal("nothing_due", zh="没有这一到期事项", en="Nothing of the kind is due.", clause=CLAUSE)
    if context.now < owed.due_at:
        raise Refusal("not_due_yet", zh="期限未到", en="The time has not passed yet.", clause=CLAUSE)
    found = in_force(context, context.today)
    level = owed.level + 1
    return (
        e.PublicationOverdue(
            first_month=owed.first_month,
            last_month=owed.last_month,
            due_on=owed.due_on,
            level=level,
            next_at=told_again_at(context, found.values, level),
            rule_version=found.version,
        ),
    )


def _names(rules: R13Rules, codes: set[str]) -> dict[str, Text]:
    known = {price.code: Text(price.zh, price.en) for price in rules.prices}
    known |= {category.code: Text(category.zh, category.en) for category in rules.expenditure_categories}
    return {code: known[code] for code in sorted(codes & known.keys())}


def _agency(state: FeeBookState, months: list[MonthTotals]) -> tuple[AgencyLine, ...]:
    collected = _sums(month.collected_fen for month in months)
    passed_on = _sums(month.passed_on_fen for month in months)
    return tuple(
        AgencyLine(
            item=item,
            supplier=known.supplier,
            opening_fen=known.opening_fen,
            collected_fen=collected.get(item, 0),
            passed_on_fen=passed_on.get(item, 0),
            closing_fen=known.opening_fen + collected.get(item, 0) - passed_on.get(item, 0),
        )
        for item, known in sorted(state.agency.items())
    )


def _sums(each: Iterable[dict[str, int]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for amounts in each:
        for key, amount_fen in amounts.items():
            found = added(found, key, amount_fen)
    return found
