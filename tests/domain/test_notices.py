"""What people are told: each rule by itself, and all of them over the whole story."""

import re
from datetime import date, datetime
from functools import cache

import pytest

from domain import catalogue, clauses
from domain.accountability.events_after import DecisionServed, ReviewDecided
from domain.accountability.events_time import ReviewRightLapsed, StageEscalated, StageOverdue, StageReminded
from domain.calendar import Calendar
from domain.complaint import commands as c
from domain.complaint import events as e
from domain.kernel import Cause
from domain.penalty_ledger.events import EntryIssued
from domain.roles import ROLE_NAMES
from domain.vehicle_booking.events import (
    BookingDispatched,
    BookingDisplaced,
    BookingRefused,
    OrderOverdue,
    ReturnOverdue,
)
from tests.domain import story
from tests.domain.complaint_given import CLERK, JOINT, RECEIPT, SHANGHAI, STREAM, Case, anonymous, at, of

CHINESE = re.compile(r"[\u4e00-\u9fff]")
CAUSE = Cause(stream_id=STREAM, stream_version=7, position=70)


def told_of(event, state):
    """The notices of an event."""
    return [one for rule in catalogue.notices_of(type(event)) for one in rule.make(event, CAUSE, state)]


@cache
def told():
    """Each event of the story that people are told of, with the state after it and the notices made of it."""
    states, found = {}, []
    for noun, stream, _, event in story.whole_year().log:
        states[stream] = catalogue.decider_of(noun).evolve(states.get(stream), event)
        found += [(event, one) for one in told_of(event, states[stream])]
    return found


def test_every_rule_makes_a_notice_in_the_story():
    """No rule is for an event that never tells anybody anything."""
    events = {type(event) for event, _ in told()}
    assert {rule.name for rule in catalogue.NOTICES if events.isdisjoint(rule.events)} == set()


def test_every_event_that_names_a_role_and_a_channel_is_told():
    """A reminder or a step of a ladder that no rule of `catalogue.NOTICES` answers would be missed."""
    told_of_events = {event for rule in catalogue.NOTICES for event in rule.events}
    named = {
        event
        for decider in catalogue.DECIDERS
        for event in decider.events
        if {"role", "channel"} <= set(event.__struct_fields__)
    }
    assert len(named) > 5
    assert {catalogue.tag_of(event) for event in named - told_of_events} == set()


def test_every_notice_is_sound():
    """Both languages, a noun and a clause that exist, roles that exist, and somebody it is for."""
    for event, notice in told():
        assert CHINESE.search(notice.subject.zh), event
        assert CHINESE.search(notice.body.zh), event
        assert notice.subject.en, event
        assert notice.body.en, event
        assert "\n" not in notice.subject.zh + notice.subject.en
        assert notice.noun in {decider.noun for decider in catalogue.DECIDERS}
        assert notice.clause is None or notice.clause in clauses.load().clauses
        assert set(notice.roles) <= set(ROLE_NAMES)
        assert notice.roles or notice.persons


@pytest.mark.clause("R11.2.1")
def test_a_reminder_goes_to_its_role_and_to_whoever_is_responsible():
    """By the channel of the rules, with the limit it is about."""
    case = Case()
    case.assign()
    [event] = of(case.until(at(4, 8, 22)), e.ComplaintReminded)
    [notice] = told_of(event, case.state)
    assert (notice.roles, notice.persons, notice.channel) == (("handler",), (CLERK,), event.channel)
    assert notice.due_at == event.due_by
    assert (notice.noun, notice.stream_id, notice.clause) == ("complaint", STREAM, "R11.2.1")


@pytest.mark.clause("R11.2.3")
def test_each_step_of_the_ladder_goes_to_its_role_by_its_channel():
    """Told by the time, level by level."""
    case = Case()
    steps = of(case.until(at(4, 8, 18)), e.ComplaintEscalated)
    notices = [notice for step in steps for notice in told_of(step, case.state)]
    assert [(one.roles, one.channel) for one in notices] == [
        (("director_assistant",), "inbox"),
        (("deputy_director",), "inbox"),
        (("sales_director",), "email"),
    ]


@pytest.mark.clause("R11.2.2")
def test_lateness_reaches_whoever_is_responsible_or_who_must_say_who_is():
    """With nobody responsible the sales director has to attribute it."""
    nobody, somebody = Case(), Case()
    somebody.assign()
    for case, persons, roles in ((nobody, (), ("sales_director",)), (somebody, (CLERK,), ())):
        [event] = of(case.until(at(4, 9, 1)), e.ComplaintLate)
        [notice] = told_of(event, case.state)
        assert (notice.persons, notice.roles) == (persons, roles)


