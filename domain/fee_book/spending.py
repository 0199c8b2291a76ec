"""What is passed on to suppliers, what the project is spent on, and what is taken back of it (R13.4.1, R13.4.3)."""

from domain.fee_book import commands as c
from domain.fee_book import events as e
from domain.fee_book.guards import another_than, next_spending, person_of, value
from domain.fee_book.state import Agency, FeeBookState
from domain.kernel import Context, Event
from domain.rules.r13 import in_force

MOST_MONTHS = 12


def appoint_supplier(state: FeeBookState, command: c.AppointSupplier, context: Context) -> tuple[Event, ...]:
    """Name the supplier of an agency item of the price list."""
    found = in_force(context, context.today)
    items = [price.code for price in found.values.prices if price.kind == "agency"]
    if command.item not in items and command.item not in state.agency:
        raise value(
            "not_agency",
            "不是代收代付项目",
            "This is no agency item of the price list.",
            "item",
            "R13.4.1",
            items=items,
        )
    previous = state.agency.get(command.item, Agency()).supplier
    if previous == command.supplier:
        return ()
    return (e.SupplierAppointed(item=command.item, supplier=command.supplier, previous=previous),)


def pass_on(state: FeeBookState, command: c.PassOn, context: Context) -> tuple[Event, ...]:
    """Pay a supplier what was collected for him, and never more."""
    person, known = person_of(context), state.agency.get(command.item)
    if known is None or known.supplier is None:
        raise value("no_supplier", "该项目尚未指定代收单位", "No supplier is named for this item.", "item", "R13.4.1")
    first, last = (int(month[:4]) * 12 + int(month[5:]) for month in (command.first_month, command.last_month))
    if not 0 <= last - first < MOST_MONTHS:
        raise value("not_a_period", "账期不当", "A period is one month to twelve.", "last_month", "R13.4.1")
    if command.amount_fen > known.owed_fen:
        raise value(
            "more_than_collected",
            "转付金额超过已代收未转付的金额",
            "This is more than was collected and not yet passed on.",
            "amount_fen",
            "R13.4.1",
            owed_fen=known.owed_fen,
        )
    return (
        e.PassedOn(
            number=next_spending(state),
            item=command.item,
            supplier=known.supplier,
            amount_fen=command.amount_fen,
            first_month=command.first_month,
            last_month=command.last_month,
            reference=command.reference,
            evidence=command.evidence,
            booked_on=max(context.today, state.open_from),
            owed_after_fen=known.owed_fen - command.amount_fen,
            booked_by=person,
        ),
    )


def record_expenditure(state: FeeBookState, command: c.RecordExpenditure, context: Context) -> tuple[Event, ...]:
    """Record an expenditure under one of the rules' headings."""
    person, found = person_of(context), in_force(context, context.today)
    categories = [category.code for category in found.values.expenditure_categories]
    if command.category not in categories:
        raise value(
            "unknown_category",
            "没有这一支出类别",
            "There is no such heading of expenditure.",
            "category",
            "R13.4.3",
            categories=categories,
        )
    return (
        e.ExpenditureRecorded(
            number=next_spending(state),
            category=command.category,
            amount_fen=command.amount_fen,
            payee=command.payee,
            purpose=command.purpose,
            reference=command.reference,
            evidence=command.evidence,
            booked_on=max(context.today, state.open_from),
            booked_by=person,
            rule_version=found.version,
        ),
    )


def reverse(state: FeeBookState, command: c.ReverseBookEntry, context: Context) -> tuple[Event, ...]:
    """Take an entry back, once, by another than who booked it."""
    person, spent = person_of(context), state.spendings.get(command.number)
    if spent is None or spent.reversed:
        raise value("nothing_to_reverse", "没有可冲销的该笔", "There is no such entry.", "number", "R13.4.3")
    another_than(person, spent.booked_by, "own_booking", "不得冲销本人的记录", "Nobody takes back his own booking.")
    return (
        e.BookEntryReversed(
            number=state.last_entry + 1,
            reverses=command.number,
            what=spent.what,
            code=spent.code,
            amount_fen=spent.amount_fen,
            reason=command.reason,
            booked_on=max(context.today, state.open_from),
            booked_by=person,
        ),
    )
