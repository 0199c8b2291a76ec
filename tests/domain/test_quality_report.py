"""Service quality reports: compiled by one, approved by another, their measures supervised (R15.5.1.3.2, .3.3)."""

from datetime import date
from decimal import Decimal

import pytest

from domain.duty.events import DutyMet, DutyMissed
from domain.kernel import Refusal
from domain.quality_report import commands as c
from domain.quality_report import events as e
from domain.rule_book import messages as r
from tests.domain import quality_given as given
from tests.domain.world import BOOKS, PEOPLE, World

MONTHLY, ANNUAL = "R15.5.1.3.2", "R15.5.1.3.3"


def drafted(*, now=(2026, 4, 2), **more):
    """A world in April in which the quality department has compiled March's report, and the report's stream."""
    world = World()
    given.adopt(world)
    given.register(world, given.COMPILERS, compiles=True)
    world.pass_to(*now)
    return world, given.compiled(world, "2026-03", duty_id=given.duty("report", given.COMPILERS), **more)


def approved():
    """The same, approved with one measure that is due on 12 April."""
    world, stream = drafted()
    given.written(world, stream)
    send(world, stream, c.SubmitReport())
    send(world, stream, c.ApproveReport(), given.MANAGER)
    return world, stream


def send(world, stream, command, person=given.QUALITY):
    """Ask something of the report; its events."""
    return world.send("quality_report", stream, command, person=person)


def refused(world, stream, command, person=given.QUALITY):
    """The code with which a command is refused."""
    with pytest.raises(Refusal) as caught:
        send(world, stream, command, person)
    return caught.value.code


def report_windows(world):
    """Whether the windows of the duty to report were met."""
    owed = given.duty("report", given.COMPILERS)
    return [
        isinstance(event, DutyMet)
        for _, stream, _, event in world.log
        if stream == owed and isinstance(event, DutyMet | DutyMissed)
    ]


@pytest.mark.clause(MONTHLY)
def test_a_report_is_of_a_month_that_is_over():
    """It holds the figures as they were handed over, is due by the fifth working day, and names the reading."""
    world, stream = drafted()
    state = world.state("quality_report", stream)
    assert (state.status, state.due_on, state.position) == ("drafting", date(2026, 4, 7), 7)
    assert state.figures == (given.figures(),)
    compiled = next(event for *_, event in world.log if isinstance(event, e.ReportCompiled))
    assert (compiled.clause, compiled.readings) == (MONTHLY, {"R15.5.1.3.2.start_of_month": "working_day"})
    with pytest.raises(Refusal) as caught:
        given.compiled(world, "2026-04")
    assert caught.value.code == "period_not_over"


@pytest.mark.clause(MONTHLY)
def test_figures_that_make_no_sense_are_refused():
    """A percentage is one."""
    with pytest.raises(Refusal) as caught:
        drafted(percent=Decimal("NaN"))
    assert caught.value.code == "figures_senseless"


@pytest.mark.clause(MONTHLY)
def test_a_report_with_problems_needs_their_causes_and_a_measure():
    """What is lacking is named; a month without problems needs its results alone."""
    world, stream = drafted()
    with pytest.raises(Refusal) as caught:
        send(world, stream, c.SubmitReport())
    assert caught.value.details["lacking"] == ["achievements", "problems", "causes", "measures"]
    world, stream = drafted(problems=0, missed=0)
    send(world, stream, c.WriteReport(achievements="服务平稳"))
    assert send(world, stream, c.SubmitReport())[0].late is False


@pytest.mark.clause(MONTHLY)
def test_submitting_in_time_meets_the_duty():
    """On the fifth working day it does; a day later the month is a lapse, and the report says that it is late."""
    world, stream = drafted(now=(2026, 4, 7))
    given.written(world, stream)
    send(world, stream, c.SubmitReport())
    assert report_windows(world) == [True]
    world, stream = drafted(now=(2026, 4, 8))
    given.written(world, stream)
    assert send(world, stream, c.SubmitReport())[0].late
    assert report_windows(world) == [False]


@pytest.mark.clause(MONTHLY)
def test_nobody_approves_a_report_of_his_own():
    """Whoever compiled, wrote or submitted it cannot; the general manager can, once it is submitted."""
    world, stream = drafted()
    given.written(world, stream)
    assert refused(world, stream, c.ApproveReport(), given.MANAGER) == "wrong_status"
    send(world, stream, c.SubmitReport())
    assert refused(world, stream, c.ApproveReport()) == "own_report"
    (event,) = send(world, stream, c.ApproveReport(remark="同意"), given.MANAGER)
    assert (event.figures, event.approved_by, event.clause) == ((given.figures(),), given.MANAGER, MONTHLY)


@pytest.mark.clause(MONTHLY)
def test_a_returned_report_is_written_and_submitted_again():
    """With the reasons; the second round does not meet the duty twice."""
    world, stream = drafted()
    given.written(world, stream)
    send(world, stream, c.SubmitReport())
    (event,) = send(world, stream, c.ReturnReport(reason="原因不清"), given.MANAGER)
    assert (event.reason, event.compiled_by) == ("原因不清", given.QUALITY)
    given.compiled(world, "2026-03", duty_id=given.duty("report", given.COMPILERS), filed=19)
    (again,) = send(world, stream, c.SubmitReport())
    assert (again.round, report_windows(world)) == (2, [True])


