"""Who is told what in quality monitoring: what is due, what came back, what is overdue."""

from datetime import date
from uuid import UUID

import pytest

from domain.catalogue import notices_of
from domain.kernel import Cause
from domain.liaison_sheet import messages as k
from domain.quality_report import commands as c
from domain.quality_report import events as e
from domain.service_department.messages import MonthTurned
from tests.domain import quality_given as given
from tests.domain.world import World

MONTHLY = "R15.5.1.3.2"


def told(world, event):
    """The notices of every event of a kind, oldest first."""
    found = []
    for noun, stream, version, one in world.log:
        if isinstance(one, event):
            (rule,) = notices_of(event)
            cause = Cause(stream_id=stream, stream_version=version, position=1)
            found += rule.make(one, cause, world.left(noun, stream, version))
    return found


def submitted():
    """A world in which March's report was submitted with a measure."""
    world = World()
    given.adopt(world)
    given.register(world, given.COMPILERS, head=given.QUALITY, compiles=True)
    given.register(world)
    world.pass_to(2026, 4, 2)
    stream = given.compiled(world, "2026-03")
    given.written(world, stream)
    world.send("quality_report", stream, c.SubmitReport(), person=given.QUALITY)
    return world, stream


@pytest.mark.clause(MONTHLY)
def test_at_the_months_start_people_are_told_what_is_due():
    """Each head of his sheets, the quality department of the report, with the days."""
    world, _ = submitted()
    notices = told(world, MonthTurned)
    assert {notice.persons for notice in notices if notice.persons} == {(given.QUALITY,), (given.HEAD,)}
    (report,) = [notice for notice in notices if notice.roles]
    assert (report.roles, "2026-04-07" in report.body.zh) == (("quality_department",), True)
    assert all("2026-04-03" in notice.body.zh for notice in notices if notice.persons)


@pytest.mark.clause(MONTHLY)
def test_the_general_manager_is_told_of_a_report_and_its_author_that_it_came_back():
    """Neither notice quotes the report or the reasons."""
    world, stream = submitted()
    world.send("quality_report", stream, c.ReturnReport(reason="原因不清"), person=given.MANAGER)
    (awaits,) = told(world, e.ReportSubmitted)
    (back,) = told(world, e.ReportReturned)
    assert (awaits.roles, back.persons) == (("general_manager",), (given.QUALITY,))
    assert "原因不清" not in back.body.zh


@pytest.mark.clause(MONTHLY)
def test_whoever_has_a_measure_is_told_of_it_its_delay_and_its_failure():
    """With the approval, when it is overdue together with the level above, and when it is to be taken anew."""
    world, stream = submitted()
    world.send("quality_report", stream, c.ApproveReport(), person=given.MANAGER)
    (mine,) = told(world, e.ReportApproved)
    assert (mine.persons, mine.due_at) == ((given.HEAD,), world.context(None).calendar.end_of_day(date(2026, 4, 12)))
    world.pass_to(2026, 4, 25)
    assert [(one.persons, one.roles) for one in told(world, e.MeasureOverdue)] == [
        ((given.HEAD,), ("quality_department",)),
        ((given.HEAD,), ("general_manager",)),
    ]
    world.send("quality_report", stream, c.CompleteMeasure(number=1, note="已招聘"), person=given.HEAD)
    again = c.VerifyMeasure(number=1, effective=False, evaluation="不足", due_on=date(2026, 5, 9))
    world.send("quality_report", stream, again, person=given.QUALITY)
    (anew,) = told(world, e.MeasureReopened)
    assert (anew.persons, "2026-05-09" in anew.body.zh) == ((given.HEAD,), True)


@pytest.mark.clause("R15.6")
def test_the_addressee_the_issuer_and_the_quality_department_hear_of_a_liaison_sheet():
    """Asked, overdue, answered."""
    world, stream = World(), UUID(int=0x15F0)
    given.adopt(world)
    issue = k.IssueLiaison(
        from_department="客服部", to_department="工程部", addressee=given.OTHER, subject="漏水", content="请检修"
    )
    world.send("liaison_sheet", stream, issue, person=given.HEAD)
    world.pass_to(2026, 3, 9)
    world.send("liaison_sheet", stream, k.AnswerLiaison(answer="已检修"), person=given.OTHER)
    (asked,), (late,), (answered,) = (told(world, one) for one in (k.LiaisonIssued, k.AnswerOverdue, k.LiaisonAnswered))
    assert (asked.persons, answered.persons) == ((given.OTHER,), (given.HEAD,))
    assert (late.roles, late.persons) == (("quality_department",), (given.OTHER, given.HEAD))
