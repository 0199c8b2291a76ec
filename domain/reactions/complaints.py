"""A complaint reaches others: the ledgers of those fined for its lateness, and the project's month it counts in."""

from domain.assessment.commands import OverturnComplaint, RecordUpheldComplaint
from domain.complaint.events import ComplaintFined, ComplaintUpheldAgainstProject, UpheldOverturned
from domain.kernel import Cause, Dispatch, Reaction, derived_id
from domain.periods import month_of
from domain.reactions.penalties import issue_share, to_person


def fine_lateness(event: ComplaintFined, cause: Cause) -> tuple[Dispatch, ...]:
    """Each share of the fine is an entry; all late rounds of a complaint are one matter (R11.2.2)."""
    return tuple(
        to_person(
            share,
            issue_share(
                share,
                cause,
                key=event.fine_key,
                clause=event.clause,
                rule_version=event.rule_version,
                reading=event.readings["R11.2.2.joint"],
                overlap=event.overlap,
                act=f"complaint:{cause.stream_id}:late",
                period=month_of(event.late_on),
            ),
        )
        for share in event.shares
    )


def count_upheld(event: ComplaintUpheldAgainstProject, _: Cause) -> tuple[Dispatch, ...]:
    """The project's month deducts for it, once a reference (R14.2.3)."""
    command = RecordUpheldComplaint(
        complaint_ref=event.complaint_ref, item_code=event.item_code, count=event.count, note=event.note
    )
    return (Dispatch("assessment", derived_id(event.project_id, "assessment", event.month), command),)


def take_back_upheld(event: UpheldOverturned, _: Cause) -> tuple[Dispatch, ...]:
    """The deduction is taken back."""
    command = OverturnComplaint(complaint_ref=event.complaint_ref, reason=event.reason)
    return (Dispatch("assessment", derived_id(event.project_id, "assessment", event.month), command),)


REACTIONS = (
    Reaction(name="fine_lateness", events=(ComplaintFined,), react=fine_lateness),
    Reaction(name="count_upheld", events=(ComplaintUpheldAgainstProject,), react=count_upheld),
    Reaction(name="take_back_upheld", events=(UpheldOverturned,), react=take_back_upheld),
)
