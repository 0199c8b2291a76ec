"""A nonconformity: corrected, verified or reopened, overdue handled; and who answers for an issue found again."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from msgspec.structs import replace

from domain.kernel import Actor, Refusal
from domain.nonconformity import NONCONFORMITY
from domain.nonconformity import commands as c
from domain.nonconformity import events as e
from domain.rule_book import messages as r
from tests.domain import inspection_given as given
from tests.domain.inspection_given import CLEANER, HEAD, LEAD, MANAGER, OFFICE, SUPERVISOR
from tests.domain.world import BOOKS, PEOPLE, World

ISSUE = given.issue("I0", "A0")
PLACE = [("I0", "A0")]
OFFICER = UUID(int=0x6F)
WHO = {"manager": MANAGER, "office": OFFICE, "head": HEAD, "supervisor": SUPERVISOR, "lead": LEAD}
PARTS = {"cause": "人手不足", "steps": "增派一人", "resources": "一人", "standard": "无积灰"}


def working():
    """A site on its first day of duties, at ten."""
    world = given.site()
    world.advance(datetime(2026, 3, 3, 2, tzinfo=UTC))
    return world


def found_by(world, *levels, place=PLACE):
    """Let these find the issue one after the other, an hour apart; the liability events so far."""
    for level in levels:
        world.advance(world.now + timedelta(hours=1))
        given.inspect(world, level, WHO[level], nonconforming=place, scheduled=False)
    return [event for *_, event in world.log if isinstance(event, e.LiabilityFound)]


def send(world, command, person=SUPERVISOR):
    """Send a command to the issue."""
    return world.send("nonconformity", ISSUE, command, person=person)


def refused(world, command, person=SUPERVISOR):
    """The code of a refusal."""
    with pytest.raises(Refusal) as caught:
        send(world, command, person)
    return caught.value.code


@pytest.mark.clause("R12.5.4")
@pytest.mark.parametrize(
    ("levels", "liable", "approved_by"),
    [
        (("head", "manager"), [("project_head", HEAD)], None),
        (("supervisor", "manager"), [("project_head", HEAD)], None),
        (("lead", "manager"), [("project_head", HEAD)], None),
        (("supervisor", "head"), [("supervisor", SUPERVISOR)], None),
        (("lead", "head"), [("supervisor", SUPERVISOR)], None),
        (("lead", "office"), [("supervisor", SUPERVISOR)], None),
        (("lead", "supervisor"), [("area_lead", LEAD), ("operator", CLEANER)], "project_head"),
    ],
)
def test_who_answers_for_what_a_higher_level_finds_again(levels, liable, approved_by):
    """By who found what when: the chain is the proof, and the event names clause, version and readings."""
    world = working()
    (found,) = found_by(world, *levels)
    assert [(one.level, one.person) for one in found.liable] == liable
    assert [link.found_by for link in found.chain] == [WHO[level] for level in levels]
    assert found.chain[0].found_at < found.chain[1].found_at
    assert (found.approved_by, found.clause, found.rule_version) == (approved_by, "R12.5.4", 1)
    assert found.readings["R12.same_issue"] == "same_place"


@pytest.mark.clause("R12.5.4")
@pytest.mark.parametrize(
    "levels", [("lead",), ("lead", "lead"), ("head", "supervisor"), ("manager", "head"), ("head", "office")]
)
def test_nobody_answers_where_no_lower_level_had_found_it(levels):
    """A first finding, the same level again, or a lower level after a higher one."""
    assert found_by(working(), *levels) == []


@pytest.mark.clause("R12.5.4")
def test_what_an_area_lead_finds_is_told_at_once_by_word_of_mouth():
    """The finding asks for it, and who was told is recorded."""
    world = working()
    found_by(world, "lead")
    first = next(event for *_, event in world.log if isinstance(event, e.IssueFound))
    assert first.tell == "oral"
    (told,) = send(world, c.RecordTelling(how="oral", told=CLEANER), LEAD)
    assert (told.told, told.told_by, told.clause) == (CLEANER, LEAD, "R12.5.4")


@pytest.mark.clause("R12.5.4")
def test_each_constellation_makes_people_answer_once():
    """Up the tiers: lead and operator, then the supervisor, then the head; found again by the manager, nobody anew."""
    liabilities = found_by(working(), "lead", "supervisor", "head", "manager", "manager")
    assert [[one.level for one in found.liable] for found in liabilities] == [
        ["area_lead", "operator"],
        ["supervisor"],
        ["project_head"],
    ]
    assert [found.number for found in liabilities] == [1, 2, 3]
    assert len(liabilities[-1].chain) == 4


@pytest.mark.clause("R12.5.4")
def test_what_was_verified_effective_is_a_new_issue():
    """After the correction took effect, a higher level's finding begins another round and nobody answers."""
    world = working()
    found_by(world, "lead")
    send(world, c.CorrectOnTheSpot(note="已清扫"), CLEANER)
    send(world, c.VerifyCorrection(effective=True, evaluation="达标"), LEAD)
    assert found_by(world, "supervisor") == []
    state = world.state("nonconformity", ISSUE)
    assert (state.status, state.round, len(state.chain)) == ("open", 2, 1)


