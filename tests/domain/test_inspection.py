"""Tiered inspection from the register to the review of the log: coverage, defence, duties met, logs, good practice."""

from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace

from domain.duty import events as d
from domain.inspection import INSPECTION
from domain.inspection import commands as i
from domain.inspection_frame import Extent, Need, shortfalls
from domain.inspection_site import commands as s
from domain.inspection_site import events as se
from domain.kernel import Actor, Refusal
from tests.domain import inspection_given as given
from tests.domain.inspection_given import CLEANER, HEAD, LEAD, MANAGER, SITE, SUPERVISOR


def working(**sizes):
    """A site on its first day of duties, at ten."""
    world = given.site(**sizes)
    world.advance(datetime(2026, 3, 3, 2, tzinfo=UTC))
    return world


def refused(world, noun, stream, command, person):
    """The refusal of a command."""
    with pytest.raises(Refusal) as caught:
        world.send(noun, stream, command, person=person)
    return caught.value


def plan_refused(world, post, person, **extent):
    """The refusal of a plan."""
    with pytest.raises(Refusal) as caught:
        given.plan(world, post, person, **extent)
    return caught.value


def met(world, post, kind="r12.inspect"):
    """The windows of a post's duty that were met."""
    stream = given.duty(world, post, kind)
    return [event.window.key for _, other, _, event in world.log if other == stream and isinstance(event, d.DutyMet)]


@pytest.mark.clause("R12.5.1")
def test_one_command_sets_up_the_duties_of_all_posts():
    """Five levels inspect, three review; each duty names holder, clause and rule version."""
    world = given.site()
    opened = {one.terms.kind: one for *_, one in world.log if isinstance(one, d.DutyOpened)}
    assert len(world.state("inspection_site", SITE).duties) == 8
    assert opened["r12.review.log.supervisor"].holder.person == HEAD
    assert {(one.clause, one.rule_version) for one in opened.values()} == {("R12.5.1", 1)}


@pytest.mark.clause("R12.5.1")
def test_other_posts_hand_on_open_and_end_duties_without_touching_the_rest():
    """A new person takes the lead's duty over, a removed post's duty ends, the others stay as they are."""
    world = working()
    fewer = tuple(post for post in given.posts(lead=CLEANER) if post.code != "cleaner")
    cleaner, lead = given.duty(world, "cleaner"), given.duty(world, "lead")
    (event,) = world.send("inspection_site", SITE, s.AppointPosts(posts=fewer, begins_on=date(2026, 3, 4)))
    assert (len(event.opened), len(event.handed), len(event.ended)) == (0, 1, 1)
    assert world.state("duty", cleaner).status == "ended"
    assert world.state("duty", lead).holder.person == CLEANER
    back = s.AppointPosts(posts=given.posts(), begins_on=date(2026, 3, 4))
    world.send("inspection_site", SITE, back)
    assert given.duty(world, "cleaner") != cleaner


@pytest.mark.clause("R12.5.1")
def test_an_inspection_that_covers_enough_meets_the_levels_duty():
    """By the supervisor: two of six areas and seven of twelve units."""
    world = working()
    given.inspect(world, "supervisor", SUPERVISOR, areas=2, units=7, items=1)
    assert met(world, "supervisor") == ["2026-03-03"]


@pytest.mark.clause("R12.5.1")
def test_an_area_leads_duty_takes_two_inspections_a_day():
    """The first alone leaves it owed."""
    world = working()
    given.inspect(world, "lead", LEAD)
    assert met(world, "lead") == []
    given.inspect(world, "lead", LEAD)
    assert met(world, "lead") == ["2026-03-03"]


@pytest.mark.clause("R12.5.1")
@pytest.mark.parametrize(
    ("post", "person", "extent", "lacking"),
    [
        ("manager", MANAGER, {"items": 9}, ["items"]),
        ("head", HEAD, {"items": 1}, ["items"]),
        ("supervisor", SUPERVISOR, {"areas": 1}, ["area"]),
        ("supervisor", SUPERVISOR, {"units": 6}, ["units"]),
        ("lead", LEAD, {"areas": 1, "units": 6}, ["area", "units"]),
    ],
)
def test_a_plan_that_covers_too_little_is_refused(post, person, extent, lacking):
    """With what is lacking; the same as a random check beside the duty is fine, and meets nothing."""
    world = working()
    assert plan_refused(world, post, person, **extent).details == {"lacking": lacking}
    given.inspect(world, post, person, scheduled=False, **extent)
    assert met(world, post) == []


@pytest.mark.clause("R12.5.1")
def test_what_was_not_covered_after_all_leaves_the_duty_owed_and_it_lapses():
    """The plan was enough, the inspection was not: the event says what was lacking, and the window is missed."""
    world = working()
    stream = given.plan(world, "supervisor", SUPERVISOR)
    world.send("inspection", stream, i.BeginInspection(), person=SUPERVISOR)
    command = i.CompleteInspection(areas=("A0",), units=("U0",), items=("I0",), log=given.LOG)
    (completed,) = world.send("inspection", stream, command, person=SUPERVISOR)
    assert completed.lacking == ("area", "units")
    world.advance(world.now + timedelta(days=1))
    lapse = next(event for *_, event in reversed(world.log) if isinstance(event, d.DutyMissed))
    assert world.state("duty", given.duty(world, "supervisor")).missed == 1
    assert lapse.clause == "R12.5.1"


