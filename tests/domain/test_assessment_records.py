"""Findings, complaints and incidents: recorded, corrected, struck, and what follows for a closed month."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import msgspec
import pytest

from domain.assessment import ASSESSMENT
from domain.assessment import commands as c
from domain.assessment import events as e
from domain.assessment.records import MAX_COMPLAINTS, MAX_FINDINGS, MAX_INCIDENTS
from domain.assessment.state import Complaint, Finding, VetoIncident
from domain.kernel import Command
from tests.domain.assessment_given import (
    AFTER,
    COMPLAINT,
    CRITICISM,
    DURING,
    FINDING,
    MINOR,
    ZONE,
    Story,
    closed,
)

NOBODY = UUID(int=404)
DUE_AT = datetime(2026, 3, 18, tzinfo=ZONE)
"""Seven days after Tuesday 10 March end with Tuesday 17 March."""


def finding_of(story: Story) -> UUID:
    """The id of the only finding."""
    (finding_id,) = story.now_stands.findings
    return finding_id


def incident_of(story: Story) -> UUID:
    """The id of the only incident."""
    (incident_id,) = story.now_stands.incidents
    return incident_id


@pytest.mark.clause("R14.1")
def test_a_finding_keeps_the_items_points_and_deduction():
    """The event needs no catalogue to be understood later."""
    (event,) = Story().send(FINDING)
    assert isinstance(event, e.FindingRecorded)
    assert (event.content, event.item_en, event.count) == ("hygiene", "Corridors and stairwells are clean", 2)
    assert (event.deduction, event.points, event.rule_version) == (Decimal("0.5"), 4, 1)


@pytest.mark.clause("R14.1")
def test_a_finding_needs_an_item_of_the_catalogue():
    """An unknown code is refused with the field."""
    refused = Story().refused(msgspec.structs.replace(FINDING, item_code="no.such"))
    assert (refused.code, refused.field) == ("item_unknown", "item_code")


@pytest.mark.parametrize(
    ("day", "code"),
    [(date(2026, 2, 28), "outside_month"), (date(2026, 4, 1), "outside_month"), (date(2026, 3, 11), "in_the_future")],
)
@pytest.mark.parametrize("command", [FINDING, CRITICISM])
def test_records_belong_to_days_of_the_month_that_have_come(command: Command, day: date, code: str):
    """Neither another month's day nor tomorrow is accepted."""
    field = "found_on" if command is FINDING else "happened_on"
    refused = Story().refused(msgspec.structs.replace(command, **{field: day}))
    assert (refused.code, refused.field) == (code, field)


def test_a_finding_of_one_reference_is_recorded_once():
    """A file imported again meets its own rows."""
    numbered = msgspec.structs.replace(FINDING, finding_ref="row-1")
    assert Story().send_all([numbered]).refused(numbered).code == "finding_ref_taken"


@pytest.mark.clause("R14.2.4")
def test_a_minor_finding_is_to_be_corrected_in_time():
    """The time excludes the day of the order and ends with its last day."""
    story = Story()
    _, ordered = story.send(MINOR)
    assert isinstance(ordered, e.FindingCorrectionOrdered)
    assert (ordered.due_on, ordered.due_at) == (date(2026, 3, 17), DUE_AT)
    deadline = ASSESSMENT.deadlines(story.now_stands)[0]
    assert (deadline.due_at, deadline.command) == (DUE_AT, c.LapseFindingCorrection(finding_id=finding_of(story)))


@pytest.mark.clause("R14.2.4")
@pytest.mark.parametrize(("now", "late"), [(DUE_AT - timedelta(seconds=1), False), (DUE_AT, True)])
def test_a_correction_is_confirmed_in_time_or_late(now: datetime, late: bool):
    """From the end of the last day on it is late."""
    story = Story().send_all([MINOR])
    (event,) = story.send(c.ConfirmFindingCorrected(finding_id=finding_of(story)), now)
    assert isinstance(event, e.FindingCorrected)
    assert event.late is late
    assert [deadline.key for deadline in ASSESSMENT.deadlines(story.now_stands)] == ["survey"]


@pytest.mark.clause("R14.2.4")
def test_a_correction_not_made_lapses_and_can_still_be_confirmed():
    """Lapsing is recorded once; the late correction after it."""
    story = Story().send_all([MINOR])
    lapse = c.LapseFindingCorrection(finding_id=finding_of(story))
    assert story.refused(lapse, DUE_AT - timedelta(seconds=1)).code == "not_due_yet"
    story.send(lapse, DUE_AT)
    assert story.refused(lapse, DUE_AT).code == "no_correction_due"
    (event,) = story.send(c.ConfirmFindingCorrected(finding_id=finding_of(story)), AFTER)
    assert isinstance(event, e.FindingCorrected)
    assert event.late


