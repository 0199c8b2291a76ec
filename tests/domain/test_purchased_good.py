"""A purchased good: its inspection procedure by versions, and sampling that anybody can draw again."""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given as given_
from hypothesis import strategies as st
from msgspec.structs import replace

from domain.goods_frame import Procedure
from domain.goods_sampling import PlanRow, accepts, draw, row_of
from domain.kernel import Refusal
from domain.purchased_good import messages as m
from domain.rules.r15 import default_values, validate
from domain.rules.r15_goods import GoodsValues
from tests.domain import goods_given as given
from tests.domain.goods_given import AUTHOR, CHECKS, KEEPER, MOPS, PLAN, SAMPLED, TRIED
from tests.domain.world import World

RECEIPT = UUID(int=0x77)
DRAWN = (2, 4, 5, 6)


def refused(world, command, person=AUTHOR):
    """The refusal of a command to the good."""
    with pytest.raises(Refusal) as caught:
        world.send("purchased_good", MOPS, command, person=person)
    return caught.value


@pytest.mark.clause("R15.5.2")
def test_nothing_is_received_before_a_procedure_is_in_force_or_after_it_was_withdrawn():
    """Drafted is not approved, approved for tomorrow is not in force today, withdrawn is gone."""
    world = World()
    given.adopt(world)
    world.send("purchased_good", MOPS, m.RegisterGood(name="拖把", unit="把", department="环境部"))
    lot = m.RegisterDelivery(supplier="供货单位", buyer=given.BUYER, lot="L1", quantity=10)
    world.send("purchased_good", MOPS, m.DraftProcedure(procedure=SAMPLED, note="新编"), person=AUTHOR)
    assert refused(world, lot, KEEPER).code == "no_procedure"
    tomorrow = m.ApproveProcedure(effective_from=world.context(None).today + timedelta(days=1))
    world.send("purchased_good", MOPS, tomorrow, person=given.APPROVER)
    refusal = refused(world, lot, KEEPER)
    assert (refusal.code, refusal.clause) == ("no_procedure", "R15.5.2")
    world.advance(world.now + timedelta(days=1))
    world.send("purchased_good", MOPS, lot, person=KEEPER)
    world.send("purchased_good", MOPS, m.WithdrawProcedure(reason="停用"), person=AUTHOR)
    assert refused(world, lot, KEEPER).code == "no_procedure"


@pytest.mark.clause("R15.5.2")
def test_nobody_approves_his_own_draft_and_a_draft_is_approved_once():
    """Another person does, from today on at the earliest."""
    world = given.good()
    today = world.context(None).today
    approve = m.ApproveProcedure(effective_from=today)
    assert refused(world, approve, given.APPROVER).code == "no_draft"
    world.send("purchased_good", MOPS, m.DraftProcedure(procedure=TRIED, note="改版"), person=AUTHOR)
    assert refused(world, approve).code == "own_draft"
    past = m.ApproveProcedure(effective_from=today - timedelta(days=1))
    assert refused(world, past, given.APPROVER).field == "effective_from"


@pytest.mark.clause("R15.5.2")
def test_a_delivery_is_inspected_by_the_version_of_its_day():
    """A later version changes nothing for a lot that is under inspection."""
    world = given.good()
    first = given.deliver(world)
    given.approved(world, MOPS, replace(SAMPLED, plan=(PlanRow(sample=3, accept=0, reject=1),)))
    second = given.deliver(world, lot="L2")
    deliveries = [world.state("goods_receipt", receipt).delivery for receipt in (first, second)]
    assert [one.version for one in deliveries] == [1, 2]
    assert [len(one.procedure.plan) for one in deliveries] == [3, 1]