@pytest.mark.clause(MONTHLY)
def test_the_figures_of_an_approved_report_stand():
    """It is neither compiled nor written any more."""
    world, stream = approved()
    with pytest.raises(Refusal) as caught:
        given.compiled(world, "2026-03", filed=0)
    assert caught.value.code == "wrong_status"
    assert refused(world, stream, c.WriteReport(achievements="改")) == "wrong_status"
    assert refused(world, stream, c.DropMeasure(number=1)) == "wrong_status"


@pytest.mark.clause(MONTHLY)
def test_a_measure_is_taken_by_its_person_and_verified_by_another():
    """Without effect it is to be taken anew by another day."""
    world, stream = approved()
    assert refused(world, stream, c.CompleteMeasure(number=1, note="好"), given.OTHER) == "not_responsible"
    assert refused(world, stream, c.CompleteMeasure(number=9, note="好"), given.HEAD) == "no_such_measure"
    send(world, stream, c.CompleteMeasure(number=1, note="已招聘"), given.HEAD)
    look = c.VerifyMeasure(number=1, effective=False, evaluation="仍不足")
    assert refused(world, stream, look, given.HEAD) == "own_measure"
    assert refused(world, stream, look) == "day_needed"
    again = c.VerifyMeasure(number=1, effective=False, evaluation="仍不足", due_on=date(2026, 5, 1))
    assert isinstance(send(world, stream, again)[0], e.MeasureReopened)
    send(world, stream, c.CompleteMeasure(number=1, note="再招聘"), given.HEAD)
    (event,) = send(world, stream, c.VerifyMeasure(number=1, effective=True, evaluation="见效"))
    assert isinstance(event, e.MeasureVerified)
    assert world.owed.get(("quality_report", stream)) is None


@pytest.mark.clause(MONTHLY)
def test_a_measure_that_is_late_goes_up():
    """To the quality department when its day has passed, to the general manager a week later; and no further."""
    world, stream = approved()
    world.pass_to(2026, 5, 30)
    late = [event for *_, event in world.log if isinstance(event, e.MeasureOverdue)]
    assert [(one.level, one.role) for one in late] == [(1, "quality_department"), (2, "general_manager")]
    assert {one.due_on for one in late} == {date(2026, 4, 12)}
    (done,) = send(world, stream, c.CompleteMeasure(number=1, note="已招聘"), given.HEAD)
    assert done.late


@pytest.mark.clause(MONTHLY)
def test_a_measures_day_is_to_come():
    """A day that has passed, or one too far ahead, is refused."""
    world, stream = drafted()
    for day in (date(2026, 4, 1), date(2028, 1, 1)):
        measure = c.AddMeasure(kind="preventive", department="客服部", action="培训", person=given.HEAD, due_on=day)
        assert refused(world, stream, measure) == "date_out_of_bounds"


@pytest.mark.clause(MONTHLY)
def test_by_the_other_reading_the_whole_month_is_in_time():
    """The report is due on the last day of the month that follows, and the duty's window is that month."""
    world = World()
    given.adopt(world)
    changes = r.DraftVersion(changes={"start_of_month": "whole_month"}, note="当月内")
    world.send("rule_book", BOOKS["R15"], changes, person=PEOPLE[0])
    publish = r.PublishVersion(version=2, effective_from=date(2026, 3, 3))
    world.send("rule_book", BOOKS["R15"], publish, person=PEOPLE[1])
    world.pass_to(2026, 3, 3)
    given.register(world, given.COMPILERS, compiles=True)
    world.pass_to(2026, 4, 30)
    stream = given.compiled(world, "2026-03", duty_id=given.duty("report", given.COMPILERS), problems=0, missed=0)
    send(world, stream, c.WriteReport(achievements="服务平稳"))
    (event,) = send(world, stream, c.SubmitReport())
    assert (event.due_on, event.late, event.rule_version) == (date(2026, 4, 30), False, 2)
    assert report_windows(world) == [True]


@pytest.mark.clause(ANNUAL)
def test_the_annual_report_appraises_each_department():
    """Goals, sheets and lapses in points, by the rules in force; due by the fifteenth working day of the year."""
    world = World()
    given.adopt(world)
    world.pass_to(2027, 1, 4)
    goals = (given.figure(weight=60), given.figure(weight=40, achieved=False, code="d2"))
    stream = given.compiled(world, "2026", "annual", goals=goals, percent=Decimal(90), missed=4, met=96)
    state = world.state("quality_report", stream)
    (appraisal,) = state.appraisals
    assert [(part.name, part.points) for part in appraisal.parts] == [
        ("goals", Decimal("36.00")),
        ("sheets", Decimal("18.00")),
        ("duties", Decimal("18.00")),
    ]
    assert (appraisal.points, appraisal.grade, appraisal.lapses) == (Decimal("72.00"), "passing", 4)
    assert state.clause == ANNUAL
    assert refused_again(world) == "period_not_over"


def refused_again(world):
    """The code with which this year's annual report is refused while the year runs."""
    with pytest.raises(Refusal) as caught:
        given.compiled(world, "2027", "annual")
    return caught.value.code
