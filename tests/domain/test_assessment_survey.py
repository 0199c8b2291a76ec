"""The survey: links that count once, paper ballots, its end by deadline or decision."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import msgspec
import pytest

from domain.assessment import ASSESSMENT, latest_link_expiry
from domain.assessment import commands as c
from domain.assessment import events as e
from domain.assessment.state import Ballot, Link
from domain.assessment.survey import MAX_BALLOTS
from domain.kernel import Command
from tests.domain.assessment_given import (
    AFTER,
    DURING,
    SURVEY_END,
    Story,
    by_link,
    closed,
    context,
    hash_of,
    links,
    paper,
    surveyed,
)

LAST_MOMENT = SURVEY_END - timedelta(microseconds=1)
EARLY_END = c.CloseSurvey(reason="all have answered")


@pytest.mark.clause("R14.3", "R14.2.2")
def test_a_ballot_through_a_link_counts_for_the_links_group():
    """The link says who votes; the ballot says how."""
    (event,) = Story().send_all([links("a")]).send(by_link("a"))
    assert isinstance(event, e.BallotCast)
    assert (event.group, event.score, event.token_hash) == ("students", Decimal(88), hash_of("a"))


@pytest.mark.clause("R14.2.2")
def test_a_link_counts_once():
    """The second ballot through it is told so, the first stands."""
    story = Story().send_all([links("a", "b"), by_link("a")])
    assert story.refused(by_link("a", "100")).code == "ballot_link_used"
    story.send(by_link("b"))
    assert len(story.now_stands.ballots) == 2


def test_an_unknown_link_is_refused():
    """A guessed token finds nothing."""
    assert Story().refused(by_link("guess")).code == "ballot_link_unknown"


@pytest.mark.clause("R14.3")
def test_an_expired_link_says_so():
    """From its last instant on a link is expired."""
    expiry = DURING + timedelta(days=1)
    story = Story().send_all([links("a", expires_at=expiry)])
    assert story.refused(by_link("a"), expiry).code == "ballot_link_expired"
    assert len(story.send(by_link("a"), expiry - timedelta(microseconds=1))) == 1


@pytest.mark.clause("R14.3")
def test_a_link_of_a_survey_closed_early_says_so():
    """The link would still be good, the survey is not."""
    story = Story().send_all([links("a"), EARLY_END])
    assert story.refused(by_link("a")).code == "survey_closed"


@pytest.mark.clause("R14.3")
@pytest.mark.parametrize("expires_at", [DURING, SURVEY_END + timedelta(microseconds=1)])
def test_links_expire_after_now_and_no_later_than_the_survey(expires_at: datetime):
    """Neither a dead link nor one that outlives the survey is issued."""
    refused = Story().refused(links("a", expires_at=expires_at))
    assert (refused.code, refused.field) == ("ballot_link_expiry", "expires_at")


@pytest.mark.clause("R14.3")
def test_links_live_no_longer_than_the_rules_let_them():
    """Two days from Tuesday the 10th end with Thursday the 12th."""
    story = Story(ballot_link_days=2)
    end = datetime(2026, 3, 13, tzinfo=SURVEY_END.tzinfo)
    assert story.refused(links("a", expires_at=end + timedelta(seconds=1))).code == "ballot_link_expiry"
    assert latest_link_expiry(story.now_stands, context(rules=story.rules)) == end
    assert len(story.send(links("a", expires_at=end))) == 1


@pytest.mark.parametrize("again", [links("a"), links("b", "b")])
def test_a_link_is_issued_once(again: Command):
    """Neither twice in one command nor in two."""
    assert Story().send_all([links("a")]).refused(again).code == "ballot_link_duplicate"


@pytest.mark.clause("R14.2.2")
@pytest.mark.parametrize("score", ["-0.01", "100.01", "NaN", "sNaN", "Infinity", "1E+999999", "1E-999999", "88.00001"])
@pytest.mark.parametrize("way", ["paper", "link"])
def test_a_score_lies_between_zero_and_full(score: str, way: str):
    """Out of range, not finite and endlessly fine scores are refused with the field."""
    story = Story().send_all([links("a")])
    refused = story.refused(paper(score) if way == "paper" else by_link("a", score))
    assert (refused.code, refused.field) == ("score_out_of_range", "score")


@pytest.mark.parametrize("score", ["0", "100", "88.5", "100.0000"])
def test_a_score_on_the_bounds_is_valid(score: str):
    """Zero and full score are scores."""
    assert len(Story().send(paper(score))) == 1


def test_a_paper_ballot_of_one_reference_is_entered_once():
    """A file imported again meets its own rows."""
    story = Story().send_all([paper("90", "row-1")])
    assert story.refused(paper("90", "row-1")).code == "ballot_ref_taken"


@pytest.mark.clause("R14.3")
def test_the_survey_takes_ballots_to_its_last_moment():
    """At the first instant after the last day it is closed, fired deadline or not."""
    story = Story()
    assert len(story.send(paper("90"), LAST_MOMENT)) == 1
    assert story.refused(paper("90"), SURVEY_END).code == "survey_closed"
    assert story.refused(links("a"), SURVEY_END).code == "survey_closed"


@pytest.mark.clause("R14.3")
def test_a_paper_ballot_filled_in_on_time_may_be_entered_after_the_survey():
    """What counts is when it was cast, as long as the month is not closed."""
    story = surveyed()
    (event,) = story.send(paper("90", cast_on=date(2026, 3, 31)), AFTER)
    assert isinstance(event, e.BallotCast)
    assert event.cast_on == date(2026, 3, 31)
    assert story.refused(paper("90", cast_on=date(2026, 4, 1)), AFTER).code == "survey_closed"
    assert closed().refused(paper("90", cast_on=date(2026, 3, 31)), AFTER).code == "assessment_closed"


@pytest.mark.parametrize(("day", "code"), [(date(2026, 2, 28), "outside_month"), (date(2026, 3, 11), "in_the_future")])
def test_a_paper_ballot_is_of_the_month_and_not_of_tomorrow(day: date, code: str):
    """The day of the ballot is checked."""
    refused = Story().refused(paper("90", cast_on=day))
    assert (refused.code, refused.field) == (code, "cast_on")


@pytest.mark.clause("R14.3")
def test_the_survey_lapses_when_its_last_day_is_over():
    """Not a moment before; afterwards nothing is due."""
    story = Story()
    assert story.refused(c.LapseSurvey(), LAST_MOMENT).code == "not_due_yet"
    (event,) = story.send(c.LapseSurvey(), SURVEY_END)
    assert isinstance(event, e.SurveyClosed)
    assert (event.lapsed, event.last_day, event.clause) == (True, date(2026, 3, 31), "R14.3")
    assert ASSESSMENT.deadlines(story.now_stands) == ()


@pytest.mark.clause("R14.3")
def test_a_person_may_close_the_survey_early():
    """The deadline goes, and later days' ballots are refused."""
    story = Story()
    (event,) = story.send(EARLY_END)
    assert isinstance(event, e.SurveyClosed)
    assert (event.lapsed, event.last_day, event.reason) == (False, date(2026, 3, 10), "all have answered")
    assert ASSESSMENT.deadlines(story.now_stands) == ()
    assert story.refused(paper("90")).code == "survey_closed"
    assert story.refused(paper("90", cast_on=date(2026, 3, 11)), AFTER).code == "survey_closed"


