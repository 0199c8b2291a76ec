"""How a complaint begins, and how whoever complained anonymously goes on with it by the receipt alone."""

from datetime import datetime, time
from typing import Literal
from uuid import UUID

from domain.complaint import commands as c
from domain.complaint import events as e
from domain.complaint.clock import same_day, step
from domain.complaint.closing import rated
from domain.complaint.state import ComplaintState
from domain.kernel import Context, Event, Refusal, Text, not_found
from domain.rules.r11 import R11Rules, in_force
from domain.rules.r11_ladder import ComplaintKind
from domain.rules.versions import InForce

TITLE = Text(zh="投诉", en="complaint")
MAX_ADDITIONS = 200
MAX_MESSAGES = 200
READINGS = {
    "R11.day_ends": "day_ends",
    "R11.2.1.rest_day": "rest_day",
    "R11.2.1.pause": "pause",
    "R11.2.3.clock": "ladder_clock",
}
"""The readings that fix the first limits of a complaint, and the rule values that hold them."""


def lodge(_: None, command: c.LodgeComplaint, context: Context) -> tuple[Event, ...]:
    """Take a complaint in under the rules of the day; it keeps them for its life."""
    found = in_force(context, context.today)
    return (
        _lodged(
            command,
            found,
            context,
            complainant=command.complainant,
            channel=command.channel,
            departments=tuple(dict.fromkeys(command.departments)),
            lodged_at=context.now,
            ladder_from=context.now,
            reminders_from=context.now,
            lodged_by=context.actor.id,
        ),
    )


def report_anonymously(_: None, command: c.ReportAnonymously, context: Context) -> tuple[Event, ...]:
    """Take in a complaint of which nothing is kept but what it says, the day, and the receipt's hash (R0.3)."""
    found = in_force(context, context.today)
    by_day = found.values.anonymous_time == "day"
    valid_until = context.calendar.add_days(context.today, found.values.receipt_days)
    return (
        _lodged(
            command,
            found,
            context,
            complainant="anonymous",
            channel="public",
            departments=(),
            lodged_at=None if by_day else context.now,
            # counted from the day's ends, neither the ladder's times nor the reminders tell the hour
            ladder_from=context.calendar.end_of_day(context.today) if by_day else context.now,
            reminders_from=context.calendar.at(context.today, time.min) if by_day else context.now,
            lodged_by=None,
            receipt_hash=command.receipt_hash,
            receipt_until=context.calendar.end_of_day(valid_until),
            extra_readings={"R11.2.1.anonymous_time": found.values.anonymous_time},
        ),
    )


def add_by_receipt(state: ComplaintState, command: c.AddByReceipt, context: Context) -> tuple[Event, ...]:
    """Add to the complaint, at any time while the receipt is valid."""
    _must_hold_receipt(state, command.receipt_hash, context)
    if state.additions >= MAX_ADDITIONS:
        raise Refusal(
            "too_many",
            zh=f"最多补充{MAX_ADDITIONS}次",
            en=f"At most {MAX_ADDITIONS} additions are kept.",
            clause="R0.3",
            details={"most": MAX_ADDITIONS},
        )
    return (e.InformationAdded(text=command.text, added_on=context.today, evidence=command.evidence),)


def rate_by_receipt(state: ComplaintState, command: c.RateByReceipt, context: Context) -> tuple[Event, ...]:
    """Rate the answer by the receipt."""
    _must_hold_receipt(state, command.receipt_hash, context)
    return rated(state, command.score, command.comment, context)


def write_to_reporter(state: ComplaintState, command: c.WriteToReporter, context: Context) -> tuple[Event, ...]:
    """Continue the conversation with an anonymous complainant, whatever the complaint's status (R0.3)."""
    if state.receipt_hash is None:
        raise Refusal("no_reporter", zh="本投诉不是匿名投诉", en="Nobody complained anonymously here.", clause="R0.3")
    if state.messages >= MAX_MESSAGES:
        raise Refusal("too_many", zh=f"最多回复{MAX_MESSAGES}次", en=f"At most {MAX_MESSAGES} messages are kept.")
    return (
        e.ReporterWritten(
            text=command.text, written_on=context.today, written_by=context.actor.id, evidence=command.evidence
        ),
    )


def day_only(state: ComplaintState | None, event: Event) -> bool:
    """Whether an event is the anonymous reporter's, of which the day alone is kept (R0.3, R11.2.1.anonymous_time)."""
    if isinstance(event, e.ComplaintLodged):
        return event.lodged_at is None
    if isinstance(event, e.ComplaintRated):
        return state is not None and state.complainant == "anonymous"
    return isinstance(event, e.InformationAdded)


def _must_hold_receipt(state: ComplaintState, receipt_hash: str, context: Context) -> None:
    """A wrong, an expired and a foreign receipt look alike: as if there were no such complaint."""
    held = state.receipt_hash is not None and state.receipt_hash == receipt_hash
    if not held or state.receipt_until is None or context.now >= state.receipt_until:
        raise not_found(TITLE)


def _lodged(  # noqa: PLR0913 - in these a named and an anonymous complaint differ
    command: c.LodgeComplaint | c.ReportAnonymously,
    found: InForce[R11Rules],
    context: Context,
    *,
    complainant: e.Complainant,
    channel: Literal["desk", "api", "public"],
    departments: tuple[str, ...],
    lodged_at: datetime | None,
    ladder_from: datetime,
    reminders_from: datetime,
    lodged_by: UUID | None,
    receipt_hash: str | None = None,
    receipt_until: datetime | None = None,
    extra_readings: dict[str, str] | None = None,
) -> e.ComplaintLodged:
    rules, calendar = found.values, context.calendar
    kind = _kind(command.kind, rules)
    return e.ComplaintLodged(
        complainant=complainant,
        channel=channel,
        kind=kind.code,
        kind_zh=kind.zh,
        kind_en=kind.en,
        subject=command.subject,
        description=command.description,
        place=command.place,
        project_id=command.project_id,
        departments=departments,
        lodged_on=context.today,
        lodged_at=lodged_at,
        lodged_by=lodged_by,
        limit=same_day(context.now, reminders_from, rules, calendar),
        next_level=step(1, ladder_from, rules, calendar),
        readings={**_readings(rules), **(extra_readings or {})},
        rule_version=found.version,
        receipt_hash=receipt_hash,
        receipt_until=receipt_until,
        evidence=command.evidence,
    )


def _readings(rules: R11Rules) -> dict[str, str]:
    """The readings that fixed a complaint's limits."""
    return {reading: getattr(rules, name) for reading, name in READINGS.items()}


def _kind(code: str, rules: R11Rules) -> ComplaintKind:
    for kind in rules.kinds:
        if kind.code == code:
            return kind
    raise Refusal(
        "kind_unknown",
        zh="没有这一投诉类别",
        en="The rules know no such kind of complaint.",
        clause="R11.2.1",
        kind="value",
        field="kind",
    )
