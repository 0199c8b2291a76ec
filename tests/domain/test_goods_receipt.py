"""A delivery: judged by its results alone, tried where sight tells too little, stored only if it passed."""

from datetime import date, datetime, timedelta, timezone

import pytest

from domain.document.messages import DocumentDrawn
from domain.documents import kind_of
from domain.goods_receipt import commands as c
from domain.goods_receipt import events as e
from domain.kernel import Cause, Refusal, derived_id
from domain.nonconformity.events import NonconformityRaised
from domain.notices.goods import NOTICES
from domain.reactions.goods import nonconformity_of
from tests.domain import goods_given as given
from tests.domain.goods_given import APPROVER, BUYER, CHEMICAL, INSPECTOR, KEEPER, TRIED, USER

BEIJING = timezone(timedelta(hours=8))


def refused(world, receipt, command, person=INSPECTOR):
    """The refusal of a command to a receipt."""
    with pytest.raises(Refusal) as caught:
        given.send(world, receipt, command, person)
    return caught.value


def tried():
    """A world with a good that needs trial use, and one lot of ten on trial."""
    world = given.good(stream=CHEMICAL, procedure=TRIED, name="清洁剂")
    receipt = given.deliver(world, CHEMICAL, quantity=10)
    given.inspect(world, receipt)
    return world, receipt


def told(world, kind):
    """Whom the notices of the last event of a kind are for: roles and persons."""
    noun, stream, version, event = next(each for each in reversed(world.log) if isinstance(each[3], kind))
    cause = Cause(stream_id=stream, stream_version=version, position=1)
    state = world.left(noun, stream, version)
    made = [one for rule in NOTICES if kind in rule.events for one in rule.make(event, cause, state)]
    return {role for one in made for role in one.roles}, {person for one in made for person in one.persons}


@pytest.mark.clause("R15.5.2")
@pytest.mark.parametrize(("defective", "verdict"), [(0, e.GoodsPassed), (1, e.GoodsPassed), (2, e.GoodsFailed)])
def test_the_lot_passes_or_fails_by_its_results(defective, verdict):
    """Of 20 drawn one may be defective; the event names clause, version and readings."""
    world = given.good()
    event = given.inspect(world, given.deliver(world), defective=defective)
    assert type(event) is verdict
    assert (event.defective, event.clause, event.rule_version) == (defective, "R15.5.2", 1)
    assert event.readings["R15.5.2.between"] == "rejected"
    if verdict is e.GoodsPassed:
        assert (event.basis, event.storable) == ("checks", 200 - defective)


@pytest.mark.clause("R15.5.2")
def test_readings_turn_what_lies_between_and_what_is_stored():
    """Two of twenty pass where the reading says so, and are stored with the lot where the other does."""
    world = given.good()
    given.adopt(world, between="accepted", defective_units="stored")
    event = given.inspect(world, given.deliver(world), defective=2)
    assert (type(event), event.storable, event.rule_version) == (e.GoodsPassed, 200, 2)
    world = given.good()
    assert given.inspect(world, given.deliver(world), failing=("quantity",)).reasons == ("quantity",)


@pytest.mark.clause("R15.5.2")
def test_each_check_of_the_procedure_is_recorded_as_it_asks():
    """With its equipment, within the sample, without contradiction, and none left out."""
    world = given.good()
    receipt = given.deliver(world)

    def record(check, **more):
        return c.RecordCheck(check=check, **{"conforming": True, **more})

    assert refused(world, receipt, record("smell")).code == "no_such_check"
    assert refused(world, receipt, record("kind")).code == "equipment_needed"
    assert refused(world, receipt, record("appearance")).code == "sample_first"
    assert refused(world, receipt, record("quantity", defective=(1,))).code == "not_sampled"
    assert refused(world, receipt, c.ConcludeInspection()).code == "checks_missing"
    given.send(world, receipt, c.DrawSample())
    assert refused(world, receipt, c.DrawSample()).code == "drawn_already"
    sample = world.state("goods_receipt", receipt).sample
    stranger = next(unit for unit in range(1, 201) if unit not in sample.units)
    assert (
        refused(world, receipt, record("appearance", conforming=False, defective=(stranger,))).code == "not_in_sample"
    )
    assert refused(world, receipt, record("appearance", defective=sample.units[:1])).code == "result_contradicts"
    assert refused(world, receipt, record("appearance", conforming=False)).code == "result_contradicts"
    assert (len(sample.units), sample.accept, sample.reject, len(sample.seed)) == (20, 1, 3, 64)


