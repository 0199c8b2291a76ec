"""Liaison sheets between departments: issued, answered in time, closed (R15.6)."""

from datetime import date
from uuid import UUID

import pytest

from domain.kernel import Refusal
from domain.liaison_sheet import messages as k
from tests.domain import quality_given as given
from tests.domain.world import World

STREAM = UUID(int=0x15F0)
pytestmark = pytest.mark.clause("R15.6")


def issued():
    """A world with a sheet issued on Monday 2 March."""
    world = World()
    given.adopt(world)
    issue = k.IssueLiaison(
        from_department="客服部", to_department="工程部", addressee=given.OTHER, subject="漏水", content="请检修"
    )
    (event,) = world.send("liaison_sheet", STREAM, issue, person=given.HEAD)
    assert event.answer_by == date(2026, 3, 5)
    return world


def refused(world, command, person):
    """The code with which a command is refused."""
    with pytest.raises(Refusal) as caught:
        world.send("liaison_sheet", STREAM, command, person=person)
    return caught.value.code


def test_the_addressee_answers_and_the_issuer_closes():
    """Each does his own part alone."""
    world = issued()
    assert refused(world, k.AnswerLiaison(answer="好"), given.HEAD) == "not_the_addressee"
    assert refused(world, k.CloseLiaison(), given.HEAD) == "wrong_status"
    (event,) = world.send("liaison_sheet", STREAM, k.AnswerLiaison(answer="已检修"), person=given.OTHER)
    assert event.late is False
    assert refused(world, k.CloseLiaison(), given.OTHER) == "not_the_issuer"
    world.send("liaison_sheet", STREAM, k.CloseLiaison(evaluation="已解决"), person=given.HEAD)
    assert world.state("liaison_sheet", STREAM).status == "closed"
    assert refused(world, k.AnswerLiaison(answer="又"), given.OTHER) == "wrong_status"


def test_what_is_not_answered_in_time_is_overdue():
    """Three working days; it can be answered all the same, and is late."""
    world = issued()
    world.pass_to(2026, 3, 6)
    assert [event.round for *_, event in world.log if isinstance(event, k.AnswerOverdue)] == [1]
    (event,) = world.send("liaison_sheet", STREAM, k.AnswerLiaison(answer="已检修"), person=given.OTHER)
    assert event.late


def test_an_answer_that_settles_nothing_is_returned():
    """With a new time to answer."""
    world = issued()
    world.send("liaison_sheet", STREAM, k.AnswerLiaison(answer="已检修"), person=given.OTHER)
    (event,) = world.send("liaison_sheet", STREAM, k.ReturnAnswer(reason="仍漏"), person=given.HEAD)
    assert (event.round, event.answer_by) == (2, date(2026, 3, 5))
    assert world.state("liaison_sheet", STREAM).status == "issued"


def test_it_goes_to_another_department():
    """Not to one's own."""
    world = World()
    given.adopt(world)
    issue = k.IssueLiaison(
        from_department="客服部", to_department="客服部", addressee=given.OTHER, subject="漏水", content="请检修"
    )
    assert refused(world, issue, given.HEAD) == "same_department"