@pytest.mark.clause("R14.2.4")
def test_only_a_finding_ordered_to_be_corrected_can_be_confirmed_once():
    """A finding that is not minor, and one corrected already, owe nothing."""
    plain = Story().send_all([FINDING])
    assert plain.refused(c.ConfirmFindingCorrected(finding_id=finding_of(plain))).code == "no_correction_due"
    assert plain.refused(c.LapseFindingCorrection(finding_id=finding_of(plain))).code == "no_correction_due"
    minor = Story().send_all([MINOR])
    confirm = c.ConfirmFindingCorrected(finding_id=finding_of(minor))
    minor.send(confirm)
    assert minor.refused(confirm).code == "no_correction_due"


def test_an_overturned_finding_owes_no_correction():
    """Striking the finding takes its deadline away."""
    story = Story().send_all([MINOR])
    story.send(c.OverturnFinding(finding_id=finding_of(story), reason="wrong building"))
    assert [deadline.key for deadline in ASSESSMENT.deadlines(story.now_stands)] == ["survey"]
    assert story.refused(c.ConfirmFindingCorrected(finding_id=finding_of(story))).code == "finding_overturned"


@pytest.mark.clause("R14.2.3")
def test_an_upheld_complaint_says_what_it_takes():
    """Twice the item's deduction."""
    (event,) = Story().send(COMPLAINT)
    assert isinstance(event, e.ComplaintUpheld)
    assert (event.deducted, event.content) == (Decimal(2), "repairs")


@pytest.mark.clause("R14.2.3")
def test_a_complaint_counts_once():
    """The second time its reference is refused, also after it was struck."""
    story = Story().send_all([COMPLAINT])
    assert story.refused(COMPLAINT).code == "complaint_counted"
    story.send(c.OverturnComplaint(complaint_ref="T-1", reason="mistaken"))
    assert story.refused(COMPLAINT).code == "complaint_counted"


def test_a_complaint_needs_an_item_of_the_catalogue():
    """The double deduction is of an item."""
    assert Story().refused(msgspec.structs.replace(COMPLAINT, item_code="no.such")).code == "item_unknown"


@pytest.mark.clause("R14.2.4")
def test_a_leaders_criticism_counts_in_a_written_document():
    """Without the document's number it is refused."""
    spoken = msgspec.structs.replace(CRITICISM, kind="leader_document")
    refused = Story().refused(spoken)
    assert (refused.code, refused.field) == ("document_required", "document_no")
    (event,) = Story().send(msgspec.structs.replace(spoken, document_no="2026-17"))
    assert isinstance(event, e.VetoIncidentRecorded)
    assert event.document_no == "2026-17"


@pytest.mark.clause("R14.2.4")
@pytest.mark.parametrize("field", ["loss_fen", "casualties"])
def test_only_an_accident_has_loss_and_casualties(field: str):
    """Criticism with a loss is a slip."""
    refused = Story().refused(msgspec.structs.replace(CRITICISM, **{field: 1}))
    assert (refused.code, refused.field) == ("not_an_accident", field)


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (c.OverturnFinding(finding_id=NOBODY, reason="r"), "finding_unknown"),
        (c.ConfirmFindingCorrected(finding_id=NOBODY), "finding_unknown"),
        (c.OverturnComplaint(complaint_ref="none", reason="r"), "complaint_unknown"),
        (c.OverturnVetoIncident(incident_id=NOBODY, reason="r"), "incident_unknown"),
    ],
)
def test_what_was_never_recorded_can_not_be_struck_or_confirmed(command: Command, code: str):
    """Each says what it did not find."""
    refused = Story().refused(command)
    assert (refused.code, refused.kind) == (code, "value")


def test_nothing_is_struck_twice():
    """A second overturning of finding, complaint and incident is refused."""
    story = Story().send_all([FINDING, COMPLAINT, CRITICISM])
    strikes = (
        c.OverturnFinding(finding_id=finding_of(story), reason="r"),
        c.OverturnComplaint(complaint_ref="T-1", reason="r"),
        c.OverturnVetoIncident(incident_id=incident_of(story), reason="r"),
    )
    story.send_all(strikes)
    codes = [story.refused(strike).code for strike in strikes]
    assert codes == ["finding_overturned", "complaint_overturned", "incident_overturned"]