@pytest.mark.clause("R15.5.2")
def test_the_buyer_inspects_nothing_that_he_bought():
    """He neither draws nor records nor judges; another may."""
    world = given.good()
    receipt = given.deliver(world)
    given.check(world, receipt)
    for command in (c.DrawSample(), c.RecordCheck(check="quantity", conforming=True), c.ConcludeInspection()):
        refusal = refused(world, receipt, command, BUYER)
        assert (refusal.code, refusal.kind) == ("own_purchase", "forbidden")
    assert isinstance(given.send(world, receipt, c.ConcludeInspection())[0], e.GoodsPassed)


@pytest.mark.clause("R15.5.2")
@pytest.mark.parametrize("upto", ["delivered", "checked", "on_trial", "failed", "answered", "stored"])
def test_nothing_is_stored_that_has_not_passed(upto):
    """Refused with the clause at each other point of its life; nothing of it is in the stock."""
    if upto == "on_trial":
        world, receipt = tried()
    else:
        world = given.good()
        match upto:
            case "failed":
                receipt = given.failing(world)
            case "answered":
                receipt = given.failing(world, answer="return")
            case "stored":
                receipt = given.stored(world)
            case _:
                receipt = given.deliver(world)
                if upto == "checked":
                    given.check(world, receipt)
    refusal = refused(world, receipt, c.StoreGoods(), KEEPER)
    assert refusal.clause == "R15.5.2"
    assert refusal.code == ("stored_already" if upto == "stored" else "not_passed")
    stock = world.state("goods_stock", given.stock_of(CHEMICAL if upto == "on_trial" else given.MOPS))
    assert stock.on_hand == (200 if upto == "stored" else 0)


@pytest.mark.clause("R15.5.2")
def test_a_trial_lasts_as_long_as_it_is_to_and_is_judged_by_its_evaluator():
    """What suits is known after fourteen days, what does not at once; what was used up is not stored."""
    world, receipt = tried()
    suits = c.RecordTrial(suitable=True, consumed=3, evaluation="去污有效")
    assert refused(world, receipt, suits).code == "not_the_evaluator"
    assert refused(world, receipt, suits, USER).code == "trial_not_over"
    world.advance(world.now + timedelta(days=14))
    too_much = c.RecordTrial(suitable=True, consumed=10, evaluation="全部用完")
    assert refused(world, receipt, too_much, USER).code == "consumes_too_much"
    recorded, passed = given.send(world, receipt, suits, USER)
    assert recorded.in_time
    assert (passed.basis, passed.storable) == ("trial", 7)
    given.send(world, receipt, c.StoreGoods(), KEEPER)
    assert world.state("goods_stock", given.stock_of(CHEMICAL)).on_hand == 7
    world, receipt = tried()
    fails = c.RecordTrial(suitable=False, consumed=1, evaluation="腐蚀地面")
    assert given.send(world, receipt, fails, USER)[-1].reasons == ("trial",)


@pytest.mark.clause("R15.5.2")
def test_a_trial_that_nobody_evaluates_is_late():
    """Two working days after it is over, then once more: the quality department, then the general manager."""
    world, receipt = tried()
    assert told(world, e.TrialBegun) == (set(), {USER})
    world.advance(world.now + timedelta(days=30))
    late = [event for *_, event in world.log if isinstance(event, e.StepOverdue)]
    assert [(one.step, one.level, one.role) for one in late] == [
        ("trial", 1, "quality_department"),
        ("trial", 2, "general_manager"),
    ]
    assert late[0].due_by == datetime(2026, 3, 19, tzinfo=BEIJING)
    assert told(world, e.StepOverdue) == ({"general_manager"}, {USER})
    recorded, _ = given.send(world, receipt, c.RecordTrial(suitable=True, consumed=0, evaluation="有效"), USER)
    assert not recorded.in_time


@pytest.mark.clause("R15.5.2")
def test_what_failed_is_a_nonconformity_and_the_buyer_owes_an_answer():
    """Raised by reaction under the clause; the storekeeper notifies, the buyer alone answers."""
    world = given.good()
    receipt = given.failing(world)
    [(stream, raised)] = [(one, event) for _, one, _, event in world.log if isinstance(event, NonconformityRaised)]
    assert (raised.clause, raised.subject) == ("R15.5.2", "平板拖把 L9")
    assert "合格证" in raised.description
    failed = next(
        version for _, one, version, event in world.log if one == receipt and isinstance(event, e.GoodsFailed)
    )
    assert stream == nonconformity_of(receipt, failed)
    assert told(world, e.GoodsFailed) == ({"storekeeper", "quality_department"}, set())
    assert told(world, e.BuyerNotified) == (set(), {BUYER})
    assert refused(world, receipt, c.NotifyBuyer(note="再次"), KEEPER).code == "not_owed"
    answer = c.AnswerRejection(disposal="return", note="退货")
    assert refused(world, receipt, answer, KEEPER).code == "not_the_buyer"
    (answered,) = given.send(world, receipt, answer, BUYER)
    assert answered.in_time
    assert told(world, e.RejectionAnswered) == ({"storekeeper"}, set())


