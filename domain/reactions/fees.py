"""A closed fee period's notices get their numbers, all in one block of the year's register (R13.4.2.1)."""

from domain.document_register import AssignBlock, BlockAssigned
from domain.fee_period.messages import FeePeriodClosed, NumberNotices
from domain.kernel import Cause, Dispatch, Reaction, derived_id

KIND = "fee_notice"


def number_period(event: FeePeriodClosed, cause: Cause) -> tuple[Dispatch, ...]:
    """As many numbers as notices were given; the run has numbered them within the period without a gap."""
    if not event.notices:
        return ()
    year = event.closed_on.year
    command = AssignBlock(
        kind=KIND, year=year, subject_id=cause.stream_id, count=event.notices, drawn_at=cause.position
    )
    return (Dispatch("document_register", derived_id("document_register", KIND, year), command),)


def take_numbers(event: BlockAssigned, _: Cause) -> tuple[Dispatch, ...]:
    """The period knows the numbers of its notices."""
    command = NumberNotices(
        year=event.year, first=event.first, agency=event.agency, code=event.code, pattern=event.pattern
    )
    return (Dispatch("fee_period", event.subject_id, command),)


REACTIONS = (
    Reaction(name="number_fee_period", events=(FeePeriodClosed,), react=number_period),
    Reaction(name="take_fee_numbers", events=(BlockAssigned,), react=take_numbers),
)
