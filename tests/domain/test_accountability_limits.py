"""The limits of a case: counted in the tenant's working days, reminded of, overdue, escalated (R4.14 to R4.19)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from domain.accountability import aftermath as a
from domain.accountability import commands as c
from domain.accountability import events as e
from domain.accountability import events_after as f
from domain.accountability import events_time as t
from domain.accountability.clocks import LIMITS, begun
from domain.calendar import Calendar
from domain.kernel import Actor, Context
from domain.rules.r4 import default_values
from domain.rules.r4_ladder import OverdueLevel, StageReminder
from tests.domain.accountability_given import (
    CALENDAR,
    CLERK,
    GROUP,
    LEAD,
    MEMBER,
    OFFICE,
    OTHER,
    PERSONNEL,
    REPORTED,
    SECRETARY,
    WRITTEN,
    Case,
    at,
    of,
    resolution,
)

SECOND = timedelta(seconds=1)


def _written(case):
    case.heard()
    case.send(SECRETARY, resolution(case.verdict(forms=(WRITTEN,))))
    case.send(OFFICE, case.service(case.id_of(CLERK)))
    return case


def _asked(case):
    case.served()
    case.send(CLERK, a.RequestReview(respondent_id=case.id_of(CLERK), reasons="不服"))
    return case


REACHED = {
    "verification": lambda case: case,
    "proposal": Case.verified,
    "initiation": Case.proposed,
    "team": Case.initiated,
    "investigation": Case.investigating,
    "resolution": Case.investigated,
    "service": Case.decided,
    "filing": Case.decided,
    "review_request": Case.served,
    "execution": Case.served,
    "correction": _written,
    "review": _asked,
}
ENDS = {
    "verification": date(2026, 9, 20),
    "proposal": date(2026, 9, 20),
    "initiation": date(2026, 9, 28),
    "team": date(2026, 9, 20),
    "investigation": date(2026, 10, 16),
    "resolution": date(2026, 9, 28),
    "service": date(2026, 9, 28),
    "filing": date(2026, 9, 28),
    "review_request": date(2026, 9, 28),
    "execution": date(2026, 9, 28),
    "correction": date(2026, 10, 16),
    "review": date(2026, 10, 16),
}
"""Counted by hand from 14 September: over a Sunday and a Saturday at work, a three-day and a seven-day holiday."""


def clock(case, stage):
    """The running limit of a stage."""
    return next(each for each in case.state.clocks.values() if each.stage == stage)


@pytest.mark.clause("R4.14", "R4.16", "R4.17", "R4.18", "R4.19", "R4.5")
@pytest.mark.parametrize("stage", LIMITS)
def test_each_limit_counts_the_tenants_working_days(stage):
    """Rest days and holidays do not count, make-up days do; the first day is excluded."""
    running = clock(REACHED[stage](Case()), stage)
    assert (running.due_on, running.due_at) == (ENDS[stage], CALENDAR.end_of_day(ENDS[stage]))
    assert running.days == getattr(default_values(), LIMITS[stage].field)


@pytest.mark.clause("R4.14", "R4.18")
@pytest.mark.parametrize("stage", LIMITS)
def test_limits_the_source_leaves_open_are_marked_as_the_tenants_own(stage):
    """Only investigation, service and the request for review are the regulation's."""
    assert clock(REACHED[stage](Case()), stage).own == (stage not in {"investigation", "service", "review_request"})


@pytest.mark.clause("R4.14", "R4.16", "R4.17", "R4.18", "R4.19", "R4.5")
@pytest.mark.parametrize("stage", LIMITS)
def test_each_limit_holds_until_the_last_second_of_its_day(stage):
    """A second before midnight nothing has passed; at midnight it has, once."""
    case = REACHED[stage](Case())
    running = clock(case, stage)
    assert not [event for event in case.until(running.due_at - SECOND) if _end_of(event, running)]
    case.until(running.due_at)
    passed = [event for event in case.events if _end_of(event, running)]
    assert len(passed) == 1
    case.until(running.due_at + timedelta(days=40))
    assert [event for event in case.events if _end_of(event, running)] == passed


def _end_of(event, running):
    if isinstance(event, t.ReviewRightLapsed):
        return running.stage == "review_request"
    return isinstance(event, t.StageOverdue) and event.key == running.key