@pytest.mark.clause("R15.5.2")
def test_a_notice_and_an_answer_that_do_not_come_are_escalated():
    """The storekeeper's working day, the buyer's three: told up the ladder until somebody does it."""
    world = given.good()
    unheard = given.deliver(world)
    given.inspect(world, unheard, failing=("kind",))
    silent = given.failing(world, lot="L2")
    world.advance(world.now + timedelta(days=20))
    late = [(one, event) for _, one, _, event in world.log if isinstance(event, e.StepOverdue)]
    assert [(event.step, event.role) for one, event in late if one == unheard] == [
        ("notification", "quality_department"),
        ("notification", "general_manager"),
    ]
    answers = [event for one, event in late if one == silent]
    assert [event.due_by.astimezone(BEIJING).date() for event in answers] == [date(2026, 3, 6), date(2026, 3, 12)]
    assert answers[-1].again_by is None
    (answered,) = given.send(world, silent, c.AnswerRejection(disposal="replace", note="换货"), BUYER)
    assert not answered.in_time


@pytest.mark.clause("R15.5.2")
def test_a_replaced_lot_is_inspected_anew():
    """By a receipt of its own under the procedure of the day; the failed lot is never stored."""
    world = given.good()
    receipt = given.failing(world, answer="replace")
    given.approved(world)
    given.send(world, receipt, c.ReceiveReplacement(lot="L9-2", quantity=60), KEEPER)
    another = world.state("goods_receipt", receipt).replaced_by
    delivery = world.state("goods_receipt", another).delivery
    assert another == derived_id(receipt, "replacement")
    assert (delivery.replaces, delivery.lot, delivery.version, delivery.quantity) == (receipt, "L9-2", 2, 60)
    assert (delivery.buyer, delivery.supplier) == (BUYER, "洁净用品公司")
    assert isinstance(given.inspect(world, another), e.GoodsPassed)
    assert refused(world, receipt, c.StoreGoods(), KEEPER).code == "not_passed"


@pytest.mark.clause("R15.5.2")
def test_a_concession_is_only_where_the_rules_know_one_and_another_approves_it():
    """By the shipped reading there is none; by the other neither the buyer nor who failed the lot decides."""
    world = given.good()
    asks = c.AnswerRejection(disposal="concession", note="急用")
    assert refused(world, given.failing(world), asks, BUYER).code == "no_concession"
    given.adopt(world, concession="approved")
    receipt = given.failing(world, lot="L2", answer="concession")
    assert told(world, e.RejectionAnswered) == ({"quality_department"}, set())
    takes = c.DecideConcession(approved=True, reason="不影响使用")
    assert refused(world, receipt, takes, BUYER).code == "own_purchase"
    assert refused(world, receipt, takes, INSPECTOR).code == "own_verdict"
    (passed,) = given.send(world, receipt, takes, APPROVER)
    assert (passed.basis, passed.readings["R15.5.2.concession"]) == ("concession", "approved")
    other = given.failing(world, lot="L3", answer="concession")
    given.send(world, other, c.DecideConcession(approved=False, reason="影响使用"), APPROVER)
    assert told(world, e.ConcessionRefused) == (set(), {BUYER})
    assert refused(world, other, c.StoreGoods(), KEEPER).code == "not_passed"
    given.send(world, other, c.AnswerRejection(disposal="return", note="退货"), BUYER)


@pytest.mark.clause("R15.6")
def test_the_receipt_form_is_drawn_up_once_the_lot_is_judged():
    """QR-019-01 with its results, the draw and its seed, numbered, under the rule version."""
    world = given.good()
    given.inspect(world, given.deliver(world), defective=1)
    [drawn] = [event for *_, event in world.log if isinstance(event, DocumentDrawn)]
    held = drawn.contents
    assert (held.good, held.lot, held.quantity, held.storable) == ("平板拖把", "L1", 200, 199)
    assert [(line.name, line.conforming, line.defective) for line in held.checks] == [
        ("外观", False, 1),
        ("品种", True, 0),
        ("数量", True, 0),
        ("合格证", True, 0),
    ]
    assert (len(held.sampled), held.accept, held.reject, held.seed) == (20, 1, 3, "0f" * 8)
    assert (drawn.clause, drawn.rule_version) == ("R15.6", 1)
    sheet = kind_of(held).sheet(held)
    assert ("表单编号", "QR-019-01") in {(row.label.zh, row.value) for row in sheet.rows}
    assert [box.label.zh for box in sheet.boxes] == ["检验员", "试用人", "仓库管理员", "采购员"]


def test_whoever_is_no_known_person_judges_nothing():
    """An inspection is somebody's."""
    world = given.good()
    assert refused(world, given.deliver(world), c.DrawSample(), None).code == "person_required"