@pytest.mark.clause("R15.5.2")
@pytest.mark.parametrize(
    ("procedure", "code", "field"),
    [
        (Procedure(checks=CHECKS[:3], plan=PLAN), "check_missing", "procedure.checks"),
        (Procedure(checks=(*CHECKS, CHECKS[0]), plan=PLAN), "code_twice", "procedure.checks"),
        (Procedure(checks=CHECKS), "plan_needed", "procedure.plan"),
        (replace(TRIED, plan=PLAN), "plan_needed", "procedure.plan"),
        (replace(TRIED, checks=()), "check_missing", "procedure.checks"),
        (replace(SAMPLED, plan=PLAN[:2]), "plan_senseless", "procedure.plan[1].lot_to"),
        (replace(SAMPLED, plan=(PLAN[1], PLAN[0], PLAN[2])), "plan_senseless", "procedure.plan[1].lot_to"),
        (
            replace(SAMPLED, plan=(PlanRow(sample=5, accept=1, reject=1),)),
            "plan_senseless",
            "procedure.plan[0].reject",
        ),
        (
            replace(SAMPLED, plan=(PlanRow(sample=5, accept=5, reject=6),)),
            "plan_senseless",
            "procedure.plan[0].accept",
        ),
    ],
)
def test_a_procedure_that_makes_no_sense_is_refused_at_its_field(procedure, code, field):
    """What the clause names is checked, codes stand once, and the sampling plan is one."""
    refusal = refused(given.good(), m.DraftProcedure(procedure=procedure, note="试编"))
    assert (refusal.code, refusal.field) == (code, field)


@pytest.mark.clause("R15.5.2")
def test_by_the_reading_goods_on_trial_need_no_verification():
    """Where they are tried alone a procedure without checks will do, and the reading stands in the event."""
    world = given.good()
    given.adopt(world, trial="trial_alone")
    alone = m.DraftProcedure(procedure=replace(TRIED, checks=()), note="只试用")
    (drafted,) = world.send("purchased_good", MOPS, alone, person=AUTHOR)
    assert (drafted.readings, drafted.rule_version) == ({"R15.5.2.trial": "trial_alone"}, 2)


@pytest.mark.clause("R15.5.2")
@pytest.mark.parametrize(("lot", "sample"), [(1, 5), (50, 5), (51, 20), (500, 20), (501, 50), (10_000_000, 50)])
def test_the_size_of_the_lot_decides_how_many_are_drawn(lot, sample):
    """The last row is for any lot; of a small one all are drawn."""
    row = row_of(PLAN, lot)
    assert row.sample == sample
    assert len(draw("0f" * 8, RECEIPT, lot, row.sample)) == min(lot, sample)


@given_(st.integers(1, 3000), st.integers(1, 300), st.text("0123456789abcdef", min_size=16, max_size=32))
def test_a_sample_can_be_drawn_again_and_holds_different_units_of_the_lot(lot, n, seed):
    """The same seed gives the same units, each once, each there."""
    units = draw(seed, RECEIPT, lot, n)
    assert units == draw(seed, RECEIPT, lot, n)
    assert len(set(units)) == len(units) == min(lot, n)
    assert all(1 <= unit <= lot for unit in units)


def test_a_draw_is_what_its_method_says():
    """One draw, written out, so that the recorded method stays the one that was used."""
    assert draw("0f" * 8, RECEIPT, 10, 4) == DRAWN
    assert draw("0e" * 8, RECEIPT, 10, 4) != DRAWN


@pytest.mark.clause("R15.5.2")
@pytest.mark.parametrize(
    ("defective", "lot", "between", "passes"),
    [
        (1, 200, "rejected", True),
        (2, 200, "rejected", False),
        (2, 200, "accepted", True),
        (3, 200, "accepted", False),
        (1, 1, "rejected", False),
    ],
)
def test_a_lot_is_judged_by_its_defective_units(defective, lot, between, passes):
    """Up to the acceptance number it passes, from the rejection number it fails, between by the reading."""
    assert accepts(PLAN[1], defective, lot, between) is passes


def test_the_shipped_values_are_the_codes_defaults():
    """The pack says what the code does, and makes sense."""
    shipped = default_values()
    assert validate(shipped) == ()
    assert {name: getattr(shipped, name) for name in GoodsValues.__struct_fields__} == {
        name: getattr(GoodsValues(), name) for name in GoodsValues.__struct_fields__
    }
    twice = replace(shipped, ordinary_checks=shipped.ordinary_checks[:1] * 2)
    assert [problem.field for problem in validate(twice)] == ["ordinary_checks[1].code"]