@pytest.mark.clause("R12.5.1")
def test_a_project_with_fewer_than_seven_units_covers_all_of_them():
    """Of five units four are too few and five enough."""
    world = working(units=5)
    assert plan_refused(world, "supervisor", SUPERVISOR, units=4).details == {"lacking": ["units"]}
    given.inspect(world, "supervisor", SUPERVISOR, units=5)
    assert met(world, "supervisor") == ["2026-03-03"]


@pytest.mark.clause("R12.5.1")
@pytest.mark.parametrize(("items", "enough"), [(2, False), (3, True)])
def test_a_share_is_never_rounded_down(items, enough):
    """A fifth of eleven items is three."""
    lacking = shortfalls(
        Extent(items=items, square_m=0, units=0), Extent(items=11, square_m=0, units=0), Need(items_one_in=5)
    )
    assert (lacking == ()) is enough


@pytest.mark.clause("R12.5.2", "R12.5.3.2")
def test_a_point_carries_its_class_and_basis():
    """They come from the register by way of the plan; what is not in the plan is refused."""
    world = working()
    stream = given.plan(world, "lead", LEAD, items=2)
    world.send("inspection", stream, i.BeginInspection(), person=LEAD)
    point = i.RecordPoint(item="I1", area="A0", result="conforming", note="正常")
    (found,) = world.send("inspection", stream, point, person=LEAD)
    assert (found.item_class, found.basis) == ("security", "procedure")
    other = i.RecordPoint(item="I9", area="A0", result="conforming", note="正常")
    assert refused(world, "inspection", stream, other, LEAD).code == "not_planned"
    silent = i.RecordPoint(item="I1", area="A0", result="nonconforming", note="积灰")
    assert refused(world, "inspection", stream, silent, LEAD).code == "handling_needed"


@pytest.mark.clause("R12.5.3")
def test_a_finding_is_defended_by_who_answers_for_it_and_dropped_or_upheld():
    """An inspection is not completed over an undecided defence; a dropped finding becomes no issue."""
    world = working()
    stream = given.plan(world, "lead", LEAD)
    world.send("inspection", stream, i.BeginInspection(), person=LEAD)
    point = i.RecordPoint(item="I0", area="A0", result="nonconforming", note="积灰", handling="plan")
    (found,) = world.send("inspection", stream, point, person=LEAD)
    defence = i.StateDefence(finding_id=found.finding_id, statement="刚扫过")
    assert refused(world, "inspection", stream, defence, given.PROJECT).code == "not_answerable"
    world.send("inspection", stream, defence, person=CLEANER)
    done = i.CompleteInspection(areas=("A0",), items=("I0",), log=None)
    assert refused(world, "inspection", stream, done, LEAD).code == "defence_open"
    dropped = i.DecideDefence(finding_id=found.finding_id, upheld=False, reason="属实")
    world.send("inspection", stream, dropped, person=LEAD)
    completed = given.complete(world, stream, LEAD)
    assert (completed.nonconforming, completed.dropped) == (0, 1)
    assert ("nonconformity", given.issue("I0", "A0")) not in world.states


@pytest.mark.clause("R12.6.1")
def test_a_log_holds_what_the_rules_ask():
    """Of a supervisor and above; what is missing is named. An area lead fills in a form, not a log."""
    world = working()
    stream = given.plan(world, "supervisor", SUPERVISOR)
    world.send("inspection", stream, i.BeginInspection(), person=SUPERVISOR)
    short = i.CompleteInspection(areas=("A0",), items=("I0",), log=i.Log(points="楼道", measures="增派"))
    refusal = refused(world, "inspection", stream, short, SUPERVISOR)
    assert (refusal.code, refusal.clause, refusal.details) == (
        "log_incomplete",
        "R12.6.1",
        {"missing": ["analysis", "lessons"]},
    )
    lead = given.plan(world, "lead", LEAD)
    world.send("inspection", lead, i.BeginInspection(), person=LEAD)
    world.send("inspection", lead, i.CompleteInspection(areas=("A0",), items=("I0",)), person=LEAD)


@pytest.mark.clause("R12.5.1", "R12.6.1")
def test_reviews_of_logs_and_countersignatures_meet_the_reviewers_duties():
    """The supervisor signs the lead's form, the head reviews the supervisor's log, the manager the head's."""
    world = working()
    for post, person, reviewer, signs, kind in (
        ("lead", LEAD, SUPERVISOR, "supervisor", "r12.review.form.area_lead"),
        ("supervisor", SUPERVISOR, HEAD, "head", "r12.review.log.supervisor"),
        ("head", HEAD, MANAGER, "manager", "r12.review.log.project_head"),
    ):
        if signs != "supervisor":
            world.advance(datetime(2026, 3, 9 if signs == "head" else 31, 2, tzinfo=UTC))
        if signs == "manager":
            world.advance(datetime(2026, 4, 1, 2, tzinfo=UTC))
        stream, _ = given.inspect(world, post, person)
        assert refused(world, "inspection", stream, i.ReviewRecord(), CLEANER).code == "not_the_reviewer"
        world.send("inspection", stream, i.ReviewRecord(comment="已阅"), person=reviewer)
        assert len(met(world, signs, kind)) == 1, kind
        assert refused(world, "inspection", stream, i.ReviewRecord(), reviewer).code == "reviewed_already"


