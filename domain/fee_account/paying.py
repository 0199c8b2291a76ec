"""How payments are booked, entries are taken back, and what is unpaid is reminded of (R13.4.2.4, R13.4.2.7).

The ladder's steps are notice, visit and letter. There is no step that withholds a service: a unit that owes is asked,
and asked again.
"""

from msgspec.structs import replace

from domain.fee_account import commands as c
from domain.fee_account import events as e
from domain.fee_account.guards import next_number, person, reminder, settled, value
from domain.fee_account.parts import UnpaidCharge
from domain.fee_account.state import FeeAccountState, FeeEntry
from domain.kernel import Context, Event, Refusal
from domain.money import MAX_AMOUNT_FEN
from domain.rules.r13 import in_force, late_fee_of, version


def receive(state: FeeAccountState, command: c.ReceiveFee, context: Context) -> tuple[Event, ...]:
    """Book a payment, though it be more than is owed."""
    draft = e.FeeReceived(
        number=next_number(state),
        amount_fen=command.amount_fen,
        reference=command.reference,
        balance_after_fen=_after_paying(state, command.amount_fen),
        received_by=person(context),
        received_on=context.today,
        means=command.means,
    )
    return (settled(state, draft),)


def book_bank_payment(state: FeeAccountState, command: c.BookBankPayment, context: Context) -> tuple[Event, ...]:
    """Book a row of the bank's statement that no entry holds here; that none does elsewhere the store sees to."""
    if any(entry.holds(command.bank_reference) for entry in state.entries.values()):
        raise value(
            "bank_row_booked", "该银行流水已入账", "This row of the bank was booked.", "bank_reference", "R13.4.2.7"
        )
    if command.paid_on > context.today:
        raise value("paid_in_future", "到账日期不得晚于今天", "The day is yet to come.", "paid_on", "R13.4.2.7")
    draft = e.FeeReceived(
        number=next_number(state),
        amount_fen=command.amount_fen,
        reference=command.payer or command.bank_reference,
        balance_after_fen=_after_paying(state, command.amount_fen),
        received_by=person(context),
        received_on=command.paid_on,
        means="transfer",
        bank_reference=command.bank_reference,
    )
    return (settled(state, draft),)


def _after_paying(state: FeeAccountState, amount_fen: int) -> int:
    balance_fen = state.balance_fen - amount_fen
    if balance_fen < -MAX_AMOUNT_FEN:
        raise value("amount_out_of_bounds", "金额过大", "The amount is too large.", "amount_fen", "R13.4.2.7")
    return balance_fen


def reverse(state: FeeAccountState, command: c.ReverseFeeEntry, context: Context) -> tuple[Event, ...]:
    """Take an entry back, once, by another than who booked it; what a payment had paid is owed again."""
    who, entry = person(context), state.entries.get(command.number)
    if entry is None or entry.reversed:
        raise value("nothing_to_reverse", "没有可冲销的该笔", "There is no such entry.", "number", "R13.4.2.7")
    if who == entry.booked_by:
        raise Refusal(
            "own_booking",
            zh="不得冲销本人的记录",
            en="Nobody takes back his own booking.",
            clause="R13.4.2.7",
            kind="forbidden",
        )
    _must_say_why_of_a_row(entry, command)
    draft = e.FeeEntryReversed(
        number=next_number(state),
        reverses=command.number,
        effect_fen=-entry.effect_fen,
        reason=command.reason,
        balance_after_fen=state.balance_fen - entry.effect_fen,
        reversed_by=who,
        reversed_on=context.today,
        cause=command.cause,
    )
    if command.cause is not None:
        found = in_force(context, context.today)
        held = command.cause == "bank_return" and found.values.taken_back_rows == "returned_held"
        readings = {"R13.4.2.7.taken_back_row": found.values.taken_back_rows}
        draft = replace(draft, frees_row=not held, readings=readings, rule_version=found.version)
    return (settled(state, draft),)


def _must_say_why_of_a_row(entry: FeeEntry, command: c.ReverseFeeEntry) -> None:
    """Whether a row of the bank may be booked again nobody can tell but who takes its payment back."""
    if entry.bank_reference is not None and command.cause is None:
        raise value(
            "cause_required",
            "冲销银行到账须说明原因：误记、记错户或银行已退回",
            "Of a payment out of the bank's statement it is to be said why: mistake, wrong_unit or bank_return.",
            "cause",
            "R13.4.2.7",
        )
    if entry.bank_reference is None and command.cause is not None:
        raise value(
            "no_bank_row",
            "该笔不是银行到账，无须说明",
            "This is no payment out of the bank's statement.",
            "cause",
            "R13.4.2.7",
        )


def lapse(state: FeeAccountState, command: c.LapsePayment, context: Context) -> tuple[Event, ...]:
    """Remind of what is unpaid of a notice, and add the late fee where the tenant's rules set one."""
    bill, unpaid = state.bills.get(command.charge), state.unpaid()
    owed = [] if bill is None else [number for number in bill.charges if number in unpaid]
    following = None if bill is None else bill.reminder
    if bill is None or following is None or not owed or following.level != command.level:
        raise Refusal("nothing_due", zh="没有这一到期事项", en="Nothing of the kind is due.", clause="R13.4.2.4")
    if context.now < following.due_at:
        raise Refusal("not_due_yet", zh="期限未到", en="The time has not passed yet.", clause="R13.4.2.4")
    rules = version(context, bill.rule_version).values
    # a late fee is owed on what was charged, never on another late fee
    base_fen = sum(unpaid[number] for number in owed if state.entries[number].item)
    late_fee_fen = late_fee_of(base_fen, rules)
    if state.balance_fen + late_fee_fen > MAX_AMOUNT_FEN:
        late_fee_fen = 0
    later = reminder(following.level + 1, following.due_at, rules, context)
    draft = e.FeeReminded(
        charge=command.charge,
        level=following.level,
        how=following.how,
        form="QR-7510-02",
        unpaid_fen=sum(unpaid[number] for number in owed),
        late_fee_fen=late_fee_fen,
        balance_after_fen=state.balance_fen + late_fee_fen,
        next_reminder=later,
        readings={
            "R13.4.2.1.notice": rules.notice,
            **({"R13.4.2.4.rounding": rules.late_fee_rounding} if late_fee_fen else {}),
        },
        rule_version=bill.rule_version,
        unit=state.unit,
        building=state.building,
        owner=state.owner,
        charges=tuple(
            UnpaidCharge(
                charge=number,
                item=state.entries[number].item,
                first_month=state.entries[number].first_month,
                last_month=state.entries[number].last_month,
                unpaid_fen=unpaid[number],
                label=state.entries[number].label,
            )
            for number in owed
        ),
        due_on=context.today,
        late_fee_number=next_number(state) if late_fee_fen else None,
        reminded_on=context.today,
        last=later is None,
        period_id=bill.period_id,
        serial=None if bill.period_id is None else state.periods.get(bill.period_id),
        verification=context.new_id("verification").bytes[:10].hex(),
    )
    return (settled(state, draft),)
