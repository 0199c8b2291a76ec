"""How a lot is stored, or what becomes of one that failed; and steps that are late (R15.5.2)."""

from domain.goods_frame import not_the_buyer
from domain.goods_receipt import commands as c
from domain.goods_receipt import events as e
from domain.goods_receipt.guards import CLAUSE, in_time, must_be, must_owe, person_of, rules_of, within
from domain.goods_receipt.inspecting import passed
from domain.goods_receipt.state import GoodsReceiptState
from domain.kernel import Context, Event, Refusal, derived_id


def store(state: GoodsReceiptState, command: c.StoreGoods, context: Context) -> tuple[Event, ...]:
    """Store what passed, once; anything else is refused with the clause."""
    if state.status != "passed" or state.storable is None:
        raise Refusal(
            "not_passed" if state.status != "stored" else "stored_already",
            zh="未经检测合格的物品不得入库" if state.status != "stored" else "该批物品已入库",
            en="Only what passed is stored." if state.status != "stored" else "The lot is in the store already.",
            clause=CLAUSE,
            details={"status": state.status},
        )
    delivery = state.delivery
    return (
        e.GoodsStored(
            good_id=delivery.good_id,
            good=delivery.good,
            unit=delivery.unit,
            lot=delivery.lot,
            quantity=state.storable,
            place=command.place,
            stored_on=context.today,
            stored_by=context.actor.id,
        ),
    )


def notify(state: GoodsReceiptState, command: c.NotifyBuyer, context: Context) -> tuple[Event, ...]:
    """The storekeeper tells the buyer, once."""
    must_be(state, "failed")
    must_owe(state, "notification")
    return (
        e.BuyerNotified(
            buyer=state.delivery.buyer,
            note=command.note,
            answer_by=within(context, rules_of(state, context).buyer_answer_working_days),
            notified_by=context.actor.id,
            rule_version=state.delivery.rule_version,
        ),
    )


def answer(state: GoodsReceiptState, command: c.AnswerRejection, context: Context) -> tuple[Event, ...]:
    """The buyer of the lot says what becomes of it; a concession only where the rules know one."""
    must_be(state, "failed")
    owed, person = must_owe(state, "answer"), person_of(context)
    if person != state.delivery.buyer:
        raise Refusal(
            "not_the_buyer",
            zh="只能由该批物品的采购员答复",
            en="Only the buyer of the lot answers.",
            clause=CLAUSE,
            kind="forbidden",
        )
    if command.disposal == "concession" and rules_of(state, context).concession == "never":
        raise Refusal(
            "no_concession",
            zh="制度不允许让步接收不合格品",
            en="The rules know no concession for what failed.",
            clause=CLAUSE,
        )
    return (
        e.RejectionAnswered(
            disposal=command.disposal,
            note=command.note,
            in_time=in_time(owed, context),
            answered_by=person,
            readings=state.delivery.readings,
        ),
    )


def concede(state: GoodsReceiptState, command: c.DecideConcession, context: Context) -> tuple[Event, ...]:
    """Decide on a concession: neither the buyer nor whoever failed the lot."""
    must_be(state, "conceding")
    person = person_of(context)
    not_the_buyer(person, state.delivery.buyer)
    if person == state.decided_by:
        raise Refusal(
            "own_verdict",
            zh="不得由原检验判定人审批让步接收",
            en="Nobody sets his own verdict aside.",
            clause=CLAUSE,
            kind="forbidden",
        )
    if command.approved:
        return (passed(state, context, "concession", state.defective, consumed=state.consumed),)
    return (
        e.ConcessionRefused(
            reason=command.reason,
            answer_by=within(context, rules_of(state, context).buyer_answer_working_days),
            refused_by=person,
            rule_version=state.delivery.rule_version,
        ),
    )


def give_back(state: GoodsReceiptState, command: c.RecordReturn, context: Context) -> tuple[Event, ...]:
    """The lot went back."""
    must_be(state, "returning")
    return (e.GoodsReturned(reference=command.reference, returned_by=context.actor.id),)


def replacement(state: GoodsReceiptState, command: c.ReceiveReplacement, context: Context) -> tuple[Event, ...]:
    """Another lot came, which has a receipt of its own."""
    must_be(state, "awaiting_replacement")
    return (
        e.ReplacementReceived(
            receipt_id=derived_id(state.delivery.receipt_id, "replacement"),
            failed=state.delivery,
            lot=command.lot,
            quantity=command.quantity,
            certificate=command.certificate,
            received_by=context.actor.id,
        ),
    )


def lapse(state: GoodsReceiptState, command: c.LapseStep, context: Context) -> tuple[Event, ...]:
    """A step's time has passed: the ladder's next role is told, and the one above it after as long again."""
    owed = state.owed
    if owed is None or owed.due_by is None or (owed.step, owed.level) != (command.step, command.level):
        raise Refusal("nothing_due", zh="没有这一到期事项", en="Nothing of the kind is due.", clause=CLAUSE)
    if context.now < owed.due_by:
        raise Refusal("not_due_yet", zh="期限未到", en="The time has not passed yet.", clause=CLAUSE)
    rules = rules_of(state, context)
    days = {
        "inspection": rules.inspect_working_days,
        "trial": rules.trial_answer_working_days,
        "notification": rules.notify_working_days,
        "answer": rules.buyer_answer_working_days,
    }[owed.step]
    ladder = rules.goods_ladder
    return (
        e.StepOverdue(
            step=owed.step,
            level=owed.level,
            due_by=owed.due_by,
            role=ladder[owed.level - 1] if owed.level <= len(ladder) else None,
            again_by=within(context, days) if owed.level < len(ladder) else None,
            rule_version=state.delivery.rule_version,
        ),
    )
