"""How a complaint that turned out to be an accountability matter reaches the office (R4.12, R4.13)."""

from domain.complaint import commands as c
from domain.complaint import events as e
from domain.complaint.guards import person_of
from domain.complaint.state import ComplaintState
from domain.kernel import Context, Event, Refusal, derived_id
from domain.rules import r4


def refer(state: ComplaintState, command: c.ReferToAccountability, context: Context) -> tuple[Event, ...]:
    """Refer it once, whatever its status; what the complainant is owed goes on beside the case."""
    person = person_of(context)
    if state.accountability_case is not None:
        raise Refusal(
            "referred_already",
            zh="该投诉已移送问责",
            en="The complaint has been referred already.",
            clause="R4.13",
            details={"case_id": str(state.accountability_case)},
        )
    r4.in_force(context, context.today)
    return (
        e.ComplaintReferred(
            case_id=derived_id(context.own_id(), "accountability_case"),
            subject=state.subject,
            account=state.description,
            reason=command.reason,
            referred_by=person,
            referred_on=context.today,
            receipt_hash=state.receipt_hash,
            receipt_until=state.receipt_until,
        ),
    )
