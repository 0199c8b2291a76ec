"""Where nouns meet: events in, commands out, and the whole of R14.5 carried through."""

from datetime import date

import pytest

from domain import catalogue
from domain.contract_deposit import commands as d
from domain.kernel import Cause, Dispatch, derived_id
from domain.property_project import commands as p
from domain.property_project import events as pe
from tests.domain import story
from tests.domain.story import DEPOSIT, PROJECT
from tests.domain.world import World

CAUSE = Cause(stream_id=PROJECT, stream_version=9, position=50)


def react(event, cause=CAUSE, state=None):
    """What all reactions to an event send."""
    return [each for reaction in catalogue.reactions_to(type(event)) for each in reaction.answer(event, cause, state)]


def begun():
    """A project under the pack's rules with its deposit paid."""
    world = World()
    story.organise(world)
    story.adopt_rules(world)
    story.register(world)
    return world


@pytest.fixture(scope="module")
def year():
    """The world after the whole story."""
    return story.whole_year()


def project(world):
    """The project's state."""
    return world.state("property_project", PROJECT)


def deposit(world):
    """The deposit's state."""
    return world.state("contract_deposit", DEPOSIT)


def test_a_terminated_contract_forfeits_its_deposit():
    """Event in, command out, addressed by id."""
    event = pe.ContractTerminated(
        reason="连续不合格", right_since="2026-07", ground_month="2026-07", streak=5, rule_version=1
    )
    assert react(event) == [Dispatch("contract_deposit", DEPOSIT, d.ForfeitDeposit(rule_version=1))]


def test_an_ended_contract_permits_the_release():
    """Event in, command out."""
    event = pe.ContractEnded(ended_on=date(2026, 12, 31), note="")
    assert react(event) == [Dispatch("contract_deposit", DEPOSIT, d.PermitRelease())]


@pytest.mark.clause("R14.4")
def test_who_was_drawn_sits_in_the_months_group():
    """The assessment seats the draw of this very event."""
    world = begun()
    world.send("property_project", PROJECT, p.OpenMonth(month="2026-03"))
    (drawn,) = world.send("property_project", PROJECT, p.DrawRepresentatives(month="2026-03"))
    seated = world.state("assessment", story.assessment_of("2026-03"))
    assert (seated.staff, seated.students, seated.seed) == (drawn.staff, drawn.students, drawn.seed)


def test_a_registered_project_has_its_deposit_and_an_opened_month_its_assessment():
    """Both exist under ids that follow from the project's."""
    world = begun()
    assert (deposit(world).project_id, deposit(world).agreed_fen) == (PROJECT, 10_000_000)
    (opened,) = world.send("property_project", PROJECT, p.OpenMonth(month="2026-03"))
    assert opened.assessment_id == derived_id(PROJECT, "assessment", "2026-03")
    assert world.state("assessment", opened.assessment_id).rule_version == opened.rule_version


@pytest.mark.clause("R14.5.1")
def test_a_scorecard_reaches_the_deposit_with_its_origin():
    """The penalty's entry leads to the event in the assessment's stream that gave the result."""
    world = begun()
    story.failed_month(world, "2026-04")
    entry = deposit(world).entries[-1]
    origin = [
        event
        for _, stream, version, event in world.log
        if (stream, version) == (entry.assessment_id, entry.source_version)
    ]
    assert [catalogue.tag_of(type(event)) for event in origin] == ["assessment.closed"]
    assert (entry.kind, entry.effect_fen, entry.revision) == ("penalty", -100_000, 1)


@pytest.mark.clause("R14.5.1")
def test_an_overturned_incident_reverses_the_penalty_and_shortens_the_streak():
    """What was decided upon it is taken back by new events all the way down."""
    world = begun()
    for month in ("2026-03", "2026-04"):
        story.failed_month(world, month)
    assert (project(world).streak, deposit(world).balance_fen) == (2, 9_800_000)
    story.overturn(world, "2026-04")
    assert (project(world).streak, deposit(world).balance_fen) == (0, 9_900_000)
    assert project(world).corrections == {}


@pytest.mark.clause("R14.5.1")
def test_a_reaction_that_runs_twice_changes_nothing():
    """Sent again, each command finds everything done."""
    world = begun()
    story.failed_month(world, "2026-04")
    before = len(world.log)
    for number, (_, stream, version, event) in enumerate(tuple(world.log), start=1):
        cause = Cause(stream_id=stream, stream_version=version, position=number)
        for dispatch in react(event, cause):
            if not catalogue.decider_of(dispatch.noun).spec(type(dispatch.command)).creates:
                world.send(dispatch.noun, dispatch.stream_id, dispatch.command, "system")
    assert len(world.log) == before


@pytest.mark.clause("R14.5.1", "R14.5.2")
def test_the_year_adds_up(year):
    """Everything paid in went back, was taken as a penalty that stands, or is still there."""
    entries = deposit(year).entries
    paid_in = sum(entry.effect_fen for entry in entries if entry.kind in {"received", "top_up"})
    paid_back = sum(entry.payout_fen for entry in entries if entry.kind in {"refund", "release"})
    standing = [deposit(year).entry(each) for month in deposit(year).months.values() for each in month.standing]
    penalties = sum(-entry.effect_fen for entry in standing if entry.kind != "reward")
    assert paid_in == paid_back + penalties + deposit(year).balance_fen
    assert deposit(year).status == "released"


def test_every_kind_of_event_happens_in_the_story(year):
    """The story, and with it the golden events, leaves no event out."""
    told = {type(event) for *_, event in year.log}
    assert told == {event for decider in catalogue.DECIDERS for event in decider.events}
