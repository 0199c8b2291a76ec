"""External awards: applied for after a completed self-check with its problems corrected (R15.5.1.4)."""

from datetime import date
from uuid import UUID

import pytest

from domain.award_application import messages as a
from domain.kernel import Refusal
from domain.nonconformity import commands as n
from domain.rules.r15 import default_values
from tests.domain import quality_given as given
from tests.domain.world import World

STREAM = UUID(int=0x15F4)
ITEMS = tuple(item.code for item in default_values().award_items)
pytestmark = pytest.mark.clause("R15.5.1.4")


def aimed(level="province", **more):
    """A world in which an award is aimed at."""
    world = World()
    given.adopt(world)
    aim = a.PrepareApplication(award="优秀小区", level=level, year="2026", standard="评比标准", **more)
    world.send("award_application", STREAM, aim, person=given.QUALITY)
    return world


def send(world, command):
    """Ask something of the application; its first event."""
    return world.send("award_application", STREAM, command, person=given.QUALITY)[0]


def checked(world, bad=()):
    """Check every item; those named do not conform. Their nonconformities."""
    found = []
    for item in ITEMS:
        note = "不符合" if item in bad else ""
        event = send(world, a.CheckItem(item=item, conforms=item not in bad, note=note))
        found += [event.nonconformity_id] if event.nonconformity_id else []
    return found


def refused(world, command):
    """The code and the details with which a command is refused."""
    with pytest.raises(Refusal) as caught:
        send(world, command)
    return caught.value.code, caught.value.details.get("items")


DONE = a.CompleteCheck(conclusion="符合")
APPLY = a.SubmitApplication(reference="申报-1")


def test_it_is_applied_for_after_the_self_check_alone():
    """Not before every item was checked."""
    world = aimed()
    assert refused(world, APPLY)[0] == "wrong_status"
    send(world, a.CheckItem(item=ITEMS[0], conforms=True))
    assert refused(world, DONE) == ("items_unchecked", list(ITEMS[1:]))
    for item in ITEMS[1:]:
        send(world, a.CheckItem(item=item, conforms=True))
    assert send(world, DONE).checked == len(ITEMS)
    send(world, APPLY)


def test_open_problems_block_it_until_their_correction_is_verified():
    """Corrected is not enough: the correction's effect is looked at by another first."""
    world = aimed()
    (issue,) = checked(world, bad=("cleaning",))
    state = world.state("nonconformity", issue)
    assert (state.clause, state.source_noun, state.source_id) == ("R15.5.1.4", "award_application", STREAM)
    assert refused(world, DONE) == ("problems_open", ["cleaning"])
    world.send("nonconformity", issue, n.CorrectOnTheSpot(note="已清扫"), person=given.HEAD)
    assert refused(world, DONE)[0] == "problems_open"
    verify = n.VerifyCorrection(effective=True, evaluation="整洁")
    world.send("nonconformity", issue, verify, person=given.QUALITY)
    assert send(world, DONE).corrected == 1


def test_a_result_is_of_a_day_since_the_application():
    """Then the papers go on file, and nothing follows."""
    world = aimed()
    checked(world)
    send(world, DONE)
    send(world, APPLY)
    for day in (date(2026, 3, 1), date(2026, 3, 3)):
        assert refused(world, a.RecordResult(result="awarded", decided_on=day))[0] == "date_out_of_bounds"
    assert send(world, a.RecordResult(result="awarded", decided_on=date(2026, 3, 2))).result == "awarded"
    send(world, a.FileApplication(reference="档-1"))
    assert refused(world, a.WithdrawApplication(reason="不报"))[0] == "wrong_status"


def test_an_item_is_checked_once_and_a_problem_is_told():
    """An unknown item, a second check, and a silent problem are refused."""
    world = aimed()
    assert refused(world, a.CheckItem(item="moon", conforms=True))[0] == "no_such_item"
    assert refused(world, a.CheckItem(item=ITEMS[0], conforms=False))[0] == "problem_untold"
    send(world, a.CheckItem(item=ITEMS[0], conforms=True))
    assert refused(world, a.CheckItem(item=ITEMS[0], conforms=True))[0] == "checked_already"


def test_the_level_is_one_that_the_rules_know():
    """The moon gives no awards; an item's code stands once."""
    with pytest.raises(Refusal) as caught:
        aimed(level="moon")
    assert caught.value.code == "no_such_level"
    with pytest.raises(Refusal) as caught:
        aimed(items=default_values().award_items[:1] * 2)
    assert caught.value.code == "code_twice"
