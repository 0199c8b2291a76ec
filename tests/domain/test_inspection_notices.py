"""Who is told of an issue, of answering for it, and of what is overdue."""

from datetime import UTC, date, datetime

import pytest

from domain.catalogue import notices_of
from domain.kernel import Cause
from domain.nonconformity import commands as c
from domain.nonconformity import events as e
from tests.domain import inspection_given as given
from tests.domain.inspection_given import CLEANER, LEAD, SUPERVISOR
from tests.domain.test_nonconformity import ISSUE, PARTS, found_by, send, working


def told(world, event):
    """The notices of the latest event of a kind."""
    latest = next(one for *_, one in reversed(world.log) if isinstance(one, event))
    (rule,) = notices_of(event)
    cause = Cause(stream_id=ISSUE, stream_version=1, position=1)
    return rule.make(latest, cause, world.state("nonconformity", ISSUE))


@pytest.mark.clause("R12.5.3.3")
def test_those_who_work_at_the_place_are_told_of_an_issue():
    """But for the one who found it."""
    world = working()
    found_by(world, "lead")
    (notice,) = told(world, e.IssueFound)
    assert notice.persons == (CLEANER,)
    found_by(world, "supervisor", place=[("I4", "A1")])
    other = given.issue("I4", "A1")
    first = next(one for _, stream, _, one in world.log if stream == other)
    (rule,) = notices_of(e.IssueFound)
    (notice,) = rule.make(first, Cause(stream_id=other, stream_version=1, position=1), None)
    assert notice.persons == (LEAD, CLEANER)


@pytest.mark.clause("R12.5.4")
def test_those_who_answer_and_whoever_sets_the_handling_are_told():
    """The persons themselves, and those whose posts decide on it."""
    world = working()
    found_by(world, "lead", "supervisor")
    mine, theirs = told(world, e.LiabilityFound)
    assert (mine.persons, theirs.persons, theirs.roles) == ((LEAD, CLEANER), (SUPERVISOR,), ())


@pytest.mark.clause("R12.5.3.5")
def test_what_is_overdue_is_told_to_whom_it_was_given_and_to_the_project_head():
    """With the time that has passed."""
    world = working()
    found_by(world, "lead")
    send(world, c.PlanCorrection(complete_by=date(2026, 3, 4), person=CLEANER, **PARTS))
    world.advance(datetime(2026, 3, 5, 2, tzinfo=UTC))
    (notice,) = told(world, e.CorrectionOverdue)
    assert (notice.roles, notice.persons) == (("project_head",), (CLEANER,))
    assert notice.due_at == datetime(2026, 3, 4, 16, tzinfo=UTC)