@pytest.mark.clause("R11.2.2")
def test_whoever_becomes_responsible_is_told_once():
    """Being named again tells nothing new."""
    case = Case()
    [first] = case.send(c.AssignComplaint(responsible=CLERK, joint=JOINT))
    [again] = case.send(c.AssignComplaint(responsible=CLERK, joint=JOINT))
    [notice] = told_of(first, case.state)
    assert notice.persons == (CLERK,)
    assert told_of(again, case.state) == []


@pytest.mark.clause("R11.2.1")
def test_whoever_is_responsible_is_told_when_a_calendar_moves_the_limit():
    """With the old day and the new; a limit that stays on its day tells nothing."""
    for rest, expected in ((frozenset({date(2027, 1, 1)}), ["2027-01-01", "2027-01-04"]), (frozenset(), [])):
        unknown = Calendar(complete_years=frozenset({2026}))
        case = Case(now=datetime(2026, 12, 31, 9, tzinfo=SHANGHAI), calendar=unknown, settle_days=1)
        case.assign()
        case.calendar = Calendar(holidays=rest, complete_years=frozenset({2026, 2027}))
        [event] = case.send(c.RederiveLimits(year=2027), person=None)
        notices = told_of(event, case.state)
        assert [re.findall(r"2027-01-\d\d", notice.body.zh) for notice in notices] == ([expected] if expected else [])
        assert all(notice.persons == (CLERK,) for notice in notices)


@pytest.mark.clause("R11.2.2")
def test_each_who_bears_a_share_of_a_fine_is_told_once():
    """The fine is told by the entries it leads to, not a second time by the complaint."""
    entries = [(event, notice) for event, notice in told() if isinstance(event, EntryIssued)]
    assert {len(notice.persons) for _, notice in entries} == {1}
    assert len({event.entry_key for event, _ in entries}) == len(entries)
    assert not any(isinstance(event, e.ComplaintFined) for event, _ in told())
    assert any("100.00 元" in notice.body.zh for _, notice in entries)


@pytest.mark.clause("R0.3")
def test_no_notice_of_an_anonymous_complaint_tells_anything_of_it():
    """Neither its words, nor its place, nor the receipt, nor the hour it came: only that there is a complaint."""
    case = Case(command=anonymous())
    notices = [notice for event in case.until(at(4, 10)) for notice in told_of(event, case.state)]
    assert len(notices) > 3
    for notice in notices:
        for secret in (case.state.subject, case.state.description, RECEIPT):
            assert secret not in repr(notice)
        due_at = notice.due_at and notice.due_at.astimezone(SHANGHAI)
        assert due_at is None or (due_at.hour, due_at.minute, due_at.second) == (0, 0, 0)


@pytest.mark.clause("R4.21")
def test_a_case_is_kept_from_those_who_may_not_act_on_it():
    """Whoever a case is about, reported it or was recused is not told by his office how it goes."""
    limits = [(event, one) for event, one in told() if isinstance(event, StageReminded | StageOverdue | StageEscalated)]
    assert limits
    for _, notice in limits:
        assert notice.roles
        assert not notice.confidential
        assert notice.due_at is not None
    assert any(notice.withheld for _, notice in limits)


@pytest.mark.clause("R4.17", "R4.18")
def test_whoever_answers_in_a_case_learns_of_decision_and_review_alone():
    """As a person and by no role; where he has no account, nobody is told in his place."""
    found = [one for event, one in told() if isinstance(event, DecisionServed | ReviewDecided | ReviewRightLapsed)]
    assert found
    for notice in found:
        assert (notice.roles, len(notice.persons), notice.confidential) == ((), 1, True)


@pytest.mark.clause("R3.2.1", "R3.2.2")
def test_whoever_asked_for_a_car_learns_what_became_of_it():
    """And each level of the ladder of an order that is overdue, and the dispatch room of a car that is not back."""
    found = {type(event): one for event, one in told() if one.noun == "vehicle_booking"}
    assert set(found) == {BookingDispatched, BookingDisplaced, BookingRefused, OrderOverdue, ReturnOverdue}
    for event, notice in found.items():
        assert bool(notice.roles) == (event in {OrderOverdue, ReturnOverdue})