@pytest.mark.clause("R4.14")
@pytest.mark.parametrize("stage", [stage for stage in LIMITS if stage != "verification"])
def test_a_case_keeps_the_rules_it_began_under(stage):
    """A version that came into force the day before the limit began changes nothing about it."""
    case = Case(now=at(9, 11), later=date(2026, 9, 12))
    case.until(REPORTED)
    running = clock(REACHED[stage](case), stage)
    assert (running.days, running.due_on) == (getattr(default_values(), LIMITS[stage].field), ENDS[stage])


@pytest.mark.clause("R4.14")
def test_a_case_reported_under_the_later_rules_lives_by_those():
    """The version of the day of the report counts."""
    case = Case(now=at(9, 14), later=date(2026, 9, 14))
    assert (case.state.rule_version, clock(case, "verification").due_on) == (2, date(2026, 9, 15))


@pytest.mark.clause("R4.16")
def test_the_owner_is_reminded_yellow_then_red():
    """Three and one working days ahead, at the beginning of the day, over the holiday; with role and channel."""
    case = Case().investigating()
    reminded = of(case.until(at(10, 16, 23)), t.StageReminded)
    investigating = [event for event in reminded if event.stage == "investigation"]
    assert [(one.signal, one.role, one.channel) for one in investigating] == [
        ("yellow", "investigator", "inbox"),
        ("red", "investigator", "inbox"),
    ]
    assert [one.due_at for one in clock(Case().investigating(), "investigation").reminders] == [
        at(10, 13, 0),
        at(10, 15, 0),
    ]
    assert all(event.due_on == date(2026, 10, 16) for event in investigating)


@pytest.mark.clause("R4.14")
def test_reminders_are_the_tenants_to_set():
    """One reminder five days ahead; none where the limit is shorter than that."""
    ahead = (StageReminder(signal="red", before_days=5),)
    case = Case(reminders=ahead).proposed()
    assert [one.due_at for one in clock(case, "initiation").reminders] == [at(9, 20, 0)]
    assert clock(Case(reminders=ahead), "verification").reminders == ()


@pytest.mark.clause("R4.18")
def test_nobody_is_reminded_of_a_right_that_may_go_unused():
    """The respondent's time to ask for a review has no owner, and lapses quietly."""
    case = Case().served()
    assert (clock(case, "review_request").role, clock(case, "review_request").reminders) == (None, ())
    case.until(at(10, 30))
    assert not [event for event in of(case.events, t.StageOverdue) if event.stage == "review_request"]


@pytest.mark.clause("R4.11", "R4.14")
def test_what_is_overdue_goes_up_the_ladder_until_it_is_done():
    """The owner learns first, the leading group at once, the committee three working days later."""
    case = Case()
    told = case.until(at(11, 30))
    overdue, *steps = [event for event in told if not isinstance(event, t.StageReminded)]
    assert (overdue.role, overdue.due_on, overdue.own) == ("accountability_office", date(2026, 9, 20), True)
    assert [(step.level, step.role, step.channel, step.clause) for step in steps] == [
        (1, "leading_group", "inbox", "R4.14"),
        (2, "committee_secretary", "email", "R4.14"),
    ]
    assert (overdue.next_level.due_at, steps[0].next_level.due_at) == (at(9, 21, 0), at(9, 24, 0))


@pytest.mark.clause("R4.11")
def test_what_is_done_goes_no_further_up():
    """Verified late, the case leaves the ladder where it stood."""
    case = Case()
    case.until(at(9, 21))
    case.verified()
    told = [event for event in case.until(at(9, 26)) if isinstance(event, t.StageEscalated)]
    assert [event for event in told if event.stage == "verification"] == []


@pytest.mark.clause("R4.11")
def test_the_ladder_is_the_tenants_to_set():
    """Three levels, each so many working days after the one below it."""
    ladder = tuple(
        OverdueLevel(role=role, after_days=days, channel="wecom")
        for role, days in (("personnel", 1), ("leading_group", 2), ("auditor", 8))
    )
    case = Case(escalation=ladder)
    steps = of(case.until(at(11, 1)), t.StageEscalated)
    assert [(step.role, step.channel) for step in steps] == [(one.role, "wecom") for one in ladder]
    assert [step.next_level and step.next_level.due_on for step in steps] == [
        date(2026, 9, 23),
        date(2026, 10, 12),
        None,
    ]


