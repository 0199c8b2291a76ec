"""Purchased goods: deliveries become receipts, what passed becomes stock, what failed a nonconformity (R15.5.2)."""

from uuid import UUID

from domain.documents.goods import CheckLine, ReceiptForm
from domain.documents.sheet import Person
from domain.goods_receipt import GoodsReceiptState
from domain.goods_receipt import commands as c
from domain.goods_receipt import events as e
from domain.goods_stock import messages as s
from domain.kernel import Cause, Dispatch, Reaction, derived_id
from domain.nonconformity.commands import RaiseNonconformity
from domain.purchased_good import messages as m
from domain.reactions.drawing import Form, document_id, drawing

SUBJECT, MOST_WORDS = 120, 2000
"""So much of the good and of the reasons names the nonconformity."""


def stock_of(good_id: UUID) -> UUID:
    """The stream of the stock of a good."""
    return derived_id(good_id, "stock")


def nonconformity_of(receipt_id: UUID, version: int) -> UUID:
    """The stream of the nonconformity of a lot that failed at this place of its receipt."""
    return derived_id(receipt_id, "nonconformity", version)


def open_stock(event: m.ProcedureApproved, cause: Cause) -> tuple[Dispatch, ...]:
    """Once a good can be received there is a stock of it."""
    command = s.OpenStock(good_id=cause.stream_id, good=event.name, unit=event.unit)
    return (Dispatch("goods_stock", stock_of(cause.stream_id), command),)


def open_receipt(event: m.DeliveryRegistered, _: Cause) -> tuple[Dispatch, ...]:
    """A delivery has its receipt."""
    return (Dispatch("goods_receipt", event.delivery.receipt_id, c.OpenReceipt(delivery=event.delivery)),)


def take_in(event: e.GoodsStored, cause: Cause) -> tuple[Dispatch, ...]:
    """What passed and was stored is stock; nothing else becomes any."""
    command = s.TakeIn(
        receipt_id=cause.stream_id,
        good_id=event.good_id,
        good=event.good,
        unit=event.unit,
        lot=event.lot,
        quantity=event.quantity,
    )
    return (Dispatch("goods_stock", stock_of(event.good_id), command),)


def raise_nonconformity(event: e.GoodsFailed, cause: Cause, state: GoodsReceiptState) -> tuple[Dispatch, ...]:
    """What failed goes by the procedure for what does not conform."""
    what = f"{event.good} {event.lot}"
    why = "、".join(_reason(state, code) for code in event.reasons)
    command = RaiseNonconformity(
        clause="R15.5.2",
        subject=what[:SUBJECT],
        description=f"采购物品检验不合格：{why}；供货：{event.supplier}"[:MOST_WORDS],
    )
    return (Dispatch("nonconformity", nonconformity_of(cause.stream_id, cause.stream_version), command),)


def register_replacement(event: e.ReplacementReceived, _: Cause) -> tuple[Dispatch, ...]:
    """The lot in a failed one's place is a delivery like any other."""
    command = m.RegisterReplacement(
        failed=event.failed,
        receipt_id=event.receipt_id,
        lot=event.lot,
        quantity=event.quantity,
        certificate=event.certificate,
        registered_by=event.received_by,
    )
    return (Dispatch("purchased_good", event.failed.good_id, command),)


def draw_form(event: e.GoodsPassed | e.GoodsFailed, cause: Cause, state: GoodsReceiptState) -> tuple[Dispatch, ...]:
    """The form of a lot once it is judged; a concession's stands beside that of the verdict (R15.6)."""
    form = receipt_form(state)
    if form is None:
        return ()
    command = drawing(form, cause.stream_id, cause.stream_version, readings=event.readings)
    return (Dispatch("document", document_id("goods_receipt_form", cause.stream_id, cause.stream_version), command),)


def receipt_form(state: GoodsReceiptState) -> Form | None:
    """What the form says of a receipt, once the lot is judged."""
    delivery, sample, trial = state.delivery, state.sample, state.delivery.procedure.trial
    if state.decided_on is None:
        return None
    contents = ReceiptForm(
        good=delivery.good,
        unit=delivery.unit,
        department=delivery.department,
        supplier=delivery.supplier,
        buyer=Person(id=delivery.buyer),
        lot=delivery.lot,
        quantity=delivery.quantity,
        certificate=delivery.certificate,
        delivered_on=delivery.delivered_on,
        procedure_version=delivery.version,
        sampled=sample.units if sample else (),
        accept=sample.accept if sample else None,
        reject=sample.reject if sample else None,
        seed=sample.seed if sample else "",
        checks=tuple(_line(state, check.code) for check in delivery.procedure.checks if check.code in state.results),
        trial=state.trial_evaluation,
        evaluator=Person(id=trial.evaluator) if trial else None,
        basis=state.basis,
        reasons=() if state.basis else tuple(_reason(state, code) for code in state.reasons),
        storable=state.storable,
        decided_by=Person(id=state.decided_by) if state.decided_by else None,
        decided_on=state.decided_on,
    )
    return Form(contents, delivery.rule_version)


def _line(state: GoodsReceiptState, code: str) -> CheckLine:
    check = next(one for one in state.delivery.procedure.checks if one.code == code)
    result = state.results[code]
    return CheckLine(
        name=check.name,
        extent=check.extent,
        method=check.method,
        criteria=check.criteria,
        equipment=result.equipment,
        conforming=result.conforming,
        defective=len(result.defective),
        note=result.note,
        inspector=Person(id=result.inspected_by),
    )


def _reason(state: GoodsReceiptState, code: str) -> str:
    words = {"sample": "抽样不合格", "trial": "试用不合格"}
    named = {check.code: check.name for check in state.delivery.procedure.checks if check.extent == "lot"}
    return named.get(code) or words.get(code, code)


REACTIONS = (
    Reaction(name="open_goods_stock", events=(m.ProcedureApproved,), react=open_stock),
    Reaction(name="open_goods_receipt", events=(m.DeliveryRegistered,), react=open_receipt),
    Reaction(name="take_goods_in", events=(e.GoodsStored,), react=take_in),
    Reaction(name="raise_goods_nonconformity", events=(e.GoodsFailed,), react=raise_nonconformity, with_state=True),
    Reaction(name="register_goods_replacement", events=(e.ReplacementReceived,), react=register_replacement),
    Reaction(name="draw_goods_receipt", events=(e.GoodsPassed, e.GoodsFailed), react=draw_form, with_state=True),
)