@pytest.mark.parametrize("command", [EARLY_END, c.LapseSurvey()])
def test_a_closed_survey_is_not_closed_again(command: Command):
    """The second end is refused."""
    assert surveyed().refused(command, AFTER).code == "survey_closed"


def test_a_void_ballot_counts_no_more():
    """It is voided once, its link stays used."""
    story = Story().send_all([links("a"), by_link("a")])
    (ballot_id,) = story.now_stands.ballots
    void = c.VoidBallot(ballot_id=ballot_id, reason="cast twice")
    story.send(void)
    assert story.refused(void).code == "ballot_void"
    assert story.refused(by_link("a")).code == "ballot_link_used"


def test_an_unknown_ballot_can_not_be_voided():
    """The refusal names the field."""
    refused = Story().refused(c.VoidBallot(ballot_id=UUID(int=404), reason="r"))
    assert (refused.code, refused.field) == ("ballot_unknown", "ballot_id")


@pytest.mark.clause("R14.2.3")
def test_the_last_ballot_of_a_closed_month_stays_where_one_is_required():
    """Under the strict reading a closed month can not lose its last ballot."""
    story = Story(no_ballots="refuse").send_all([paper("90"), EARLY_END])
    story.send(c.CloseAssessment(accept_gaps_reason="r"), AFTER)
    (ballot_id,) = story.now_stands.ballots
    assert story.refused(c.VoidBallot(ballot_id=ballot_id, reason="r"), AFTER).code == "no_ballots"


def test_a_month_holds_a_bounded_number_of_ballots_and_links():
    """One above the bound is refused, however it comes."""
    story = Story().send_all([links("a")])
    ballot = Ballot(group="staff", score=Decimal(90))
    story.state = msgspec.structs.replace(story.now_stands, ballots={UUID(int=n): ballot for n in range(MAX_BALLOTS)})
    assert [story.refused(one).code for one in (paper("90"), by_link("a"))] == ["too_many"] * 2
    link = Link(group="staff", expires_at=SURVEY_END)
    story.state = msgspec.structs.replace(story.now_stands, links={str(n): link for n in range(MAX_BALLOTS)})
    assert story.refused(links("b")).code == "too_many"


@pytest.mark.parametrize("token_hash", ["A" * 64, "0" * 63, "0" * 64 + "\n", "g" * 64])
def test_a_token_hash_is_sixty_four_hex_digits(token_hash: str):
    """Anything else does not decode."""
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"token_hash": token_hash, "score": "90"}, c.CastBallotByLink)