@pytest.mark.clause("R12.5.1")
def test_a_reviewing_post_without_a_person_is_filled_by_its_role():
    """Whoever holds the level's role reviews the log; another with the permission does not."""
    world = given.site()
    posts = given.posts(head=None)
    tomorrow = world.context(None).today + timedelta(days=1)
    world.send("inspection_site", SITE, s.AppointPosts(posts=posts, begins_on=tomorrow))
    world.advance(datetime(2026, 3, 9, 2, tzinfo=UTC))
    stream, _ = given.inspect(world, "supervisor", SUPERVISOR)
    state = world.state("inspection", stream)
    assert [(one.level, one.person, one.role) for one in state.frame.reviewers] == [
        ("project_head", None, "project_head")
    ]

    def review(*roles):
        actor = Actor(kind="member", id=HEAD, roles=frozenset(roles))
        return INSPECTION.decide(state, i.ReviewRecord(), replace(world.context(stream), actor=actor))

    with pytest.raises(Refusal) as caught:
        review("supervisor", "quality_department")
    assert caught.value.code == "not_the_reviewer"
    (reviewed,) = review("project_head")
    assert (reviewed.what, reviewed.reviewed_by) == ("log", HEAD)


@pytest.mark.clause("R12.5.3.3")
def test_good_practice_is_recorded_and_spread():
    """Once the inspection is complete; a finding of another kind is nothing to spread."""
    world = working()
    stream, _ = given.inspect(world, "head", HEAD, good=[("I1", "A1")], nonconforming=[("I0", "A0")])
    points = {one.recorded.result: one.recorded for one in world.state("inspection", stream).points.values()}
    good = i.SpreadPractice(finding_id=points["good_practice"].finding_id, how="meeting", audience="各班组")
    (spread,) = world.send("inspection", stream, good, person=HEAD)
    assert spread.clause == "R12.5.3.3"
    bad = i.SpreadPractice(finding_id=points["nonconforming"].finding_id, how="meeting", audience="各班组")
    assert refused(world, "inspection", stream, bad, HEAD).code == "no_practice"


@pytest.mark.clause("R12.5.3")
def test_only_those_who_inspect_carry_it_out():
    """The post's person and the participants of the plan, not before the day."""
    world = working()
    stream = given.plan(world, "head", HEAD, planned_for=date(2026, 3, 4), participants=(CLEANER,))
    assert refused(world, "inspection", stream, i.BeginInspection(), LEAD).code == "not_the_inspector"
    assert refused(world, "inspection", stream, i.BeginInspection(), HEAD).code == "too_early"
    world.advance(world.now + timedelta(days=1))
    world.send("inspection", stream, i.BeginInspection(), person=CLEANER)
    assert plan_refused(world, "head", LEAD).code == "not_your_post"


@pytest.mark.clause("R12.5.2")
def test_a_register_that_contradicts_itself_is_refused():
    """Codes stand once, units lie in areas, and no area goes that a post answers for."""
    world = given.site()
    twice = s.ReviseRegister(areas=given.register().areas * 2, items=given.register().items)
    assert refused(world, "inspection_site", SITE, twice, HEAD).code == "code_twice"
    astray = s.ReviseRegister(areas=given.register(areas=1).areas, units=given.register().units, items=twice.items)
    assert refused(world, "inspection_site", SITE, astray, HEAD).field == "units[1].area"
    somewhere = (s.Post(code="east", level="area_lead", person=LEAD, areas=("A5",)),)
    world.send("inspection_site", SITE, s.AppointPosts(posts=somewhere, begins_on=date(2026, 3, 3)))
    assert refused(world, "inspection_site", SITE, given.register(areas=5), HEAD).code == "area_in_use"


@pytest.mark.clause("R12.5.1")
def test_other_rules_change_the_duties_that_differ_from_the_next_window_on():
    """Blocks for rolling days: the head's duty changes, the operators' readings too, and nothing that is past."""
    from tests.domain.story_inspections import reorganised  # noqa: PLC0415 - the story's own end

    world = working()
    reorganised(world)
    (applied,) = (event for *_, event in world.log if isinstance(event, se.RulesApplied))
    changed = {one.terms.kind for one in applied.changed}
    assert "r12.inspect" in changed
    assert not applied.opened
    assert not applied.ended
    assert {one.terms.rule_version for one in applied.changed} == {2}
    assert all(world.states[key].status == "ended" for key in world.states if key[0] == "duty")
