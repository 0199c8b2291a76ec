"""Deliveries: who inspects and tries them, who is told that one failed, who answers, and what is late (R15.5.2)."""

from domain.goods_receipt import GoodsReceiptState
from domain.goods_receipt import events as e
from domain.kernel import Cause, Text
from domain.notices.notice import Notice, NoticeRule, short

NOUN = "goods_receipt"
INSPECTOR, STOREKEEPER, QUALITY = "goods_inspector", "storekeeper", "quality_department"
STEPS = {
    "inspection": Text("检验", "the inspection"),
    "trial": Text("试用评价", "the evaluation of the trial"),
    "notification": Text("通知采购员", "notifying the buyer"),
    "answer": Text("采购员答复", "the buyer's answer"),
}


def to_inspect(event: e.ReceiptOpened, cause: Cause, _: GoodsReceiptState) -> tuple[Notice, ...]:
    """The inspectors."""
    ref = short(cause.stream_id)
    return (
        Notice(
            roles=(INSPECTOR,),
            withheld=(event.delivery.buyer,),
            subject=Text(f"到货 {ref} 待检验", f"Delivery {ref} is to be inspected"),
            body=Text(f"到货 {ref} 已登记，请按检测规程检验。", f"Delivery {ref} came; inspect it by its procedure."),
            clause=event.clause,
            noun=NOUN,
            stream_id=cause.stream_id,
            due_at=event.inspect_by,
        ),
    )


def to_try(event: e.TrialBegun, cause: Cause, _: GoodsReceiptState) -> tuple[Notice, ...]:
    """The evaluator of the trial."""
    ref = short(cause.stream_id)
    return (
        Notice(
            persons=(event.evaluator,),
            subject=Text(f"到货 {ref} 交付试用", f"Delivery {ref} is to be tried"),
            body=Text(
                f"到货 {ref} 交您试用，试用期至 {event.until}，期满请评价。",
                f"Delivery {ref} is yours to try until {event.until}; evaluate it then.",
            ),
            clause=event.clause,
            noun=NOUN,
            stream_id=cause.stream_id,
            due_at=event.due_by,
        ),
    )


def to_store(event: e.GoodsPassed, cause: Cause, _: GoodsReceiptState) -> tuple[Notice, ...]:
    """The storekeepers, who may store it."""
    ref = short(cause.stream_id)
    return (
        Notice(
            roles=(STOREKEEPER,),
            subject=Text(f"到货 {ref} 检验合格", f"Delivery {ref} passed"),
            body=Text(f"到货 {ref} 检验合格，请办理入库。", f"Delivery {ref} passed; store it."),
            clause=event.clause,
            noun=NOUN,
            stream_id=cause.stream_id,
        ),
    )


def has_failed(event: e.GoodsFailed, cause: Cause, _: GoodsReceiptState) -> tuple[Notice, ...]:
    """The storekeepers, who notify the buyer, and the quality department, whose nonconformity it is."""
    ref = short(cause.stream_id)
    return (
        Notice(
            roles=(STOREKEEPER, QUALITY),
            subject=Text(f"到货 {ref} 检验不合格", f"Delivery {ref} failed"),
            body=Text(
                f"到货 {ref} 检验不合格，不得入库；请仓库管理员通知采购员。",
                f"Delivery {ref} failed and is not to be stored; the storekeeper notifies the buyer.",
            ),
            clause=event.clause,
            noun=NOUN,
            stream_id=cause.stream_id,
            due_at=event.notify_by,
        ),
    )


def to_answer(
    event: e.BuyerNotified | e.ConcessionRefused, cause: Cause, state: GoodsReceiptState
) -> tuple[Notice, ...]:
    """The buyer."""
    ref = short(cause.stream_id)
    return (
        Notice(
            persons=(state.delivery.buyer,),
            subject=Text(f"到货 {ref} 不合格，待您答复", f"Delivery {ref} failed; your answer is owed"),
            body=Text(
                f"您采购的到货 {ref} 检验不合格，请答复退货或换货。",
                f"Delivery {ref}, which you bought, failed; say whether it is returned or replaced.",
            ),
            clause=event.clause,
            noun=NOUN,
            stream_id=cause.stream_id,
            due_at=event.answer_by,
        ),
    )


def to_concede(event: e.RejectionAnswered, cause: Cause, state: GoodsReceiptState) -> tuple[Notice, ...]:
    """Who decides on a concession, or the storekeepers, who hand the lot back."""
    ref = short(cause.stream_id)
    asked = event.disposal == "concession"
    body = (
        Text(f"到货 {ref} 申请让步接收，请审批。", f"A concession is asked for delivery {ref}; decide on it.")
        if asked
        else Text(f"到货 {ref} 由采购员确定退换，请办理。", f"Delivery {ref} goes back to the supplier; see to it.")
    )
    return (
        Notice(
            roles=(QUALITY,) if asked else (STOREKEEPER,),
            withheld=(state.delivery.buyer,) if asked else (),
            subject=Text(f"到货 {ref} 采购员已答复", f"Delivery {ref}: the buyer has answered"),
            body=body,
            clause=event.clause,
            noun=NOUN,
            stream_id=cause.stream_id,
        ),
    )


def is_late(event: e.StepOverdue, cause: Cause, state: GoodsReceiptState) -> tuple[Notice, ...]:
    """The level of the ladder, and whoever owes the step by name."""
    ref, what, trial = short(cause.stream_id), STEPS[event.step], state.delivery.procedure.trial
    owing = {"answer": state.delivery.buyer, "trial": trial.evaluator if trial else None}.get(event.step)
    return (
        Notice(
            roles=(event.role,) if event.role else (),
            persons=(owing,) if owing else (),
            subject=Text(f"到货 {ref} {what.zh}逾期", f"Delivery {ref}: {what.en} is late"),
            body=Text(f"到货 {ref} 的{what.zh}已逾期，请督促办理。", f"Delivery {ref}: {what.en} is late; see to it."),
            clause=event.clause,
            noun=NOUN,
            stream_id=cause.stream_id,
            due_at=event.due_by,
        ),
    )


NOTICES = (
    NoticeRule(name="goods_to_inspect", events=(e.ReceiptOpened,), make=to_inspect),
    NoticeRule(name="goods_to_try", events=(e.TrialBegun,), make=to_try),
    NoticeRule(name="goods_passed", events=(e.GoodsPassed,), make=to_store),
    NoticeRule(name="goods_failed", events=(e.GoodsFailed,), make=has_failed),
    NoticeRule(name="goods_to_answer", events=(e.BuyerNotified, e.ConcessionRefused), make=to_answer),
    NoticeRule(name="goods_answered", events=(e.RejectionAnswered,), make=to_concede),
    NoticeRule(name="goods_late", events=(e.StepOverdue,), make=is_late),
)
