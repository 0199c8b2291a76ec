"""What holds for the assessment as a whole: the table of commands and statuses, storage, replay."""

from datetime import datetime
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.assessment import ASSESSMENT, AssessmentState
from domain.assessment import commands as c
from domain.assessment import events as e
from domain.assessment.state import inputs
from domain.kernel import Command, Event, Refusal
from domain.scorecard import score
from tests.domain.assessment_given import (
    AFTER,
    COMPLAINT,
    CRITICISM,
    DURING,
    FINDING,
    MINOR,
    MONTH_OPENED,
    SURVEY_END,
    Story,
    by_link,
    links,
    paper,
)

SUBJECTS = {"open": DURING, "surveyed": AFTER, "closed": AFTER}


def story_in(status: str) -> Story:
    """A month in a status, with one of each kind of record in it and an unused link."""
    story = Story().send_all([FINDING, MINOR, COMPLAINT, CRITICISM, paper("90"), links("used", "free")])
    story.send(by_link("used"))
    if status != "open":
        story.send(c.LapseSurvey(), SURVEY_END)
    if status == "closed":
        story.send(c.CloseAssessment(accept_gaps_reason="r"), AFTER)
    assert story.now_stands.status == status
    return story


def sample(command: type[Command], story: Story) -> tuple[Command, datetime | None]:
    """A sensible command of each kind; an instant where the status's own would not do."""
    state = story.now_stands
    minor = next(key for key, one in state.findings.items() if one.correction == "due")
    samples: dict[type[Command], Command] = {
        c.OpenAssessment: MONTH_OPENED,
        c.SeatRepresentatives: c.SeatRepresentatives(staff=("a",), students=(), seed="s", drawn_by_event_version=2),
        c.RecordFinding: FINDING,
        c.ConfirmFindingCorrected: c.ConfirmFindingCorrected(finding_id=minor),
        c.LapseFindingCorrection: c.LapseFindingCorrection(finding_id=minor),
        c.OverturnFinding: c.OverturnFinding(finding_id=minor, reason="r"),
        c.RecordUpheldComplaint: msgspec.structs.replace(COMPLAINT, complaint_ref="T-2"),
        c.OverturnComplaint: c.OverturnComplaint(complaint_ref="T-1", reason="r"),
        c.RecordVetoIncident: CRITICISM,
        c.OverturnVetoIncident: c.OverturnVetoIncident(incident_id=next(iter(state.incidents)), reason="r"),
        c.SubmitContentResult: c.SubmitContentResult(content="hygiene", department="d"),
        c.IssueBallotLinks: links("new"),
        c.CastBallot: paper("80"),
        c.CastBallotByLink: by_link("free"),
        c.VoidBallot: c.VoidBallot(ballot_id=next(iter(state.ballots)), reason="r"),
        c.CloseSurvey: c.CloseSurvey(reason="r"),
        c.LapseSurvey: c.LapseSurvey(),
        c.CloseAssessment: c.CloseAssessment(accept_gaps_reason="r"),
    }
    instants = {c.LapseFindingCorrection: AFTER, c.LapseSurvey: AFTER, c.CastBallotByLink: DURING}
    return samples[command], instants.get(command)


REFUSED = {
    "open": {c.OpenAssessment: "already_exists", c.CloseAssessment: "survey_open"},
    "surveyed": {
        c.OpenAssessment: "already_exists",
        c.IssueBallotLinks: "survey_closed",
        c.CastBallot: "survey_closed",
        c.CastBallotByLink: "survey_closed",
        c.CloseSurvey: "survey_closed",
        c.LapseSurvey: "survey_closed",
    },
    "closed": {
        c.OpenAssessment: "already_exists",
        c.SeatRepresentatives: "assessment_closed",
        c.RecordFinding: "assessment_closed",
        c.SubmitContentResult: "assessment_closed",
        c.IssueBallotLinks: "assessment_closed",
        c.CastBallot: "assessment_closed",
        c.CastBallotByLink: "survey_closed",
        c.CloseSurvey: "assessment_closed",
        c.LapseSurvey: "assessment_closed",
        c.CloseAssessment: "assessment_closed",
    },
}


@pytest.mark.parametrize("command", [spec.command for spec in ASSESSMENT.commands], ids=lambda one: one.__name__)
@pytest.mark.parametrize("status", ASSESSMENT.statuses)
def test_each_command_in_each_status_succeeds_or_says_why_not(command: type[Command], status: str):
    """The whole table of commands and statuses."""
    story = story_in(status)
    sent, instant = sample(command, story)
    now = instant or SUBJECTS[status]
    code = REFUSED[status].get(command)
    if code is None:
        assert story.send(sent, now)
    else:
        assert story.refused(sent, now).code == code