@pytest.mark.clause("R12.5.4", "R12.5.3.5")
def test_what_was_only_reported_done_and_is_found_again_was_not_done():
    """It is open again, and the rule applies."""
    world = working()
    found_by(world, "lead")
    send(world, c.CorrectOnTheSpot(note="已清扫"), CLEANER)
    (found,) = found_by(world, "supervisor")
    again = next(event for *_, event in world.log if isinstance(event, e.IssueFoundAgain))
    assert again.undone
    assert found.found_by == "supervisor"
    assert world.state("nonconformity", ISSUE).status == "open"


@pytest.mark.clause("R12.5.4")
@pytest.mark.parametrize(("reading", "count"), [("same_place", 0), ("anywhere", 1)])
def test_the_same_issue_is_of_the_same_place_or_of_the_project(reading, count):
    """By R12.same_issue the same item elsewhere is another issue, or the same."""
    world = under(same_issue=reading)
    found_by(world, "lead", place=[("I0", "A0")])
    assert len(found_by(world, "supervisor", place=[("I0", "A3")])) == count


@pytest.mark.clause("R12.5.4")
@pytest.mark.parametrize(("reading", "count"), [("any", 1), ("plan_passed", 0)])
def test_a_correction_that_is_planned_and_not_yet_due_counts_by_the_reading(reading, count):
    """By R12.5.4.uncorrected; once its time has passed it counts in any case."""
    world = under(uncorrected=reading)
    found_by(world, "lead")
    send(world, c.PlanCorrection(complete_by=date(2026, 3, 6), person=LEAD, **PARTS))
    assert len(found_by(world, "supervisor")) == count
    world.advance(datetime(2026, 3, 7, 2, tzinfo=UTC))
    assert found_by(world, "head")[-1].found_by == "project_head"


def under(**changes):
    """A site under other rules, effective before its first inspection."""
    world = World(given.MONDAY)
    given.adopt(world)
    drafter, publisher, _ = PEOPLE
    world.send(
        "rule_book", BOOKS["R12"], r.DraftVersion(changes={"reinspect_days": 4, **changes}, note="试行"), person=drafter
    )
    publish = r.PublishVersion(version=2, effective_from=date(2026, 3, 3))
    world.send("rule_book", BOOKS["R12"], publish, person=publisher)
    given.site(world)
    world.advance(datetime(2026, 3, 3, 2, tzinfo=UTC))
    return world


@pytest.mark.clause("R12.5.4")
def test_a_supervisors_handling_is_approved_by_another_and_reported():
    """Neither a liable person nor, for the approval, who set it; each once."""
    world = working()
    found_by(world, "lead", "supervisor")
    decide, approve = c.DecideLiability(number=1, handling="批评"), c.ApproveLiability(number=1, report="书面报告")
    assert refused(world, approve) == "nothing_to_approve"
    assert refused(world, decide, LEAD) == "own_liability"
    (decided,) = send(world, decide)
    assert decided.awaits == "project_head"
    assert refused(world, decide) == "decided_already"
    assert refused(world, approve) == "own_decision"
    (approved,) = send(world, approve, HEAD)
    assert approved.approved_by == HEAD
    assert refused(world, approve, HEAD) == "nothing_to_approve"
    assert refused(world, c.DecideLiability(number=9, handling="批评")) == "no_such_liability"


@pytest.mark.clause("R12.5.4")
@pytest.mark.parametrize(
    ("levels", "decides", "refused_ones", "approves"),
    [
        (("lead", "supervisor"), SUPERVISOR, [OFFICER], HEAD),
        (("lead", "head"), HEAD, [LEAD, CLEANER], None),
        (("head", "manager"), MANAGER, [SUPERVISOR, LEAD, OFFICE], None),
    ],
)
def test_the_level_that_the_rule_names_handles_it_or_one_above(levels, decides, refused_ones, approves):
    """By the posts of the place, not by who holds a permission: others are refused with the clause."""
    world = working()
    (found,) = found_by(world, *levels)
    decide = c.DecideLiability(number=1, handling="批评")
    for person in refused_ones:
        assert refused(world, decide, person) == "not_the_level"
    assert decides in found.may_decide.persons
    send(world, decide, decides)
    if approves is not None:
        assert (found.may_approve.level, found.may_approve.persons) == ("project_head", (approves,))
        approve = c.ApproveLiability(number=1, report="书面报告")
        assert refused(world, approve, OFFICER) == "not_the_level"
        send(world, approve, approves)


@pytest.mark.clause("R12.5.4")
def test_a_level_above_handles_what_the_named_level_may():
    """The manager approves in the project head's stead; nobody below does."""
    world = working()
    (found,) = found_by(world, "lead", "supervisor")
    assert MANAGER in found.may_approve.above
    send(world, c.DecideLiability(number=1, handling="批评"), HEAD)
    (approved,) = send(world, c.ApproveLiability(number=1, report="书面报告"), MANAGER)
    assert approved.approved_by == MANAGER


