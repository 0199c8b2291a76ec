"""An accountability case reaches others: ledgers, the case it is about or goes into; a complaint becomes one."""

from domain.accountability.commands import (
    BarAccused,
    BarHandlers,
    ConcludeMerge,
    OfferMerge,
    TakeOverComplaint,
    TellHandlers,
)
from domain.accountability.events import (
    CaseAbsorbed,
    CaseInitiated,
    HandledCaseLinked,
    HandlersTold,
    MergeDeclined,
    MergeRequested,
)
from domain.accountability.events_after import (
    Consequence,
    EffectImposed,
    EffectReversed,
    ExecutionRecorded,
    SanctionImposed,
    SanctionReversed,
)
from domain.complaint.events import ComplaintReferred
from domain.kernel import Cause, Command, Dispatch, Reaction
from domain.penalty_ledger.commands import CauseRef, IssueEntry, ReverseEntry, SettleEntry
from domain.reactions.penalties import ledger_id

NOUN = "accountability_case"


def enter_sanction(event: SanctionImposed, cause: Cause) -> tuple[Dispatch, ...]:
    """A form that took effect is an entry in the ledger of the person or the unit (R4.7)."""
    return _to_ledger(
        event,
        IssueEntry(
            subject_kind=event.subject_kind,
            subject=event.subject,
            entry_key=event.entry_key,
            kind="sanction",
            form=event.form.code,
            period=event.period,
            clause=event.clause,
            rule_version=event.rule_version,
            reading=_readings(event.readings),
            causes=(_ref(cause),),
            act=f"{NOUN}:{cause.stream_id}:{event.respondent_id}:sanction",
        ),
    )


def enter_effect(event: EffectImposed, cause: Cause) -> tuple[Dispatch, ...]:
    """An effect on appraisal is an entry for the month of the person or the year of the unit (R4.8).

    It follows from the sanction and is no second penalty, so it stands for an act of its own.
    """
    return _to_ledger(
        event,
        IssueEntry(
            subject_kind=event.subject_kind,
            subject=event.subject,
            entry_key=event.entry_key,
            kind="effect",
            effect=event.effect,
            period=event.period,
            clause=event.clause,
            rule_version=event.rule_version,
            reading=_readings(event.readings),
            causes=(_ref(cause),),
            act=f"{NOUN}:{cause.stream_id}:{event.respondent_id}:effect",
        ),
    )


def take_back(event: SanctionReversed | EffectReversed, cause: Cause) -> tuple[Dispatch, ...]:
    """What a review took back is reversed in the ledger (R4.22)."""
    reason = event.reason[:REASON_LENGTH]
    return _to_ledger(event, ReverseEntry(entry_key=event.entry_key, reason=reason, causes=(_ref(cause),)))


def book_execution(event: ExecutionRecorded, cause: Cause) -> tuple[Dispatch, ...]:
    """A form that was carried out is settled in the ledger, with the event as its reference (R4.5)."""
    if not event.done or event.entry_key is None or event.subject_kind is None or event.subject is None:
        return ()
    settle = SettleEntry(entry_key=event.entry_key, reference=f"{cause.stream_id}:{cause.stream_version}")
    return (Dispatch("penalty_ledger", ledger_id(event.subject_kind, event.subject), settle),)


def offer_merge(event: MergeRequested, cause: Cause) -> tuple[Dispatch, ...]:
    """The other case is asked to take this one in."""
    offer = OfferMerge(
        source_case=cause.stream_id,
        respondents=event.respondents,
        grounds=event.grounds,
        interested=event.interested,
    )
    return (Dispatch(NOUN, event.into, offer),)


def conclude_merge(event: CaseAbsorbed | MergeDeclined, cause: Cause) -> tuple[Dispatch, ...]:
    """The case that asked learns the answer."""
    answer = ConcludeMerge(into=cause.stream_id, accepted=isinstance(event, CaseAbsorbed))
    return (Dispatch(NOUN, event.source_case, answer),)


def ask_for_handlers(event: HandledCaseLinked, cause: Cause) -> tuple[Dispatch, ...]:
    """A case about another one learns who handled that (R4.23)."""
    return (Dispatch(NOUN, event.case_id, TellHandlers(case_id=cause.stream_id)),)


def bar_handlers(event: HandlersTold, cause: Cause) -> tuple[Dispatch, ...]:
    """Who handled the case at issue may not handle the case about it (R4.21)."""
    return (Dispatch(NOUN, event.case_id, BarHandlers(of_case=cause.stream_id, persons=event.handlers)),)


def bar_accused(event: CaseInitiated, cause: Cause) -> tuple[Dispatch, ...]:
    """Once a case of abuse is initiated, who answers in it may not go on with the case at issue (R4.21)."""
    if event.about_case is None:
        return ()
    return (Dispatch(NOUN, event.about_case, BarAccused(case_id=cause.stream_id, persons=event.accused)),)


def report_referred(event: ComplaintReferred, cause: Cause) -> tuple[Dispatch, ...]:
    """A complaint referred to the office is reported as a case (R4.13); its id stands in the complaint already."""
    command = TakeOverComplaint(
        complaint_id=cause.stream_id,
        matter=event.subject,
        account=event.account,
        receipt_hash=event.receipt_hash,
        receipt_until=event.receipt_until,
    )
    return (Dispatch(NOUN, event.case_id, command),)


REASON_LENGTH = 2000
"""What a ledger keeps of a reason."""
READING_LENGTH = 120


def _readings(readings: dict[str, str]) -> str | None:
    """The readings taken, as the ledger notes them."""
    return ",".join(f"{name}={value}" for name, value in sorted(readings.items()))[:READING_LENGTH] or None


def _to_ledger(event: Consequence, command: Command) -> tuple[Dispatch, ...]:
    return (Dispatch("penalty_ledger", ledger_id(event.subject_kind, event.subject), command),)


def _ref(cause: Cause) -> CauseRef:
    return CauseRef(cause.stream_id, cause.stream_version)


REACTIONS = (
    Reaction(name="enter_sanction", events=(SanctionImposed,), react=enter_sanction),
    Reaction(name="enter_effect", events=(EffectImposed,), react=enter_effect),
    Reaction(name="take_back_consequence", events=(SanctionReversed, EffectReversed), react=take_back),
    Reaction(name="book_execution", events=(ExecutionRecorded,), react=book_execution),
    Reaction(name="offer_merge", events=(MergeRequested,), react=offer_merge),
    Reaction(name="conclude_merge", events=(CaseAbsorbed, MergeDeclined), react=conclude_merge),
    Reaction(name="ask_for_handlers", events=(HandledCaseLinked,), react=ask_for_handlers),
    Reaction(name="bar_handlers", events=(HandlersTold,), react=bar_handlers),
    Reaction(name="bar_accused", events=(CaseInitiated,), react=bar_accused),
    Reaction(name="report_referred", events=(ComplaintReferred,), react=report_referred),
)
