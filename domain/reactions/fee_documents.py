"""What a unit's notices and reminders say: of the events that they are, and of an account as it stands (R13.4.2)."""

from domain.documents.fees import FeeLine, FeeNotice, FeeReminder
from domain.fee_account import FeeAccountState
from domain.fee_account.events import FeeReminded, PeriodCharged
from domain.reactions.drawing import Form

LATE_FEE = "滞纳金"


def of_period(event: PeriodCharged) -> FeeNotice | FeeReminder:
    """The notice that a period's end brings: by the other reading, a reminder to whoever owes."""
    place = placed(event.building, event.unit)
    lines = tuple(
        FeeLine(
            label=line.label or line.item,
            months=spanned(line.first_month, line.last_month),
            quantity=f"{line.quantity.normalize():f}",
            per=line.per,
            price_fen=line.price_fen,
            amount_fen=line.amount_fen,
        )
        for line in event.lines
    )
    if event.form == "QR-7510-02":
        return FeeReminder(
            place=place,
            owner=event.owner,
            level=1,
            how="notice",
            lines=lines,
            unpaid_fen=event.payable_fen,
            late_fee_fen=0,
            due_on=event.due_on,
        )
    return FeeNotice(
        place=place,
        owner=event.owner,
        period=spanned(event.first_month, event.last_month),
        lines=lines,
        amount_fen=event.amount_fen,
        arrears_fen=event.arrears_fen,
        credit_fen=event.amount_fen + event.arrears_fen - event.payable_fen,
        payable_fen=event.payable_fen,
        due_on=event.due_on,
    )


def of_reminder(event: FeeReminded) -> FeeReminder:
    """The reminder that a step of the ladder is."""
    return FeeReminder(
        place=placed(event.building, event.unit),
        owner=event.owner,
        level=event.level,
        how=event.how,
        lines=tuple(
            FeeLine(
                label=one.label or one.item or LATE_FEE,
                months=spanned(one.first_month, one.last_month),
                amount_fen=one.unpaid_fen,
            )
            for one in event.charges
        ),
        unpaid_fen=event.unpaid_fen,
        late_fee_fen=event.late_fee_fen,
        due_on=event.due_on,
    )


def fee_notice(state: FeeAccountState) -> Form | None:
    """All that a unit owes now; nothing to print while it owes nothing."""
    unpaid = state.unpaid()
    if not unpaid:
        return None
    months = [entry.first_month for number in unpaid if (entry := state.entries[number]).first_month]
    ends = [entry.last_month for number in unpaid if (entry := state.entries[number]).last_month]
    owed_fen = sum(unpaid.values())
    due = [due_on for number in unpaid if (due_on := state.entries[number].due_on) is not None]
    contents = FeeNotice(
        place=placed(state.building, state.unit),
        owner=state.owner,
        period=spanned(min(months, default=""), max(ends, default="")),
        lines=_unpaid(state, tuple(unpaid)),
        amount_fen=owed_fen,
        arrears_fen=0,
        credit_fen=0,
        payable_fen=owed_fen,
        due_on=max(due, default=None),
    )
    return Form(contents, state.entries[max(unpaid)].rule_version, tuple(sorted(unpaid)))


def fee_reminder(state: FeeAccountState) -> Form | None:
    """The reminder of what was reminded of and is still unpaid, by the highest step taken; none before the first."""
    unpaid = state.unpaid()
    reminded = [bill for bill in state.bills.values() if bill.level and any(one in unpaid for one in bill.charges)]
    if not reminded:
        return None
    highest = max(reminded, key=lambda bill: bill.level)
    numbers = tuple(number for bill in reminded for number in bill.charges if number in unpaid)
    contents = FeeReminder(
        place=placed(state.building, state.unit),
        owner=state.owner,
        level=highest.level,
        how=highest.how,
        lines=_unpaid(state, numbers),
        unpaid_fen=sum(unpaid[number] for number in numbers),
        late_fee_fen=0,
        due_on=None,
    )
    return Form(contents, highest.rule_version, tuple(sorted(numbers)))


def placed(building: str, unit: str) -> str:
    """Where a unit is."""
    return f"{building} {unit}" if building else unit


def spanned(first_month: str, last_month: str) -> str:
    """Months as they are printed; a late fee has none."""
    if not first_month:
        return "—"
    return first_month if first_month == last_month else f"{first_month} 至 {last_month}"


def _unpaid(state: FeeAccountState, numbers: tuple[int, ...]) -> tuple[FeeLine, ...]:
    unpaid = state.unpaid()
    return tuple(
        FeeLine(
            label=(entry := state.entries[number]).label or entry.item or LATE_FEE,
            months=spanned(entry.first_month, entry.last_month),
            amount_fen=unpaid[number],
        )
        for number in numbers
    )
