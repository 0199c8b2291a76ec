"""A goods receipt (进货验收单): a lot that is inspected, and stored only if it passed (R15.5.2)."""

from domain.commanding import Commands
from domain.goods_receipt import commands as c
from domain.goods_receipt import events as e
from domain.goods_receipt import inspecting, settling
from domain.goods_receipt.state import GoodsReceiptState, deadlines, evolve
from domain.kernel import Decider, Text

__all__ = ["GOODS_RECEIPT", "GoodsReceiptState"]

_spec = Commands(noun="goods_receipt", clause="R15.5.2")

GOODS_RECEIPT = Decider(
    noun="goods_receipt",
    plural="goods-receipts",
    title=Text(zh="进货验收单", en="goods receipt"),
    state=GoodsReceiptState,
    statuses=(
        "registered",
        "on_trial",
        "passed",
        "stored",
        "failed",
        "conceding",
        "returning",
        "returned",
        "awaiting_replacement",
        "replaced",
    ),
    commands=(
        _spec(
            c.OpenReceipt,
            inspecting.open_receipt,
            "开立验收单",
            "A lot was delivered",
            creates=True,
            audience="internal",
        ),
        _spec(c.DrawSample, inspecting.sample, "抽样", "Draw the sample"),
        _spec(c.RecordCheck, inspecting.record, "记录检测结果", "Record a check"),
        _spec(c.ConcludeInspection, inspecting.conclude, "检测判定", "Judge the lot by the results"),
        _spec(c.RecordTrial, inspecting.evaluate, "试用评价", "Evaluate the trial"),
        _spec(c.StoreGoods, settling.store, "入库", "Store what passed"),
        _spec(c.NotifyBuyer, settling.notify, "通知采购员", "Notify the buyer"),
        _spec(c.AnswerRejection, settling.answer, "采购员答复", "Say what becomes of it"),
        _spec(c.DecideConcession, settling.concede, "让步接收审批", "Decide on a concession"),
        _spec(c.RecordReturn, settling.give_back, "退货", "Hand it back"),
        _spec(c.ReceiveReplacement, settling.replacement, "换货到货", "Another lot came for it"),
        _spec(c.LapseStep, settling.lapse, "办理逾期", "A step is late", audience="internal"),
    ),
    events=(
        e.ReceiptOpened,
        e.SampleDrawn,
        e.CheckRecorded,
        e.TrialBegun,
        e.TrialRecorded,
        e.GoodsPassed,
        e.GoodsFailed,
        e.GoodsStored,
        e.BuyerNotified,
        e.RejectionAnswered,
        e.ConcessionRefused,
        e.GoodsReturned,
        e.ReplacementReceived,
        e.StepOverdue,
    ),
    evolve=evolve,
    deadlines=deadlines,
)
