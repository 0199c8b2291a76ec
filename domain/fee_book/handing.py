"""How collectors hand receipts over to finance, and what becomes of a difference (R13.4.2.7)."""

from domain.fee_book import commands as c
from domain.fee_book import events as e
from domain.fee_book.guards import another_than, person_of, value
from domain.fee_book.parts import Amounts
from domain.fee_book.state import FeeBookState, Handover, amounts_of
from domain.kernel import Context, Event, Refusal
from domain.rules.r13 import in_force

MAX_RECEIPTS = 10_000
"""In one event, which is then of some 50 KB."""
CLAUSE = "R13.4.2.7"


def hand_over(state: FeeBookState, command: c.HandOver, context: Context) -> tuple[Event, ...]:
    """A collector hands over what he holds; each receipt once, for it leaves what is open."""
    person = person_of(context)
    held = {
        number: receipt
        for number, receipt in state.held_by(person).items()
        if command.up_to is None or number <= command.up_to
    }
    if not held:
        raise Refusal(
            "nothing_to_hand_over", zh="没有未上交的收款", en="You hold no receipts to hand over.", clause=CLAUSE
        )
    if len(held) > MAX_RECEIPTS:
        part = dict(list(held.items())[:MAX_RECEIPTS])
        raise value(
            "too_many_receipts",
            f"一次最多上交{MAX_RECEIPTS}笔，请分批上交",
            f"At most {MAX_RECEIPTS} receipts are handed over at once; hand over in parts.",
            "up_to",
            CLAUSE,
            up_to=max(part),
            due=amounts_of(part.values()),
        )
    due = amounts_of(held.values())
    if command.counted.amounts != due and command.note is None:
        raise value(
            "count_differs",
            "清点金额与收款记录不符，请说明",
            "The count is not what the receipts come to; say why.",
            "note",
            CLAUSE,
            due=due,
        )
    return (
        e.HandedOver(
            handover=state.last_handover + 1,
            collector=person,
            entries=tuple(sorted(held)),
            due=due,
            counted=command.counted.amounts,
            note=command.note,
            handed_over_on=context.today,
        ),
    )


def confirm(state: FeeBookState, command: c.ConfirmHandover, context: Context) -> tuple[Event, ...]:
    """Finance received what was due, and nothing is open any more."""
    person, handover = person_of(context), _submitted(state, command.handover)
    _not_his_own(handover, context)
    if handover.counted != handover.due:
        raise Refusal(
            "difference_to_record",
            zh="清点金额与收款记录不符，须登记差异",
            en="The count is not what the receipts come to; record the difference.",
            clause=CLAUSE,
            details={"due": handover.due, "counted": handover.counted},
        )
    return (
        e.HandoverConfirmed(
            handover=command.handover,
            collector=handover.collector,
            received=handover.due,
            confirmed_by=person,
            confirmed_on=context.today,
        ),
    )


def record_difference(state: FeeBookState, command: c.RecordDifference, context: Context) -> tuple[Event, ...]:
    """Finance received more or less, and that stays open until somebody settles it."""
    person, handover = person_of(context), _submitted(state, command.handover)
    _not_his_own(handover, context)
    received = command.received.amounts
    difference = received.minus(handover.due)
    if difference == Amounts():
        raise value("no_difference", "与收款记录相符，无差异", "There is no difference.", "received", CLAUSE)
    return (
        e.DifferenceRecorded(
            handover=command.handover,
            collector=handover.collector,
            received=received,
            difference=difference,
            reason=command.reason,
            recorded_by=person,
            recorded_on=context.today,
        ),
    )


def settle(state: FeeBookState, command: c.SettleDifference, context: Context) -> tuple[Event, ...]:
    """A difference is paid in, explained or written off, never by the collector himself."""
    person, handover = person_of(context), _open(state, command.handover)
    _not_his_own(handover, context)
    if handover.difference is None:
        raise Refusal("no_open_difference", zh="该次上交没有待处理差异", en="No difference is open.", clause=CLAUSE)
    return (
        e.DifferenceSettled(
            handover=command.handover,
            collector=handover.collector,
            difference=handover.difference,
            how=command.how,
            reason=command.reason,
            evidence=command.evidence,
            settled_by=person,
            settled_on=context.today,
        ),
    )


def lapse(state: FeeBookState, command: c.LapseHandover, context: Context) -> tuple[Event, ...]:
    """Receipts are late: told now, and again until the rules' last time."""
    late = {
        number: receipt
        for number, receipt in state.held_by(command.collector).items()
        if receipt.amount_fen > 0 and receipt.hand_over_by is not None and receipt.hand_over_by <= context.now
    }
    if not late:
        raise Refusal("nothing_due", zh="没有这一到期事项", en="Nothing of the kind is due.", clause=CLAUSE)
    found = in_force(context, context.today)
    level = max(receipt.level for receipt in late.values()) + 1
    again_on = context.calendar.add_days(context.today, max(found.values.handover_days, 1))
    return (
        e.HandoverOverdue(
            collector=command.collector,
            entries=tuple(sorted(late)),
            amount_fen=sum(receipt.amount_fen for receipt in late.values()),
            oldest_on=min(receipt.received_on for receipt in late.values()),
            level=level,
            next_at=None if level >= found.values.handover_levels else context.calendar.end_of_day(again_on),
            rule_version=found.version,
        ),
    )


def _open(state: FeeBookState, number: int) -> Handover:
    handover = state.handovers.get(number)
    if handover is None:
        raise Refusal("no_open_handover", zh="没有这次待处理的上交", en="No such hand-over is open.", clause=CLAUSE)
    return handover


def _submitted(state: FeeBookState, number: int) -> Handover:
    handover = _open(state, number)
    if handover.status != "submitted":
        raise Refusal(
            "difference_open", zh="该次上交的差异尚未处理", en="A difference of this hand-over is open.", clause=CLAUSE
        )
    return handover


def _not_his_own(handover: Handover, context: Context) -> None:
    another_than(
        person_of(context),
        handover.collector,
        "own_handover",
        "不得确认本人上交的款项",
        "Nobody receives his own hand-over.",
    )
