"""A month from opening to closing: rules fixed, group seated, results gathered, score and summary."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import msgspec
import pytest

from domain.assessment import ASSESSMENT, lacks
from domain.assessment import commands as c
from domain.assessment import events as e
from domain.kernel import RuleVersion, derived_id
from tests.domain.assessment_given import (
    AFTER,
    COMPLAINT,
    CRITICISM,
    FINDING,
    MONTH_OPENED,
    PROJECT,
    SHIPPED,
    SURVEY_END,
    Story,
    closed,
    context,
    paper,
    ready,
    surveyed,
)

SEAT = c.SeatRepresentatives(staff=("Li",), students=("Wu", "Xu"), seed="5eed", drawn_by_event_version=4)


@pytest.mark.clause("R14.6", "R14.2.1")
def test_a_month_is_opened_under_the_rules_of_its_first_day():
    """A version published for mid-month does not touch the month already begun."""
    newer = msgspec.structs.replace(SHIPPED, full_score=Decimal(120))
    given = msgspec.structs.replace(
        context(),
        rules={"R14": (RuleVersion(1, date(2026, 3, 1), SHIPPED), RuleVersion(2, date(2026, 3, 2), newer))},
    )
    (opened,) = ASSESSMENT.decide(None, MONTH_OPENED, given)
    assert isinstance(opened, e.AssessmentOpened)
    assert (opened.rule_version, len(opened.awaited)) == (1, 9)


@pytest.mark.clause("R14.3")
def test_the_survey_ends_with_the_months_last_day():
    """The deadline is the first instant after 31 March in the tenant's zone."""
    story = Story()
    (deadline,) = ASSESSMENT.deadlines(story.now_stands)
    assert (deadline.key, deadline.due_at, deadline.command) == ("survey", SURVEY_END, c.LapseSurvey())


@pytest.mark.clause("R14.3")
def test_a_tenant_may_let_the_survey_end_earlier():
    """The days before the month's end are a rule value."""
    assert Story(survey_closes_days_before_month_end=3).now_stands.survey_closes_on == date(2026, 3, 28)


@pytest.mark.clause("R14.6")
def test_a_month_before_the_rules_apply_is_refused():
    """February 2026 lies before the first effective date."""
    story = Story()
    story.state = None
    refused = story.refused(msgspec.structs.replace(MONTH_OPENED, month="2026-02"))
    assert (refused.code, refused.clause) == ("rules_not_adopted", "R14.6")


def test_a_project_has_one_assessment_a_month():
    """The stream id follows from project and month."""
    stream_id = ASSESSMENT.spec(c.OpenAssessment).stream_id
    assert stream_id is not None
    assert stream_id(UUID(int=1), MONTH_OPENED) == derived_id(PROJECT, "assessment", "2026-03")
    assert Story().refused(MONTH_OPENED).code == "already_exists"


@pytest.mark.clause("R14.4")
def test_drawn_representatives_are_seated_with_their_seed():
    """Names and seed of the draw are kept."""
    story = Story().send_all([SEAT])
    state = story.now_stands
    assert (state.staff, state.students, state.seed) == (("Li",), ("Wu", "Xu"), "5eed")


@pytest.mark.clause("R14.4")
def test_the_same_draw_told_twice_seats_once_and_a_later_one_replaces_it():
    """A draw is known by the version of its event."""
    story = Story().send_all([SEAT])
    assert story.send(SEAT) == ()
    story.send(msgspec.structs.replace(SEAT, staff=("Zhao",), drawn_by_event_version=5))
    assert story.now_stands.staff == ("Zhao",)


@pytest.mark.clause("R14.3")
def test_a_department_declares_its_result_once():
    """The second declaration for one content is refused and names the first department."""
    story = Story().send_all([c.SubmitContentResult(content="hygiene", department="Logistics")])
    refused = story.refused(c.SubmitContentResult(content="hygiene", department="Security"))
    assert (refused.code, refused.details) == ("result_submitted", {"department": "Logistics"})


@pytest.mark.clause("R14.3")
@pytest.mark.parametrize("content", ["satisfaction", "complaints", "no-such"])
def test_no_result_is_awaited_for_what_is_not_inspected_by_a_department(content: str):
    """Satisfaction and complaints come from survey and complaint."""
    refused = Story().refused(c.SubmitContentResult(content=content, department="Logistics"))
    assert (refused.code, refused.field) == ("content_not_awaited", "content")


@pytest.mark.clause("R14.3")
def test_a_fresh_month_lacks_everything():
    """Representatives, nine results, ballots and the survey's end are missing."""
    found = lacks(Story().now_stands)
    assert [lack.code for lack in found] == ["representatives", *["content_result"] * 9, "ballots", "survey_open"]
    assert [lack.code for lack in found if lack.weight == "blocks"] == ["survey_open"]


@pytest.mark.clause("R14.3")
def test_ballots_are_compared_with_the_seats():
    """Four staff ballots for ten seats and none of twenty students are worth a note."""
    found = {lack.name: (lack.weight, lack.have, lack.want) for lack in lacks(surveyed().now_stands)}
    assert found == {"group_ballots:staff": ("note", 4, 10), "group_ballots:students": ("note", 0, 20)}