def told_in_full() -> Story:
    """A story in which every kind of event happens."""
    story = Story().send_all([FINDING, MINOR, MINOR, COMPLAINT, CRITICISM, links("a"), by_link("a"), paper("90")])
    state = story.now_stands
    plain, first, second = state.findings
    story.send(c.SeatRepresentatives(staff=("a",), students=(), seed="s", drawn_by_event_version=2))
    story.send(c.SubmitContentResult(content="hygiene", department="d"))
    story.send(c.ConfirmFindingCorrected(finding_id=first))
    story.send(c.VoidBallot(ballot_id=next(iter(state.ballots)), reason="r"))
    story.send(c.LapseSurvey(), SURVEY_END)
    story.send(c.LapseFindingCorrection(finding_id=second), AFTER)
    story.send(c.CloseAssessment(accept_gaps_reason="r"), AFTER)
    story.send(c.OverturnFinding(finding_id=plain, reason="r"), AFTER)
    story.send(c.OverturnComplaint(complaint_ref="T-1", reason="r"), AFTER)
    story.send(c.OverturnVetoIncident(incident_id=next(iter(state.incidents)), reason="r"), AFTER)
    return story


def test_every_kind_of_event_happens_and_survives_being_stored():
    """Each event comes back the same from JSON by its tag."""
    story = told_in_full()
    by_tag = {str(one.__struct_config__.tag): one for one in ASSESSMENT.events}
    assert {type(event) for event in story.log} == set(ASSESSMENT.events)
    assert len(by_tag) == len(ASSESSMENT.events)
    for event in story.log:
        stored = msgspec.json.encode(event)
        again = msgspec.json.decode(stored, type=by_tag[msgspec.json.decode(stored)["type"]])
        assert again == event


def test_the_state_survives_being_stored_and_equals_its_replay():
    """Snapshot and replay from stored events give the very same state."""
    story = told_in_full()
    snapshot = msgspec.json.decode(msgspec.json.encode(story.state), type=AssessmentState)
    by_tag = {str(one.__struct_config__.tag): one for one in ASSESSMENT.events}
    replayed = ASSESSMENT.fold(
        None,
        [
            msgspec.json.decode(msgspec.json.encode(event), type=by_tag[str(type(event).__struct_config__.tag)])
            for event in story.log
        ],
    )
    assert snapshot == story.state == replayed


def test_every_command_survives_the_wire():
    """Each command comes back the same from JSON."""
    story = story_in("open")
    for spec in ASSESSMENT.commands:
        command, _ = sample(spec.command, story)
        assert msgspec.json.decode(msgspec.json.encode(command), type=spec.command) == command


def test_permissions_follow_the_commands_names():
    """Each permission is the noun and the command."""
    assert {spec.permission for spec in ASSESSMENT.commands} == {
        f"assessment.{spec.name}" for spec in ASSESSMENT.commands
    }


def test_what_was_decided_names_its_clause():
    """Every event that applied a rule cites R14."""
    struck = {
        "FindingOverturned",
        "ComplaintOverturned",
        "VetoIncidentOverturned",
        "BallotVoided",
    }
    for event in told_in_full().log:
        assert type(event).__name__ in struck or str(getattr(event, "clause", "")).startswith("R14.")


def test_an_unknown_event_is_a_fault():
    """An assessment does not swallow what it does not know."""

    class Strange(Event, tag="test.strange"):
        pass

    with pytest.raises(TypeError):
        ASSESSMENT.evolve(Story().state, Strange())


def test_a_command_to_a_month_never_opened_finds_nothing():
    """The one answer for a stream that does not exist."""
    story = Story()
    story.state = None
    refused = story.refused(c.VoidBallot(ballot_id=UUID(int=1), reason="r"))
    assert refused.code == "not_found"


LATE = st.lists(
    st.tuples(st.sampled_from(["finding", "complaint", "incident", "ballot", "uphold", "record"]), st.integers(0, 5))
)


def late_change(kind: str, number: int, story: Story) -> Command:
    """A change to a closed month that may or may not find what it means."""
    state = story.now_stands
    pick = {"finding": state.findings, "incident": state.incidents, "ballot": state.ballots}.get(kind, {})
    key = list(pick)[number % len(pick)] if pick else UUID(int=404)
    return {
        "finding": c.OverturnFinding(finding_id=key, reason="r"),
        "complaint": c.OverturnComplaint(complaint_ref=f"T-{number}", reason="r"),
        "incident": c.OverturnVetoIncident(incident_id=key, reason="r"),
        "ballot": c.VoidBallot(ballot_id=key, reason="r"),
        "uphold": msgspec.structs.replace(COMPLAINT, complaint_ref=f"T-{number}"),
        "record": CRITICISM,
    }[kind]


@pytest.mark.clause("R14.2.1")
@given(LATE)
def test_a_closed_months_score_is_always_that_of_what_stands(changes: list[tuple[str, int]]):
    """After any late changes the scorecard is the one a fresh computation gives, one revision for each change."""
    story = story_in("closed")
    accepted = 0
    for kind, number in changes:
        try:
            story.send(late_change(kind, number, story), AFTER)
        except Refusal:
            continue
        accepted += 1
    state = story.now_stands
    assert state.scorecard == score(inputs(state), story.rules, state.rule_version)
    assert state.revision == 1 + accepted == 1 + sum(isinstance(one, e.AssessmentReassessed) for one in story.log)
