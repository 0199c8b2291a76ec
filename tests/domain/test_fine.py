"""Fines by a person's decision: amounts, bounds, joint liability, and their way into the ledgers."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from msgspec.structs import replace

from domain.calendar import Calendar
from domain.fine import FINE
from domain.fine.messages import ImposeFine, RevokeFine
from domain.fine_shares import Liable, shares_of
from domain.kernel import Actor, Context, Refusal, RuleVersion
from domain.penalty_ledger import totals
from domain.rules.r11 import default_values
from tests.domain import story_service as service
from tests.domain.story_service import ASSISTANT, CLERK, DIRECTOR, JOINT, OFFICER
from tests.domain.world import World

TODAY = date(2026, 4, 1)


def context(person=DIRECTOR, versions=None, **values):
    """A decision of 1 April by the director, under rules in force since March."""
    rules = versions or (RuleVersion(1, date(2026, 3, 1), replace(default_values(), **values)),)
    return Context(
        actor=Actor(kind="member", id=person),
        now=datetime(2026, 4, 1, 1, tzinfo=UTC),
        calendar=Calendar(),
        rules={"R11": rules},
        stream_id=UUID(int=5),
    )


def impose(command, **world):
    """The fine that a command leads to."""
    (imposed,) = FINE.decide(None, command, context(**world))
    return imposed


def refused(command, **world):
    """The refusal that a command meets."""
    with pytest.raises(Refusal) as caught:
        FINE.decide(None, command, context(**world))
    return caught.value


def lost(**changes):
    """A lost document."""
    return replace(
        ImposeFine(clause="R11.1.10", person=CLERK, joint=JOINT[:1], happened_on=TODAY, matter="遗失合同"), **changes
    )


def late(amount_fen, **changes):
    """Late work."""
    return replace(
        ImposeFine(clause="R11.1.13", person=CLERK, happened_on=TODAY, matter="拖延", amount_fen=amount_fen), **changes
    )


@pytest.mark.clause("R11.1.10")
def test_each_lost_document_costs_a_hundred_and_the_director_fifty():
    """Two documents cost twice as much, jointly too."""
    imposed = impose(lost(count=2))
    borne = [(share.person, share.role, share.amount_fen) for share in imposed.shares]
    assert borne == [(CLERK, None, 20_000), (DIRECTOR, "sales_director", 10_000)]
    assert (imposed.clause, imposed.rule_version) == ("R11.1.10", 1)


@pytest.mark.clause("R11.3")
def test_failing_help_costs_a_hundred_and_director_and_assistant_fifty_each():
    """Both are jointly liable."""
    imposed = impose(ImposeFine(clause="R11.3", person=CLERK, joint=JOINT, happened_on=TODAY, matter="缺岗"))
    assert [share.amount_fen for share in imposed.shares] == [10_000, 5_000, 5_000]


@pytest.mark.clause("R11.2.2", "R11.3")
def test_under_the_other_reading_they_share_the_joint_fine():
    """The joint amount is divided to the fen, and the event names the reading."""
    command = ImposeFine(clause="R11.3", person=CLERK, joint=JOINT, happened_on=TODAY, matter="缺岗")
    imposed = impose(command, joint="shared", help_joint_fen=5_001)
    assert [share.amount_fen for share in imposed.shares] == [10_000, 2_501, 2_500]
    assert imposed.readings["R11.2.2.joint"] == "shared"


@pytest.mark.clause("R11.1.13")
@pytest.mark.parametrize(("amount_fen", "allowed"), [(1_999, False), (2_000, True), (5_000, True), (5_001, False)])
def test_late_work_costs_what_the_director_chooses_within_the_bounds(amount_fen, allowed):
    """Both bounds are included, and nobody is jointly liable."""
    if allowed:
        assert [share.amount_fen for share in impose(late(amount_fen)).shares] == [amount_fen]
    else:
        refusal = refused(late(amount_fen))
        assert (refusal.code, refusal.field, refusal.clause) == ("amount_out_of_bounds", "amount_fen", "R11.1.13")


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (lost(amount_fen=1), "amount_by_the_rules"),
        (lost(joint=()), "joint_roles_differ"),
        (lost(joint=(Liable("sales_director", CLERK),)), "one_person_twice"),
        (lost(complaint_id=UUID(int=3)), "no_complaint_here"),
        (lost(happened_on=TODAY + timedelta(days=1)), "in_the_future"),
        (lost(happened_on=date(2026, 2, 28)), "rules_not_adopted"),
        (late(2_000, count=2), "one_at_a_time"),
        (late(None), "amount_out_of_bounds"),
        (late(2_000, person=DIRECTOR), "own_fine"),
    ],
)
def test_what_makes_no_fine_is_refused(command, code):
    """Each with its reason."""
    assert refused(command).code == code


@pytest.mark.clause("R0.7")
def test_the_rules_of_the_day_it_happened_apply():
    """A version that took effect since changes nothing."""
    versions = (
        RuleVersion(1, date(2026, 3, 1), default_values()),
        RuleVersion(2, date(2026, 4, 1), replace(default_values(), lost_document_fine_fen=1)),
    )
    assert impose(lost(happened_on=date(2026, 3, 31)), versions=versions).shares[0].amount_fen == 10_000
    assert impose(lost(), versions=versions).shares[0].amount_fen == 1


def test_a_fine_is_revoked_once_and_by_nobody_who_bears_it():
    """The joint director may not, another may, and only once."""
    state = FINE.fold(None, (impose(lost()),))
    with pytest.raises(Refusal, match="own_fine"):
        FINE.decide(state, RevokeFine(reason="误"), context(DIRECTOR))
    state = FINE.fold(state, FINE.decide(state, RevokeFine(reason="误"), context(OFFICER)))
    with pytest.raises(Refusal, match="fine_revoked"):
        FINE.decide(state, RevokeFine(reason="误"), context(OFFICER))


@pytest.mark.clause("R11.1.10")
def test_each_share_reaches_its_bearers_ledger_and_leaves_it_again():
    """The director's entry names his role and the clerk's entry; a revocation takes both back."""
    world = World()
    service.adopt(world)
    command = lost(happened_on=date(2026, 3, 2))
    world.send("fine", service.LOST, command, person=DIRECTOR)
    clerk, director = (world.state("penalty_ledger", service.ledger_of(each)) for each in (CLERK, DIRECTOR))
    assert (totals(clerk).owed_fen, totals(director).owed_fen) == (10_000, 5_000)
    (entry,) = director.entries.values()
    assert (entry.joint_role, entry.principal_key in clerk.entries) == ("sales_director", True)
    assert (entry.reading, entry.period) == ("R11.2.2.joint=each", "2026-03")
    world.send("fine", service.LOST, RevokeFine(reason="找到了"), person=OFFICER)
    after = [world.state("penalty_ledger", service.ledger_of(each)) for each in (CLERK, DIRECTOR)]
    assert [totals(each).owed_fen for each in after] == [0, 0]


def test_a_share_is_never_of_an_impossible_amount():
    """A negative fine is a fault, not a credit."""
    with pytest.raises(ValueError, match="no fine"):
        shares_of(CLERK, -1, (Liable("assistant", ASSISTANT),), 0, "each")