def test_fewer_representatives_than_named_and_open_corrections_are_notes():
    """They do not keep a month from closing."""
    story = Story().send_all([SEAT, msgspec.structs.replace(FINDING, minor=True)])
    found = {lack.code: lack.weight for lack in lacks(story.now_stands)}
    assert (found["representatives"], found["corrections"]) == ("note", "note")


def test_a_closed_month_lacks_nothing():
    """What was accepted is no longer missing."""
    assert lacks(closed().now_stands) == ()


@pytest.mark.clause("R14.2.1", "R14.2.2", "R14.2.3", "R14.3")
def test_closing_scores_the_month_and_names_who_receives_the_summary():
    """Two findings of 0.5, a double complaint of 1, ballots 90 and 92 after dropping."""
    story = ready().send_all([FINDING, COMPLAINT]).send_all([c.LapseSurvey()], SURVEY_END)
    (event,) = story.send(c.CloseAssessment(), AFTER)
    assert isinstance(event, e.AssessmentClosed)
    assert event.scorecard.score == Decimal("0.6") * 99 + Decimal("0.4") * 91 - 2
    assert (event.revision, event.rule_version, event.gaps) == (1, 1, ())
    assert event.summary_recipients == ("leader", "assessor")
    assert story.now_stands.status == "closed"


@pytest.mark.clause("R14.2.4")
def test_a_veto_fails_the_month_whatever_the_score():
    """Criticism by the college outweighs 96.40."""
    story = surveyed().send_all([CRITICISM])
    (event,) = story.send(c.CloseAssessment(), AFTER)
    assert isinstance(event, e.AssessmentClosed)
    assert (event.scorecard.score, event.scorecard.band) == (Decimal("96.40"), "failed")


@pytest.mark.clause("R14.3")
def test_an_open_survey_keeps_the_month_open_even_with_a_reason():
    """No reason replaces the survey's end."""
    assert ready().refused(c.CloseAssessment(accept_gaps_reason="in a hurry")).code == "survey_open"


@pytest.mark.clause("R14.3")
def test_gaps_need_a_reason_which_is_recorded():
    """Without the reason the refusal lists the gaps, with it the event does."""
    story = Story().send_all([paper("90"), SEAT, c.CloseSurvey(reason="all have answered")])
    refused = story.refused(c.CloseAssessment(), AFTER)
    (event,) = story.send(c.CloseAssessment(accept_gaps_reason="department moved"), AFTER)
    assert isinstance(event, e.AssessmentClosed)
    assert refused.code == "gaps_not_accepted"
    assert list(event.gaps) == refused.details["gaps"]
    assert (len(event.gaps), event.accept_gaps_reason) == (9, "department moved")


@pytest.mark.clause("R14.2.3")
def test_without_ballots_the_month_closes_only_where_the_reading_allows():
    """Refused under one reading, a gap to accept under the other."""
    reason = c.CloseAssessment(accept_gaps_reason="nobody answered")
    strict = Story(no_ballots="refuse").send_all([c.LapseSurvey()], SURVEY_END)
    assert strict.refused(reason, AFTER).code == "no_ballots"
    assert "ballots" in {lack.code for lack in lacks(strict.now_stands) if lack.weight == "blocks"}
    (event,) = Story().send_all([c.LapseSurvey()], SURVEY_END).send(reason, AFTER)
    assert isinstance(event, e.AssessmentClosed)
    assert (event.scorecard.satisfaction, "ballots" in event.gaps) == (None, True)


def test_later_rules_leave_a_month_untouched():
    """Closing after a new version was published scores by the version fixed at opening."""
    story = surveyed()
    newer = msgspec.structs.replace(SHIPPED, centre_weight=Decimal(1), satisfaction_weight=Decimal(0))
    given = msgspec.structs.replace(
        context(AFTER),
        rules={"R14": (RuleVersion(1, date(2026, 3, 1), SHIPPED), RuleVersion(2, date(2026, 4, 1), newer))},
    )
    (event,) = ASSESSMENT.decide(story.state, c.CloseAssessment(), given)
    assert isinstance(event, e.AssessmentClosed)
    assert (event.scorecard.score, event.rule_version) == (Decimal("96.40"), 1)


@pytest.mark.parametrize(
    "changes", [{"project_name": ""}, {"project_name": "x" * 121}, {"month": "2026-13"}, {"surprise": 1}]
)
def test_malformed_commands_do_not_decode(changes: dict[str, object]):
    """Bounds, patterns and unknown fields are held at decoding."""
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({**msgspec.to_builtins(MONTH_OPENED), **changes}, c.OpenAssessment)


def test_a_naive_time_does_not_decode():
    """A link's expiry needs an offset."""
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(
            {"links": [{"token_hash": "0" * 64, "group": "staff"}], "expires_at": "2026-03-31T00:00:00"},
            c.IssueBallotLinks,
        )