def test_a_month_holds_a_bounded_number_of_records():
    """One finding, complaint or incident above the bound is refused."""
    story = Story()
    finding = Finding(item_code="hygiene.corridors", count=1)
    complaint = Complaint(item_code="hygiene.corridors", count=1)
    incident = VetoIncident(kind="accident", loss_fen=0, casualties=0)
    story.state = msgspec.structs.replace(
        story.now_stands,
        findings={UUID(int=n): finding for n in range(MAX_FINDINGS)},
        complaints={str(n): complaint for n in range(MAX_COMPLAINTS)},
        incidents={UUID(int=n): incident for n in range(MAX_INCIDENTS)},
    )
    assert [story.refused(one).code for one in (FINDING, COMPLAINT, CRITICISM)] == ["too_many"] * 3


def test_a_finding_after_closing_is_refused():
    """The month's inspections are over once it is scored."""
    assert closed().refused(FINDING, AFTER).code == "assessment_closed"


@pytest.mark.clause("R14.2.1")
def test_overturning_a_finding_after_closing_scores_the_month_anew():
    """The re-assessment names revision, reason and the score it replaces."""
    story = Story().send_all([FINDING, paper_vote(), c.CloseSurvey(reason="done")])
    story.send(c.CloseAssessment(accept_gaps_reason="r"), AFTER)
    struck, again = story.send(c.OverturnFinding(finding_id=finding_of(story), reason="wrong building"), AFTER)
    assert isinstance(struck, e.FindingOverturned)
    assert isinstance(again, e.AssessmentReassessed)
    assert (again.previous_score, again.scorecard.score) == (Decimal("95.40"), Decimal("96.00"))
    assert (again.revision, again.reason, again.rule_version) == (2, "wrong building", 1)
    assert story.now_stands.scorecard == again.scorecard


def paper_vote() -> c.CastBallot:
    """A staff ballot of 90."""
    return c.CastBallot(group="staff", score=Decimal(90))


def strike_finding(story: Story) -> Command:
    """Strike the only finding."""
    return c.OverturnFinding(finding_id=finding_of(story), reason="late")


def strike_incident(story: Story) -> Command:
    """Strike the only incident."""
    return c.OverturnVetoIncident(incident_id=incident_of(story), reason="late")


@pytest.mark.parametrize(
    ("late", "band"),
    [
        (lambda _: msgspec.structs.replace(COMPLAINT, complaint_ref="T-2", note="late"), "failed"),
        (lambda _: msgspec.structs.replace(CRITICISM, description="late"), "failed"),
        (strike_finding, "failed"),
        (strike_incident, "excellent"),
        (lambda _: c.OverturnComplaint(complaint_ref="T-1", reason="late"), "failed"),
        (lambda story: c.VoidBallot(ballot_id=next(iter(story.now_stands.ballots)), reason="late"), "failed"),
    ],
)
@pytest.mark.clause("R14.2.1", "R14.2.4")
def test_each_late_change_emits_itself_and_a_reassessment(late: Callable[[Story], Command], band: str):
    """Complaint, incident and every striking after closing raise the revision, once each."""
    story = Story().send_all([FINDING, COMPLAINT, CRITICISM, paper_vote(), paper_vote()])
    story.send(c.CloseSurvey(reason="done"))
    story.send(c.CloseAssessment(accept_gaps_reason="r"), AFTER)
    events = story.send(late(story), AFTER)
    again = events[1]
    assert len(events) == 2
    assert isinstance(again, e.AssessmentReassessed)
    assert (again.revision, again.reason, again.previous_band, again.scorecard.band) == (2, "late", "failed", band)


def test_revisions_count_up():
    """A second late change is revision three and replaces the second score."""
    story = closed()
    story.send(COMPLAINT, AFTER)
    _, again = story.send(c.OverturnComplaint(complaint_ref="T-1", reason="mistaken"), AFTER)
    assert isinstance(again, e.AssessmentReassessed)
    assert (again.revision, again.previous_score, again.scorecard.score) == (3, Decimal("94.40"), Decimal("96.40"))


@pytest.mark.parametrize("count", [0, 1001])
def test_a_count_lies_between_one_and_a_thousand(count: int):
    """The bound is held at decoding."""
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({**msgspec.to_builtins(FINDING), "count": count}, c.RecordFinding)


def test_a_correction_can_be_confirmed_after_the_month_is_closed():
    """The time to correct may reach beyond the month."""
    story = Story().send_all([MINOR, paper_vote(), c.CloseSurvey(reason="done")])
    story.send(c.CloseAssessment(accept_gaps_reason="r"), DURING)
    assert [deadline.key for deadline in ASSESSMENT.deadlines(story.now_stands)] == [f"correction:{finding_of(story)}"]
    assert len(story.send(c.ConfirmFindingCorrected(finding_id=finding_of(story)), DURING)) == 1
