"""How a matter is reported, by name, by the office, without an account, or as a complaint; and added to (R4.12)."""

from datetime import datetime
from uuid import UUID

from domain.accountability import commands as c
from domain.accountability import events as e
from domain.accountability.clocks import begun
from domain.accountability.evolve import evolve
from domain.accountability.guards import bounded, coded, member, official
from domain.accountability.naming import recorded
from domain.accountability.state import AccountabilityCaseState
from domain.accountability.words import Coded, RespondentDetails
from domain.kernel import Context, Event, Refusal, Text, not_found
from domain.rules.r4 import R4Rules, in_force
from domain.rules.versions import InForce

TITLE = Text(zh="问责案件", en="accountability case")
MAX_MESSAGES = 500


def report(_: None, command: c.ReportMatter, context: Context) -> tuple[Event, ...]:
    """Anyone reports (R4.12); whoever did may not act on the case."""
    return _reported(command, in_force(context, context.today), context, command.respondents, reporter=member(context))


def register(_: None, command: c.RegisterMatter, context: Context) -> tuple[Event, ...]:
    """The office takes in what came by instruction, inspection, the media; by an officer without interest in it."""
    events = _reported(
        command,
        in_force(context, context.today),
        context,
        command.respondents,
        reporter=command.reporter,
        registered_by=member(context),
    )
    official(evolve(None, events[0]), context)
    return events


def report_anonymously(_: None, command: c.ReportAnonymously, context: Context) -> tuple[Event, ...]:
    """Take in a report of which nothing is kept but what it says, the day, and the receipt's hash."""
    found = in_force(context, context.today)
    valid_until = context.calendar.add_days(context.today, found.values.receipt_days)
    return _reported(
        command,
        found,
        context,
        receipt_hash=command.receipt_hash,
        receipt_until=context.calendar.end_of_day(valid_until),
    )


def take_over(_: None, command: c.TakeOverComplaint, context: Context) -> tuple[Event, ...]:
    """A complaint is referred (R4.13); its receipt opens the conversation about the case too."""
    found = in_force(context, context.today)
    reported = c.ReportMatter(matter=command.matter, account=command.account, evidence=command.evidence)
    return _reported(
        reported,
        found,
        context,
        complaint_id=command.complaint_id,
        receipt_hash=command.receipt_hash,
        receipt_until=command.receipt_until,
    )


def add(state: AccountabilityCaseState, command: c.AddInformation, context: Context) -> tuple[Event, ...]:
    """Whoever knows more says so, also a respondent in his defence."""
    person = member(context)
    return _added(state, command, context, person)


def add_by_receipt(
    state: AccountabilityCaseState, command: c.AddInformationByReceipt, context: Context
) -> tuple[Event, ...]:
    """Add by the receipt. A wrong, an expired and a foreign one look alike: as if there were no such case."""
    held = state.receipt_hash is not None and state.receipt_hash == command.receipt_hash
    if not held or state.receipt_until is None or context.now >= state.receipt_until:
        raise not_found(TITLE)
    return _added(state, command, context, None)


def day_only(_: AccountabilityCaseState | None, event: Event) -> bool:
    """Whether an event is the anonymous reporter's, of which the day alone is kept (R0.3, R4.12)."""
    if isinstance(event, e.MatterReported):
        return event.receipt_hash is not None and event.complaint_id is None
    return isinstance(event, e.InformationAdded) and event.by is None


def answer(state: AccountabilityCaseState, command: c.AnswerReporter, context: Context) -> tuple[Event, ...]:
    """Write to the reporter, if the case has one."""
    person = official(state, context)
    if state.reporter is None and state.receipt_hash is None:
        raise Refusal("no_reporter", zh="本案没有举报人", en="Nobody reported this case.", clause="R4.12")
    bounded(state.messages + 1, MAX_MESSAGES, "往来信息", "messages")
    return (e.ReporterAnswered(text=command.text, answered_on=context.today, by=person),)


def _added(
    state: AccountabilityCaseState,
    command: c.AddInformation | c.AddInformationByReceipt,
    context: Context,
    person: UUID | None,
) -> tuple[Event, ...]:
    bounded(state.messages + 1, MAX_MESSAGES, "往来信息", "messages")
    return (e.InformationAdded(text=command.text, evidence=command.evidence, by=person, added_on=context.today),)


def _reported(  # noqa: PLR0913 - in these the ways to report differ
    command: c.ReportMatter | c.RegisterMatter | c.ReportAnonymously,
    found: InForce[R4Rules],
    context: Context,
    respondents: tuple[RespondentDetails, ...] = (),
    *,
    reporter: UUID | None = None,
    registered_by: UUID | None = None,
    complaint_id: UUID | None = None,
    receipt_hash: str | None = None,
    receipt_until: datetime | None = None,
) -> tuple[Event, ...]:
    """The report and the limit to verify it, under the rules of the day, which the case keeps for its life."""
    rules = found.values
    grounds = coded(rules, command.grounds, command.about_case)
    reported = e.MatterReported(
        matter=command.matter,
        account=command.account,
        source=_source(command.source, rules),
        grounds=tuple(ground.code for ground in grounds),
        respondents=recorded(respondents, rules, context),
        evidence=command.evidence,
        reporter=reporter,
        registered_by=registered_by,
        complaint_id=complaint_id,
        receipt_hash=receipt_hash,
        receipt_until=receipt_until,
        reported_on=context.today,
        rule_version=found.version,
    )
    limit = begun("verification", rules, found.version, context)
    if command.about_case is None:
        return (reported, limit)
    return (reported, limit, e.HandledCaseLinked(case_id=command.about_case, by=registered_by))


def _source(code: str, rules: R4Rules) -> Coded:
    source = rules.source(code)
    if source is None:
        raise Refusal(
            "source_unknown",
            zh="没有这一案件来源",
            en="The rules know no such source of a case.",
            clause="R4.13",
            kind="value",
            field="source",
        )
    return Coded(source.code, source.zh, source.en)