@pytest.mark.clause("R4.14", "R4.16")
def test_no_command_outruns_a_limit_already_missed():
    """With no worker firing, a report handed in late first records that the limit passed, and says that it is late."""
    case = Case().investigating()
    case.now = at(10, 17, 0)
    events = case.send(LEAD, c.SubmitInvestigationReport(report="属实"))
    kinds = [type(event) for event in events]
    assert kinds == [t.StageOverdue, t.StageEscalated, e.InvestigationReported, t.StageBegan]
    assert events[2].late


@pytest.mark.clause("R4.16")
def test_a_report_in_the_last_second_is_in_time():
    """A second before midnight of the twentieth working day."""
    case = Case().investigating()
    case.until(at(10, 16, 23, 59, 59))
    assert case.send(LEAD, c.SubmitInvestigationReport(report="属实"))[0].late is False


@pytest.mark.clause("R4.16")
@pytest.mark.parametrize(("start", "due"), [("initiation", date(2026, 10, 16)), ("team", date(2026, 10, 21))])
def test_the_time_to_investigate_counts_by_its_reading(start, due):
    """From the decision to initiate, or from the day the team is formed three working days later."""
    case = Case(investigation_start=start).initiated()
    case.until(at(9, 17))
    case.send(GROUP, c.FormTeam(members=(LEAD, MEMBER), leader=LEAD))
    running = clock(case, "investigation")
    assert running.due_on == due
    began = next(event for event in of(case.events, t.StageBegan) if event.clock.stage == "investigation")
    assert began.readings == {"R4.16.start": start}


@pytest.mark.clause("R4.16")
def test_forming_the_team_anew_gives_no_more_time():
    """The limit runs on."""
    case = Case().investigating()
    case.until(at(9, 24))
    assert [type(event) for event in case.send(GROUP, c.FormTeam(members=(LEAD, PERSONNEL), leader=LEAD))] == [
        e.TeamFormed
    ]
    assert clock(case, "investigation").due_on == date(2026, 10, 16)


def extended(case):
    """Have more time approved."""
    case.send(LEAD, c.RequestExtension(reason="复杂"))
    return case.send(GROUP, c.DecideExtension(approved=True, reason="同意"))


@pytest.mark.clause("R4.16")
def test_an_approved_extension_adds_ten_working_days_to_the_limit():
    """Counted from the limit, not from the approval; the reminders move along."""
    case = Case().investigating()
    case.until(at(10, 15))
    (approved,) = extended(case)
    assert (approved.days, approved.clock.days, approved.clock.due_on) == (10, 30, date(2026, 10, 30))
    assert [one.due_at for one in approved.clock.reminders] == [at(10, 27, 0), at(10, 29, 0)]
    assert (approved.readings, approved.clause) == ({"R4.16.extend": "once"}, "R4.16")
    assert of(case.until(at(10, 30, 23)), t.StageReminded)
    assert not of(case.events, t.StageOverdue)


@pytest.mark.clause("R4.16")
def test_without_approval_there_is_no_more_time():
    """Asked for and declined, the limit passes as it stood."""
    case = Case().investigating()
    case.send(LEAD, c.RequestExtension(reason="复杂"))
    assert case.refuse(LEAD, c.RequestExtension(reason="复杂")).code == "extension_pending"
    case.send(GROUP, c.DecideExtension(approved=False, reason="不同意"))
    assert [event.key for event in of(case.until(at(10, 17)), t.StageOverdue)] == ["investigation"]


@pytest.mark.clause("R4.16")
def test_the_time_is_extended_once_or_repeatedly_by_the_reading():
    """Once alone as shipped; under the other reading again and again."""
    once = Case().investigating()
    extended(once)
    assert once.refuse(LEAD, c.RequestExtension(reason="仍复杂")).code == "extended_already"
    repeat = Case(extension="repeat").investigating()
    extended(repeat)
    (second,) = extended(repeat)
    assert (second.clock.days, second.readings) == (40, {"R4.16.extend": "repeat"})


@pytest.mark.clause("R4.16")
def test_time_is_asked_for_before_it_has_passed_and_not_approved_by_who_asked():
    """Too late is too late; and the leader of the team does not approve what he asked for."""
    case = Case().investigating()
    case.send(LEAD, c.RequestExtension(reason="复杂"))
    refusal = case.refuse(LEAD, c.DecideExtension(approved=True, reason="同意"))
    assert (refusal.code, refusal.kind) == ("own_request", "forbidden")
    late = Case().investigating()
    late.until(at(10, 17, 0))
    assert late.refuse(LEAD, c.RequestExtension(reason="复杂")).code == "too_late_to_extend"