@pytest.mark.clause("R12.5.4")
@pytest.mark.parametrize(("role", "code"), [("project_head", None), ("quality_department", "not_the_level")])
def test_a_vacant_level_is_filled_by_whoever_holds_its_role(role, code):
    """With nobody named at the level the role decides, and no other permission."""
    world = working()
    (found,) = found_by(world, "lead", "head")
    vacant = replace(found, may_decide=replace(found.may_decide, persons=()))
    state = NONCONFORMITY.evolve(replace(world.state("nonconformity", ISSUE), liabilities={}), vacant)
    actor = Actor(kind="member", id=OFFICER, roles=frozenset({role}))
    context = replace(world.context(ISSUE), actor=actor)
    decide = c.DecideLiability(number=1, handling="批评")
    if code is None:
        (decided,) = NONCONFORMITY.decide(state, decide, context)
        assert decided.decided_by == OFFICER
        return
    with pytest.raises(Refusal) as caught:
        NONCONFORMITY.decide(state, decide, context)
    assert (caught.value.code, caught.value.clause) == (code, "R12.5.4")


@pytest.mark.clause("R12.5.3.3", "R12.5.3.5")
def test_a_planned_correction_is_done_and_verified_by_another():
    """The plan has all its parts; without effect it is open again, with effect closed."""
    world = working()
    found_by(world, "lead")
    (planned,) = send(world, c.PlanCorrection(complete_by=date(2026, 3, 5), person=CLEANER, **PARTS))
    assert {name: getattr(planned, name) for name in PARTS} == PARTS
    assert refused(world, c.VerifyCorrection(effective=True, evaluation="达标")) == "wrong_status"
    (done,) = send(world, c.ReportDone(note="已清扫"), CLEANER)
    assert done.in_time
    assert refused(world, c.VerifyCorrection(effective=True, evaluation="达标"), CLEANER) == "own_correction"
    send(world, c.VerifyCorrection(effective=False, evaluation="仍有积灰"))
    send(world, c.CorrectOnTheSpot(note="当场清扫"), CLEANER)
    (verified,) = send(world, c.VerifyCorrection(effective=True, evaluation="达标"))
    assert (verified.clause, world.state("nonconformity", ISSUE).status) == ("R12.5.3.5", "effective")


@pytest.mark.clause("R12.5.3.5")
def test_what_is_not_corrected_in_time_is_overdue_and_handled():
    """At the end of the planned day, once; a new time runs anew, and is missed anew."""
    world = working()
    found_by(world, "lead")
    send(world, c.PlanCorrection(complete_by=date(2026, 3, 5), person=CLEANER, **PARTS))
    assert refused(world, c.HandleOverdue(handling="通报")) == "not_overdue"
    world.advance(datetime(2026, 3, 6, 2, tzinfo=UTC))
    send(world, c.HandleOverdue(handling="通报", special_reason="缺料", complete_by=date(2026, 3, 7)))
    world.advance(datetime(2026, 3, 9, 2, tzinfo=UTC))
    overdue = [event for *_, event in world.log if isinstance(event, e.CorrectionOverdue)]
    assert [one.due_by for one in overdue] == [datetime(2026, 3, day, 16, tzinfo=UTC) for day in (5, 7)]
    (done,) = send(world, c.ReportDone(note="已清扫"), CLEANER)
    assert not done.in_time


@pytest.mark.clause("R12.5.3.5")
def test_a_re_inspection_that_does_not_happen_in_time_is_an_event():
    """Three days after it was reported done, on no rest day."""
    world = working()
    found_by(world, "lead")
    send(world, c.CorrectOnTheSpot(note="已清扫"), CLEANER)
    world.advance(datetime(2026, 3, 20, tzinfo=UTC))
    (overdue,) = (event for *_, event in world.log if isinstance(event, e.VerificationOverdue))
    assert overdue.due_by == datetime(2026, 3, 6, 16, tzinfo=UTC)
    send(world, c.VerifyCorrection(effective=True, evaluation="达标"))


@pytest.mark.clause("R15.5.1.3.1", "R14.2.4")
@pytest.mark.parametrize("clause", ["R14.2.4", "R15.5.2"])
def test_other_regulations_use_the_same_nonconformity(clause):
    """Raised by hand under a clause of theirs, with corrective and preventive actions, each taken once."""
    world = World(given.MONDAY)
    raised = c.RaiseNonconformity(clause=clause, subject="不合格", description="不符合标准")
    world.send("nonconformity", ISSUE, raised)
    for kind in ("corrective", "preventive"):
        send(world, c.AddAction(kind=kind, action="培训", person=LEAD, due_on=date(2026, 3, 9)))
    send(world, c.CompleteAction(number=2, note="已培训"))
    assert refused(world, c.CompleteAction(number=2, note="已培训")) == "no_such_action"
    send(world, c.CorrectOnTheSpot(note="已改"), LEAD)
    send(world, c.VerifyCorrection(effective=True, evaluation="达标"))
    foreign = replace(raised, clause="R4.5")
    with pytest.raises(Refusal) as caught:
        world.send("nonconformity", given.SITE, foreign)
    assert caught.value.code == "no_such_clause"