@pytest.mark.clause("R4.16")
def test_an_extension_asked_for_in_time_may_be_approved_after_the_limit():
    """Then the limit runs anew, and what had gone up the ladder comes down."""
    case = Case().investigating()
    case.send(LEAD, c.RequestExtension(reason="复杂"))
    case.until(at(10, 17))
    assert clock(case, "investigation").overdue
    case.send(GROUP, c.DecideExtension(approved=True, reason="同意"))
    assert (clock(case, "investigation").overdue, clock(case, "investigation").next_level) == (False, None)
    assert [event.due_on for event in of(case.until(at(10, 31)), t.StageOverdue)] == [date(2026, 10, 30)]


@pytest.mark.clause("R4.17")
def test_service_is_late_by_the_day_of_receipt_not_by_the_day_of_its_record():
    """Received in time and recorded later is in time; received the day after the limit is late."""
    case = Case().decided()
    case.until(at(9, 30))
    key = case.id_of(CLERK)
    assert of(case.send(OFFICE, case.service(key, received_on=date(2026, 9, 28))), f.DecisionServed)[0].late is False
    late = Case().decided()
    late.until(at(9, 30))
    assert of(late.send(OFFICE, late.service(key, received_on=date(2026, 9, 29))), f.DecisionServed)[0].late is True


@pytest.mark.clause("R4.18")
def test_the_time_for_a_review_counts_from_receipt():
    """Received on 15 September and recorded on the 18th: ten working days from the 15th."""
    case = Case().decided()
    case.until(at(9, 18))
    served = case.send(OFFICE, case.service(case.id_of(CLERK), received_on=date(2026, 9, 15)))[0]
    assert served.review_until == clock(case, "review_request").due_on == date(2026, 9, 29)


@pytest.mark.clause("R4.18")
def test_a_review_is_asked_for_until_the_last_second():
    """A second before midnight it is in time, at midnight it is not, whether or not the worker has fired."""
    ask = a.RequestReview(respondent_id=Case().served().id_of(CLERK), reasons="不服")
    case = Case().served()
    case.until(at(9, 28, 23, 59, 59))
    assert of(case.send(CLERK, ask), f.ReviewRequested)
    late = Case().served()
    late.now = at(9, 29, 0)
    assert late.refuse(CLERK, ask).code == "too_late_for_review"
    late.until(at(9, 29, 0))
    assert late.refuse(CLERK, ask).code == "too_late_for_review"


@pytest.mark.clause("R4.14", "R4.16")
@given(
    start=st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    days=st.integers(1, 60),
    more=st.integers(1, 30),
    holidays=st.frozensets(st.dates(date(2026, 1, 1), date(2027, 6, 30)), max_size=25),
)
def test_limits_end_on_working_days_and_reminders_come_before_them(start, days, more, holidays):
    """So many working days lie between the first day and the last; longer limits end later; red follows yellow."""
    calendar = Calendar(holidays=holidays)
    now = calendar.at(start, REPORTED.timetz().replace(tzinfo=None))
    context = Context(actor=Actor(kind="system"), now=now, calendar=calendar)
    running, longer = (
        begun("investigation", replace(default_values(), investigation_days=total), 1, context).clock
        for total in (days, days + more)
    )
    between = [start + timedelta(days=n) for n in range(1, (running.due_on - start).days + 1)]
    assert sum(calendar.is_working_day(day) for day in between) == days
    assert calendar.is_working_day(running.due_on)
    assert running.due_at == calendar.end_of_day(running.due_on) < longer.due_at
    instants = [now, *(one.due_at for one in running.reminders), running.due_at]
    assert instants == sorted(set(instants))


@pytest.mark.clause("R4.14")
@pytest.mark.parametrize(("days", "last"), [(1, date(2026, 9, 15)), (6, date(2026, 9, 21))])
def test_how_long_a_merger_waits_for_its_answer_is_a_rule(days, last):
    """In working days, a Sunday on which people work among them; until the end of the last."""
    case = Case(merge_answer_days=days)
    [asked] = case.send(OFFICE, c.RequestMerge(into=OTHER, reason="同案"))
    assert asked.answer_by == CALENDAR.end_of_day(last)
